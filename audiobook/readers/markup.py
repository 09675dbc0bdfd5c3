"""Markup: a tree of HTML or XHTML elements becomes paragraphs, as a browser would show them."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin

from audiobook.errors import SourceError
from audiobook.model import Kind, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree

BREAK = Paragraph("* * *", Kind.BREAK)

# Not embed, source, track or wbr: libxml2 does not know that they are empty, and puts what follows
# into them.
_UNREAD = frozenset(
    "area audio base button canvas head iframe img input link map meta nav noscript object option"
    " param rp rt rtc script select style svg template textarea title video".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol"
    " p pre search section summary table tbody td tfoot th thead tr ul".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CAPTIONS = frozenset({"caption", "figcaption"})

# What `epub:type`, `role` (DPUB-ARIA 1.1) and `class` say of an element; a class speaks for many
# books at once: those of Sigil, calibre and the Vietnamese forums name verse and captions so.
_UNREAD_TYPES = frozenset(
    "toc landmarks page-list pagebreak doc-toc doc-pagelist doc-pagebreak loi lot".split()
)
_NOTE_TYPES = frozenset(
    "footnote footnotes endnote endnotes rearnote rearnotes note"
    " doc-footnote doc-endnote doc-endnotes".split()
)
_MARK_TYPES = frozenset({"noteref", "doc-noteref", "backlink", "doc-backlink"})
_VERSE_TYPES = frozenset({"z3998:poem", "z3998:verse", "z3998:hymn", "z3998:song"})
_VERSE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:poem|poetry|verse|stanza|tho|kho-?tho)s?\d*(?:$|[\s_-])", re.I
)
_CAPTION_CLASS = re.compile(r"caption|chu-?thich-?anh", re.I)
_DROP_CAP_CLASS = re.compile(r"drop-?_?caps?|initial|lettrine|first-?letter", re.I)
_MARK_CLASS = re.compile(r"note|foot|super|\bsup|\bref", re.I)
_UNREAD_CLASS = re.compile(
    r"(?:^|\s)(?:noprint|mw-editsection|navbox|sr-only|visually-hidden|screen-reader-text)(?:\s|$)"
)
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)

# The text of a link to a note, or of one back: [1], (2), 3, a, *, †, ^, ↩.
_MARK = re.compile(r"[\[({]?\s*(?:\d{1,4}|[a-z]{1,2}|[*†‡§]{1,4}|[\^↑↩↵⏎]\ufe0e?)\s*[\])}]?[.:]?")
_PLAIN_MARK = re.compile(r"\w+[.:]?")
_LONGEST_MARK = 10
_MARK_REST = ".:)] "  # of "1. Là gọt", where only the digit is the link
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# A row of signs, or the Vietnamese "---o0o---".
_ORNAMENT = re.compile(r"[\W_]*(?:[oO0]{3,7}[\W_]*)?")
_PUNCTUATION = frozenset(".…?!,;:\"'“”‘’()[] ")

# Lines of verse parted by <br>: so many on end, none longer, and not all ending as sentences do
# (in lục bát every second one does, in short paragraphs of prose nearly every one).
_FEWEST_VERSES, _LONGEST_VERSE = 4, 60
_SENTENCE_ENDS = tuple(".?!…:")
_CLOSING = "\"'”’»)] "
_SPEECH = tuple("-–—•*")
# In a table of data no cell holds more; what does is a column of a page.
_LONGEST_CELL = 200


def parse_html(page: bytes, name: str) -> etree._Element:
    """Return the tree of a page in UTF-8, read as a browser reads HTML, whatever its faults.

    Raises:
        SourceError: see `refuse_excess`.
    """
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(page, parser)
    except etree.XMLSyntaxError:  # nothing in it
        root = None
    refuse_excess(parser, name)
    return etree.Element("html") if root is None else root


def refuse_excess(parser: etree._FeedParser, name: str) -> None:
    """Refuse a page that the parser would not read to its end.

    Raises:
        SourceError: elements lie deeper than 256, or one text is longer than 10 MB.
    """
    from lxml import etree

    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise SourceError(
            f"{name} is nested deeper than texts are, or is one endless line",
            "give a text, not a file made to exhaust its reader",
        )


class Flow(NamedTuple):
    """What one document says."""

    paragraphs: list[Paragraph]
    places: dict[str, int]
    """For each id, the position of the paragraph that it stands in or before."""
    links: float
    """Share of the characters outside headings that are links within the site or book: a table
    of contents has little else."""


def flow(root: etree._Element, document: str = "", cited: set[str] | None = None) -> Flow:
    """Turn a tree of HTML or XHTML elements into paragraphs.

    White space is collapsed; scripts, styles, navigation, hidden elements, pictures and their
    alternative texts, and readings in ruby are not read. Marks that refer to notes are left out,
    and what they refer to becomes notes.

    Args:
        root: the tree, with comments and processing instructions removed.
        document: its address, against which links are resolved.
        cited: addresses of the notes that earlier documents of the book refer to; those of this
            one are added.
    """
    return _Walk(document, set() if cited is None else cited).through(root)


def tag_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace, in small letters."""
    return _local_name(str(element.tag))


@lru_cache(maxsize=1024)
def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def attributes_of(element: etree._Element) -> dict[str, str]:
    """Return the attributes of an element."""
    return {str(name): str(value) for name, value in element.items()}


def types(attributes: Mapping[str, str]) -> frozenset[str]:
    """Return what the attributes `epub:type` and `role` say an element is."""
    said = [
        value.lower()
        for name, value in attributes.items()
        if name in ("role", "epub:type") or name.endswith("/ops}type")
    ]
    return frozenset(" ".join(said).split()) if said else frozenset()


class _Scope(NamedTuple):
    """What a block makes of the text in it."""

    kind: Kind = Kind.PROSE
    level: int = 0
    verse: bool = False
    preformatted: bool = False
    data: bool = False
    """In a table whose rows are read as sentences."""


class _Line(NamedTuple):
    text: str
    ids: list[str]
    note: bool


class _Walk:
    """One pass over a tree, in document order, with a stack of its own for the open blocks."""

    def __init__(self, document: str, cited: set[str]) -> None:
        self._document = document
        self._cited = cited
        self._paragraphs: list[Paragraph] = []
        self._places: dict[str, int] = {}
        self._scopes = [_Scope()]
        self._cells: list[str] | None = None  # of the row at hand, in a table of data
        # The block at hand: its finished lines, and the pieces and ids of the open one.
        self._lines: list[_Line] = []
        self._pieces: list[str] = []
        self._ids: list[str] = []
        self._note = False
        self._after_drop_cap = False
        self._links = self._linked = self._length = 0

    def through(self, root: etree._Element) -> Flow:
        from lxml import etree

        tables = _data_tables(root)
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = tag_name(element)
            if event == "end":
                self._leave(element, tag)
                if element is not root:
                    self._add(element.tail)
            elif self._enter(element, tag, tables):
                self._add(element.text)
            else:
                walk.skip_subtree()
        self._end_block()
        for identifier in self._ids:
            self._places.setdefault(identifier, len(self._paragraphs))
        links = self._linked / self._length if self._length else 0.0
        return Flow(self._paragraphs, self._places, links)

    # --- elements -------------------------------------------------------------------------------

    def _enter(self, element: etree._Element, tag: str, tables: set[etree._Element]) -> bool:
        """Whether to read on inside the element; its end comes in any case."""
        attributes = attributes_of(element)
        said = types(attributes)
        is_block = tag in _BLOCKS
        if is_block:
            self._end_block()
        self._take_note(attributes, is_block=is_block)
        noted = not said.isdisjoint(_NOTE_TYPES)
        unread = tag in _UNREAD or not said.isdisjoint(_UNREAD_TYPES)
        unread = unread or (_is_hidden(attributes) and not noted)
        if is_block:
            # Pushed even for what is not read: its end pops.
            scope = self._scope(element, tag, attributes, said)
            self._scopes.append(scope._replace(data=True) if element in tables else scope)
        if unread:
            return False
        if tag == "br":
            self._end_line()
        elif tag == "hr":
            self._add_paragraph(BREAK, self._take_ids())
        elif tag == "tr" and self._scopes[-1].data:
            self._cells = []
        elif tag in ("a", "sup") and self._is_mark(element, attributes, said):
            for inner in element.iterdescendants():
                self._take_note(attributes_of(inner), is_block=False)
            return False
        elif tag == "a" and _is_local(attributes.get("href")):
            self._links += 1
        elif tag == "sup" and not len(element) and (element.text or "").isdecimal():
            self._add((element.text or "").translate(_SUPERSCRIPTS))  # m², 10³
            return False
        return True

    def _leave(self, element: etree._Element, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_block()
            if tag == "tr" and self._cells is not None:
                row = ", ".join(self._cells)
                self._cells = None
                self._add_text(row, self._take_ids(), note=False)
            self._scopes.pop()
        elif tag == "a" and self._links and _is_local(element.get("href")):
            self._links -= 1
        elif tag == "span":
            name = element.get("class")
            if name and _DROP_CAP_CLASS.search(name):
                self._after_drop_cap = bool(self._pieces) and len(self._pieces[-1].strip()) <= 2

    def _take_note(self, attributes: dict[str, str], *, is_block: bool) -> None:
        """Remember the names of an element, and whether they make the line at hand a note."""
        for name in _ids(attributes):
            self._ids.append(name)
            self._note |= not is_block and f"{self._document}#{name}" in self._cited

    def _scope(
        self,
        element: etree._Element,
        tag: str,
        attributes: dict[str, str],
        said: frozenset[str],
    ) -> _Scope:
        scope = self._scopes[-1]
        if scope.kind is Kind.NOTE:
            return scope
        if level := _HEADINGS.get(tag):
            return _Scope(Kind.HEADING, level)
        cited = any(f"{self._document}#{name}" in self._cited for name in _ids(attributes))
        if not said.isdisjoint(_NOTE_TYPES) or (cited and not _holds_heading(element)):
            return scope._replace(kind=Kind.NOTE)
        if tag in _CAPTIONS:
            return scope._replace(kind=Kind.CAPTION)
        if tag == "pre":
            return scope._replace(preformatted=True)
        if not said.isdisjoint(_VERSE_TYPES):
            return scope._replace(verse=True)
        if (name := attributes.get("class")) and scope.kind is Kind.PROSE:
            if _CAPTION_CLASS.search(name):
                return scope._replace(kind=Kind.CAPTION)
            if _VERSE_CLASS.search(name):
                return scope._replace(verse=True)
        return scope

    def _is_mark(
        self, element: etree._Element, attributes: dict[str, str], said: frozenset[str]
    ) -> bool:
        """Whether a link or a superscript refers to a note, or back from one.

        Bare digits must look the part: raised, glued to a word, or where a note begins.
        """
        if not (text := _short_text(element)) or not _MARK.fullmatch(text):
            return False
        raised = tag_name(element) == "sup" or _is_in_superscript(element)
        link = attributes.get("href")
        if tag_name(element) == "sup":
            link = next((found for a in element.iter() if (found := a.get("href"))), None)
            if link is None:
                return not _PLAIN_MARK.fullmatch(text)  # "[1]" raised, its link lost
        if link is None or "#" not in link:
            return False
        before = "".join(self._pieces[-1:])
        plausible = (
            not _PLAIN_MARK.fullmatch(text)
            or raised
            or any(tag_name(child) == "sup" for child in element)
            or not said.isdisjoint(_MARK_TYPES)
            or bool(_MARK_CLASS.search(attributes.get("class", "")))
            or before[-1:].strip() != ""
            or (not before.strip() and (self._note or self._scopes[-1].kind is Kind.NOTE))
        )
        if plausible and (before.strip() or self._lines):
            self._cited.add(unquote(urljoin(self._document, link)))
        return plausible

    # --- text -----------------------------------------------------------------------------------

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if self._after_drop_cap:
            text = text.lstrip()
            self._after_drop_cap = False
        if self._scopes[-1].preformatted:
            first, *others = text.split("\n")
            self._pieces.append(first)
            for other in others:
                self._end_line()
                self._pieces.append(other)
        else:
            self._pieces.append(text)
        if self._scopes[-1].kind is not Kind.HEADING:
            length = len(text.strip())
            self._length += length
            if self._links:
                self._linked += length

    def _end_line(self) -> None:
        if not self._pieces:
            return
        text = " ".join("".join(self._pieces).split())
        self._pieces = []
        self._after_drop_cap = False
        if text:
            self._lines.append(_Line(text, self._take_ids(), self._note))
            self._note = False
        elif self._scopes[-1].preformatted:
            self._lines.append(_Line("", [], False))

    def _take_ids(self) -> list[str]:
        ids, self._ids = self._ids, []
        return ids

    def _end_block(self) -> None:
        self._end_line()
        if not self._lines:
            return
        lines, self._lines = self._lines, []
        scope = self._scopes[-1]
        if self._cells is not None and scope.kind is not Kind.CAPTION:
            self._cells += [line.text for line in lines if line.text]
            self._ids += [name for line in lines for name in line.ids]
        elif scope.kind is Kind.HEADING:
            self._add_joined(lines, None)
        elif scope.verse:
            for line in lines:
                self._add_joined([line], Kind.VERSE)
        elif scope.preformatted:
            self._add_preformatted(lines)
        else:
            self._add_lines(lines)

    def _add_lines(self, lines: list[_Line]) -> None:
        """Add lines parted by <br>: each a paragraph, but where a sentence runs on."""
        for run, verse in _verse_runs(lines):
            kind = Kind.VERSE if verse and self._scopes[-1].kind is Kind.PROSE else None
            joined: list[_Line] = []
            for line in run:
                if joined and (verse or not _runs_on(joined[-1].text, line.text)):
                    self._add_joined(joined, kind)
                    joined = []
                joined.append(line)
            self._add_joined(joined, kind)

    def _add_preformatted(self, lines: list[_Line]) -> None:
        """Add lines as they stand; where they were wrapped is for tidying to say."""
        for filled, group in groupby(lines, key=lambda line: bool(line.text)):
            block = list(group)
            if filled and _is_verse(block):
                for line in block:
                    self._add_joined([line], Kind.VERSE)
            elif filled:
                self._add_joined(block, None, "\n")

    def _add_joined(self, lines: list[_Line], kind: Kind | None, by: str = " ") -> None:
        ids = [name for line in lines for name in line.ids]
        self._add_text(by.join(line.text for line in lines), ids, lines[0].note, kind)

    def _add_text(self, text: str, ids: list[str], note: bool, kind: Kind | None = None) -> None:
        scope = self._scopes[-1]
        if _is_ornament(text):
            self._add_paragraph(BREAK, ids)
        elif scope.kind is Kind.HEADING:
            self._add_paragraph(Paragraph(text, Kind.HEADING, scope.level), ids)
        elif note or scope.kind is Kind.NOTE:
            self._add_paragraph(Paragraph(text.lstrip(_MARK_REST), Kind.NOTE), ids)
        elif text:
            self._add_paragraph(Paragraph(text, kind or scope.kind), ids)

    def _add_paragraph(self, paragraph: Paragraph, ids: list[str]) -> None:
        for name in ids:
            self._places.setdefault(name, len(self._paragraphs))
        if paragraph is not BREAK or self._paragraphs[-1:] != [BREAK]:
            self._paragraphs.append(paragraph)


def _is_in_superscript(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and tag_name(parent) == "sup"


def _ids(attributes: dict[str, str]) -> Iterator[str]:
    """Yield the names by which links can point to an element."""
    for key in ("id", "name"):
        if name := attributes.get(key):
            yield name


def _is_hidden(attributes: dict[str, str]) -> bool:
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(attributes.get("style", "")))
        or bool(_UNREAD_CLASS.search(attributes.get("class", "")))
    )


def _is_local(link: str | None) -> bool:
    """Whether a link stays within the site or the book."""
    return bool(link) and ":" not in (link or "") and not (link or "").startswith("//")


def _short_text(element: etree._Element) -> str:
    """Return the text of an element if it is short enough for a mark, else nothing."""
    text = ""
    for piece in element.itertext():
        text += str(piece).strip()
        if len(text) > _LONGEST_MARK:
            return ""
    return text


def _holds_heading(element: etree._Element) -> bool:
    """Whether what a short link points to is a chapter rather than a note."""
    return any(tag_name(inner) in _HEADINGS for inner in element.iter())


def _data_tables(root: etree._Element) -> set[etree._Element]:
    """Return the tables of data: short cells, more than one a row, not mere layout."""
    tables = list(root.iter("{*}table"))
    around = {next(table.iterancestors("{*}table"), None) for table in tables}
    return {table for table in tables if table not in around and _is_data(table)}


def _is_data(table: etree._Element) -> bool:
    if _holds_heading(table):
        return False
    rows = [list(row.iterchildren("{*}td", "{*}th")) for row in table.iter("{*}tr")]
    return max(map(len, rows), default=0) > 1 and all(
        sum(map(len, cell.itertext())) <= _LONGEST_CELL for row in rows for cell in row
    )


def _is_ornament(text: str) -> bool:
    return bool(_ORNAMENT.fullmatch(text)) and not _PUNCTUATION.issuperset(text)


def _runs_on(text: str, following: str) -> bool:
    """Whether a sentence goes on in the next line: small letters follow an unfinished one."""
    return following[0].islower() and not text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


def _verse_runs(lines: list[_Line]) -> Iterator[tuple[list[_Line], bool]]:
    """Part lines into runs of verse and runs of prose."""
    prose: list[_Line] = []
    for _, group in groupby(lines, key=lambda line: _is_short(line.text)):
        run = list(group)
        if _is_verse(run):
            if prose:
                yield prose, False
            prose = []
            yield run, True
        else:
            prose += run
    if prose:
        yield prose, False


def _is_short(line: str) -> bool:
    return len(line) <= _LONGEST_VERSE and not line.startswith(_SPEECH)


def _is_verse(lines: list[_Line]) -> bool:
    if len(lines) < _FEWEST_VERSES or not all(_is_short(line.text) for line in lines):
        return False
    ended = sum(line.text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS) for line in lines)
    return ended * 4 <= len(lines) * 3
