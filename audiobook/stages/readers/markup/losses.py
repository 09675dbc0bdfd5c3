"""The pieces of a page that are not read, word for word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.messages import Message, message
from audiobook.model import Change, LeftOut

if TYPE_CHECKING:
    from collections.abc import Iterable

NOTE_MARKS = message("marks of notes in the markup left out")
PAGE_MARKS = message("marks of printed pages left out")
HIDDEN = message("hidden text left out")
DELETED = message("deleted text left out")
BESIDE = message("menus, buttons and links to edit left out")
FORMULAS = message("formulas left out")
CONTENTS = message("pages of contents left out")
ASIDES = message("pages outside the reading order left out")
_CONTEXT = 40


class Losses:
    """The pieces that are left out, by the name of the change that lists them, in order."""

    def __init__(self) -> None:
        self._pieces: dict[Message, list[LeftOut]] = {}

    def note(
        self, step: Message, text: str, preceding: str = "", *, is_chapter: bool = False
    ) -> None:
        """Note a piece of text that will not be read, if it holds a letter, a digit or a mark.

        Args:
            step: what left it out.
            text: as it stood.
            preceding: what stands before it.
            is_chapter: whether it was all that a page held.
        """
        text = text if is_chapter else " ".join(text.split())
        if text and (step == NOTE_MARKS or any(map(str.isalnum, text))):
            piece = LeftOut(text=text, after=preceding[-_CONTEXT:], is_chapter=is_chapter)
            self._pieces.setdefault(step, []).append(piece)

    def add_all(self, later: Losses) -> None:
        """Take over the pieces of a later page."""
        for step, pieces in later._pieces.items():
            self._pieces.setdefault(step, []).extend(pieces)

    def changes(self) -> tuple[Change, ...]:
        """Return the changes that tell the user of them."""
        return tuple(
            Change(
                step=step, count=len(pieces), example=pieces[0].text[:60], left_out=tuple(pieces)
            )
            for step, pieces in self._pieces.items()
        )


def text_of(elements: Iterable[object]) -> str:
    """Return the pieces of text in one line."""
    return " ".join("".join(map(str, elements)).split())
