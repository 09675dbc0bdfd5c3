"""One walk through a tree makes paragraphs of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin

from audiobook.model import Kind, Paragraph
from audiobook.readers.markup import signs
from audiobook.readers.markup.tree import attributes_of, tag_name, types
from audiobook.readers.markup.verse import Line, is_ornament, is_verse, runs_on, verse_runs

if TYPE_CHECKING:
    from lxml import etree

BREAK = Paragraph("* * *", Kind.BREAK)
_RUNNING = (Kind.PROSE, Kind.QUOTE)
# A document whose text is quotations for the most part uses their element to indent.
_MOST_QUOTED = 0.5
_MARK_REST = ".:)] "  # of "1. Là gọt", where only the digit is the link
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


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
    and what they refer to becomes notes. Block quotations are quotations, but where they are most
    of a document, which only indents with them.

    Args:
        root: the tree, with comments and processing instructions removed.
        document: its address, against which links are resolved.
        cited: addresses of the notes that earlier documents of the book refer to; those of this
            one are added.
    """
    return _Walk(document, set() if cited is None else cited).through(root)


class _Scope(NamedTuple):
    """What a block makes of the text in it."""

    kind: Kind = Kind.PROSE
    level: int = 0
    verse: bool = False
    preformatted: bool = False
    data: bool = False
    """In a table whose rows are read as sentences."""


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
        self._lines: list[Line] = []
        self._pieces: list[str] = []
        self._ids: list[str] = []
        self._note = False
        self._after_drop_cap = False
        self._links = self._linked = self._length = 0

    def through(self, root: etree._Element) -> Flow:
        from lxml import etree

        tables = signs.data_tables(root)
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
        return Flow(_with_real_quotes(self._paragraphs), self._places, links)

    # --- elements -------------------------------------------------------------------------------

    def _enter(self, element: etree._Element, tag: str, tables: set[etree._Element]) -> bool:
        """Whether to read on inside the element; its end comes in any case."""
        attributes = attributes_of(element)
        said = types(attributes)
        is_block = tag in signs.BLOCKS
        if is_block:
            self._end_block()
        self._take_note(attributes, is_block=is_block)
        noted = not said.isdisjoint(signs.NOTE_TYPES)
        unread = tag in signs.UNREAD or not said.isdisjoint(signs.UNREAD_TYPES)
        unread = unread or (signs.is_hidden(attributes) and not noted)
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
        elif tag == "a" and signs.is_local(attributes.get("href")):
            self._links += 1
        elif tag == "sup" and not len(element) and (element.text or "").isdecimal():
            self._add((element.text or "").translate(_SUPERSCRIPTS))  # m², 10³
            return False
        return True

    def _leave(self, element: etree._Element, tag: str) -> None:
        if tag in signs.BLOCKS:
            self._end_block()
            if tag == "tr" and self._cells is not None:
                row = ", ".join(self._cells)
                self._cells = None
                self._add_text(row, self._take_ids(), note=False)
            self._scopes.pop()
        elif tag == "a" and self._links and signs.is_local(element.get("href")):
            self._links -= 1
        elif tag == "span":
            name = element.get("class")
            if name and signs.DROP_CAP_CLASS.search(name):
                self._after_drop_cap = bool(self._pieces) and len(self._pieces[-1].strip()) <= 2

    def _take_note(self, attributes: dict[str, str], *, is_block: bool) -> None:
        """Remember the names of an element, and whether they make the line at hand a note."""
        for name in signs.names_of(attributes):
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
        if level := signs.HEADINGS.get(tag):
            return _Scope(Kind.HEADING, level)
        cited = any(
            f"{self._document}#{name}" in self._cited for name in signs.names_of(attributes)
        )
        if not said.isdisjoint(signs.NOTE_TYPES) or (cited and not signs.holds_heading(element)):
            return scope._replace(kind=Kind.NOTE)
        if tag in signs.CAPTIONS:
            return scope._replace(kind=Kind.CAPTION)
        if tag == "blockquote" and scope.kind is Kind.PROSE:
            scope = scope._replace(kind=Kind.QUOTE)
        if tag == "pre":
            return scope._replace(preformatted=True)
        if not said.isdisjoint(signs.VERSE_TYPES):
            return scope._replace(verse=True)
        if (name := attributes.get("class")) and scope.kind in _RUNNING:
            if signs.CAPTION_CLASS.search(name):
                return scope._replace(kind=Kind.CAPTION)
            if signs.VERSE_CLASS.search(name):
                return scope._replace(verse=True)
        return scope

    def _is_mark(
        self, element: etree._Element, attributes: dict[str, str], said: frozenset[str]
    ) -> bool:
        """Whether a link or a superscript refers to a note, or back from one.

        Bare digits must look the part: raised, glued to a word, or where a note begins.
        """
        if not (text := signs.short_text(element)) or not signs.MARK.fullmatch(text):
            return False
        raised = tag_name(element) == "sup" or signs.is_in_superscript(element)
        link = attributes.get("href")
        if tag_name(element) == "sup":
            link = next((found for a in element.iter() if (found := a.get("href"))), None)
            if link is None:
                return not signs.PLAIN_MARK.fullmatch(text)  # "[1]" raised, its link lost
        if link is None or "#" not in link:
            return False
        before = "".join(self._pieces[-1:])
        plausible = (
            not signs.PLAIN_MARK.fullmatch(text)
            or raised
            or any(tag_name(child) == "sup" for child in element)
            or not said.isdisjoint(signs.MARK_TYPES)
            or bool(signs.MARK_CLASS.search(attributes.get("class", "")))
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
            self._lines.append(Line(text, self._take_ids(), self._note))
            self._note = False
        elif self._scopes[-1].preformatted:
            self._lines.append(Line("", [], False))

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

    def _add_lines(self, lines: list[Line]) -> None:
        """Add lines parted by <br>: each a paragraph, but where a sentence runs on."""
        for run, verse in verse_runs(lines):
            kind = Kind.VERSE if verse and self._scopes[-1].kind in _RUNNING else None
            joined: list[Line] = []
            for line in run:
                if joined and (verse or not runs_on(joined[-1].text, line.text)):
                    self._add_joined(joined, kind)
                    joined = []
                joined.append(line)
            self._add_joined(joined, kind)

    def _add_preformatted(self, lines: list[Line]) -> None:
        """Add lines as they stand; where they were wrapped is for tidying to say."""
        for filled, group in groupby(lines, key=lambda line: bool(line.text)):
            block = list(group)
            if filled and is_verse(block):
                for line in block:
                    self._add_joined([line], Kind.VERSE)
            elif filled:
                self._add_joined(block, None, "\n")

    def _add_joined(self, lines: list[Line], kind: Kind | None, by: str = " ") -> None:
        ids = [name for line in lines for name in line.ids]
        self._add_text(by.join(line.text for line in lines), ids, lines[0].note, kind)

    def _add_text(self, text: str, ids: list[str], note: bool, kind: Kind | None = None) -> None:
        scope = self._scopes[-1]
        if is_ornament(text):
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


def _with_real_quotes(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs, those in quotations as prose where hardly anything else is there."""
    lengths = dict.fromkeys(_RUNNING, 0)
    for each in paragraphs:
        if each.kind in lengths:
            lengths[each.kind] += len(each.text)
    if lengths[Kind.QUOTE] <= sum(lengths.values()) * _MOST_QUOTED:
        return paragraphs
    return [
        replace(each, kind=Kind.PROSE) if each.kind is Kind.QUOTE else each for each in paragraphs
    ]
