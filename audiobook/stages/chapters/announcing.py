"""Document to Document: a sentence about the book before its first chapter, and after its last.

Their words come from a template such as ``{title} của {author}. Giọng đọc: {narrator}.``
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.errors import UsageError
from audiobook.messages import message
from audiobook.model import Direction, Kind, Paragraph
from audiobook.vietnamese import is_speakable
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from audiobook.model import Chapter, Document, Meta

AUTO = "auto"
"""Stands for a template of ours."""
FIELDS = ("title", "author", "narrator", "series", "volume", "date", "publisher")
"""What is known of a book and can be told in a template."""
# Shops ask for the title, the author and the narrator at the beginning, and at the end for a word
# that it is the end (ACX, audio submission requirements).
_OPENING = {
    "vi": "{title} của {author}. Giọng đọc: {narrator}.",
    "": "{title}, by {author}. Read by {narrator}.",
}
_CLOSING = {
    "vi": "Bạn vừa nghe {title} của {author}, giọng đọc {narrator}. Hết.",
    "": "You have been listening to {title}, by {author}, read by {narrator}. The end.",
}
_FIELD = re.compile(r"\{([^{}]*)\}")
_SENTENCE = re.compile(r"[^.!?…]*[.!?…]*\s*")
_MARK = re.compile(r"[,;:.!?…–—-]")


def check_template(template: str) -> None:
    """Check that a template names nothing that is not known of books.

    Raises:
        UsageError: it does, or a brace of it is alone.
    """
    for name in _FIELD.findall(template):
        if name not in FIELDS:
            raise UsageError(
                message("no book has a field {name!r}", name=name),
                message("there are {names}", names=", ".join(f"{{{one}}}" for one in FIELDS)),
            )
    if re.search(r"[{}]", _FIELD.sub("", template)):
        raise UsageError(
            message("{template!r} has a brace without its other one", template=template),
            message("write fields as in {example}", example=_OPENING["vi"]),
        )


def announce(document: Document, opening: str, closing: str) -> Document:
    """Return a document that begins and ends with a sentence about the book.

    Some chapters of a book have the one only with the first chapter, the other with the last.

    Args:
        document: the book, with all that is known of it.
        opening: the template of the first sentence; empty for none.
        closing: the template of the last one; empty for none.
    """
    if not document.chapters:
        return document
    meta = replace(document.meta, title=document.book.meta.title or document.meta.title)
    first = _fill_in(opening, _OPENING, meta) if document.holds_first else ""
    last = _fill_in(closing, _CLOSING, meta) if document.holds_last else ""
    chapters = list(document.chapters)
    scene = Paragraph("", Kind.BREAK)
    if first:
        opening_words = Paragraph(first, directions=_first_pauses(chapters[0]))
        chapters[0] = _with_paragraphs(chapters[0], before=(opening_words, scene))
    if last:
        chapters[-1] = _with_paragraphs(chapters[-1], after=(scene, Paragraph(last)))
    return replace(document, chapters=tuple(chapters))


def _first_pauses(chapter: Chapter) -> tuple[Direction, ...]:
    """Return the silence that the author wants before a chapter: it comes before the book now."""
    said = (one for one in chapter.paragraphs if one.kind is not Kind.BREAK)
    first = next(said, Paragraph(""))
    return tuple(order for order in first.directions if not order.at and order.pause)


def _with_paragraphs(
    chapter: Chapter, before: tuple[Paragraph, ...] = (), after: tuple[Paragraph, ...] = ()
) -> Chapter:
    return replace(chapter, paragraphs=(*before, *chapter.paragraphs, *after))


def _fill_in(template: str, defaults: dict[str, str], meta: Meta) -> str:
    if template == AUTO:
        language = meta.language.partition("-")[0].lower()
        template = defaults.get(language, defaults[""])
    return fill_in(template, {name: getattr(meta, name) for name in FIELDS})


def fill_in(template: str, values: dict[str, str]) -> str:
    """Return a template with its fields filled in, without the words around those not known.

    With a field go the words before it, back to the field before or the beginning of the sentence,
    and those after it, up to the next mark, unless another field comes first.

    >>> fill_in("{title} của {author}. Giọng đọc: {narrator}.", {"title": "Lão Hạc"})
    'Lão Hạc.'

    Args:
        template: the text, with the names of fields in braces.
        values: by the names of the fields; empty for those not known.
    """
    sentences = (_fill_sentence(one, values) for one in _sentences(template))
    return " ".join(sentence for sentence in sentences if is_speakable(sentence))


def _sentences(template: str) -> list[str]:
    return [match[0].strip() for match in _SENTENCE.finditer(template) if match[0].strip()]


def _fill_sentence(sentence: str, values: dict[str, str]) -> str:
    pieces = _FIELD.split(sentence)  # literal, name, literal, ..., literal
    texts, names = pieces[::2], pieces[1::2]
    filled = ""
    for position, name in enumerate(names):
        if value := values.get(name, ""):
            filled += texts[position] + value
            continue
        texts[position] = ""
        following = texts[position + 1]
        mark = _MARK.search(following)
        if mark:
            texts[position + 1] = following[mark.start() :]
        elif position == len(names) - 1:
            texts[position + 1] = ""
    filled += texts[-1]
    if names and not values.get(names[0], ""):  # another word is the first one now
        filled = filled.lstrip(" ,;:–—-")
        filled = filled[:1].upper() + filled[1:]
    return filled
