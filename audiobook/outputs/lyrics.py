"""Synced text as lines of LRC, for tags that can hold only text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from audiobook.model import Cue

KEY = "SYNCEDLYRICS"
"""The name of such a tag."""

_TIME = re.compile(r"[\[<](\d+:[\d.:]+)[\]>]")
_LINE = re.compile(r"^\[(\d+):(\d\d(?:\.\d+)?)\] ?(.*)$", re.MULTILINE)


def plain_text(cues: Iterable[Cue], paragraphs: Collection[int] = ()) -> str:
    """Return sentences as text, one on each line, with an empty line between paragraphs.

    Args:
        cues: sentences in order.
        paragraphs: the positions, from 0, of those that paragraphs begin with, where known.
    """
    return "\n".join(
        f"\n{cue.text}" if position and position in paragraphs else cue.text
        for position, cue in enumerate(cues)
    )


def paragraph_starts(text: str, sentences: Sequence[str]) -> frozenset[int]:
    """Return the positions of the sentences that paragraphs begin with in a text of `plain_text`.

    Args:
        text: the text of a tag.
        sentences: those that it should consist of.

    Returns:
        None of them if the text consists of other sentences, or has no paragraphs.
    """
    starts, lines, is_after_gap = set[int](), list[str](), True
    for line in text.splitlines():
        if not line:
            is_after_gap = True
            continue
        if is_after_gap:
            starts.add(len(lines))
        is_after_gap = False
        lines.append(line)
    return frozenset(starts) if lines == list(sentences) and len(starts) > 1 else frozenset()


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
