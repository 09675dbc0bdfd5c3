"""What elements, their types and classes say: what is read, and as what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobook.readers.markup.tree import tag_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

# Not embed, source, track or wbr: libxml2 does not know that they are empty, and puts what follows
# into them.
UNREAD = frozenset(
    "area audio base button canvas head iframe img input link map meta nav noscript object option"
    " param rp rt rtc script select style svg template textarea title video".split()
)
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
MARK_TYPES = frozenset({"noteref", "doc-noteref", "backlink", "doc-backlink"})
VERSE_TYPES = frozenset({"z3998:poem", "z3998:verse", "z3998:hymn", "z3998:song"})
VERSE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:poem|poetry|verse|stanza|tho|kho-?tho)s?\d*(?:$|[\s_-])", re.I
)
CAPTION_CLASS = re.compile(r"caption|chu-?thich-?anh", re.I)
DROP_CAP_CLASS = re.compile(r"drop-?_?caps?|initial|lettrine|first-?letter", re.I)
MARK_CLASS = re.compile(r"note|foot|super|\bsup|\bref", re.I)
_UNREAD_CLASS = re.compile(
    r"(?:^|\s)(?:noprint|mw-editsection|navbox|sr-only|visually-hidden|screen-reader-text)(?:\s|$)"
)
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
# The text of a link to a note, or of one back: [1], (2), 3, a, *, †, ^, ↩.
MARK = re.compile(r"[\[({]?\s*(?:\d{1,4}|[a-z]{1,2}|[*†‡§]{1,4}|[\^↑↩↵⏎]\ufe0e?)\s*[\])}]?[.:]?")
PLAIN_MARK = re.compile(r"\w+[.:]?")
_LONGEST_MARK = 10
# In a table of data no cell holds more; what does is a column of a page.
_LONGEST_CELL = 200


def is_in_superscript(element: etree._Element) -> bool:
    """Whether an element stands right in a raised one."""
    parent = element.getparent()
    return parent is not None and tag_name(parent) == "sup"


def names_of(attributes: dict[str, str]) -> Iterator[str]:
    """Yield the names by which links can point to an element."""
    for key in ("id", "name"):
        if name := attributes.get(key):
            yield name


def is_hidden(attributes: dict[str, str]) -> bool:
    """Whether an element with these attributes is not shown."""
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(attributes.get("style", "")))
        or bool(_UNREAD_CLASS.search(attributes.get("class", "")))
    )


def is_local(link: str | None) -> bool:
    """Whether a link stays within the site or the book."""
    return bool(link) and ":" not in (link or "") and not (link or "").startswith("//")


def short_text(element: etree._Element) -> str:
    """Return the text of an element if it is short enough for a mark, else nothing."""
    text = ""
    for piece in element.itertext():
        text += str(piece).strip()
        if len(text) > _LONGEST_MARK:
            return ""
    return text


def holds_heading(element: etree._Element) -> bool:
    """Whether what a short link points to is a chapter rather than a note."""
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
