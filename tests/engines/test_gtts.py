"""Google's voice: the real client against a stand-in for Google, over real connections."""

from __future__ import annotations

import pickle
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import numpy as np
import pytest
from contract import LONG, SHORT, EngineContract
from stand_in import (
    RATE,
    SAMPLES_PER_CHARACTER,
    Answer,
    Asked,
    Google,
    Http,
    answer_with,
    break_off,
    drop,
    hang,
    hurry,
    refuse,
    say_nothing,
    speak,
)

from audiobook.app import build, preparing
from audiobook.config import load_voice
from audiobook.engines import gtts as module
from audiobook.engines.gtts import Gtts
from audiobook.engines.pacing import Pacer
from audiobook.errors import EngineError, OutputError, UsageError, VoiceError
from audiobook.model import Job, Voice
from audiobook.speech.speak import speak as speak_texts
from audiobook.stages.script import write_passages
from audiobook.vietnamese import Lexicon, pack_clauses

STORY = (
    "Ngày xưa, ở một làng nọ, có hai vợ chồng già; họ hiền lành, chăm chỉ, nhưng nghèo lắm. "
    "“Trời ơi!”, bà lão than: “Bao giờ mình mới hết khổ?” Ông lão chỉ cười, chẳng nói gì…"
)
# Two requests a chapter or more; one passage each.
BOOK = """\
Chương 1

Sáng hôm ấy, khi mặt trời vừa ló khỏi rặng tre đầu làng, cô giáo trẻ đã đứng đợi ở bến đò.

Chương 2

Con đò nhỏ chở sáu đứa học trò, sách vở gói trong lá chuối, cười nói vang cả khúc sông.

Chương 3

Buổi trưa, cả lớp ra biển nhặt vỏ ốc, đứa nào cũng đen nhẻm, tóc khét mùi nắng.

Chương 4

Chiều xuống, khói bếp bay lên từ cánh rừng xa, ai nấy lại lục tục kéo nhau ra về.
"""
BUILD = """
import pickle, sys
from audiobook.app.build import build
build(pickle.load(sys.stdin.buffer), lambda event: print(type(event).__name__, flush=True))
"""


@pytest.fixture
def google(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    with Google(tmp_path) as google:
        google.lead_here(monkeypatch)
        yield google


@pytest.fixture
def voice() -> Voice:
    """Google's voice, one request after the other."""
    return replace(load_voice("google"), concurrency=1)


@pytest.fixture
def engine(google: Google, monkeypatch: pytest.MonkeyPatch) -> Gtts:
    """An engine in a hurry, led to the stand-in."""
    del google
    hurry(monkeypatch)
    monkeypatch.setattr(Gtts, "interval", 0.0005)
    return Gtts()


class TestGtts(EngineContract):
    name = "gtts"
    voice_name = "google"

    @pytest.fixture
    def engine(self, engine: Gtts) -> Gtts:
        return engine


class TestAsking:
    def test_pieces_arrive_whole(self, engine: Gtts, google: Google, voice: Voice) -> None:
        pieces = pack_clauses(STORY, engine.limit)
        spoken = engine.say(pieces, voice)
        assert google.texts == pieces
        assert " ".join(google.texts) == STORY
        assert {asked.language for asked in google.asked} == {"vi"}
        for language in ("en", "fr"):
            engine.say(["A"], replace(voice, language=language))
            assert google.asked[-1].language == language
        for piece, audio in zip(pieces, spoken, strict=True):
            # MP3 brings its delay and fills up its last frame.
            assert 0 <= len(audio.samples) - len(piece) * SAMPLES_PER_CHARACTER < 3_500

    def test_sound_comes_at_the_rate_of_the_voice(self, engine: Gtts, voice: Voice) -> None:
        (usual,) = engine.say([SHORT], voice)
        (lower,) = engine.say([SHORT], replace(voice, rate=16_000))
        assert lower.rate == 16_000
        assert len(lower.samples) == pytest.approx(len(usual.samples) * 16_000 / RATE, abs=2)
        assert _pitch(usual.samples, RATE) == pytest.approx(300, abs=5)
        assert _pitch(lower.samples, 16_000) == pytest.approx(300, abs=5)

    def test_several_are_asked_for_at_once(
        self, engine: Gtts, google: Google, voice: Voice
    ) -> None:
        together = threading.Barrier(4, timeout=10)

        def wait_for_the_others(http: Http, asked: Asked) -> None:
            together.wait()
            speak(http, asked)

        google.script += [wait_for_the_others] * 4
        texts = [f"{SHORT} {'Và thêm nữa. ' * number}" for number in range(4)]
        spoken = engine.say(texts, replace(voice, concurrency=4))
        lengths = [len(audio.samples) for audio in spoken]
        assert lengths == sorted(lengths)
        assert lengths[0] < lengths[-1]

    def test_its_one_speed_is_changed_here(self, google: Google, voice: Voice) -> None:
        (usual,) = speak_texts([LONG], voice)
        (faster,) = speak_texts([LONG], replace(voice, speed=1.25))
        assert google.texts == [LONG], "it is asked for once"
        assert not google.asked[0].slow
        assert len(faster.samples) == pytest.approx(len(usual.samples) / 1.25, rel=0.01)

    def test_longer_text_is_refused_unasked(
        self, engine: Gtts, google: Google, voice: Voice
    ) -> None:
        with pytest.raises(EngineError, match="takes 100 characters, not the 101"):
            engine.say(["x" * 101], voice)
        assert not google.asked

    @pytest.mark.parametrize("tld", ["", "xyz", "com@127.0.0.1", "com/../..", "COM"])
    def test_other_hosts_are_refused_unasked(
        self, engine: Gtts, google: Google, voice: Voice, tld: str
    ) -> None:
        with pytest.raises(VoiceError, match=r"model is one of com, com\.vn"):
            engine.say([SHORT], replace(voice, model=tld))
        assert not google.asked


class TestTrust:
    """gTTS tells requests not to verify certificates; they are verified all the same."""

    def test_an_unknown_certificate_is_refused(
        self, engine: Gtts, google: Google, voice: Voice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            monkeypatch.delenv(name, raising=False)
        with pytest.raises(EngineError, match=r"another server answers .* SSL_CERT_FILE"):
            engine.say([SHORT], voice)
        assert not google.asked
        assert google.tunnels == 1

    def test_a_certificate_of_another_name_is_refused(
        self, engine: Gtts, google: Google, voice: Voice
    ) -> None:
        with pytest.raises(EngineError, match=r"not valid for 'translate\.google\.fr'"):
            engine.say([SHORT], replace(voice, model="fr"))
        assert not google.asked

    def test_certificates_are_read_once_for_all_texts(
        self, engine: Gtts, google: Google, voice: Voice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        engine.say([SHORT], voice)
        monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", None)
        engine.say([LONG], voice)
        assert len(google.asked) == 2

    def test_a_missing_certificate_file_is_an_error(
        self, engine: Gtts, google: Google, voice: Voice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/certificate.pem")
        with pytest.raises(UsageError, match=r"/nowhere/certificate\.pem"):
            engine.say([SHORT], voice)
        assert not google.asked


class TestFailures:
    @pytest.mark.parametrize(
        "failure",
        [
            pytest.param(refuse(429), id="429"),
            pytest.param(refuse(429, "soon"), id="429, Retry-After: soon"),
            pytest.param(refuse(429, "0"), id="429, Retry-After: 0"),
            pytest.param(refuse(408), id="408"),
            pytest.param(refuse(500), id="500"),
            pytest.param(refuse(503), id="503"),
            pytest.param(drop, id="connection dropped"),
            pytest.param(break_off, id="answer broken off"),
            pytest.param(say_nothing, id="no sound"),
            pytest.param(answer_with(""), id="nothing"),
        ],
    )
    def test_what_passes_is_tried_again(
        self, engine: Gtts, google: Google, voice: Voice, failure: Answer
    ) -> None:
        google.script += [failure, failure]
        short, long = engine.say([SHORT, LONG], voice)
        assert google.texts == [SHORT, SHORT, SHORT, LONG]
        assert len(long.samples) > len(short.samples)

    def test_no_answer_is_not_waited_for(
        self, engine: Gtts, google: Google, voice: Voice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "_TIME_OUT", 0.5)
        google.script.append(hang)
        started = time.monotonic()
        engine.say([SHORT], voice)
        assert google.texts == [SHORT, SHORT]
        assert 0.5 <= time.monotonic() - started < 5

    @pytest.mark.parametrize(
        ("failure", "message"),
        [
            (refuse(429), "429 Too Many Requests"),
            (refuse(503), "503 Service Unavailable"),
            (drop, "no connection"),
            (hang, "timed out"),
        ],
        ids=["429", "503", "drop", "hang"],
    )
    def test_ten_failures_are_enough(
        self,
        engine: Gtts,
        google: Google,
        voice: Voice,
        failure: Answer,
        message: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(module, "_TIME_OUT", 0.2 if failure is hang else 5.0)
        google.script += [failure] * 10
        with pytest.raises(EngineError) as caught:
            engine.say([SHORT], voice)
        assert google.texts == [SHORT] * 10
        assert "did not answer 10 times" in caught.value.what
        assert message in caught.value.what
        assert "goes on where it stopped" in caught.value.remedy

    @pytest.mark.parametrize("status", [400, 401, 403, 404])
    def test_a_refusal_is_final(
        self, engine: Gtts, google: Google, voice: Voice, status: int
    ) -> None:
        google.script.append(refuse(status))
        with pytest.raises(EngineError) as caught:
            engine.say([SHORT, LONG], voice)
        assert google.texts == [SHORT]
        assert f"refused ({status}" in caught.value.what
        assert "offline voice" in caught.value.remedy

    @pytest.mark.parametrize(
        ("answer", "times"),
        [
            pytest.param(say_nothing, 3, id="Google's no"),
            pytest.param(answer_with(""), 3, id="nothing"),
            pytest.param(answer_with("<html>Welcome to Hotel Hạ Long</html>"), 3, id="a hotel"),
            pytest.param(answer_with('jQ1olc","[\\"bm90IHNvdW5k\\"]'), 1, id="not sound"),
            pytest.param(answer_with('jQ1olc","[\\"abc\\"]'), 1, id="not base64"),
            pytest.param(answer_with('jQ1olc","[\\"â\\"]'), 1, id="not ASCII"),
        ],
    )
    def test_an_answer_without_sound_is_never_silence(
        self, engine: Gtts, google: Google, voice: Voice, answer: Answer, times: int
    ) -> None:
        google.script += [answer] * times
        with pytest.raises(EngineError) as caught:
            engine.say([SHORT], voice)
        assert google.texts == [SHORT] * times
        assert "\n" not in str(caught.value)

    def test_no_network_is_an_error_in_one_line(
        self, engine: Gtts, voice: Voice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        with pytest.raises(EngineError, match="refused") as caught:
            engine.say([SHORT], voice)
        assert len(str(caught.value)) < 250

    def test_a_cache_folder_that_cannot_be_used_is_an_error(
        self, google: Google, voice: Voice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("AUDIOBOOK_CACHE", str(tmp_path / "file"))
        with pytest.raises(OutputError, match="AUDIOBOOK_CACHE"):
            Gtts().say([SHORT], voice)
        assert not google.asked


class TestPatience:
    @pytest.mark.parametrize("said_as", ["seconds", "date"])
    def test_everyone_waits_as_long_as_google_says(
        self,
        engine: Gtts,
        google: Google,
        voice: Voice,
        monkeypatch: pytest.MonkeyPatch,
        said_as: str,
    ) -> None:
        """From when the refusal is noted, nobody has a turn before the moment that it names."""
        texts = [[f"Câu số {number} của {name}." for number in range(5)] for name in ("Mai", "Lan")]
        date = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
        google.script.append(
            refuse(429, "1" if said_as == "seconds" else format_datetime(date, True))
        )
        turns, noting = watch_the_pace(monkeypatch)
        # Each with its own lock on the pace, as in two processes.
        others = [
            threading.Thread(target=someone.say, args=(own_texts, voice))
            for someone, own_texts in zip((engine, Gtts()), texts, strict=True)
        ]
        for other in others:
            other.start()
        for other in others:
            other.join()
        began, noted = noting
        until = began + 1 if said_as == "seconds" else date.timestamp()
        assert not [turn for turn in turns if noted < turn < until - 0.02]
        assert max(turns) < until + 6
        assert Counter(google.texts) == Counter(sum(texts, [google.asked[0].text]))


def watch_the_pace(monkeypatch: pytest.MonkeyPatch) -> tuple[list[float], list[float]]:
    """Return lists that fill: the moments of all turns, and when noting a refusal began and ended.

    All are seconds since the epoch, as those of the pace.
    """
    turns: list[float] = []
    noting: list[float] = []
    wait_for_turn, slow_down = Pacer.wait_for_turn, Pacer.slow_down

    def wait(pacer: Pacer) -> float:
        turns.append(turn := wait_for_turn(pacer))
        return turn

    def note(pacer: Pacer, turn: float, retry_after: float | None, reason: str) -> None:
        noting.append(time.time())
        slow_down(pacer, turn, retry_after, reason)
        noting.append(time.time())

    monkeypatch.setattr(Pacer, "wait_for_turn", wait)
    monkeypatch.setattr(Pacer, "slow_down", note)
    return turns, noting


class TestBook:
    def test_asks_for_every_piece_once(self, google: Google, make_job: Callable[..., Job]) -> None:
        job = make_job(BOOK, voice="google")
        book = build.build(job)
        assert job.workers == 2
        assert Counter(google.texts) == Counter(_pieces(job))
        assert max(Counter(google.texts).values()) == 1
        assert book.path.stat().st_size > 10_000
        heard = sum(map(len, google.texts)) * SAMPLES_PER_CHARACTER
        assert book.samples > 0.9 * heard
        assert [chapter.title for chapter in book.chapters] == [f"Chương {n}" for n in range(1, 5)]

        build.build(job)
        assert len(google.asked) == len(_pieces(job)), "all was there"

    def test_killed_and_run_again_asks_for_the_rest(
        self, google: Google, make_job: Callable[..., Job]
    ) -> None:
        job = make_job(BOOK, voice="google")
        # Nothing is on its way when the build is killed, or it would come again.
        google.silent_on = tuple(_pieces(job, 2, 3))
        delivered: list[str] = []
        google.when_spoken = delivered.append
        with subprocess.Popen(
            [sys.executable, "-c", BUILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as first:
            assert first.stdin is not None
            assert first.stdout is not None
            first.stdin.write(pickle.dumps(job))
            first.stdin.close()
            events = [first.stdout.readline() for _ in range(3)]
            first.kill()
        assert events == [b"Started\n", b"Progress\n", b"Progress\n"]

        kept = set(delivered)
        assert set(_pieces(job, 0, 1)) <= kept
        google.silent_on = ()
        build.build(job)
        assert Counter(delivered) == Counter(_pieces(job)), "nothing was delivered twice"
        assert kept < set(delivered)


def _pieces(job: Job, *chapters: int) -> list[str]:
    """Return what is asked for in some chapters of a book, or in all."""
    document = preparing.prepare(job)
    last = len(document.chapters) - 1
    return [
        piece
        for number in chapters or range(last + 1)
        for passage in write_passages(
            document.chapters[number],
            number,
            job.cast,
            lambda _voice: Gtts.limit,
            Lexicon(),
            last=number == last,
        )
        for utterance in passage.utterances
        for piece in utterance.spoken
    ]


def _pitch(samples: np.ndarray[tuple[int], np.dtype[np.int16]], rate: int) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * rate / len(samples))
