"""Judges whether a book is as loud as it should be everywhere, and nowhere distorted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audiobook.audit.types import Finding, Severity
from audiobook.messages import Message, message, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.audit.measured import Level, MeasuredSound
    from audiobook.audit.types import FileContents, Profile

# Seconds. Shorter chapters are only headings, too little to measure loudness by.
_SHORTEST = 3.0
_REBUILD = message("build the book again")
# Figures are shown rounded: no finding shall say that -16.5 is not -16.5.
_ROUNDING = 0.05
# dB beyond the wanted range from which a chapter is an error, not a warning.
_FAR = 1.0


_BOOK = (message("the book is too soft"), message("the book is too loud"))
_CHAPTER = (message("the chapter is too soft"), message("the chapter is too loud"))


def judge(contents: FileContents, sound: MeasuredSound, profile: Profile) -> Iterator[Finding]:
    """Compare the measured levels with those that the profile wants.

    Args:
        contents: what the file says of itself.
        sound: what was measured in its sound.
        profile: what it is measured against.
    """
    level = sound.level
    if level.loudness == -math.inf:
        yield Finding(
            rule="loudness",
            severity=Severity.ERROR,
            what=message("the book is silent"),
            remedy=_REBUILD,
        )
        return
    yield from _judge_range(
        "loudness", _BOOK, level.loudness, profile.loudness, "LUFS", Severity.ERROR
    )
    yield from _judge_peaks(level, profile)
    if sound.clipped:
        yield Finding(
            rule="clipping",
            severity=Severity.ERROR,
            what=message("the sound is clipped"),
            measured=plural(
                "{count} run at full scale", "{count} runs at full scale", count=len(sound.clipped)
            ),
            wanted=message("none"),
            remedy=_REBUILD,
            at=sound.clipped[0],
        )
    for number, (chapter, chapter_level) in enumerate(
        zip(contents.chapters, sound.chapter_levels, strict=True), 1
    ):
        if chapter.end - chapter.start >= _SHORTEST and chapter_level.loudness > -math.inf:
            yield from _judge_chapter(number, chapter.start, chapter_level, profile)
    if not contents.chapters:
        yield from _judge_range("rms", _BOOK, level.rms, profile.rms, "dBFS", Severity.ERROR)
    yield from _judge_room_tone(sound, profile)


def _judge_chapter(number: int, start: float, level: Level, profile: Profile) -> Iterator[Finding]:
    loudness = profile.chapter_loudness
    is_far = loudness is not None and not loudness[0] - _FAR <= level.loudness <= loudness[1] + _FAR
    yield from _judge_range(
        "chapter-loudness",
        _CHAPTER,
        level.loudness,
        loudness,
        "LUFS",
        Severity.ERROR if is_far else Severity.WARNING,
        number,
        start,
    )
    yield from _judge_range(
        "rms", _CHAPTER, level.rms, profile.rms, "dBFS", Severity.ERROR, number, start
    )
    if profile.floor is not None and level.floor > profile.floor:
        yield Finding(
            rule="noise-floor",
            severity=Severity.ERROR,
            what=message("the pauses are too noisy"),
            measured=message("{level:.1f} dBFS", level=level.floor),
            wanted=message("at most {level:g} dBFS", level=profile.floor),
            remedy=message("choose a cleaner voice"),
            chapter=number,
            at=start,
        )


def _judge_range(
    rule: str,
    subject: tuple[Message, Message],
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
        rule=rule,
        severity=severity,
        what=subject[value > wanted[1]],
        measured=message("{value:.1f} {unit}", value=value, unit=unit),
        wanted=message("{least:g} to {most:g} {unit}", least=wanted[0], most=wanted[1], unit=unit),
        remedy=_REBUILD,
        chapter=chapter,
        at=start,
    )


def _judge_peaks(level: Level, profile: Profile) -> Iterator[Finding]:
    if profile.true_peak is not None and level.true_peak > profile.true_peak + _ROUNDING:
        yield Finding(
            rule="true-peak",
            severity=Severity.ERROR,
            what=message("peaks are too high: players and encoders may distort them"),
            measured=message("{level:.1f} dBTP", level=level.true_peak),
            wanted=message("at most {level:g} dBTP", level=profile.true_peak),
            remedy=_REBUILD,
        )
    if profile.peak is not None and level.peak >= profile.peak:
        yield Finding(
            rule="peak",
            severity=Severity.ERROR,
            what=message("peaks are too high"),
            measured=message("{level:.1f} dBFS", level=level.peak),
            wanted=message("below {level:g} dBFS", level=profile.peak),
            remedy=_REBUILD,
        )


def _judge_room_tone(sound: MeasuredSound, profile: Profile) -> Iterator[Finding]:
    is_audible = sound.peaks >= sound.audible
    if not is_audible.any():
        return
    head = float(is_audible.argmax()) * sound.window
    after = int(is_audible[::-1].argmax())
    tail = max(sound.seconds - (len(is_audible) - after) * sound.window, 0)
    for length, wanted, short, long in (
        (
            head,
            profile.head,
            message("the pause before the first word is too short"),
            message("the pause before the first word is too long"),
        ),
        (
            tail,
            profile.tail,
            message("the pause after the last word is too short"),
            message("the pause after the last word is too long"),
        ),
    ):
        if wanted is not None and not wanted[0] <= length <= wanted[1]:
            yield Finding(
                rule="room-tone",
                severity=Severity.WARNING,
                what=short if length < wanted[0] else long,
                measured=message("{seconds:.2f} s", seconds=length),
                wanted=message("{least:g} to {most:g} s", least=wanted[0], most=wanted[1]),
                at=0.0 if wanted is profile.head else sound.seconds - tail,
            )
