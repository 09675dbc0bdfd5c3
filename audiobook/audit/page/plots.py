"""Draws sound as SVG: waveforms, loudness over time, a level on its scale.

The pictures stretch to the width of the page, so they hold no words; the page sets the labels.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audiobook.audit.types import Audit

WIDTH = 1200
_COLUMNS = 1200
_SMALL, _SMALL_MOST, _SMALL_SCALE = 120, 80, 2
_HEIGHT = 100
_FULL_SCALE = 32_768
SOFTEST, LOUDEST = -28.0, -10.0
"""LUFS at the bottom and the top of the plot."""
_TICKS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18_000, 36_000)
_MOST_TICKS = 8


def waveform(audit: Audit, label: str) -> str:
    """Draw the whole book, its chapters striped, and lines where something was found."""
    seconds = audit.sound.seconds
    return _svg(
        label,
        _stripes(audit)
        + _wave(audit.sound.peaks, _COLUMNS)
        + "".join(
            f'<line class="cut" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{_HEIGHT}"/>'
            for chapter in audit.contents.chapters
            for x in (chapter.start / seconds * WIDTH,)
        )
        + "".join(
            f'<g class="{finding.severity}"><title>{escape(finding.what)}</title>'
            f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{_HEIGHT}"/></g>'
            for finding in audit.findings
            if finding.at is not None
            for x in (finding.at / seconds * WIDTH,)
        ),
    )


def small_waveform(audit: Audit, start: float, end: float, label: str) -> str:
    """Draw one chapter.

    Args:
        audit: of the book.
        start: second at which the chapter begins.
        end: second at which it ends.
        label: text for readers who do not see the picture.
    """
    window = audit.sound.window
    peaks = audit.sound.peaks[max(round(start / window), 0) : max(round(end / window), 0)]
    return _svg(label, _wave(peaks, _SMALL, _SMALL_MOST, _SMALL_SCALE))


def loudness(audit: Audit, label: str) -> str:
    """Draw short-term loudness: for each column of pixels the least, the most and the median.

    Behind it lies the band that the profile wants, over it the loudness of every chapter.
    """
    sound, wanted = audit.sound, audit.profile.loudness
    shapes = [_stripes(audit)]
    if wanted is not None:
        top, bottom = _y(wanted[1]), _y(wanted[0])
        shapes.append(
            f'<rect class="band" x="0" width="{WIDTH}" y="{top:.1f}" height="{bottom - top:.1f}"/>'
        )
    shapes += [
        f'<line class="grid" x1="0" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        for y in map(_y, grid_levels())
    ]
    # The loudness of three seconds belongs to their middle.
    shift = 1.5 / sound.seconds * WIDTH if sound.seconds > 3 else 0.0
    if columns := _columns(sound.short_term, _COLUMNS):
        step = (WIDTH - 2 * shift) / len(columns)
        centres = [shift + step * (number + 0.5) for number in range(len(columns))]
        highest = [
            f"{x:.1f},{_y(column.max()):.1f}" for x, column in zip(centres, columns, strict=True)
        ]
        lowest = [
            f"{x:.1f},{_y(column.min()):.1f}" for x, column in zip(centres, columns, strict=True)
        ]
        middle = [
            f"{x:.1f},{_y(np.median(column)):.1f}"
            for x, column in zip(centres, columns, strict=True)
        ]
        shapes.append(f'<path class="wave-soft" d="M{" ".join([*highest, *reversed(lowest)])}Z"/>')
        shapes.append(f'<path class="trace" d="M{" ".join(middle)}"/>')
    for chapter, level in zip(audit.contents.chapters, sound.chapter_levels, strict=True):
        first, last = (seconds / sound.seconds * WIDTH for seconds in (chapter.start, chapter.end))
        y = _y(level.loudness)
        shapes.append(
            f'<line class="level" x1="{first:.1f}" x2="{min(last, WIDTH):.1f}" '
            f'y1="{y:.1f}" y2="{y:.1f}"/>'
        )
    return _svg(label, "".join(shapes))


def dot(value: float, wanted: tuple[float, float] | None, label: str, kind: str) -> str:
    """Draw a level as a dot on a scale, with the band that is wanted.

    Args:
        value: the level.
        wanted: the least and the greatest wanted level; None for no band.
        label: text for readers who do not see the picture.
        kind: the class of its colour.
    """
    middle = sum(wanted) / 2 if wanted else (SOFTEST + LOUDEST) / 2
    reach = 2 * (wanted[1] - wanted[0]) if wanted else (LOUDEST - SOFTEST) / 2

    def x(level: float) -> float:
        return min(max(50 + 50 * (level - middle) / reach, 4), 96)

    band = ""
    if wanted:
        band = (
            f'<rect class="band" x="{x(wanted[0]):.1f}" y="0" rx="2" '
            f'width="{x(wanted[1]) - x(wanted[0]):.1f}" height="20"/>'
        )
    return (
        f'<svg class="dot {kind}" viewBox="0 0 100 20" role="img" aria-label="{escape(label)}">'
        f'{band}<line class="grid" x1="0" x2="100" y1="10" y2="10"/>'
        f'<circle cx="{x(value):.1f}" cy="10" r="4"/></svg>'
    )


def grid_levels() -> Sequence[float]:
    """Return the LUFS at which lines are drawn."""
    return [-12.0, -16.0, -20.0, -24.0]


def height_percent(level: float) -> float:
    """Return how far from the top a level stands, in percent."""
    return _y(level) / _HEIGHT * 100


def ticks(seconds: float) -> list[float]:
    """Return the times to label, in seconds."""
    step = next((interval for interval in _TICKS if seconds / interval <= _MOST_TICKS), _TICKS[-1])
    return [float(second) for second in range(0, int(seconds) + 1, step)]


def _svg(label: str, shapes: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {_HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}">{shapes}</svg>'
    )


def _y(level: float) -> float:
    share = (LOUDEST - max(min(level, LOUDEST), SOFTEST)) / (LOUDEST - SOFTEST)
    return share * _HEIGHT


def _stripes(audit: Audit) -> str:
    """Draw every second chapter's background."""
    scale = WIDTH / audit.sound.seconds
    by_start = sorted(enumerate(audit.contents.chapters, 1), key=lambda numbered: numbered[1].start)
    return "".join(
        f'<rect class="{"stripe" if index % 2 else "plain"}" x="{chapter.start * scale:.1f}" y="0" '
        f'width="{max(chapter.end - chapter.start, 0) * scale:.1f}" height="{_HEIGHT}">'
        f"<title>{number}. {escape(chapter.title)}</title></rect>"
        for index, (number, chapter) in enumerate(by_start)
    )


def _wave(
    peaks: NDArray[np.uint16], columns: int, percentile: float = 100, scale: float = 1
) -> str:
    """Draw the largest samples, and inside them how large they are on average.

    A small picture draws this percentile instead of the largest sample: the few loudest sounds
    of speech are alike in all chapters.
    """
    split = _columns(peaks, columns)
    if not split:
        return ""
    middle = _HEIGHT / 2
    paths = []
    for name, heights in (
        ("wave-soft", [np.percentile(column, percentile) for column in split]),
        ("wave", [column.mean() for column in split]),
    ):
        step = WIDTH / len(heights)
        # One point for each column above the middle, and back below it.
        above = [
            (step * (number + 0.5), float(height_percent) * scale / _FULL_SCALE * middle)
            for number, height_percent in enumerate(heights)
        ]
        points = [f"{x:.0f} {middle - y:.1f}" for x, y in above]
        points += [f"{x:.0f} {middle + y:.1f}" for x, y in reversed(above)]
        paths.append(f'<path class="{name}" d="M{"L".join(points)}Z"/>')
    return "".join(paths)


def _columns(row: NDArray[Any], columns: int) -> list[NDArray[Any]]:
    return np.array_split(row, min(columns, len(row))) if len(row) else []
