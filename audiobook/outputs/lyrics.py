"""Synced text as tags hold it that know no more of it than text: lines of LRC."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiobook.model import Cue

KEY = "SYNCEDLYRICS"
"""What such a tag is called."""

_TIME = re.compile(r"[\[<](\d+:[\d.:]+)[\]>]")
_LINE = re.compile(r"^\[(\d+):(\d\d(?:\.\d+)?)\] ?(.*)$", re.MULTILINE)


def plain(cues: Iterable[Cue]) -> str:
    """Return sentences as text, one a line."""
    return "\n".join(cue.text for cue in cues)


def synced(cues: Iterable[Cue], rate: int) -> str:
    """Return sentences as lines of LRC, each after the hundredth of a second at which it begins.

    Args:
        cues: sentences in order, in samples of the book.
        rate: samples a second.
    """
    return "\n".join(
        f"[{_clock(cue.start, rate)}] {untimed(' '.join(cue.text.split()))}" for cue in cues
    )


def untimed(text: str) -> str:
    """Put into parentheses what players would take for times.

    >>> untimed("lúc [00:01.00] và <0:02>")
    'lúc (00:01.00) và (0:02)'
    """
    return _TIME.sub(r"(\1)", text)


def read(text: str) -> Iterator[tuple[float, str]]:
    """Yield the lines of LRC, each with the second at which it begins."""
    for minutes, seconds, line in _LINE.findall(text):
        yield int(minutes) * 60 + float(seconds), line


def _clock(samples: int, rate: int) -> str:
    seconds, hundredths = divmod(round(samples * 100 / rate), 100)
    return f"{seconds // 60:02}:{seconds % 60:02}.{hundredths:02}"
