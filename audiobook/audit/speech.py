"""Judges whether cues and sound agree: what is late, missing, too short, too long or silent."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from audiobook.audit.hearing import BEFORE, PlacedSentence, place_sentences, stretches
from audiobook.audit.listening import steps_of
from audiobook.audit.measured import Drift, Silence, Speech
from audiobook.audit.types import Finding, Severity
from audiobook.messages import message, plural, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from audiobook.audit.measured import MeasuredSound
    from audiobook.audit.types import FileContents, Profile

# Seconds of drift that people notice: a warning from the first, an error from the second.
_LATE, _TOO_LATE = 0.06, 0.15
# Seconds: a single cue this far from the usual offset points to another place.
_MISPLACED = 0.25
# The share of cues that must begin after silence; below it speech runs on, and single cues
# cannot be judged.
_USUALLY = 0.8
# Of 2,400 sentences by two voices the fastest took 0.55 times the median for a syllable, the
# slowest 1.7 times. Sentences of less than _FEWEST syllables may be swallowed, and _DRAWN_OUT
# seconds more are allowed to each.
_SHORTEST, _LONGEST = 0.45, 2.2
_FEWEST, _DRAWN_OUT = 4, 1.0
# Seconds: no voice is silent for so long inside a sentence.
_HOLE = 1.2
# A silence this many times as long as the usual pause between chapters is not explained by it.
_LONGER = 1.5
_SHOWN = 60
"""Characters of a sentence that a finding shows."""


def compare(
    contents: FileContents, sound: MeasuredSound, profile: Profile
) -> tuple[Speech, list[Finding]]:
    """Compare the synced text with the sound, and look for silence that nothing explains.

    Args:
        contents: what the file says of itself.
        sound: what was measured in its sound.
        profile: what it is measured against.
    """
    # One row of all windows, changed in place: it takes 7 MB for ten hours.
    silent = sound.peaks < sound.audible
    holes = _long_silences(silent, sound.window)
    for windows in steps_of(contents.music, sound.window):
        silent[windows] = True
    sentences = list(place_sentences(contents.sentences, silent, sound))
    paces = [
        sentence.duration / sentence.syllables
        for sentence in sentences
        if sentence.syllables >= _FEWEST and sentence.duration
    ]
    pace = float(np.median(paces)) if paces else 0.0
    drift = tuple(_measure_drift(sentences))
    findings = [
        *_judge_synced_text(contents),
        *_judge_drift(drift),
        *_judge_cue_places(sentences),
        *_judge_speech(sentences, pace),
        *_judge_silences(contents, sound, holes, profile.silence),
    ]
    return Speech(drift, pace), findings


def _long_silences(silent: NDArray[np.bool_], window: float) -> list[Silence]:
    """Return the silences of 1.2 s and more, in order."""
    return [
        Silence(start * window, end * window)
        for start, end in stretches(silent).tolist()
        if (end - start) * window >= _HOLE
    ]


def _measure_drift(sentences: Sequence[PlacedSentence]) -> Iterator[Drift]:
    third = len(sentences) / 3
    for number, stretch in enumerate((message("beginning"), message("middle"), message("end"))):
        run = sentences[round(number * third) : round((number + 1) * third)]
        offsets = [sentence.onset for sentence in run if sentence.onset is not None]
        if offsets:
            yield Drift(stretch, float(np.median(offsets)), len(offsets))


def _judge_synced_text(contents: FileContents) -> Iterator[Finding]:
    if not contents.sentences:
        yield Finding(
            rule="synced-text",
            severity=Severity.NOTE,
            what=message(
                "there is no synced text: missing speech and late cues cannot be detected"
            ),
            measured=message("none"),
            wanted=verbatim("SYLT" if contents.format == "mp3" else "SYNCEDLYRICS"),
        )
    elif any(earlier.start > later.start for earlier, later in pairwise(contents.sentences)):
        yield Finding(
            rule="synced-text",
            severity=Severity.ERROR,
            what=message(
                "the sentences of the synced text are stored in another order than they are heard"
            ),
            remedy=message("build the book again"),
        )


def _judge_drift(drifts: Sequence[Drift]) -> Iterator[Finding]:
    for stretch in drifts:
        if abs(stretch.seconds) >= _LATE:
            yield Finding(
                rule="cue-drift",
                severity=Severity.ERROR if abs(stretch.seconds) >= _TOO_LATE else Severity.WARNING,
                what=message(
                    "at the {stretch} of the book, text is shown before it is heard",
                    stretch=stretch.where,
                )
                if stretch.seconds > 0
                else message(
                    "at the {stretch} of the book, text is shown after it is heard",
                    stretch=stretch.where,
                ),
                measured=message("{milliseconds:+.0f} ms", milliseconds=stretch.seconds * 1000),
                wanted=message("within {milliseconds:.0f} ms", milliseconds=_LATE * 1000),
                remedy=message(
                    "build the book again; an editor that cuts sound does not move its text"
                ),
            )


def _judge_cue_places(sentences: Sequence[PlacedSentence]) -> Iterator[Finding]:
    offsets = [sentence.onset for sentence in sentences if sentence.onset is not None]
    if len(offsets) < _USUALLY * len(sentences):
        return
    usual = float(np.median(offsets)) if offsets else 0.0
    for sentence in sentences:
        if sentence.first == sentence.last:
            continue  # nothing is heard at all, which _judge_speech reports
        if sentence.onset is None or abs(sentence.onset - usual) > _MISPLACED:
            yield Finding(
                rule="cue-place",
                severity=Severity.WARNING,
                what=message(
                    "no sound begins where this sentence does: “{sentence}”",
                    sentence=_beginning(sentence.synced.text),
                ),
                measured=message("none near")
                if sentence.onset is None
                else message("{milliseconds:+.0f} ms", milliseconds=sentence.onset * 1000),
                wanted=message("within {milliseconds:.0f} ms", milliseconds=_MISPLACED * 1000),
                remedy=message("build the book again"),
                at=sentence.synced.start,
            )


def _judge_speech(sentences: Sequence[PlacedSentence], pace: float) -> Iterator[Finding]:
    for sentence in sentences:
        expected = pace * sentence.syllables
        wanted = plural(
            "about {seconds:.1f} s for {count} syllable",
            "about {seconds:.1f} s for {count} syllables",
            count=sentence.syllables,
            seconds=expected,
        )
        text = _beginning(sentence.synced.text)
        if sentence.first == sentence.last:
            rule = "speech-missing"
            problem = message("nothing is heard of the sentence “{sentence}”", sentence=text)
        elif sentence.syllables >= _FEWEST and sentence.duration < _SHORTEST * expected:
            rule = "speech-short"
            problem = message("the sound is too short for the sentence “{sentence}”", sentence=text)
        elif sentence.syllables and sentence.duration > _LONGEST * expected + _DRAWN_OUT:
            rule = "speech-long"
            problem = message("the sound is too long for the sentence “{sentence}”", sentence=text)
        else:
            continue
        yield Finding(
            rule=rule,
            severity=Severity.WARNING if rule == "speech-long" else Severity.ERROR,
            what=problem,
            measured=message("{seconds:.1f} s", seconds=sentence.duration),
            wanted=wanted,
            remedy=message(
                "listen there; fix the sentence or choose another voice, and build the book again"
            ),
            at=sentence.synced.start,
        )


def _judge_silences(
    contents: FileContents, sound: MeasuredSound, holes: Sequence[Silence], longest: float
) -> Iterator[Finding]:
    begins = sorted(chapter.start for chapter in contents.chapters[1:])
    between = [
        hole.end - hole.start
        for hole in holes
        if bisect_left(begins, hole.start) < bisect_right(begins, hole.end)
    ]
    longest = max([longest, _LONGER * float(np.median(between))] if between else [longest])
    music = contents.music
    starts = np.array(
        sorted([*(sentence.start for sentence in contents.sentences), *(at for at, _ in music)])
    )
    for hole in holes:
        if any(start <= hole.start < end for start, end in music):
            continue  # it belongs to the music
        length = hole.end - hole.start
        index = int(np.searchsorted(starts, hole.start, side="right"))
        until = starts[index] if index < len(starts) else sound.seconds
        # Sound goes on behind it before the next sentence begins.
        is_inside = index > 0 and hole.end < until - BEFORE
        if is_inside:
            problem, wanted = (
                message("silence inside a sentence"),
                message("at most {seconds:g} s", seconds=_HOLE),
            )
        elif length > longest:
            problem, wanted = (
                message("a long silence that is no pause"),
                message("at most {seconds:.1f} s", seconds=longest),
            )
        else:
            continue
        yield Finding(
            rule="silence",
            severity=Severity.ERROR if is_inside else Severity.WARNING,
            what=problem,
            measured=message("{seconds:.1f} s", seconds=length),
            wanted=wanted,
            remedy=message("listen there; build the book again"),
            at=hole.start,
        )


def _beginning(sentence: str) -> str:
    """Return so much of a sentence that it can be found by it."""
    text = " ".join(sentence.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…"
