"""Synced text as lines of LRC, for tags that can hold only text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiobook.model import Cue

KEY = "SYNCEDLYRICS"
"""The name of such a tag."""

_TIME = re.compile(r"[\[<](\d+:[\d.:]+)[\]>]")
_LINE = re.compile(r"^\[(\d+):(\d\d(?:\.\d+)?)\] ?(.*)$", re.MULTILINE)


def plain_text(cues: Iterable[Cue]) -> str:
    """Return sentences as text, one on each line."""
    return "\n".join(cue.text for cue in cues)


def to_lrc(cues: Iterable[Cue], rate: int) -> str:
    """Return sentences as lines of LRC, each after its start in hundredths of a second.

    Args:
        cues: sentences in order, in samples of the book.
        rate: samples a second.
    """
    return "\n".join(
        f"[{_timestamp(cue.start, rate)}] {without_times(' '.join(cue.text.split()))}"
        for cue in cues
    )


def without_times(text: str) -> str:
    """Replace by parentheses the brackets of text that players would take for times.

    >>> without_times("lúc [00:01.00] và <0:02>")
    'lúc (00:01.00) và (0:02)'
    """
    return _TIME.sub(r"(\1)", text)


def parse_lrc(text: str) -> Iterator[tuple[float, str]]:
    """Yield the start in seconds and the text of each line of LRC."""
    for minutes, seconds, line in _LINE.findall(text):
        yield int(minutes) * 60 + float(seconds), line


def _timestamp(samples: int, rate: int) -> str:
    seconds, hundredths = divmod(round(samples * 100 / rate), 100)
    return f"{seconds // 60:02}:{seconds % 60:02}.{hundredths:02}"
