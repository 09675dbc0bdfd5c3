"""The files that decide what a book becomes, and whether they have changed since."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.app.current import find_book
from audiobook.errors import AudiobookError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from audiobook.model import Job
    from audiobook.studio.memory import StudioMemory


@dataclass(frozen=True, slots=True)
class Inputs:
    """The state of the files that decide what a book becomes."""

    edited: float
    """When one of them was written for the last time, in seconds since 1970; 0 if none is there."""
    stamp: str
    """Another one whenever one of them is written, comes or goes."""


NO_INPUTS = Inputs(0.0, "")


def inputs_of(paths: Iterable[Path]) -> Inputs:
    """Return the state of the files of a book, of which some need not be there."""
    times = {path: time for path in paths if (time := modified(path))}
    lines = (f"{path}\0{time!r}\n" for path, time in sorted(times.items()))
    stamp = hashlib.blake2b(digest_size=10)
    for line in lines:
        stamp.update(os.fsencode(line))
    return Inputs(max(times.values(), default=0.0), stamp.hexdigest())


def modified(path: Path | None) -> float:
    """Return when a file was written for the last time; 0 if it is not there."""
    if path is None:
        return 0.0
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


class Comparison:
    """Tells whether books were made of their sources as these are now.

    Args:
        memory: what books were made of that this studio built.
    """

    def __init__(self, memory: StudioMemory) -> None:
        self._memory = memory
        # Books that are not up to date, as they and their sources were when that was found out.
        self._outdated: dict[str, tuple[str, float]] = {}

    def is_new_enough(
        self, key: str, inputs: Inputs, written: float, *, has_parts: bool = False
    ) -> bool:
        """Return whether the dates of files tell that a book is up to date.

        Args:
            key: the id of the book and its format.
            inputs: its source and its settings as they are now.
            written: when the book was written, in seconds since 1970.
            has_parts: whether it is made of several texts, so that one may have come or gone.
        """
        stamp, known = self._memory.settled.get(key, ("", 0.0))
        # A source may be saved while its book is made. A command may write the book anew.
        if known == written:
            return stamp == inputs.stamp
        return not has_parts and inputs.edited <= written

    def is_same(self, key: str, inputs: Inputs, written: float, job: Callable[[], Job]) -> bool:
        """Return whether the ledger of builds tells that a book would be made as it is.

        Its source may have been saved again as it was, or a command found it up to date.

        Args:
            key: the id of the book and its format.
            inputs: its source and its settings as they are now.
            written: when the book was written, in seconds since 1970.
            job: returns what would be built.
        """
        if self._outdated.get(key) == (inputs.stamp, written):
            return False
        try:
            is_same = find_book(job()) is not None
        except AudiobookError:
            is_same = False  # the page of the book tells what is wrong
        found = self._memory.settled if is_same else self._outdated
        found[key] = inputs.stamp, written
        if is_same:
            self._memory.write()  # another version of this program has another ledger
        return is_same
