"""Lays clips at set times: none overlaps the next one, and none is cut off.

What is too long for the time until the next one begins is spoken up to 1.25 times as fast, then its
pauses are shortened, then it begins up to a tenth of a second earlier where it is silent there.
What is still too long makes the next one begin later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from audiobook.errors import VoiceError
from audiobook.messages import message
from audiobook.model import Audio, Mark, Misfit
from audiobook.speech.stretch import check_reachable, stretch
from audiobook.system.requirements import install_hint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from audiobook.model import Cast, Slot, TimedPassage

FASTEST = 1.25
"""So many times as fast as the voice speaks, speech is still easy to understand."""
# All in seconds.
GAP = 0.1
"""Least silence between what is said in two slots."""
TOLERANCE = 0.1
"""How much earlier or later than its slot speech may begin without anybody noticing."""
_SHORTEST_PAUSE = 0.08
_HOP = 0.01
# A pause within a clip is this much softer than its loudest sample, or below -55 dBFS.
_QUIET, _AUDIBLE = 0.01, 58


class Room(NamedTuple):
    """The time that a passage has for what is said in one slot; all in samples of the passage."""

    utterances: range
    """The positions of what is said."""
    start: int
    """Negative where the passage begins late."""
    limit: int | None
    """Where it must have ended; None for no limit."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What is said in one slot."""

    clips: Sequence[Audio]
    pauses: Sequence[int]
    """Samples of silence after each clip, except the last."""

    @property
    def length(self) -> int:
        """Its length in samples."""
        return sum(len(clip.samples) for clip in self.clips) + sum(self.pauses)


class Placed(NamedTuple):
    """What is said in one slot, and when."""

    start: int
    speech: Speech


def check_ready() -> None:
    """Check that speech can be made faster here.

    Raises:
        VoiceError: the library that does so is not installed.
    """
    try:
        check_reachable(FASTEST, 1.0)
    except VoiceError as problem:
        raise VoiceError(
            message("what makes speech faster for --timed is not installed"),
            message("{install}, or leave out --timed", install=install_hint("praat-parselmouth")),
        ) from problem


def rooms(passage: TimedPassage, rate: int, tail: int) -> Iterator[Room]:
    """Yield the slots of a passage, with the time until the next one begins.

    Args:
        passage: its utterances have slots.
        rate: samples a second.
        tail: samples at the end of the passage that must be silent.
    """
    firsts: list[int] = []
    starts: list[int] = []
    for position, utterance in enumerate(passage.utterances):
        if utterance.slot and (utterance.spoken or not firsts):
            start = round(utterance.slot.start * rate) - passage.begin
            if not firsts or start > starts[-1]:
                firsts.append(position)
                starts.append(start)
    limits = [start - round(GAP * rate) for start in starts[1:]]
    end = None if passage.is_last else passage.samples - tail
    ends = [*firsts[1:], len(passage.utterances)]
    for first, stop, start, limit in zip(firsts, ends, starts, [*limits, end], strict=False):
        yield Room(range(first, stop), start, limit)


def speech_in(
    room: Room, passage: TimedPassage, clips: Sequence[Sequence[Audio]], cast: Cast, rate: int
) -> Speech:
    """Return what is said in a slot, with the pauses that belong into it.

    Args:
        room: the slot.
        passage: what is said in all slots.
        clips: the clips of each utterance of the passage.
        cast: who says it.
        rate: samples a second.
    """
    spoken: list[Audio] = []
    pauses: list[float] = []
    for position in room.utterances:
        utterance = passage.utterances[position]
        voice = cast.voice(utterance.role, utterance.voice)
        spoken += clips[position]
        pauses += [voice.pauses.clause] * len(clips[position])
        if clips[position]:
            pauses[-1] = min(utterance.pause, cast.narrator.pauses.sentence)
    return Speech(spoken, [round(pause * rate) for pause in pauses[:-1]])


def lay(speeches: Sequence[Speech], places: Sequence[Room], rate: int) -> list[Placed]:
    """Return when each speech begins, made as long as it may be.

    Args:
        speeches: what is said in each slot.
        places: the slots, in order.
        rate: samples a second.
    """
    free = 0
    placed: list[Placed] = []
    for speech, (_, start, limit) in zip(speeches, places, strict=True):
        begin = max(start, free)
        if limit is not None:
            speech = fit(speech, limit - begin, rate)
            earliest = max(free, start - round(TOLERANCE * rate))
            begin = max(earliest, min(begin, limit - speech.length))
        placed.append(Placed(begin, speech))
        if speech.clips:
            free = begin + speech.length + round(GAP * rate)
    return placed


def expected_ends(seconds: Mapping[Slot, float], free: float) -> Iterator[tuple[Slot, float]]:
    """Yield when speech in slots will end if all is spoken as fast as it may be, in seconds.

    What is too long delays the speech in the slots after it.

    Args:
        seconds: how long speech lasts at its usual pace, of each slot in order.
        free: when something can be said at first, in seconds.
    """
    for slot, length in seconds.items():
        end = max(slot.start - TOLERANCE, free) + length / FASTEST
        free = end + GAP
        yield slot, end


def find_misfits(spoken: Iterable[tuple[Slot, float]]) -> Iterator[Misfit]:
    """Yield the slots from which speech reaches so far that the next one is heard late.

    Args:
        spoken: each slot in which something is said, and when that ends, in seconds; of several
            texts in one slot the last one counts.
    """
    ends = list({slot.start: (slot, end) for slot, end in spoken}.values())
    for (slot, end), (following, _) in pairwise(ends):
        over = end - (following.start - GAP)
        if over > TOLERANCE:
            yield Misfit(slot, over)


def fit(speech: Speech, room: int, rate: int) -> Speech:
    """Return speech that is no longer than a number of samples, or as short as it may be made."""
    if speech.length <= room or not speech.clips:
        return speech
    spoken = speech.length - sum(speech.pauses)
    speed = min(max(spoken / max(room - sum(speech.pauses), 1), 1.0), FASTEST)
    faster = Speech([_faster(clip, speed) for clip in speech.clips], speech.pauses)
    if faster.length <= room:
        return faster
    return _with_short_pauses(faster, faster.length - room, rate)


def _faster(clip: Audio, speed: float) -> Audio:
    marks = (Mark(round(sample / speed), position) for sample, position in clip.marks)
    return Audio(stretch(clip.samples, clip.rate, speed, 1.0), clip.rate, tuple(marks))


def _with_short_pauses(speech: Speech, wanted: int, rate: int) -> Speech:
    """Return speech with as much less silence in it as is wanted, taken evenly from its pauses."""
    shortest = round(_SHORTEST_PAUSE * rate)
    within = [_pauses_within(clip.samples, rate) for clip in speech.clips]
    spare = sum(max(pause - shortest, 0) for pause in speech.pauses)
    spare += sum(end - start - shortest for pauses in within for start, end in pauses)
    share = min(wanted / spare, 1.0) if spare else 0.0
    clips = [
        _without(clip, [(start, round((end - start - shortest) * share)) for start, end in pauses])
        for clip, pauses in zip(speech.clips, within, strict=True)
    ]
    between = [pause - round(max(pause - shortest, 0) * share) for pause in speech.pauses]
    return Speech(clips, between)


def _pauses_within(samples: NDArray[np.int16], rate: int) -> list[tuple[int, int]]:
    """Return where the silences in a clip begin and end that are longer than the shortest pause."""
    hop = max(round(_HOP * rate), 1)
    blocks = samples[: len(samples) // hop * hop].reshape(-1, hop).astype(np.int32)
    loudest = np.abs(blocks).max(axis=1, initial=0)
    quiet = loudest <= max(_AUDIBLE, _QUIET * loudest.max(initial=0))
    edges = np.flatnonzero(np.diff(np.concatenate(([0], quiet, [0])).astype(np.int8)))
    runs = ((int(start) * hop, int(end) * hop) for start, end in edges.reshape(-1, 2))
    return [
        (start, end)
        for start, end in runs
        if end - start > _SHORTEST_PAUSE * rate and start > 0 and end < len(blocks) * hop
    ]


def _without(clip: Audio, cuts: Sequence[tuple[int, int]]) -> Audio:
    """Return a clip that lacks some samples, each run of them after half of a short pause."""
    half = round(_SHORTEST_PAUSE * clip.rate / 2)
    runs = [range(start + half, start + half + length) for start, length in cuts]
    kept = np.ones(len(clip.samples), np.bool_)
    for run in runs:
        kept[run.start : run.stop] = False
    position = np.concatenate(([0], np.cumsum(kept)))
    marks = tuple(
        Mark(int(position[min(sample, len(kept))]), place) for sample, place in clip.marks
    )
    return replace(clip, samples=clip.samples[kept], marks=marks)
