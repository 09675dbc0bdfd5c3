"""OpenDocument text (ODT, and FODT in one file): what LibreOffice and OpenOffice write."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Chapter, Document, Meta
from audiobook.stages.readers.archive import Archive
from audiobook.stages.readers.markup import flow, tag_name, take_out
from audiobook.stages.readers.xml_files import parse_xml
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import etree

_DATE = re.compile(r"[1-9]\d{3}-\d\d(?:-\d\d)?")
_LEVEL = re.compile(r"\d{1,2}", re.ASCII)
_LAST_LEVEL = 6
# What elements of OpenDocument are in HTML; those that are not here stand for nothing of their own.
_AS_HTML = {
    "alphabetical-index": "nav",
    "annotation": "template",
    "bibliography": "nav",
    "binary-data": "template",
    "deletion": "template",
    "frame": "div",
    "illustration-index": "nav",
    "line-break": "br",
    "list": "ul",
    "list-item": "li",
    "note-citation": "template",
    "object-index": "nav",
    "p": "p",
    "ruby-text": "rt",
    "table": "table",
    "table-cell": "td",
    "table-index": "nav",
    "table-of-content": "nav",
    "table-row": "tr",
    "text-box": "div",
    "tracked-changes": "template",
    "user-index": "nav",
}
_OFFICE_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_PARAGRAPHS = frozenset({"p", "blockquote", *(f"h{n}" for n in range(1, _LAST_LEVEL + 1))})
_QUOTES = re.compile(r"quot", re.I)
_MOST_PARENTS = 16


class _Style(NamedTuple):
    """What a style says of the text that has it."""

    names: tuple[str, ...]
    """Its own and those of the styles that it is made from."""
    is_hidden: bool
    is_raised: bool


def read(data: bytes, name: str) -> Document:
    """Read an OpenDocument text into a document of one chapter, with headings and notes.

    Deleted text, comments, tables of contents and hidden text are not read.

    Args:
        data: the file.
        name: what to call it in messages.

    Raises:
        SourceError: it has a password, is damaged, larger or deeper than texts are, or holds
            nothing to read.
    """
    content, styles, meta = _trees(data, name)
    body = content.find(f".//{{{_OFFICE_NAMESPACE}}}text")
    if body is None:
        raise SourceError(
            message("{name} holds no text to read", name=name),
            message("give a file with words in it"),
        )
    _as_html(body, _Styles([*styles, content]))
    paragraphs = flow(body).paragraphs
    if not paragraphs:
        raise SourceError(
            message("{name} holds no text to read", name=name),
            message("give a file with words in it"),
        )
    return Document(meta=_meta_of(meta), chapters=(Chapter("", tuple(paragraphs)),))


def _trees(
    data: bytes, name: str
) -> tuple[etree._Element, list[etree._Element], etree._Element | None]:
    """Return the trees of the text, of the styles beside it, and of what it says of itself."""
    if not data.startswith(b"PK"):
        root = parse_xml(data, name)
        if root is None:
            raise SourceError(
                message("{name} is a damaged OpenDocument file (it is not XML)", name=name),
                message("get it again"),
            )
        return root, [], root
    archive = Archive(data, name)
    if "META-INF/manifest.xml" in archive:
        manifest = archive.tree("META-INF/manifest.xml")
        if any(True for _ in manifest.iter("{*}encryption-data")):
            raise SourceError(
                message("{name} is protected by a password", name=name),
                message("save it without one"),
            )
    styles = [archive.tree("styles.xml")] if "styles.xml" in archive else []
    meta = archive.tree("meta.xml") if "meta.xml" in archive else None
    return archive.tree("content.xml"), styles, meta


class _Styles:
    """The styles of a document."""

    def __init__(self, trees: list[etree._Element]) -> None:
        self._elements = {
            (_attribute(element, "family"), _attribute(element, "name")): element
            for tree in trees
            for element in tree.iter("{*}style")
        }
        self._known: dict[tuple[str, str], _Style] = {}

    def style_of(self, element: etree._Element, family: str) -> _Style:
        """Return the style of a paragraph or of a run of text."""
        key = family, _attribute(element, "style-name")
        if key not in self._known:
            self._known[key] = self._look_up(*key)
        return self._known[key]

    def _look_up(self, family: str, name: str) -> _Style:
        names: list[str] = []
        is_hidden = is_raised = False
        while (element := self._elements.get((family, name))) is not None:
            if len(names) == _MOST_PARENTS:  # a style that is made from itself
                break
            names.append(_attribute(element, "display-name") or name.replace("_20_", " "))
            for properties in element.iterfind("{*}text-properties"):
                is_hidden |= _attribute(properties, "display") == "none"
                is_raised |= _attribute(properties, "text-position").startswith("super")
            name = _attribute(element, "parent-style-name")
        return _Style(tuple(names), is_hidden, is_raised)


def _attribute(element: etree._Element, attribute: str) -> str:
    """Return an attribute by its local name."""
    for key, value in element.items():
        if str(key).rpartition("}")[2] == attribute:
            return str(value)
    return ""


def _as_html(body: etree._Element, styles: _Styles) -> None:
    """Give the elements of a text the names that they have in HTML, where they mean something.

    What stands within a paragraph and is none of its words (a note, a text box) is moved behind it.
    """
    aside: list[etree._Element] = []
    for element in list(body.iter("*")):
        tag = tag_name(element)
        if tag in ("h", "p"):
            _make_paragraph(element, tag, styles.style_of(element, "paragraph"))
        elif tag == "span":
            style = styles.style_of(element, "text")
            element.tag = "template" if style.is_hidden else "sup" if style.is_raised else "span"
        elif tag in ("s", "tab"):
            element.tag, element.text = "span", " "
        elif tag == "note":
            element.tag = "aside"
            element.set("role", "doc-footnote")
            aside.append(element)
        elif tag in ("title", "desc"):  # of a picture; a field of that name is text
            element.tag = "template" if "svg" in str(element.tag) else "span"
        else:
            if tag == "frame":
                aside.append(element)
            element.tag = _AS_HTML.get(tag, "span" if element.getparent() is not None else tag)
    _move_behind(aside)


def _make_paragraph(element: etree._Element, tag: str, style: _Style) -> None:
    outline = _attribute(element, "outline-level")
    level = (int(outline) if _LEVEL.fullmatch(outline) else 1) if tag == "h" else 0
    if not level and style.names[-1:] == ("Title",):
        level = 1
    if style.is_hidden:
        element.tag = "template"
    elif level:
        element.tag = f"h{min(max(level, 1), _LAST_LEVEL)}"
    elif any(map(_QUOTES.search, style.names)):
        element.tag = "blockquote"
    else:
        element.tag = "p"
    # So that verse and captions are known by what their styles are called, as classes are.
    element.set("class", " ".join(style.names))


def _move_behind(aside: Sequence[etree._Element]) -> None:
    """Move elements behind the paragraphs that they stand in."""
    moved = []
    for element in aside:
        around = (block for block in element.iterancestors() if tag_name(block) in _PARAGRAPHS)
        if (block := next(around, None)) is not None:
            moved.append((element, block))
    take_out(element for element, _ in moved)
    for element, block in reversed(moved):
        block.addnext(element)


def _meta_of(tree: etree._Element | None) -> Meta:
    """Return what a document says of itself."""

    def field_text(*names: str) -> str:
        if tree is None:
            return ""
        elements = (tree.find(f".//{{*}}meta/{{*}}{name}") for name in names)
        texts = (
            " ".join((element.text or "").split()) for element in elements if element is not None
        )
        return next(filter(None, texts), "")

    date = _DATE.match(field_text("creation-date", "date"))
    return Meta(
        title=field_text("title"),
        author=field_text("initial-creator", "creator"),
        date=date[0] if date else "",
        language=field_text("language") or Meta().language,
        description=field_text("description", "subject"),
    )
