"""Judges whether a book is as loud as it should be everywhere, and nowhere distorted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audiobook.audit.types import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.audit.types import FileContents, Level, MeasuredSound, Profile

# Seconds. Shorter chapters are only headings, too little to measure loudness by.
_SHORTEST = 3.0
_REBUILD = "build the book again"
# Figures are shown rounded: no finding shall say that -16.5 is not -16.5.
_ROUNDING = 0.05
# dB beyond the wanted range from which a chapter is an error, not a warning.
_FAR = 1.0


def judge(contents: FileContents, sound: MeasuredSound, profile: Profile) -> Iterator[Finding]:
    """Compare the measured levels with those that the profile wants.

    Args:
        contents: what the file says of itself.
        sound: what was measured in its sound.
        profile: what it is measured against.
    """
    level = sound.level
    if level.loudness == -math.inf:
        yield Finding("loudness", Severity.ERROR, "the book is silent", remedy=_REBUILD)
        return
    yield from _judge_range(
        "loudness", "the book", level.loudness, profile.loudness, "LUFS", Severity.ERROR
    )
    yield from _judge_peaks(level, profile)
    if sound.clipped:
        yield Finding(
            "clipping",
            Severity.ERROR,
            "the sound is clipped",
            f"{len(sound.clipped)} runs at full scale",
            "none",
            _REBUILD,
            at=sound.clipped[0],
        )
    for number, (chapter, chapter_level) in enumerate(
        zip(contents.chapters, sound.chapter_levels, strict=True), 1
    ):
        if chapter.end - chapter.start >= _SHORTEST and chapter_level.loudness > -math.inf:
            yield from _judge_chapter(number, chapter.start, chapter_level, profile)
    if not contents.chapters:
        yield from _judge_range("rms", "the book", level.rms, profile.rms, "dBFS", Severity.ERROR)
    yield from _judge_room_tone(sound, profile)


def _judge_chapter(number: int, start: float, level: Level, profile: Profile) -> Iterator[Finding]:
    loudness = profile.chapter_loudness
    is_far = loudness is not None and not loudness[0] - _FAR <= level.loudness <= loudness[1] + _FAR
    yield from _judge_range(
        "chapter-loudness",
        "the chapter",
        level.loudness,
        loudness,
        "LUFS",
        Severity.ERROR if is_far else Severity.WARNING,
        number,
        start,
    )
    yield from _judge_range(
        "rms", "the chapter", level.rms, profile.rms, "dBFS", Severity.ERROR, number, start
    )
    if profile.floor is not None and level.floor > profile.floor:
        yield Finding(
            "noise-floor",
            Severity.ERROR,
            "the pauses are too noisy",
            f"{level.floor:.1f} dBFS",
            f"at most {profile.floor:g} dBFS",
            "choose a cleaner voice",
            number,
            start,
        )


def _judge_range(
    rule: str,
    subject: str,
    value: float,
    wanted: tuple[float, float] | None,
    unit: str,
    severity: Severity,
    chapter: int | None = None,
    start: float | None = None,
) -> Iterator[Finding]:
    if wanted is None or wanted[0] - _ROUNDING <= value <= wanted[1] + _ROUNDING:
        return
    yield Finding(
        rule,
        severity,
        f"{subject} is too {'soft' if value < wanted[0] else 'loud'}",
        f"{value:.1f} {unit}",
        f"{wanted[0]:g} to {wanted[1]:g} {unit}",
        _REBUILD,
        chapter,
        start,
    )


def _judge_peaks(level: Level, profile: Profile) -> Iterator[Finding]:
    if profile.true_peak is not None and level.true_peak > profile.true_peak + _ROUNDING:
        yield Finding(
            "true-peak",
            Severity.ERROR,
            "peaks are too high: players and encoders may distort them",
            f"{level.true_peak:.1f} dBTP",
            f"at most {profile.true_peak:g} dBTP",
            _REBUILD,
        )
    if profile.peak is not None and level.peak >= profile.peak:
        yield Finding(
            "peak",
            Severity.ERROR,
            "peaks are too high",
            f"{level.peak:.1f} dBFS",
            f"below {profile.peak:g} dBFS",
            _REBUILD,
        )


def _judge_room_tone(sound: MeasuredSound, profile: Profile) -> Iterator[Finding]:
    audible = (sound.peaks >= sound.audible).nonzero()[0]
    if not len(audible):
        return
    head = float(audible[0]) * sound.window
    tail = max(sound.seconds - float(audible[-1] + 1) * sound.window, 0)
    for edge, length, wanted in (
        ("before the first", head, profile.head),
        ("after the last", tail, profile.tail),
    ):
        if wanted is not None and not wanted[0] <= length <= wanted[1]:
            yield Finding(
                "room-tone",
                Severity.WARNING,
                f"the pause {edge} word is too {'short' if length < wanted[0] else 'long'}",
                f"{length:.2f} s",
                f"{wanted[0]:g} to {wanted[1]:g} s",
                at=0.0 if wanted is profile.head else sound.seconds - tail,
            )
