"""One walk through a tree makes paragraphs of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin

from audiobook.model import Kind, Paragraph
from audiobook.readers.markup import losses, marks, mathml, signs
from audiobook.readers.markup.initials import initial_in, is_initial, join_initial
from audiobook.readers.markup.losses import Losses
from audiobook.readers.markup.notes import with_later_paragraphs
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
    losses: Losses
    """What is not read."""


def flow(root: etree._Element, document: str = "", cited: set[str] | None = None) -> Flow:
    """Turn a tree of HTML or XHTML elements into paragraphs.

    White space is collapsed; scripts, styles, navigation, hidden and deleted elements, numbers of
    printed pages, pictures and their alternative texts, and readings in ruby are not read. Marks
    that refer to notes are left out, and what they refer to becomes notes. An initial is joined
    with its word. Block quotations are quotations, but where they are most of a document, which
    only indents with them.

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
        self._losses = Losses()
        # A capital letter that waits for its word, whether the page shows it as an initial, and
        # whether blanks or the end of a block followed it.
        self._initial = ""
        self._initial_marked = self._initial_loose = False
        # What was left out right before: a mark of a note, of a page, or nothing.
        self._gap = ""
        self._page_ended = -1
        self._raised: set[str] = set()
        self._has_mark = False
        self._referring: set[int] = set()
        self._inline_notes: list[str] = []
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
        self._give_up_initial()
        for identifier in self._ids:
            self._places.setdefault(identifier, len(self._paragraphs))
        links = self._linked / self._length if self._length else 0.0
        paragraphs = with_later_paragraphs(self._paragraphs, self._referring)
        return Flow(_with_real_quotes(paragraphs), self._places, links, self._losses)

    # --- elements -------------------------------------------------------------------------------

    def _enter(self, element: etree._Element, tag: str, tables: set[etree._Element]) -> bool:
        """Whether to read on inside the element; its end comes in any case."""
        attributes = attributes_of(element)
        said = types(attributes)
        is_block = tag in signs.BLOCKS
        if is_block:
            self._end_block()
        self._take_note(attributes, is_block=is_block)
        noted = signs.is_note(element, attributes, said)
        loss = signs.loss_of(tag, attributes, said)
        if is_block:
            # Pushed even for what is not read: its end pops.
            scope = self._scope(element, tag, attributes, said, noted=noted)
            self._scopes.append(scope._replace(data=True) if element in tables else scope)
        if initial := initial_in(element, attributes):
            if tag != "img" or self._begins_block():
                self._set_initial(initial, marked=tag != "img")
                return False
        if tag == "math":
            self._add_math(element)
            return False
        if loss is not None and not signs.stands_in(element, attributes):
            self._lose(loss, element)
            return False
        if marks.is_page_mark(element, attributes, signs.names_of(attributes)):
            self._lose(losses.PAGE_MARKS, element)
            return False
        if tag == "br":
            self._end_line()
        elif tag == "hr":
            self._add_paragraph(BREAK, self._take_ids())
        elif tag == "tr" and self._scopes[-1].data:
            self._cells = []
        elif not is_block and self._is_mark(element, tag, attributes, said):
            self._leave_out_mark(element)
            return False
        elif not is_block and noted and self._scopes[-1].kind is not Kind.NOTE:
            self._inline_notes.append(losses.text_of(element.itertext()).lstrip(_MARK_REST))
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
        elif tag in ("s", "strike"):
            self._gap = losses.DELETED

    def _lose(self, step: str, element: etree._Element) -> None:
        """Note what an element holds that is not read, and that it stood here."""
        if step:
            text = losses.text_of(element.itertext())
            self._losses.add(step, text, self._before())
        if step == losses.PAGE_MARKS and self._begins_block():
            self._page_ended = len(self._paragraphs)
        self._gap = step

    def _leave_out_mark(self, element: etree._Element) -> None:
        for inner in element.iterdescendants():
            self._take_note(attributes_of(inner), is_block=False)
        self._has_mark = True
        self._lose(losses.NOTE_MARKS, element)

    def _before(self) -> str:
        """Return the text right before the place at hand."""
        here = "".join(self._pieces).strip()
        if not here and self._lines:
            here = self._lines[-1].text
        return here or (self._paragraphs[-1].text if self._paragraphs else "")

    def _begins_block(self) -> bool:
        return not self._lines and not any(piece.strip() for piece in self._pieces)

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
        *,
        noted: bool,
    ) -> _Scope:
        scope = self._scopes[-1]
        if scope.kind is Kind.NOTE:
            return scope
        if level := signs.HEADINGS.get(tag):
            return _Scope(Kind.HEADING, level)
        cited = any(
            f"{self._document}#{name}" in self._cited for name in signs.names_of(attributes)
        )
        if noted or (cited and not signs.holds_heading(element)):
            return scope._replace(kind=Kind.NOTE)
        if tag in signs.CAPTIONS:
            return scope._replace(kind=Kind.CAPTION)
        if tag == "blockquote" and scope.kind is Kind.PROSE:
            scope = scope._replace(kind=Kind.QUOTE)
        if tag == "pre":
            is_code = scope.kind in _RUNNING and signs.is_code(element)
            return scope._replace(preformatted=True, kind=Kind.CODE if is_code else scope.kind)
        if not said.isdisjoint(signs.VERSE_TYPES):
            return scope._replace(verse=True)
        if (name := attributes.get("class")) and scope.kind in _RUNNING:
            if signs.CAPTION_CLASS.search(name):
                return scope._replace(kind=Kind.CAPTION)
            if signs.VERSE_CLASS.search(name):
                return scope._replace(verse=True)
        return scope

    def _is_mark(
        self, element: etree._Element, tag: str, attributes: dict[str, str], said: frozenset[str]
    ) -> bool:
        """Whether an element refers to a note, or back from one.

        Bare digits must look the part: raised, glued to a word, or where a note begins.
        """
        named = not said.isdisjoint(marks.MARK_TYPES)
        of_class = bool(marks.MARK_CLASS.search(attributes.get("class", "")))
        if tag not in ("a", "sup") and not named and not (of_class and tag == "span"):
            return False
        text = marks.short_text(element)
        several = tag == "sup" and marks.is_several(text)
        if not text or not (several or marks.MARK.fullmatch(text)):
            return False
        link = attributes.get("href")
        if tag == "sup" and link is None:
            link = next((found for a in element.iter() if (found := a.get("href"))), None)
        if link is None:
            return several or self._is_unlinked_mark(text, raised=tag == "sup", named=named)
        if "#" not in link:
            return False
        raised = tag == "sup" or marks.is_in_superscript(element)
        before = "".join(self._pieces[-1:])
        plausible = (
            not marks.PLAIN_MARK.fullmatch(text)
            or raised
            or any(tag_name(child) == "sup" for child in element)
            or named
            or of_class
            or before[-1:].strip() != ""
            or (not before.strip() and (self._note or self._scopes[-1].kind is Kind.NOTE))
        )
        if plausible and (before.strip() or self._lines):
            self._cited.add(unquote(urljoin(self._document, link)))
        return plausible

    def _is_unlinked_mark(self, text: str, *, raised: bool, named: bool) -> bool:
        """Whether a short text that leads nowhere is the mark of a note all the same."""
        if not marks.PLAIN_MARK.fullmatch(text):
            return raised or named  # "[1]" raised, its link lost
        number = text.rstrip(".:")
        if not number.isdecimal() or not raised:
            return named and number.isdecimal()
        before = "".join(self._pieces)
        if not marks.is_raised_mark(number, before):
            return False
        if before[-1:].strip():
            self._raised.add(number)
        elif self._begins_block() and number in self._raised:
            self._note = True  # the note of a mark that stood in the text
        return True

    # --- text -----------------------------------------------------------------------------------

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if self._initial:
            if not text.strip():
                self._initial_loose = True
                return
            text = self._with_initial(text)
        if self._gap:
            text = self._across_gap(text)
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

    def _across_gap(self, text: str) -> str:
        """Return text that follows something left out, apart from the word before that."""
        before = self._pieces[-1] if self._pieces else ""
        gap, self._gap = self._gap, ""
        if not before[-1:].isalnum() or not text[0].isalnum():
            return text
        is_apart = gap != losses.PAGE_MARKS or marks.parts_words(before, text)
        return f" {text}" if is_apart and gap != "" else text

    def _add_math(self, element: etree._Element) -> None:
        """Add what a formula says, or tell that it is not read."""
        spoken = mathml.speak(element)
        if spoken:
            self._gap = losses.FORMULAS
            self._add(spoken)
            self._gap = losses.FORMULAS
        else:
            self._lose(losses.FORMULAS, element)

    # --- initials -------------------------------------------------------------------------------

    def _set_initial(self, initial: str, *, marked: bool) -> None:
        self._give_up_initial()
        self._initial, self._initial_marked, self._initial_loose = initial, marked, False

    def _with_initial(self, text: str) -> str:
        """Return text with the initial that waited for it, or make a paragraph of that first."""
        stripped = text.lstrip()
        loose = self._initial_loose or stripped != text
        joined = join_initial(self._initial, stripped, loose=loose, marked=self._initial_marked)
        if joined is None or self._scopes[-1].kind is Kind.HEADING:
            self._give_up_initial()
            return text
        self._initial = ""
        return joined

    def _give_up_initial(self) -> None:
        """Make a paragraph of an initial whose word did not come."""
        if self._initial:
            initial, self._initial = self._initial, ""
            self._add_text(initial, self._take_ids(), note=False)

    def _end_line(self) -> None:
        if not self._pieces:
            return
        text = " ".join("".join(self._pieces).split())
        self._pieces = []
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
        elif scope.kind is Kind.PROSE and len(lines) == 1 and is_initial(lines[0].text):
            self._ids += lines[0].ids
            self._set_initial(lines[0].text, marked=False)
            self._initial_loose = True
        else:
            self._add_lines(lines)
        self._has_mark = False
        for note in self._inline_notes:
            self._add_paragraph(Paragraph(note, Kind.NOTE), [])
        self._inline_notes = []

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
        if self._scopes[-1].kind is Kind.CODE:
            self._add_joined(lines, None, "\n")
            return
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
        if self._goes_on(paragraph):
            previous = self._paragraphs.pop()
            paragraph = replace(previous, text=f"{previous.text} {paragraph.text}")
        for name in ids:
            self._places.setdefault(name, len(self._paragraphs))
        if self._has_mark:
            self._referring.add(len(self._paragraphs))
        if paragraph is not BREAK or self._paragraphs[-1:] != [BREAK]:
            self._paragraphs.append(paragraph)

    def _goes_on(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph goes on with the one before the end of a printed page."""
        ended, self._page_ended = self._page_ended, -1
        return (
            0 < ended == len(self._paragraphs)
            and paragraph.kind in _RUNNING
            and self._paragraphs[-1].kind is paragraph.kind
            and runs_on(self._paragraphs[-1].text, paragraph.text)
        )


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
