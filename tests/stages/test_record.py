from __future__ import annotations

import sys
import wave
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiobook.config import load_voice
from audiobook.engines import clips
from audiobook.errors import EngineError
from audiobook.model import (
    Audio,
    Cast,
    Kind,
    Mark,
    Passage,
    Sound,
    Span,
    Utterance,
    Voice,
    WordTimes,
)
from audiobook.outputs import mp3
from audiobook.speech import loudness
from audiobook.speech.speak import speak
from audiobook.stages.record import record, version_of
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SOUND = Sound()
RATE = SOUND.rate
VOICE = load_voice("tone")
CAST = Cast(VOICE)


def passage(*pairs: tuple[str, float]) -> Passage:
    utterances = tuple(
        Utterance(text=text, spoken=(text,), role=Kind.PROSE, pause=pause) for text, pause in pairs
    )
    return Passage(2, 10, utterances)


def decoded(sound: bytes) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return np.frombuffer(ffmpeg.decode(sound, RATE), np.int16)


class Playing:
    """An engine that plays given clips, to see what recording makes of them."""

    name, version, limit = "playing", "1", None

    def __init__(self, *clips: Audio) -> None:
        self.clips = list(clips)

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        assert voice == VOICE
        return [self.clips.pop(0) for _ in texts if self.clips]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def use(*answers: Audio) -> None:
        engine = Playing(*answers)
        monkeypatch.setattr(clips, "load", lambda _name: engine)

    return use


def tone(seconds: float, lead: float = 0, trail: float = 0) -> Audio:
    samples = np.sin(np.arange(int(seconds * RATE)) / 9) * 9000
    silences = (np.zeros(int(lead * RATE)), samples, np.zeros(int(trail * RATE)))
    return Audio(np.concatenate(silences).astype(np.int16), RATE)


def test_cues_stand_where_the_sound_is() -> None:
    pairs = (("một hai ba", 0.4), ("bốn", 0.7), ("năm sáu", 1.0))
    recording = record(passage(*pairs), CAST, SOUND)
    assert [cue.text for cue in recording.timing.cues] == [text for text, _ in pairs]
    loud = np.abs(decoded(recording.sound).astype(int)) > 400
    for cue in recording.timing.cues:
        # Without the Info frame of a whole file the decoder is late by its delay.
        start, end = cue.start + mp3.DELAY, cue.end + mp3.DELAY
        assert loud[start:end].mean() > 0.5
        assert not loud[start - RATE // 20 : start - RATE // 100].any()
        assert not loud[end : end + RATE // 20].any()
    pauses = [
        b.start - a.end
        for a, b in zip(recording.timing.cues, recording.timing.cues[1:], strict=False)
    ]
    assert pauses == [round(0.4 * RATE), round(0.7 * RATE)]


def test_words_stand_where_they_are_heard(play: Callable[..., None]) -> None:
    first, second = tone(0.5, lead=0.3), tone(0.4)
    start, middle = round(0.3 * RATE), round(0.5 * RATE)
    play(
        replace(first, marks=(Mark(0, 0), Mark(middle, 4))),
        replace(second, marks=(Mark(0, 0),)),
    )
    spans = (Span(4, 7, 4, 5),)
    utterance = Utterance(
        text="bốn 2 ba", spoken=("bốn hai", "ba"), role=Kind.PROSE, pause=0.5, spans=spans
    )
    (cue,) = record(Passage(0, 0, (utterance,)), CAST, SOUND).timing.cues
    words = [cue.text[word.start : word.end] for word in cue.words]
    assert words == ["bốn", "2", "ba"]
    # The silence before the sound is cut off but for a hundredth of a second.
    cut = start - round(0.01 * RATE)
    last = cue.end - round(0.4 * RATE)
    assert [word.at for word in cue.words] == pytest.approx([0, middle - cut, last], abs=5)


def test_words_that_the_engine_does_not_tell_are_looked_for(tmp_path: Path) -> None:
    text = "Sáng sớm, sương còn giăng trên mặt hồ."
    (told,) = speak([text], load_voice("saigon"))
    file = tmp_path / "clip.wav"
    with wave.open(str(file), "wb") as clip:
        clip.setparams((1, 2, told.rate, 0, "NONE", ""))
        clip.writeframes(told.samples.tobytes())
    play_it = "import sys; sys.stdout.buffer.write(open(sys.argv[1], 'rb').read())"
    command = (sys.executable, "-IS", "-c", play_it, str(file))
    voice = Voice(name="own", engine="command", accent="north", rate=RATE, command=command)
    (cue,) = record(passage((text, 0.5)), Cast(voice), SOUND).timing.cues
    assert [text[word.start : word.end] for word in cue.words] == text.split()
    truth = [mark.sample for mark in told.marks]
    assert [word.at - cue.start for word in cue.words] == pytest.approx(truth, abs=0.1 * RATE)
    guessing = replace(voice, word_times=WordTimes.GUESS)
    (cue,) = record(passage((text, 0.5)), Cast(guessing), SOUND).timing.cues
    assert cue.words == ()
    assert version_of(voice) != version_of(guessing)


def test_whole_frames_and_levelled() -> None:
    recording = record(passage(("một hai ba bốn năm sáu bảy tám chín mười", 0.5)), CAST, SOUND)
    frame = mp3.samples_per_frame(RATE)
    assert recording.timing.samples == mp3.count_frames(recording.sound) * frame
    assert recording.timing.syllables == 10
    measured = loudness.measure(decoded(recording.sound), RATE)
    assert measured == pytest.approx(SOUND.loudness, abs=0.5)


def test_silence_of_the_engine_is_trimmed(play: Callable[..., None]) -> None:
    play(tone(0.5, lead=0.3, trail=0.6))
    (cue,) = record(passage(("a", 0.5)), CAST, SOUND).timing.cues
    assert (cue.end - cue.start) / RATE == pytest.approx(0.55, abs=0.01)


def test_no_pause_at_all_still_has_room_for_the_encoder() -> None:
    recording = record(passage(("một", 0.0)), CAST, SOUND)
    assert recording.timing.samples >= recording.timing.cues[-1].end + mp3.TAIL


def test_pieces_are_parted_by_a_clause_pause(play: Callable[..., None]) -> None:
    play(tone(0.5), tone(0.5))
    utterance = Utterance(text="a, b", spoken=("a,", "b"), role=Kind.PROSE, pause=0.5)
    (cue,) = record(Passage(0, 0, (utterance,)), CAST, SOUND).timing.cues
    assert (cue.end - cue.start) / RATE == pytest.approx(1.0 + VOICE.pauses.clause, abs=0.01)


def test_an_utterance_without_words_is_a_pause() -> None:
    silent = Utterance(text="…", spoken=(), role=Kind.PROSE, pause=0.8)
    spoken = Utterance(text="một", spoken=("một",), role=Kind.PROSE, pause=0.5)
    cues = record(Passage(0, 0, (silent, spoken)), CAST, SOUND).timing.cues
    assert cues[0].start == cues[0].end
    assert cues[1].start == round(0.8 * RATE)


NOISE = np.random.default_rng(1).normal(0, 3000, 9000)


@pytest.mark.parametrize(
    ("clip", "why"),
    [
        (Audio(np.zeros(9000, np.int16), RATE), "only silence came"),
        (Audio(np.zeros(0, np.int16), RATE), "only silence came"),
        (Audio(np.full(9000, 9000, np.int16), 16000), "sound came at 16000 Hz instead of 22050"),
        (Audio(np.full(9000, 32767, np.int16), RATE), "the sound is clipped"),
        (Audio(NOISE.astype(np.int16), RATE), "it is noise"),
        (Audio(tone(0.4).samples.byteswap(), RATE), "it is noise"),
        (Audio(NOISE.astype(np.float32), RATE), "samples came as float32 of 1 dimensions instead"),
        (
            Audio(np.ones((9000, 2), np.int16), RATE),
            "samples came as int16 of 2 dimensions instead",
        ),
        (None, "0 clips came for 1 texts"),
    ],
)
def test_what_cannot_be_spoken_is_named(
    play: Callable[..., None], clip: Audio | None, why: str
) -> None:
    play(*([tone(0.2)] + ([clip, clip] if clip else [])))
    with pytest.raises(EngineError) as caught:
        record(passage(("Câu đầu.", 0.4), ("Câu hỏng.", 0.4)), CAST, SOUND)
    assert str(caught.value).startswith(f"chapter 3, sentence 12 (“Câu hỏng.”): {why}")


def test_ends_are_soft(play: Callable[..., None]) -> None:
    play(Audio(np.full(RATE, 12000, np.int16), RATE))
    sound = decoded(record(passage(("a", 0.5)), CAST, SOUND).sound).astype(int)
    assert np.abs(np.diff(sound)).max() < 3000  # a bare step would jump by more than 12,000


LONG = "Con đò nhỏ chở khách qua sông mỗi sớm mỗi chiều."


@pytest.mark.parametrize(
    ("seconds", "why"),
    [(0.4, "0.40 s is too short for 11 syllables"), (20.0, "20.0 s is too long for 11 words")],
)
def test_what_is_no_speech_is_said_again_once(
    play: Callable[..., None], seconds: float, why: str
) -> None:
    play(tone(seconds), tone(2.5))
    assert record(passage((LONG, 0.4)), CAST, SOUND).timing.cues[0].end > 2.4 * RATE
    play(tone(seconds), tone(seconds))
    with pytest.raises(EngineError) as caught:
        record(passage((LONG, 0.4)), CAST, SOUND)
    assert f"(“{LONG}”): {why}" in str(caught.value)


def test_an_engine_may_have_a_way_to_say_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class Seeded(Playing):
        """It says the same text the same, unless it is asked for another sound."""

        def say_again(self, texts: Sequence[str], _voice: Voice) -> list[Audio]:
            return [tone(2.5) for _ in texts]

    monkeypatch.setattr(clips, "load", lambda _name: Seeded(tone(0.4), tone(0.4)))
    assert record(passage((LONG, 0.4)), CAST, SOUND).timing.cues[0].end > 2.4 * RATE


def test_odd_words_may_take_their_time(play: Callable[..., None]) -> None:
    play(tone(9.0))
    record(passage(("WWWXYZ HTTPS", 0.4)), CAST, SOUND)


def test_pieces_are_parted_by_the_silence_chosen_for_them(play: Callable[..., None]) -> None:
    play(tone(0.5), tone(0.5), tone(0.5))
    utterance = Utterance(
        text="a – b – c", spoken=("a –", "b –", "c"), role=Kind.PROSE, pause=0.5, gaps=(0.3, 0.0)
    )
    (cue,) = record(Passage(0, 0, (utterance,)), CAST, SOUND).timing.cues
    assert (cue.end - cue.start) / RATE == pytest.approx(1.8, abs=0.01)
