"""Stores how fast voices spoke: sums over what they recorded, none of its words.

A voice takes so many seconds for a syllable, and so many more for each mark inside a sentence, at
which it pauses by itself. Both are fitted to its recordings by least squares.
"""

from __future__ import annotations

import json
import math
from contextlib import suppress
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from audiobook.errors import OutputError
from audiobook.messages import NOTHING
from audiobook.system import files
from audiobook.system.json_data import load_json

if TYPE_CHECKING:
    from pathlib import Path

_FORMAT = 1
_MOST_SYLLABLES = 50_000
"""About three hours. Beyond it older recordings count half, so that a note follows its voice."""
# How many syllables and how many marks the figures of the voice file are worth beside recordings.
_SYLLABLES_BEFORE, _MARKS_BEFORE = 30.0, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceSums:
    """Sums over sentences of one voice, each weighted by one over its number of syllables."""

    syllables: float = 0.0
    marks: float = 0.0
    seconds: float = 0.0
    """Without the silence that the script asks for, at the speed 1."""
    marks_by_marks: float = 0.0
    marks_by_seconds: float = 0.0

    @classmethod
    def of(cls, syllables: int, marks: int, seconds: float) -> PaceSums:
        """Return the sums of one sentence, in which there is at least one syllable."""
        return cls(
            syllables=syllables,
            marks=marks,
            seconds=seconds,
            marks_by_marks=marks * marks / syllables,
            marks_by_seconds=marks * seconds / syllables,
        )

    def __add__(self, other: PaceSums) -> PaceSums:
        """Return the sums over both."""
        return PaceSums(
            syllables=self.syllables + other.syllables,
            marks=self.marks + other.marks,
            seconds=self.seconds + other.seconds,
            marks_by_marks=self.marks_by_marks + other.marks_by_marks,
            marks_by_seconds=self.marks_by_seconds + other.marks_by_seconds,
        )

    def aged(self) -> PaceSums:
        """Return the sums, halved where they are of more than three hours."""
        if self.syllables <= _MOST_SYLLABLES:
            return self
        syllables, marks, seconds, marks_by_marks, marks_by_seconds = (
            value / 2 for value in astuple(self)
        )
        return PaceSums(
            syllables=syllables,
            marks=marks,
            seconds=seconds,
            marks_by_marks=marks_by_marks,
            marks_by_seconds=marks_by_seconds,
        )

    def fit(self, syllable: float, mark: float) -> tuple[float, float]:
        """Return the seconds of a syllable and of a mark.

        Args:
            syllable: the seconds that the voice file gives a syllable.
            mark: the seconds that it gives a mark.
        """
        first, both = self.syllables + _SYLLABLES_BEFORE, self.marks
        second = self.marks_by_marks + _MARKS_BEFORE
        seconds = self.seconds + _SYLLABLES_BEFORE * syllable
        by_marks = self.marks_by_seconds + _MARKS_BEFORE * mark
        # Positive: by Cauchy and Schwarz it would be so without what the file is worth, too.
        determinant = first * second - both * both
        return (
            (seconds * second - by_marks * both) / determinant,
            (first * by_marks - both * seconds) / determinant,
        )


def read_pace(folder: Path, voice: str, of: list[str]) -> PaceSums:
    """Return the sums of a voice; zeros where nothing is noted of it.

    Args:
        folder: the cache folder.
        voice: the name of the voice.
        of: all that decides its pace; the note of another one does not count.
    """
    try:
        note = load_json(_path(folder, voice).read_bytes())
        values = [float(value) for value in note["sums"]]
        if note["format"] == _FORMAT and note["of"] == of and _are_possible(values):
            names = PaceSums.__slots__
            return PaceSums(**dict(zip(names, values, strict=True)))
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not noted, or damaged
    return PaceSums()


def keep_pace(folder: Path, voice: str, of: list[str], sums: PaceSums) -> None:
    """Note the sums of a voice, as far as the folder can be written: no build fails for a note."""
    note = {"format": _FORMAT, "of": of, "sums": astuple(sums)}
    path = _path(folder, voice)
    with suppress(OutputError, OSError), files.whole(path, NOTHING, private=True) as file:
        file.write(json.dumps(note).encode())


def _are_possible(values: list[float]) -> bool:
    return all(math.isfinite(value) and 0 <= value <= 1e9 for value in values)


def _path(folder: Path, voice: str) -> Path:
    return folder / "paces" / f"{voice}.json"
