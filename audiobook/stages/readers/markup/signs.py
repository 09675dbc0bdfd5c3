"""What elements, their types and classes say: what is read, and as what."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from audiobook.messages import NOTHING, Message
from audiobook.stages.readers.code import looks_like_code
from audiobook.stages.readers.markup import losses, marks
from audiobook.stages.readers.markup.initials import INITIAL_CLASS
from audiobook.stages.readers.markup.tree import tag_name
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

# Not embed, source, track or wbr: libxml2 does not know that they are empty, and puts what follows
# into them.
UNREAD = frozenset(
    "area audio base button canvas del head iframe img input link map math meta nav noscript object"
    " option param rp rt rtc script select style svg template textarea title video".split()
)
# The changes list the words of these elements; the others hold no text of the page.
_TOLD = {"button": losses.BESIDE, "nav": losses.BESIDE, "del": losses.DELETED}
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol"
    " p pre search section summary table tbody td tfoot th thead tr ul".split()
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
CAPTIONS = frozenset({"caption", "figcaption"})
# What `epub:type`, `role` (DPUB-ARIA 1.1) and `class` say of an element; a class speaks for many
# books at once: those of Sigil, calibre and the Vietnamese forums name verse and captions so.
UNREAD_TYPES = frozenset(
    "toc landmarks page-list pagebreak doc-toc doc-pagelist doc-pagebreak loi lot".split()
)
NOTE_TYPES = frozenset(
    "footnote footnotes endnote endnotes rearnote rearnotes note"
    " doc-footnote doc-endnote doc-endnotes".split()
)
VERSE_TYPES = frozenset({"z3998:poem", "z3998:verse", "z3998:hymn", "z3998:song"})
_VERSE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:poem|poetry|verse|stanza|tho|kho-?tho)s?\d*(?:$|[\s_-])", re.I
)
_CAPTION_CLASS = re.compile(r"caption|chu-?thich-?anh", re.I)
# Classes named for notes alone; boxes of advice are called notes too, and begin with a label.
_NOTE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:(?:foot|end|rear|back)-?_?notes?|fnote|mso(?:foot|end)notetext"
    r"|chu-?_?thich)(?![-_]?(?:ref|link|mark|anchor|call|num|back|title|label|anh))"
    r"(?:-?(?:text|body|item|list|content|entry|para))?\d*(?:$|[\s_-])",
    re.I,
)
_PLAIN_NOTE_CLASS = re.compile(r"(?:^|\s)(?:notes?|ghi-?_?chu)\d*(?:$|\s)", re.I)
_ADVICE = re.compile(
    r"\s*(?:(?:lưu|chú) ý|ghi nhớ|mẹo|cảnh báo|quan trọng|ghi chú"
    r"|note|tip|warning|important|caution)\b",
    re.I,
)
_UNREAD_CLASS = re.compile(
    r"(?:^|\s)(?:noprint|mw-editsection(?:-\w+)?|navbox|sr-only|visually-hidden|screen-reader-text)"
    r"(?:\s|$)"
)
_CODE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:lang(?:uage)?-\w+|hljs|highlight|prettyprint|brush|source-?code|programlisting"
    r"|code-?block|codehilite|screen)",
    re.I,
)
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
# The longest cell of a table of data, in characters; a longer one is a column of a page.
_LONGEST_CELL = 200


class ClassSigns(NamedTuple):
    """What the class of an element says of it."""

    unread: bool
    note: bool
    plain_note: bool
    caption: bool
    verse: bool
    initial: bool
    page: bool
    mark: bool


@lru_cache(maxsize=4096)
def class_signs(name: str) -> ClassSigns:
    """Return what a class says of the elements that have it."""
    return ClassSigns(
        unread=bool(_UNREAD_CLASS.search(name)),
        note=bool(_NOTE_CLASS.search(name) or _PLAIN_NOTE_CLASS.search(name)),
        plain_note=bool(_PLAIN_NOTE_CLASS.search(name)),
        caption=bool(_CAPTION_CLASS.search(name)),
        verse=bool(_VERSE_CLASS.search(name)),
        initial=bool(INITIAL_CLASS.search(name)),
        page=bool(marks.PAGE_CLASS.search(name)),
        mark=bool(marks.MARK_CLASS.search(name)),
    )


def link_names(attributes: dict[str, str]) -> Iterator[str]:
    """Yield the names by which links can point to an element."""
    for key in ("id", "name"):
        if name := attributes.get(key):
            yield name


def is_hidden(attributes: dict[str, str], named: ClassSigns) -> bool:
    """Whether an element is not shown, by its attributes and its class."""
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or ("style" in attributes and bool(_HIDDEN_STYLE.search(attributes["style"])))
        or named.unread
    )


def is_local(link: str | None) -> bool:
    """Whether a link stays within the site or the book."""
    return bool(link) and ":" not in (link or "") and not (link or "").startswith("//")


def loss_of(
    tag: str, attributes: dict[str, str], element_types: frozenset[str], named: ClassSigns
) -> Message | None:
    """Return the name of the change that lists an element as not read, None where it is read.

    Args:
        tag: its name.
        attributes: its attributes.
        element_types: its types.
        named: what its class says.

    Returns:
        An empty string where it is not read and holds no text of the page.
    """
    if tag in UNREAD:
        return _TOLD.get(tag, NOTHING)
    if not attributes:
        return None
    if element_types and not element_types.isdisjoint(UNREAD_TYPES):
        return (
            losses.PAGE_MARKS
            if any("pagebreak" in element_type for element_type in element_types)
            else losses.BESIDE
        )
    if is_hidden(attributes, named) and element_types.isdisjoint(NOTE_TYPES):
        is_edit = "editsection" in attributes.get("class", "")
        return losses.BESIDE if is_edit else losses.HIDDEN
    return None


def stands_in(element: etree._Element, named: ClassSigns) -> bool:
    """Whether a hidden element for screen readers stands in for one beside it that they skip."""
    if not named.unread:
        return False
    beside = (element.getprevious(), element.getnext())
    return any(other is not None and other.get("aria-hidden") == "true" for other in beside)


def is_note(element: etree._Element, element_types: frozenset[str], named: ClassSigns) -> bool:
    """Whether an element is a note by its types or what its class says.

    Args:
        element: the element.
        element_types: its types.
        named: what its class says.
    """
    if element_types and not element_types.isdisjoint(NOTE_TYPES):
        return True
    if not named.note or not element_types.isdisjoint(marks.MARK_TYPES):
        return False
    if not named.plain_note:
        return True
    begins = "".join(map(str, islice(element.itertext(), 4)))
    return not _ADVICE.match(begins) and not holds_heading(element)


def is_code(element: etree._Element) -> bool:
    """Whether a preformatted block is code rather than verse or mail."""
    names = [element.get("class") or ""]
    names += [inner.get("class") or "" for inner in element.iterchildren("{*}code")]
    parent = element.getparent()
    if parent is not None and tag_name(parent) == "div":
        names.append(parent.get("class") or "")
    return any(map(_CODE_CLASS.search, names)) or looks_like_code(
        "".join(map(str, element.itertext()))
    )


def holds_heading(element: etree._Element) -> bool:
    """Whether an element holds a heading, so that it is a chapter rather than a note."""
    return any(tag_name(inner) in HEADINGS for inner in element.iter())


def data_tables(root: etree._Element) -> set[etree._Element]:
    """Return the tables of data: short cells, more than one a row, not mere layout."""
    tables = list(root.iter("{*}table"))
    around = {next(table.iterancestors("{*}table"), None) for table in tables}
    return {table for table in tables if table not in around and _is_data(table)}


def _is_data(table: etree._Element) -> bool:
    if holds_heading(table):
        return False
    rows = [list(row.iterchildren("{*}td", "{*}th")) for row in table.iter("{*}tr")]
    return max(map(len, rows), default=0) > 1 and all(
        sum(map(len, cell.itertext())) <= _LONGEST_CELL for row in rows for cell in row
    )
