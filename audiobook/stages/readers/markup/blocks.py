"""Pieces of text, in order, become lines and lines become paragraphs."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from audiobook.model import Kind, Paragraph
from audiobook.stages.readers.markup import losses, marks
from audiobook.stages.readers.markup.initials import is_initial, join_initial
from audiobook.stages.readers.markup.verse import (
    MarkupLine,
    is_ornament,
    is_verse,
    reads_as_verse,
    runs_on,
    verse_runs,
)
from audiobook.stages.readers.markup.written import BREAK, RUNNING, Written

MARK_REST = ".:)] "
"""Signs that are left before a note where only its number was the link: "1. Là gọt"."""


class Scope(NamedTuple):
    """What a block makes of the text in it."""

    kind: Kind = Kind.PROSE
    level: int = 0
    verse: bool = False
    preformatted: bool = False
    data: bool = False
    """In a table whose rows are read as sentences."""


class _Initial(NamedTuple):
    """A capital letter that waits for its word."""

    text: str
    marked: bool
    """The page shows it as an initial."""
    shown: bool
    """It is text rather than the picture of a letter."""
    loose: bool
    """Blanks or the end of a block followed it."""
    ids: list[str]


class Blocks:
    """The block at hand of a page, which becomes paragraphs where it ends."""

    def __init__(self) -> None:
        self.written = Written()
        """The paragraphs so far."""
        self.scopes = [Scope()]
        self.cells: list[str] | None = None
        """Of the row at hand, in a table of data."""
        self.ids: list[str] = []
        """Names of the line at hand."""
        self.is_note = False
        """A link leads to the line at hand from the mark of a note."""
        self.has_mark = False
        """A mark of a note was left out of the block at hand."""
        self.inline_notes: list[str] = []
        """Notes that stand in the block at hand, to follow it."""
        self.gap = ""
        """What was left out right before: a mark of a note, of a page, or nothing."""
        self._lines: list[MarkupLine] = []
        self._pieces: list[str] = []
        self._initial: _Initial | None = None

    def close(self) -> None:
        """End what is open."""
        self.end_block()
        self.give_up_initial()
        self.written.place(self.ids)

    def text_before(self) -> str:
        """Return the text right before the place at hand."""
        text = self.current_line().strip()
        if not text and self._lines:
            text = self._lines[-1].text
        paragraphs = self.written.paragraphs
        return text or (paragraphs[-1].text if paragraphs else "")

    def current_line(self) -> str:
        """Return the line at hand."""
        return "".join(self._pieces)

    def last_piece(self) -> str:
        """Return the last piece of the line at hand."""
        return self._pieces[-1] if self._pieces else ""

    def has_lines(self) -> bool:
        """Whether the block at hand has lines above that at hand."""
        return bool(self._lines)

    def begins_block(self) -> bool:
        """Whether nothing stands before the place at hand in its block."""
        return not self._lines and not any(piece.strip() for piece in self._pieces)

    def append(self, text: str) -> None:
        """Add a piece of text to the line at hand."""
        if self._initial:
            if not text.strip():
                self._initial = self._initial._replace(loose=True)
                return
            text = self._with_initial(self._initial, text)
        if self.gap:
            text = self._across_gap(text)
        if not self._pieces and text.isspace() and not self.scopes[-1].preformatted:
            return
        if self.scopes[-1].preformatted:
            first, *others = text.split("\n")
            self._pieces.append(first)
            for other in others:
                self.end_line()
                self._pieces.append(other)
        else:
            self._pieces.append(text)

    def _across_gap(self, text: str) -> str:
        """Return text that follows something left out, apart from the word before that."""
        preceding = self.last_piece()
        gap, self.gap = self.gap, ""
        if not preceding[-1:].isalnum() or not text[0].isalnum():
            return text
        is_apart = gap != losses.PAGE_MARKS or marks.parts_words(preceding, text)
        return f" {text}" if is_apart else text

    # --- initials -------------------------------------------------------------------------------

    def set_initial(self, initial: str, *, marked: bool, shown: bool = True) -> None:
        """Hold back a capital letter until its word follows.

        Args:
            initial: the letter.
            marked: whether the page shows it as an initial.
            shown: whether it is text rather than the picture of a letter.
        """
        self.give_up_initial()
        self._initial = _Initial(initial, marked, shown, loose=False, ids=self._take_ids())

    def _with_initial(self, initial: _Initial, text: str) -> str:
        """Return text with the initial that waited for it, or make a paragraph of that first."""
        stripped = text.lstrip()
        joined = join_initial(
            initial.text,
            stripped,
            loose=initial.loose or stripped != text,
            marked=initial.marked,
        )
        if joined is None:
            self.give_up_initial()
            return text
        self._initial = None
        self.ids += initial.ids
        return joined

    def give_up_initial(self) -> None:
        """Make a paragraph of an initial whose word did not come."""
        if self._initial is None:
            return
        initial, self._initial = self._initial, None
        if initial.shown:
            self._write(Paragraph(initial.text), initial.ids)
        else:
            self.ids += initial.ids

    # --- lines and paragraphs -------------------------------------------------------------------

    def end_line(self) -> None:
        """End the line at hand."""
        if not self._pieces:
            self._note_gap()
            return
        text = " ".join("".join(self._pieces).split())
        self._pieces = []
        if text:
            self._lines.append(MarkupLine(text, self._take_ids(), self.is_note))
            self.is_note = False
        elif self.scopes[-1].preformatted:
            self._lines.append(MarkupLine("", [], False))
        else:
            self._note_gap()

    def _note_gap(self) -> None:
        """Note that an empty line, or nothing more, follows the last line of the block."""
        if self._lines:
            self._lines[-1] = self._lines[-1]._replace(before_gap=True)

    def _take_ids(self) -> list[str]:
        ids, self.ids = self.ids, []
        return ids

    def end_block(self) -> None:
        """Make paragraphs of the lines of the block at hand."""
        if self._initial:
            self._initial = self._initial._replace(loose=True)
        self.end_line()
        if not self._lines:
            return
        lines, self._lines = self._lines, []
        scope = self.scopes[-1]
        if self.cells is not None and scope.kind is not Kind.CAPTION:
            self.cells += [line.text for line in lines if line.text]
            self.ids += [name for line in lines for name in line.ids]
        elif scope.kind is Kind.HEADING:
            self._add_joined(lines, None)
        elif scope.verse:
            self._add_verse(lines)
        elif scope.preformatted:
            self._add_preformatted(lines)
        elif scope.kind is Kind.PROSE and len(lines) == 1 and is_initial(lines[0].text):
            self.ids += lines[0].ids
            self.set_initial(lines[0].text, marked=False)
        else:
            self._add_lines(lines)
        self.has_mark = False
        for note in self.inline_notes:
            self._write(Paragraph(note, Kind.NOTE), [])
        self.inline_notes = []

    def end_row(self) -> None:
        """Make a sentence of the cells of the row at hand."""
        cells, self.cells = self.cells or [], None
        if len(cells) > 1 and is_initial(cells[0]):
            first = join_initial(cells[0], cells[1], loose=True, marked=False)
            cells = [first, *cells[2:]] if first else cells
        self._add_text(", ".join(cells), self._take_ids(), note=False)

    def end_scene(self) -> None:
        """Add a break."""
        self.give_up_initial()
        self._write(BREAK, self._take_ids())

    def _add_lines(self, lines: list[MarkupLine]) -> None:
        """Add lines parted by <br>: each a paragraph, but where a sentence runs on."""
        if len(lines) == 1:
            self._add_joined(lines, None)
            return
        for run, verse in verse_runs(lines):
            if verse and self.scopes[-1].kind in RUNNING and reads_as_verse(run):
                self._add_verse(run)
                continue
            joined: list[MarkupLine] = []
            for line in run:
                if joined and (verse or not runs_on(joined[-1].text, line.text)):
                    self._add_joined(joined, None)
                    joined = []
                joined.append(line)
            self._add_joined(joined, None)

    def _add_verse(self, lines: list[MarkupLine]) -> None:
        """Add lines of verse; several of one block are a stanza or more."""
        for place, line in enumerate(lines, 1):
            self._add_joined([line], Kind.VERSE)
            ends = len(lines) > 1 and (line.before_gap or place == len(lines))
            if ends:
                self.written.end_stanza()

    def _add_preformatted(self, lines: list[MarkupLine]) -> None:
        """Add lines as they stand; tidying decides whether they were wrapped."""
        if self.scopes[-1].kind is Kind.CODE:
            self._add_joined(lines, None, "\n")
            return
        for filled, group in groupby(lines, key=lambda line: bool(line.text)):
            block = list(group)
            if filled and is_verse(block) and reads_as_verse(block):
                self._add_verse(block)
            elif filled:
                self._add_joined(block, None, "\n")

    def _add_joined(self, lines: list[MarkupLine], kind: Kind | None, by: str = " ") -> None:
        ids = [name for line in lines for name in line.ids]
        self._add_text(by.join(line.text for line in lines), ids, lines[0].note, kind)

    def _add_text(self, text: str, ids: list[str], note: bool, kind: Kind | None = None) -> None:
        scope = self.scopes[-1]
        if is_ornament(text):
            self._write(BREAK, ids)
        elif scope.kind is Kind.HEADING:
            self._write(Paragraph(text, Kind.HEADING, scope.level), ids)
        elif note or scope.kind is Kind.NOTE:
            self._write(Paragraph(text.lstrip(MARK_REST), Kind.NOTE), ids)
        elif text:
            self._write(Paragraph(text, kind or scope.kind), ids)

    def _write(self, paragraph: Paragraph, ids: list[str]) -> None:
        self.written.add(paragraph, ids, refers=self.has_mark)
