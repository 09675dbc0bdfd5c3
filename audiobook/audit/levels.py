"""Whether a book is as loud as it should be, everywhere, and nowhere distorted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audiobook.audit.types import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.audit.types import Contents, Level, Profile, Sound

# Chapters shorter than this are headings: too little to measure loudness by.
_SHORTEST = 3.0
_REBUILD = "build the book again"
# Rounding when figures are shown: no finding says that -16.5 is not -16.5.
_ROUNDING = 0.05
_FAR = 1.0


def judge(contents: Contents, sound: Sound, profile: Profile) -> Iterator[Finding]:
    """Compare what was measured with what the profile wants."""
    whole = sound.level
    if whole.loudness == -math.inf:
        yield Finding("loudness", Severity.ERROR, "the book is silent", remedy=_REBUILD)
        return
    yield from _within(
        "loudness", "the book", whole.loudness, profile.loudness, "LUFS", Severity.ERROR
    )
    yield from _peaks(whole, profile)
    if sound.clipped:
        yield Finding(
            "clipping",
            Severity.ERROR,
            "the sound is clipped",
            f"{len(sound.clipped)} runs at full scale",
            "none",
            _REBUILD,
            _chapter(contents, sound.clipped[0]),
            sound.clipped[0],
        )
    for number, (part, level) in enumerate(zip(contents.parts, sound.parts, strict=True), 1):
        if part.end - part.start >= _SHORTEST and level.loudness > -math.inf:
            yield from _chapters(number, part.start, level, profile)
    if not contents.parts:
        yield from _within("rms", "the book", whole.rms, profile.rms, "dBFS", Severity.ERROR)
    yield from _room_tone(sound, profile)


def _chapters(number: int, start: float, level: Level, profile: Profile) -> Iterator[Finding]:
    loudness = profile.chapter_loudness
    far = loudness is not None and not loudness[0] - _FAR <= level.loudness <= loudness[1] + _FAR
    yield from _within(
        "chapter-loudness",
        "the chapter",
        level.loudness,
        loudness,
        "LUFS",
        Severity.ERROR if far else Severity.WARNING,
        number,
        start,
    )
    yield from _within(
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


def _within(
    rule: str,
    what: str,
    value: float,
    wanted: tuple[float, float] | None,
    unit: str,
    severity: Severity,
    chapter: int | None = None,
    at: float | None = None,
) -> Iterator[Finding]:
    if wanted is None or wanted[0] - _ROUNDING <= value <= wanted[1] + _ROUNDING:
        return
    yield Finding(
        rule,
        severity,
        f"{what} is too {'soft' if value < wanted[0] else 'loud'}",
        f"{value:.1f} {unit}",
        f"{wanted[0]:g} to {wanted[1]:g} {unit}",
        _REBUILD,
        chapter,
        at,
    )


def _peaks(level: Level, profile: Profile) -> Iterator[Finding]:
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


def _room_tone(sound: Sound, profile: Profile) -> Iterator[Finding]:
    heard = (sound.peaks >= sound.audible).nonzero()[0]
    if not len(heard):
        return
    head = float(heard[0]) * sound.window
    tail = max(sound.seconds - float(heard[-1] + 1) * sound.window, 0)
    for where, length, wanted in (
        ("before the first", head, profile.head),
        ("after the last", tail, profile.tail),
    ):
        if wanted is not None and not wanted[0] <= length <= wanted[1]:
            yield Finding(
                "room-tone",
                Severity.WARNING,
                f"the pause {where} word is too {'short' if length < wanted[0] else 'long'}",
                f"{length:.2f} s",
                f"{wanted[0]:g} to {wanted[1]:g} s",
                at=0.0 if wanted is profile.head else sound.seconds - tail,
            )


def _chapter(contents: Contents, at: float) -> int | None:
    for number, part in enumerate(contents.parts, 1):
        if part.start <= at < part.end:
            return number
    return None
