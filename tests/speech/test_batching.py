"""Several texts in one request: which, and how the sound is cut back into theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from numpy.typing import NDArray
from places import SHARED

from audiobook import engines
from audiobook.config import load_voice
from audiobook.engines import UnsaidError, clips
from audiobook.engines.clips import CachedEngine, Clips
from audiobook.errors import EngineError
from audiobook.messages import verbatim
from audiobook.model import Audio, Mark, Voice
from audiobook.outputs import mp3
from audiobook.speech import speak
from audiobook.speech.batching import group_texts, split_sound
from audiobook.system import ffmpeg

TEXTS = [
    "Lão Hạc ngồi im một lúc lâu.",
    "Rồi lão nói, giọng khàn khàn, như có gì vướng trong cổ:",
    "“Cậu Vàng đi đời rồi, ông giáo ạ!”",
    "Tôi hỏi cho có chuyện.",
    "Thế nó cho bắt à?",
    "Mặt lão đột nhiên co rúm lại, những vết nhăn xô vào nhau.",
]
RATE = 22050
SANO = SHARED / "voices" / "sano-vi"

sentences = some.lists(some.sampled_from([*TEXTS, "Ừ.", "", "…", "dài " * 30, "Im!)", "A…”"]))


class TestPack:
    @given(sentences, some.integers(1, 200))
    def test_nothing_is_lost_or_moved(self, texts: list[str], limit: int) -> None:
        groups = group_texts(texts, limit)
        assert [position for group in groups for position in group] == list(range(len(texts)))

    @given(sentences, some.integers(1, 200))
    def test_requests_are_within_the_limit_and_end_with_sentences(
        self, texts: list[str], limit: int
    ) -> None:
        for group in group_texts(texts, limit):
            if len(group) > 1:
                assert len(" ".join(texts[group.start : group.stop])) <= limit
                for position in group[:-1]:
                    assert texts[position].rstrip("”)")[-1] in ".?!…"

    @given(sentences, some.integers(1, 200))
    def test_no_fewer_requests_would_do(self, texts: list[str], limit: int) -> None:
        """Against all ways to part the texts, by dynamic programming."""
        least = [0]
        for end in range(1, len(texts) + 1):
            starts = [
                start
                for start in range(end)
                if start == end - 1 or group_texts(texts[start:end], limit) == [range(end - start)]
            ]
            least.append(1 + min(least[start] for start in starts))
        assert len(group_texts(texts, limit)) == least[-1]

    @pytest.mark.parametrize(
        ("texts", "limit", "sizes"),
        [
            pytest.param(["Một.", "Hai."], 9, [2], id="just fits"),
            pytest.param(["Một.", "Hai."], 8, [1, 1], id="the space counts"),
            pytest.param(["Một,", "hai."], 99, [1, 1], id="a clause is no sentence"),
            pytest.param(["“Một?”", "(Hai!)", "Ba…", "bốn"], 99, [4], id="closing marks"),
            pytest.param(
                ["Một.", "…", "Hai."], 99, [1, 1, 1], id="nothing to say is refused alone"
            ),
            pytest.param(["Dài lắm.", "Một.", "Hai."], 7, [1, 1, 1], id="too long, and alone"),
        ],
    )
    def test_examples(self, texts: list[str], limit: int, sizes: list[int]) -> None:
        assert [len(group) for group in group_texts(texts, limit)] == sizes


# --- sound ---------------------------------------------------------------------------------------


def _trimmed(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 58)
    return samples[loud[0] : loud[-1] + 1]


def _voices() -> Iterator[object]:
    yield pytest.param(load_voice("hanoi"), id="espeak")
    missing = pytest.mark.skipif(not SANO.exists(), reason=f"there is no {SANO}")
    yield pytest.param(replace(load_voice("sano"), model=str(SANO)), id="sano", marks=missing)


@pytest.fixture(params=_voices(), scope="module")
def spoken(request: pytest.FixtureRequest) -> list[NDArray[np.int16]]:
    """The texts spoken alone."""
    voice: Voice = request.param
    return [_trimmed(audio.samples) for audio in engines.load(voice.engine).say(TEXTS, voice)]


def _join(
    parts: Sequence[NDArray[np.int16]], pauses: Sequence[float]
) -> tuple[NDArray[np.int16], list[tuple[int, int]]]:
    """Join clips with pauses in seconds; return where the pauses are, too."""
    pieces, gaps, position = [parts[0]], [], len(parts[0])
    for clip, pause in zip(parts[1:], pauses, strict=True):
        silence = np.zeros(int(pause * RATE), np.int16)
        pieces += [silence, clip]
        gaps.append((position, position + len(silence)))
        position += len(silence) + len(clip)
    return np.concatenate(pieces), gaps


def _are_in(clips: list[NDArray[np.int16]] | None, gaps: list[tuple[int, int]]) -> bool:
    assert clips is not None
    cuts = np.cumsum([len(clip) for clip in clips])[:-1]
    return all(start <= cut <= end for cut, (start, end) in zip(cuts, gaps, strict=True))


class TestPart:
    @given(some.data())
    def test_cuts_are_in_the_pauses_however_long_they_are(
        self, spoken: list[NDArray[np.int16]], data: some.DataObject
    ) -> None:
        first = data.draw(some.integers(0, len(TEXTS) - 2))
        last = data.draw(some.integers(first + 2, len(TEXTS)))
        between = last - first - 1
        pauses = data.draw(some.lists(some.floats(0.2, 0.7), min_size=between, max_size=between))
        sound, gaps = _join(spoken[first:last], pauses)
        clips = split_sound(sound, RATE, TEXTS[first:last])
        assert _are_in(clips, gaps)
        assert np.array_equal(np.concatenate(clips or []), sound)

    def test_after_mp3_and_with_noise(self, spoken: list[NDArray[np.int16]]) -> None:
        sound, gaps = _join(spoken, [0.3, 0.25, 0.5, 0.35, 0.4])
        noise = np.random.default_rng(1).normal(0, 32768 / 1000, len(sound))
        noisy = np.rint(np.clip(sound + noise, -32768, 32767)).astype(np.int16)
        assert _are_in(split_sound(noisy, RATE, TEXTS), gaps)
        framed = np.zeros(mp3.whole_frames(len(noisy) + mp3.TAIL, RATE), np.int16)
        framed[: len(noisy)] = noisy
        decoded = ffmpeg.decode(mp3.encode(framed, RATE, 32), RATE)
        late = [(start + mp3.DELAY, end + mp3.DELAY) for start, end in gaps]
        assert _are_in(split_sound(np.frombuffer(decoded, np.int16), RATE, TEXTS), late)

    def test_a_pause_inside_a_text_is_no_border(self, spoken: list[NDArray[np.int16]]) -> None:
        sound, gaps = _join(spoken[:3], [0.5, 0.3])
        texts = [f"{TEXTS[0].rstrip('.')}, {TEXTS[1].rstrip(':')}.", TEXTS[2]]
        assert _are_in(split_sound(sound, RATE, texts), gaps[1:])

    def test_without_pauses_nothing_is_sure(self, spoken: list[NDArray[np.int16]]) -> None:
        assert split_sound(np.concatenate(spoken), RATE, TEXTS) is None

    def test_missing_speech_is_not_sure(self, spoken: list[NDArray[np.int16]]) -> None:
        sound, _ = _join([spoken[0], spoken[5]], [0.4])
        assert split_sound(sound, RATE, [TEXTS[0], TEXTS[4], TEXTS[5]]) is None

    @given(
        some.lists(some.sampled_from(TEXTS), max_size=5),
        some.lists(some.tuples(some.integers(0, 9_000), some.integers(0, 9_000)), max_size=9),
    )
    def test_any_sound_is_left_whole(self, texts: list[str], bursts: list[tuple[int, int]]) -> None:
        pieces = [np.zeros(0, np.int16)]
        for loud, soft in bursts:
            pieces += [np.full(loud, 5_000, np.int16), np.zeros(soft, np.int16)]
        sound = np.concatenate(pieces)
        clips = split_sound(sound, RATE, texts)
        if clips is not None:
            assert len(clips) == len(texts)
            assert np.array_equal(np.concatenate(clips), sound)

    def test_ten_minutes_of_sound(self, spoken: list[NDArray[np.int16]]) -> None:
        """It would take minutes and gigabytes if it looked at all pairs of silences."""
        sound, gaps = _join(spoken * 30, [0.6] * (6 * 30 - 1))
        assert _are_in(split_sound(sound, RATE, TEXTS * 30), gaps)


# --- speaking ------------------------------------------------------------------------------------


class Server:
    """An engine that delivers samples: eSpeak NG's, with a pause between two sentences."""

    name, version = "server", "1"
    limit: int | None = 100

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.pause = 0.4
        self.fails_on = self.silent_on = "no such word"

    def server(self, voice: Voice) -> str:
        return voice.name

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        return [self.decode(sound, voice) for _, sound in self.deliver(texts, voice)]

    def deliver(self, texts: Sequence[str], voice: Voice) -> Iterator[tuple[int, bytes]]:
        hanoi = replace(voice, engine="espeak")
        for position, text in enumerate(texts):
            self.asked.append(text)
            if self.fails_on in text:
                raise UnsaidError.at(position, EngineError(verbatim("the server is gone")))
            spoken = re.split(r"(?<=[.?!…]) |(?<=[.?!…]”) ", text)
            parts = [
                _trimmed(sentence.samples) for sentence in engines.load("espeak").say(spoken, hanoi)
            ]
            parts = [
                clip[:2_000] if self.silent_on in sentence and len(parts) > 1 else clip
                for sentence, clip in zip(spoken, parts, strict=True)
            ]
            yield position, _join(parts, [self.pause] * (len(parts) - 1))[0].tobytes()

    def decode(self, sound: bytes, voice: Voice) -> Audio:
        samples = np.frombuffer(sound, np.int16)
        return Audio(samples, voice.rate, (Mark(0, 0), Mark(len(samples) - 1, 55)))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    server = Server()
    engine = CachedEngine(server, Clips())
    monkeypatch.setattr(clips, "load", lambda _name: engine)
    return server


VOICE = load_voice("hanoi")
REQUESTS = [" ".join(TEXTS[:2]), " ".join(TEXTS[2:5]), TEXTS[5]]


class TestSpeak:
    def test_neighbours_are_asked_for_together_and_come_apart(self, server: Server) -> None:
        spoken = speak.speak(TEXTS, VOICE)
        assert server.asked == REQUESTS
        alone = engines.load("espeak").say(TEXTS, VOICE)
        for clip, audio in zip(spoken, alone, strict=True):
            assert abs(len(clip.samples) - len(_trimmed(audio.samples))) < 0.06 * RATE

    def test_again_nothing_is_asked_for(self, server: Server) -> None:
        first = speak.speak(TEXTS, VOICE)
        again = speak.speak(TEXTS, VOICE)
        assert len(server.asked) == len(REQUESTS)
        assert all(np.array_equal(a.samples, b.samples) for a, b in zip(first, again, strict=True))

    def test_an_interrupted_run_goes_on_with_the_same_requests(self, server: Server) -> None:
        server.fails_on = "Mặt lão"
        with pytest.raises(UnsaidError) as caught:
            speak.speak(TEXTS, VOICE)
        assert caught.value.position == 5
        assert speak.pending_requests(TEXTS, VOICE) == [(VOICE, REQUESTS[2])]
        server.fails_on = "no such word"
        speak.speak(TEXTS, VOICE)
        assert server.asked == [*REQUESTS, REQUESTS[2]]
        assert speak.pending_requests(TEXTS, VOICE) == []

    def test_a_failure_is_that_of_the_first_of_its_group(self, server: Server) -> None:
        server.fails_on = TEXTS[4]
        with pytest.raises(UnsaidError) as caught:
            speak.speak(TEXTS, VOICE)
        assert caught.value.position == 2

    def test_what_is_not_sure_is_asked_for_alone(self, server: Server) -> None:
        server.pause = 0.0
        spoken = speak.speak(TEXTS, VOICE)
        assert sorted(server.asked) == sorted([*REQUESTS[:2], *TEXTS])
        assert len(spoken) == len(TEXTS)
        speak.speak(TEXTS, VOICE)
        assert len(server.asked) == 2 + len(TEXTS), "both are remembered"

    def test_a_voice_without_pauses_is_found_out_early(self, server: Server) -> None:
        server.pause = 0.0
        many = [f"Câu {word}." for word in "một hai ba bốn năm sáu bảy tám chín mười".split()] * 12
        speak.speak(many, VOICE)
        together = [text for text in server.asked if text.count(".") > 1]
        assert len(together) == 4
        assert len(group_texts(many, 100)) == 11
        assert len(server.asked) == 4 + 10

    def test_a_fault_is_mended_by_asking_alone(self, server: Server) -> None:
        server.silent_on = TEXTS[5]
        texts = [TEXTS[0], TEXTS[5]]
        spoken = speak.speak(texts, VOICE)
        assert server.asked[0] == " ".join(texts)
        assert server.asked[1:] in ([TEXTS[5]], texts)
        assert len(spoken[1].samples) > RATE

    def test_marks_go_with_their_texts(self, server: Server) -> None:
        first, second = speak.speak(TEXTS[3:5], VOICE)
        assert server.asked == [" ".join(TEXTS[3:5])]
        assert [mark.position for mark in first.marks] == [0]
        assert first.marks[0].sample == 0
        assert second.marks == ()
        first, second, third = speak.speak(TEXTS[2:5], VOICE)
        assert [mark.position for mark in second.marks] == [55 - len(TEXTS[2]) - 1]
        assert third.marks == ()
