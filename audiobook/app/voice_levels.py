"""Measures how loud each voice of a cast usually is, so that its scenes can be told from it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook import engines
from audiobook.errors import EngineError
from audiobook.model import Cast, Kind, Passage, Utterance
from audiobook.stages import record
from audiobook.stages.script import readings_of
from audiobook.store.recordings import recording_key
from audiobook.vietnamese import Lexicon, is_speakable, pack_clauses, say, split_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiobook.model import Recording, Sound, Voice
    from audiobook.store.recordings import Recordings

    RecordAlone = Callable[[Passage, Cast, Sound], Recording]

_TEXT = (
    "Trời vừa hửng sáng, sương còn giăng kín trên mặt ao đầu làng. Anh đã ăn cơm chưa? Bà cụ "
    "chống gậy ra ngõ, nhìn theo đàn trâu thong thả đi về phía bãi cỏ. Thôi, chuyện cũ qua rồi, "
    "nhắc lại làm gì nữa. Năm ấy nước sông lên to, cả xóm phải dời nhà lên triền đê. Ừ, để chiều "
    "nay tôi sang giúp một tay. Gió thổi qua rặng tre, lá khô rơi xào xạc xuống sân gạch."
)
"""What a voice is measured by: told, asked and answered, as in a novel."""


def with_levels(
    cast: Cast, sound: Sound, recordings: Recordings, record_alone: RecordAlone
) -> Cast:
    """Return a cast of several voices with the usual level of each; one of a single voice as it is.

    Unless its file tells, a voice says a text of ours for it once; that recording is kept like any
    other. The level of a voice that fails, or speaks another language and has no sample, stays
    unknown.

    Args:
        cast: who speaks.
        sound: how the book is recorded.
        recordings: the store of recordings.
        record_alone: records what is not stored.
    """
    if len(cast.voices) == 1:
        return cast
    as_spoken = replace(sound, loudness=None, room_tone=None)
    levels = {
        voice: _level(voice, passage, as_spoken, recordings, record_alone)
        for voice, passage in reference_passages(cast)
    }
    return cast.each(lambda voice: replace(voice, level=levels.get(voice, voice.level)))


def reference_passages(cast: Cast) -> Iterator[tuple[Voice, Passage]]:
    """Yield the voices of a cast of several whose level is not known, with what they say for it."""
    for voice in cast.voices if len(cast.voices) > 1 else ():
        if voice.level is not None:
            continue
        text = _TEXT if voice.language.startswith("vi") else voice.sample
        utterances = tuple(_utterances(text, voice))
        if any(utterance.spoken for utterance in utterances):
            yield voice, Passage(0, 0, utterances)


def _utterances(text: str, voice: Voice) -> Iterator[Utterance]:
    limit = engines.load(voice.engine).limit
    for sentence in split_sentences(text):
        packed = pack_clauses(say(sentence, readings_of(sentence, voice, Lexicon())), limit)
        spoken = tuple(filter(is_speakable, packed))
        yield Utterance(text=sentence, spoken=spoken, role=Kind.PROSE, pause=0.0)


def _level(
    voice: Voice, passage: Passage, sound: Sound, recordings: Recordings, record_alone: RecordAlone
) -> float | None:
    cast = Cast(voice)
    key = recording_key(
        passage,
        cast,
        sound,
        {voice: record.version_of(voice)},
        balance=record.BALANCE_VERSION,
    )
    recording = recordings.get(key)
    if recording is None:
        try:
            recording = record_alone(passage, cast, sound)
        except EngineError:
            return None  # the passages of the book will fail too, and tell where
        recordings.keep(key, recording)
    level = recording.timing.loudness
    return None if level == -math.inf else level
