"""Passages to Passages: utterances that have slots, in passages that begin at set times.

A passage begins with a frame of the format, right before the slot of its first utterance, and is
meant to last until the next one begins. So recordings that are laid end to end keep the times of
the subtitles. It begins after the longest gap of every two minutes, so that an edit changes no
passage but its own, and speech that takes too long seldom reaches into the next one. Long gaps
are passages without utterances, so that no recording is long.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, groupby, pairwise
from typing import TYPE_CHECKING

from audiobook import outputs
from audiobook.model import TimedPassage, Utterance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiobook.model import Passage, Sound
    from audiobook.outputs import SoundFormat

# All in seconds.
_WINDOW = 120.0
_LONGEST_SILENCE = 60.0
_LONGEST_SHOWN = 60.0
"""Signs and credits may be shown for hours; nothing is said for so long."""
_SPOKEN_WITHIN, _SPOKEN_A_CHARACTER = 20.0, 0.15
"""What is followed by a long gap is expected to be said within so long after its slot, or within
so long for each character; slow voices take half of that."""

Group = list[Utterance]


def arrange(passages: Iterable[Passage], sound: Sound) -> Iterator[TimedPassage]:
    """Yield the passages of a sound in which every utterance begins in its slot.

    Args:
        passages: what is said; all utterances have slots, in the order of their times.
        sound: how it is recorded.
    """
    form = outputs.load_sound(sound.format)
    groups = list(_by_slot(chain.from_iterable(passage.utterances for passage in passages)))
    runs = list(_runs(groups))
    if not runs:
        return
    begins = [_frame_before(_start(run[0], sound.rate), form, sound.rate) for run in runs]
    if begins[0] < _LONGEST_SILENCE * sound.rate:
        begins[0] = 0
    yield from _silences(0, begins[0], form, sound.rate)
    first = 0
    over = _end_of_sound(groups, begins[-1], form, sound.rate)
    for run, begin, end in zip(runs, begins, [*begins[1:], over], strict=True):
        utterances = tuple(chain.from_iterable(run))
        length = _meant_length(run, begin, end, form, sound.rate)
        yield TimedPassage(
            chapter=0,
            first=first,
            utterances=utterances,
            begin=begin,
            samples=length,
            is_last=begin + length == over,
        )
        yield from _silences(begin + length, end, form, sound.rate)
        first += len(utterances)


def later(passage: TimedPassage, samples: int, sound: Sound) -> TimedPassage | None:
    """Return a passage that begins later and ends when it was to end, None for too short a silence.

    Args:
        passage: a passage that has slots.
        samples: how much later, in whole frames; negative for earlier.
        sound: how it is recorded.
    """
    form, rate = outputs.load_sound(sound.format), sound.rate
    shortest = form.whole_frames(form.silent_tail(rate) + 1, rate)
    remaining = passage.samples - samples
    if remaining < shortest and not passage.utterances:
        return None
    return replace(passage, begin=passage.begin + samples, samples=max(remaining, shortest))


def _by_slot(utterances: Iterable[Utterance]) -> Iterator[Group]:
    """Yield the utterances of each slot; those that cannot be said go with what is before them."""
    group: Group = []
    for _, together in groupby(utterances, key=lambda one: one.slot and one.slot.start):
        same_slot = list(together)
        if group and any(utterance.spoken for utterance in same_slot):
            yield group
            group = []
        group += same_slot
    if group:
        yield group


def _runs(groups: Sequence[Group]) -> Iterator[Sequence[Group]]:
    """Yield the groups of each passage."""
    firsts = {0}
    for _, window in groupby(range(len(groups)), key=lambda n: _seconds(groups[n])[0] // _WINDOW):
        gaps = [(_gap_before(groups, number), -number) for number in window if number]
        firsts.update(-number for _, number in sorted(gaps)[-1:])
    bounds = [*sorted(firsts), len(groups)]
    for first, end in pairwise(bounds):
        if first < end:
            yield groups[first:end]


def _gap_before(groups: Sequence[Group], number: int) -> float:
    return _seconds(groups[number])[0] - _seconds(groups[number - 1])[1]


def _seconds(group: Group) -> tuple[float, float]:
    """Return when a group begins, and when it is no longer said or shown, as far as is known."""
    start, end = _slot_of(group)
    return start, min(end, start + _LONGEST_SHOWN)


def _slot_of(group: Group) -> tuple[float, float]:
    """Return the beginning and the end of the slot of a group, in seconds."""
    slots = [utterance.slot for utterance in group if utterance.slot]
    return slots[0].start, max(slot.end for slot in slots)


def _end_of_sound(groups: Sequence[Group], begin: int, form: SoundFormat, rate: int) -> int:
    """Return where the sound ends, some whole frames after the last passage begins."""
    stop = round(_slot_of(groups[-1])[1] * rate)
    return begin + form.whole_frames(max(stop - begin + form.trimmed_samples(rate), 1), rate)


def _start(group: Group, rate: int) -> int:
    return round(_seconds(group)[0] * rate)


def _frame_before(position: int, form: SoundFormat, rate: int) -> int:
    return form.whole_frames(position + 1, rate) - form.whole_frames(1, rate)


def _meant_length(run: Sequence[Group], begin: int, end: int, form: SoundFormat, rate: int) -> int:
    """Return how many samples a passage is meant to last, from its beginning to the next one's."""
    stop = round(_seconds(run[-1])[1] * rate)
    characters = sum(len(utterance.text) for utterance in run[-1])
    within = max(_SPOKEN_WITHIN, _SPOKEN_A_CHARACTER * characters)
    spoken = form.whole_frames(stop - begin + round(within * rate), rate)
    is_long = end - begin - spoken >= _LONGEST_SILENCE * rate
    return spoken if is_long else end - begin


def _silences(begin: int, end: int, form: SoundFormat, rate: int) -> Iterator[TimedPassage]:
    """Yield passages of silence from one place to another."""
    longest = form.whole_frames(round(_LONGEST_SILENCE * rate), rate)
    while begin < end:
        # The last one is not shorter than half of the others.
        length = longest if end - begin >= longest * 3 // 2 else end - begin
        yield TimedPassage(chapter=0, first=0, utterances=(), begin=begin, samples=length)
        begin += length
