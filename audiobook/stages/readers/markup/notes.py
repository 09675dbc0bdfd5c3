"""Notes of several paragraphs, of which only the first is marked as one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.model import Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    from audiobook.model import Paragraph

_MOST = 3  # paragraphs that follow the first of a note
_RUNNING = (Kind.PROSE, Kind.QUOTE)


def with_later_paragraphs(
    paragraphs: list[Paragraph], referring: Collection[int]
) -> list[Paragraph]:
    """Return paragraphs with those between two notes made notes where they belong to the first.

    Text that goes on between the notes of two pages refers to the second of them. After the last
    note nothing tells its paragraphs from the text, but where there is no text before the notes.

    Args:
        paragraphs: of a page.
        referring: the positions of those that refer to a note.
    """
    notes = [place for place, paragraph in enumerate(paragraphs) if paragraph.kind is Kind.NOTE]
    if not notes:
        return paragraphs
    ends = notes[1:]
    if not any(paragraph.kind is not Kind.HEADING for paragraph in paragraphs[: notes[0]]) and ends:
        ends = [*ends, len(paragraphs)]
    written = list(paragraphs)
    for first, end in zip(notes, ends, strict=False):
        between = range(first + 1, end)
        if len(between) <= _MOST and all(
            paragraphs[place].kind in _RUNNING and place not in referring for place in between
        ):
            for place in between:
                written[place] = replace(paragraphs[place], kind=Kind.NOTE)
    return written
