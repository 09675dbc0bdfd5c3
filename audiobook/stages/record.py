"""Passage to Recording: speak, join, level, encode. Pure: the same here or anywhere."""

from __future__ import annotations

import warnings
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np

from audiobook import engines, outputs
from audiobook.engines import UnsaidError
from audiobook.errors import EngineError
from audiobook.messages import message
from audiobook.model import (
    Audio,
    Cast,
    Cue,
    Mark,
    Passage,
    Recording,
    Sound,
    TimedPassage,
    Timing,
    Utterance,
    Voice,
)
from audiobook.speech import fitting, levelling, loudness
from audiobook.speech.balancing import balance
from audiobook.speech.room_tone import add_room_tone
from audiobook.speech.speak import speak
from audiobook.speech.word_times import version as word_times_version
from audiobook.speech.word_times import with_word_times
from audiobook.vietnamese.alignment import align_words

with warnings.catch_warnings():
    # It warns where it finds no ffmpeg; what it is used for here needs none.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

VERSION = 3
"""Goes up when the same passage would sound different."""
BALANCE_VERSION = 1
"""Goes up when the same passage of several voices would sound different."""


def version_of(voice: Voice) -> tuple[object, ...]:
    """Return what else than its settings decides how a voice sounds and when its words begin.

    Raises:
        VoiceError: the voice is not usable here.
    """
    return (engines.identity(voice), VERSION, *word_times_version(voice))


def record(passage: Passage, cast: Cast, sound: Sound) -> Recording:
    """Record a passage.

    Args:
        passage: what is said.
        cast: who says it.
        sound: how it is recorded.

    Raises:
        EngineError: an utterance could not be spoken, or twice not as long or as loud as speech
            is; it is named by chapter and sentence.
        VoiceError: a voice is not usable here.
    """
    samples, cues, offset = _speak_and_join(passage, cast, sound)
    form = outputs.load_sound(sound.format)
    lost = form.attenuation(sound.bitrate, sound.vbr)
    energies = loudness.energies_of(samples, sound.rate)
    own_level = loudness.integrated(energies)
    target = own_level if sound.loudness is None else sound.loudness + offset + lost
    ceiling = sound.ceiling + lost
    samples, reached = levelling.adjust(samples, energies, target, ceiling, sound.rate)
    syllables = sum(
        len(piece.split()) for utterance in passage.utterances for piece in utterance.spoken
    )
    timing = Timing(len(samples), cues, reached - lost, syllables)
    samples = add_room_tone(samples, sound.rate, sound.room_tone, form.silent_tail(sound.rate))
    return Recording(timing, form.encode(samples, sound.rate, sound.bitrate, sound.vbr))


def _speak_and_join(
    passage: Passage, cast: Cast, sound: Sound
) -> tuple[NDArray[np.int16], tuple[Cue, ...], float]:
    """Return the sound of a passage, its cues, and by how many LU it shall differ from its target.

    The clips, which are as large as the passage, are gone when it returns.
    """
    clips, offset = _speak_all(passage, cast, sound.rate)
    if isinstance(passage, TimedPassage):
        return *_lay_clips(passage, clips, cast, sound), offset
    return *_join_clips(passage, clips, cast, sound), offset


# --- speaking -----------------------------------------------------------------------------------


def _speak_all(passage: Passage, cast: Cast, rate: int) -> tuple[list[list[Audio]], float]:
    """Return the clips of each utterance, at one rate, everybody equally loud.

    Also returned is by how many LU the passage shall differ from its target: see `Balance`.
    """
    parts = _parts(passage, cast)
    spoken = {voice: _speak(passage, positions, voice) for voice, positions in parts.items()}
    gains: dict[Voice, float] = {}
    offset = 0.0
    if len(spoken) > 1:
        gains, offset = balance(
            {voice: list(chain(*clips.values())) for voice, clips in spoken.items()}
        )
    clips_by_position: list[list[Audio]] = [[] for _ in passage.utterances]
    for voice, utterances in spoken.items():
        gain = gains.get(voice, 1.0)
        for position, clips in utterances.items():
            clips_by_position[position] = [
                _resampled(_with_gain(clip, gain), rate) for clip in clips
            ]
    return clips_by_position, offset


def _parts(passage: Passage, cast: Cast) -> dict[Voice, list[int]]:
    """Return the positions of the utterances that each voice speaks."""
    parts: dict[Voice, list[int]] = {}
    for position, utterance in enumerate(passage.utterances):
        parts.setdefault(cast.voice(utterance.role, utterance.voice), []).append(position)
    return parts


def spoken_texts(passage: Passage, cast: Cast) -> Iterator[tuple[Voice, list[str], int]]:
    """Yield what `record` has spoken at a time: the voice, the texts and the number of the take."""
    for voice, positions in _parts(passage, cast).items():
        for batch, take in _batches(passage, positions, voice):
            utterances = [passage.utterances[position] for position in batch]
            yield voice, [text for utterance in utterances for text in utterance.spoken], take


def _speak(passage: Passage, positions: Sequence[int], voice: Voice) -> dict[int, list[Audio]]:
    """Have one voice speak its utterances, and return the clips of each by its position."""
    clips_by_position: dict[int, list[Audio]] = {}
    for batch, take in _batches(passage, positions, voice):
        clips_by_position |= {position: [] for position in batch}
        pieces = [(place, text) for place in batch for text in passage.utterances[place].spoken]
        try:
            clips = speak([text for _, text in pieces], voice, take)
        except EngineError as problem:
            failed = problem.position if isinstance(problem, UnsaidError) else 0
            raise _located_error(problem, passage, pieces[failed][0]) from problem
        for (position, text), clip in zip(pieces, clips, strict=True):
            clips_by_position[position].append(with_word_times(clip, text, voice))
    return clips_by_position


def _batches(
    passage: Passage, positions: Sequence[int], voice: Voice
) -> Iterator[tuple[Sequence[int], int]]:
    """Yield the utterances that are asked for together, and in which take.

    All at once from a server, which answers many side by side; one by one from a library, which
    need not tell where it failed. Of a server another take of a sentence is asked for afterwards,
    so that its neighbours are still asked for as before, and need not be delivered again.
    """
    takes = [(position, passage.utterances[position].take) for position in positions]
    if voice.network:
        yield positions, 1
        takes = [(position, take) for position, take in takes if take > 1]
    for position, take in takes:
        yield [position], take


def _with_gain(clip: Audio, gain: float) -> Audio:
    if gain == 1:
        return clip
    return replace(clip, samples=np.rint(clip.samples * gain).astype(np.int16))


def _resampled(clip: Audio, rate: int) -> Audio:
    if clip.rate == rate:
        return clip
    import soxr

    samples = np.asarray(soxr.resample(clip.samples, clip.rate, rate), np.int16)
    marks = (Mark(round(offset * rate / clip.rate), position) for offset, position in clip.marks)
    return Audio(samples, rate, tuple(marks))


def _located_error(problem: EngineError, passage: Passage, position: int) -> EngineError:
    utterance = passage.utterances[position]
    return EngineError(
        message(
            "chapter {chapter}, sentence {sentence} ({text}): {problem}",
            chapter=passage.chapter + 1,
            sentence=passage.first + position + 1,
            text=_shortened_text(utterance),
            problem=problem.what,
        ),
        problem.remedy
        or message("fix the sentence or choose another voice; what is recorded is kept"),
    )


def _shortened_text(utterance: Utterance) -> str:
    text = utterance.text
    return f"“{text}”" if len(text) <= 60 else f"“{text[:60]}…”"


# --- joining -------------------------------------------------------------------------------------


def _silence(samples: int, rate: int) -> AudioSegment:
    # Half a sample more, because pydub cuts off the fraction that milliseconds make of samples.
    return AudioSegment.silent((samples + 0.5) * 1000 / rate, rate)


def _join_clips(
    passage: Passage, clips: list[list[Audio]], cast: Cast, sound: Sound
) -> tuple[NDArray[np.int16], tuple[Cue, ...]]:
    """Join clips and pauses at once.

    The `+` of pydub copies everything each time: 90 ms for two and a half minutes instead of 1 ms,
    where encoding takes 200 ms.
    """
    form, rate = outputs.load_sound(sound.format), sound.rate
    position = round(passage.opening * rate)
    parts = [_silence(position, rate)]
    cues: list[Cue] = []
    for utterance, utterance_clips in zip(passage.utterances, clips, strict=True):
        clause = cast.voice(utterance.role, utterance.voice).pauses.clause
        gaps = utterance.gaps or (clause,) * len(utterance_clips)
        start, marks = position, []
        for number, clip in enumerate(utterance_clips):
            if number:
                between = round(gaps[number - 1] * rate)
                parts.append(_silence(between, rate))
                position += between
            marks.append([Mark(position + offset, place) for offset, place in clip.marks])
            parts.append(_segment(clip.samples.tobytes(), rate))
            position += len(clip.samples)
        words = align_words(utterance.text, utterance.spoken, utterance.spans, marks)
        cues.append(Cue(start, position, utterance.text, words))
        pause = round(utterance.pause * rate)
        parts.append(_silence(pause, rate))
        position += pause
    # The last pause has room for what the encoder adds, and fills up the last frame.
    length = form.whole_frames(max(position, cues[-1].end + form.silent_tail(rate)), rate)
    parts.append(_silence(length - position, rate))
    joined = _segment(b"".join(part.raw_data for part in parts), rate)
    return np.frombuffer(joined.raw_data, np.int16), tuple(cues)


def _lay_clips(
    passage: TimedPassage, clips: list[list[Audio]], cast: Cast, sound: Sound
) -> tuple[NDArray[np.int16], tuple[Cue, ...]]:
    """Lay clips in the slots of their utterances."""
    form, rate = outputs.load_sound(sound.format), sound.rate
    tail = max(form.silent_tail(rate), round(fitting.GAP * rate))
    rooms = list(fitting.rooms(passage, rate, tail))
    speeches = [fitting.speech_in(room, passage, clips, cast, rate) for room in rooms]
    placed = fitting.lay(speeches, rooms, rate)
    cues: list[Cue] = []
    parts: list[tuple[int, NDArray[np.int16]]] = []
    for room, (position, speech) in zip(rooms, placed, strict=True):
        remaining = iter(zip(speech.clips, [*speech.pauses, 0], strict=False))
        end = position
        for number in room.utterances:
            utterance, start = passage.utterances[number], position
            marks: list[list[Mark]] = []
            for clip, pause in islice(remaining, len(clips[number])):
                if not marks:
                    start = position
                marks.append([Mark(position + offset, place) for offset, place in clip.marks])
                parts.append((position, clip.samples))
                end = position + len(clip.samples)
                position = end + pause
            words = align_words(utterance.text, utterance.spoken, utterance.spans, marks)
            cues.append(Cue(start, max(end, start), utterance.text, words))
    end = max((cue.end for cue in cues), default=0)
    length = max(passage.samples, form.whole_frames(end + tail, rate))
    samples = np.zeros(length, np.int16)
    for position, part in parts:
        samples[position : position + len(part)] = part
    return samples, tuple(cues)


def _segment(samples: bytes, rate: int) -> AudioSegment:
    return AudioSegment(samples, sample_width=2, frame_rate=rate, channels=1)
