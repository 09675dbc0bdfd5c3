"""The cues of subtitle files: SubRip, WebVTT, SubStation Alpha (ASS, SSA) and LRC."""

from __future__ import annotations

import html
from itertools import count, pairwise
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TIME = r"(?:(\d{1,6}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}[ \t]*-->[ \t]*{_TIME}")
# What was meant to be the times of a cue: a number before the arrow, or a time after it.
_BROKEN_TIMES = re.compile(r"\s*\d\S*[ \t]*-->|\s*\S*[ \t]*-->[ \t]*\d+:\d")
_NUMBER = re.compile(r"\s*(\d{1,9})\s*")
# Tags of HTML and of WebVTT (<i>, <c.yellow>, <v An>, <00:01.000>), overrides of SubStation
# ({\an8}) and MicroDVD ({y:i}), and its line ends and spaces.
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]*>|<\d[\d:.]*>|\{(?:\\|[a-zA-Z]:)[^{}\n]*\}")
_ESCAPE = re.compile(r"\\[Nnh]")
_LRC_TIME = re.compile(r"\s*\[(\d{1,3}):(\d{2})(?:[.:](\d{1,3}))?\]")
_ASS_EVENT = re.compile(r"\s*Dialogue\s*:(.*)", re.IGNORECASE)
_ASS_FORMAT = re.compile(r"\s*Format\s*:(.*)", re.IGNORECASE)
_ASS_USUAL = "layer start end style name marginl marginr marginv effect text".split()
# Nothing in braces is shown, be it an override or a comment; and a drawing goes on to the override
# that ends it, or to the end of its line.
_ASS_BRACES = re.compile(r"\{[^{}]*+\}")
_ASS_DRAWING = re.compile(r"\{(?=[^{}]*\\p[1-9])[^{}]*+\}(?:[^{]++|\{(?![^{}]*\\p0))*+")
# Signs that somebody sings.
NOTES = ("♩", "♪", "♫", "♬")
SUNG = str.maketrans("", "", "".join(NOTES))


class SubtitleCue(NamedTuple):
    """What is shown at one time."""

    start: float
    """Seconds."""
    end: float
    lines: tuple[str, ...]
    number: int = 0
    """The number it has in its file; where it has none, its position there, from 1."""
    broken: str = ""
    """The line of its times as it stands, if that cannot be read; the times are then those of the
    end of the cue before it."""
    line: int = 0
    """The number of the line of its times in the file, from 1."""


def parse_cues(text: str) -> Iterator[SubtitleCue]:
    """Yield the cues of SubRip and WebVTT in the order of the file, of SubStation Alpha by time.

    Args:
        text: the file, its lines ended by newlines.
    """
    if re.match(r"\ufeff?\s*\[Script Info\]", text, re.IGNORECASE):
        return _ass_cues(text)
    return _arrow_cues(text)


def parse_lyrics(text: str) -> Iterator[SubtitleCue]:
    """Yield the lines of LRC in the order in which they are sung; one may be sung several times.

    Args:
        text: the file, its lines ended by newlines.
    """
    lines = []
    for place, line in enumerate(text.split("\n"), 1):
        starts = []
        while match := _LRC_TIME.match(line):
            minutes, seconds, fraction = match.groups()
            starts.append(_seconds(None, minutes, seconds, fraction or "0"))
            line = line[match.end() :]
        shown = tuple(_plain_lines([line]))
        lines += [SubtitleCue(start, start, shown, line=place) for start in starts]
    for number, cue in enumerate(sorted(lines, key=lambda cue: cue.start), 1):
        yield cue._replace(number=number)


def _arrow_cues(text: str) -> Iterator[SubtitleCue]:
    """Yield the cues of SRT or WebVTT.

    Those of SRT may have empty lines in them, or none between them; those of WebVTT end at one,
    and have a name in place of a number.
    """
    lines = text.split("\n")
    is_vtt = lines[0].lstrip("\ufeff").startswith("WEBVTT")
    heads = [place for place, line in enumerate(lines) if _is_head(line)]
    stop = 0.0
    for position, (place, end) in enumerate(pairwise([*heads, len(lines)]), 1):
        body = lines[place + 1 : end]
        if is_vtt:
            blank = next((n for n, line in enumerate(body) if not line.strip()), len(body))
            body = body[:blank]
        elif end < len(lines) and body and _NUMBER.fullmatch(body[-1]):
            body.pop()  # the number of the next cue
        label = _NUMBER.fullmatch(lines[place - 1]) if place else None
        times, start = _TIMES.match(lines[place]), stop
        if times:
            start, stop = (_seconds(*times.groups()[first : first + 4]) for first in (0, 4))
        yield SubtitleCue(
            start,
            stop,
            tuple(_plain_lines(body)),
            number=int(label[1]) if label else position,
            broken="" if times else lines[place].strip(),
            line=place + 1,
        )


def _is_head(line: str) -> bool:
    return "-->" in line and bool(_TIMES.match(line) or _BROKEN_TIMES.match(line))


def _ass_cues(text: str) -> Iterator[SubtitleCue]:
    """Yield the lines of dialogue of a SubStation Alpha script as they are shown, one by one.

    Such a script holds them in any order, with songs or signs first. Drawings are not text.
    """
    return iter(sorted(_ass_events(text), key=lambda cue: cue.start))


def _ass_events(text: str) -> Iterator[SubtitleCue]:
    """Yield the lines of dialogue of a SubStation Alpha script in the order of the file."""
    names, stop, numbers = _ASS_USUAL, 0.0, count(1)
    for place, line in enumerate(text.split("\n"), 1):
        if form := _ASS_FORMAT.match(line):
            names = [name.strip().lower() for name in form[1].split(",")]
        event = _ASS_EVENT.match(line)
        if event is None or "text" not in names:
            continue
        values = dict(zip(names, event[1].split(",", len(names) - 1), strict=False))
        shown = _ASS_BRACES.sub("", _ASS_DRAWING.sub("", values.get("text", "")))
        times = _TIMES.match(f"{values.get('start', '')} --> {values.get('end', '')}")
        start = stop
        if times:
            start, stop = (_seconds(*times.groups()[first : first + 4]) for first in (0, 4))
        yield SubtitleCue(
            start,
            stop,
            tuple(_plain_lines([shown])),
            number=next(numbers),
            broken="" if times else line.strip(),
            line=place,
        )


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _plain_lines(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines without tags, those that are nothing else left out."""
    for line in lines:
        for part in _ESCAPE.sub("\n", line).split("\n"):
            shown = " ".join(html.unescape(_TAG.sub("", part)).split())
            if shown.translate(SUNG):
                yield shown
