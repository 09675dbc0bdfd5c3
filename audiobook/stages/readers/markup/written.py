"""The paragraphs of a page so far, and what is known of their places."""

from __future__ import annotations

from dataclasses import replace

from audiobook.model import Kind, Paragraph, StanzaEnd
from audiobook.stages.readers.markup.verse import runs_on

BREAK = Paragraph("* * *", Kind.BREAK)
RUNNING = (Kind.PROSE, Kind.QUOTE)


class Written:
    """The paragraphs of a page so far."""

    def __init__(self) -> None:
        self.paragraphs: list[Paragraph] = []
        self.places: dict[str, int] = {}
        """For each id, the position of the paragraph that it stands in or before."""
        self.referring: set[int] = set()
        """Positions of the paragraphs that refer to notes."""
        self._page_ended = -1
        """How many paragraphs stood before the end of a printed page between two of them."""

    def place(self, ids: list[str]) -> None:
        """Have names lead to the paragraph that comes next."""
        for name in ids:
            self.places.setdefault(name, len(self.paragraphs))

    def end_page(self) -> None:
        """Note that a printed page ends between two paragraphs, or within one."""
        self._page_ended = len(self.paragraphs)

    def end_stanza(self) -> None:
        """Let a stanza end with the last paragraph, if that is a line of verse."""
        if self.paragraphs and self.paragraphs[-1].kind is Kind.VERSE:
            self.paragraphs[-1] = StanzaEnd.of(self.paragraphs[-1])

    def add(self, paragraph: Paragraph, ids: list[str], *, refers: bool) -> None:
        """Add a paragraph, or go on with the one before where only a printed page ended.

        Args:
            paragraph: the paragraph.
            ids: names that lead to it.
            refers: whether it refers to a note.
        """
        if self._goes_on(paragraph):
            previous = self.paragraphs.pop()
            paragraph = replace(previous, text=f"{previous.text} {paragraph.text}")
        self.place(ids)
        if refers:
            self.referring.add(len(self.paragraphs))
        if paragraph is not BREAK or self.paragraphs[-1:] != [BREAK]:
            self.paragraphs.append(paragraph)

    def _goes_on(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph goes on with the one before the end of a printed page."""
        ended, self._page_ended = self._page_ended, -1
        return (
            0 < ended == len(self.paragraphs)
            and paragraph.kind in RUNNING
            and self.paragraphs[-1].kind is paragraph.kind
            and runs_on(self.paragraphs[-1].text, paragraph.text)
        )
