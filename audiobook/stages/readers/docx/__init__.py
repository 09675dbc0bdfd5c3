"""Word files (.docx): what a reader of the printed page would read, in Office Open XML (ECMA-376).

Only the parts that hold text are unpacked, and read as a stream of events: memory grows with the
text, not with the markup, and nesting costs nothing. The way of a file: `package` finds its parts,
`styles` and `numbering` say what its paragraphs look like, `story` reads them: an `open_paragraph`
until it ends, the marks of `fields`, and `formulas`.
"""

from __future__ import annotations

from dataclasses import replace

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Chapter, Document, Meta, Paragraph
from audiobook.stages.readers.docx.numbering import read_numbering
from audiobook.stages.readers.docx.package import WordPackage
from audiobook.stages.readers.docx.story import Story
from audiobook.stages.readers.docx.styles import read_styles
from audiobook.stages.readers.fonts import changes_of_fonts
from audiobook.vietnamese import lazy_re as re

_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def read(data: bytes, name: str) -> Document:
    """Read a Word file into one chapter whose headings are marked.

    Headings are paragraphs of a heading or title style, or with an outline level. Inserted text
    stays and deleted text goes, as if all tracked changes were accepted; hidden text, tables of
    contents, headers, footers and comments are left out. Automatic numbers are spelled out, a
    table is read row by row, and the body of a note follows the paragraph that refers to it.

    Args:
        data: the file.
        name: what messages call it.

    Raises:
        SourceError: it is not a Word file, has a password, is damaged, holds no text, or
            unpacks to far more than it should.
    """
    package = WordPackage(data, name)
    main = package.related("", "officeDocument")
    root = next(package.events(main), None)
    if main is None or root is None or root.name != "w:document":
        raise SourceError(
            message("{name} is not a Word file", name=name),
            message("save it as .docx, or give a text file"),
        )
    story = _read_story(package, main)
    if story.converted:  # which may show late in the text
        story = _read_story(package, main, converted=True)
    if not any(character.isalnum() for text in story.paragraphs for character in text.text):
        raise SourceError(
            message("{name} holds no text to read", name=name),
            message("if its pages are pictures, recognise their text (OCR) first"),
        )
    meta = _read_meta(package, package.related("", "core-properties"))
    return Document(
        meta=replace(meta, title=meta.title or story.title),
        chapters=(Chapter("", tuple(story.paragraphs)),),
        changes=changes_of_fonts(story.reread),
    )


def _read_story(package: WordPackage, main: str, *, converted: bool = False) -> Story:
    """Read the text with its notes in place."""
    styles = read_styles(package, package.related(main, "styles"))
    numbering = read_numbering(package, package.related(main, "numbering"))
    notes: dict[str, list[Paragraph]] = {}
    for kind in ("footnotes", "endnotes"):
        part = package.related(main, kind)
        notes |= Story(package, part, styles, numbering, {}, converted=converted).notes
    return Story(package, main, styles, numbering, notes, converted=converted)


def _read_meta(package: WordPackage, part: str | None) -> Meta:
    """Read the core properties (Dublin Core)."""
    texts: dict[str, str] = {}
    element = ""
    for kind, name, _ in package.events(part):
        if kind == "text":
            texts[element] = texts.get(element, "") + name
        else:
            element = name if kind == "start" else ""
    properties = {key: " ".join(text.split()) for key, text in texts.items()}
    date = _DATE.match(properties.get("created", "") or properties.get("modified", ""))
    return Meta(
        title=properties.get("title", ""),
        author=properties.get("creator", ""),
        date=date[0] if date else "",
        language=properties.get("language", "") or Meta().language,
        description=properties.get("description", "") or properties.get("subject", ""),
    )
