"""An engine is used by one thread at a time, whoever asks it."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from audiobook import engines
from audiobook.app.hearing import hear
from audiobook.app.voices import check_voice
from audiobook.engines.tone import Tone
from audiobook.model import Voice
from audiobook.speech.speak import speak

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobook.model import Audio, Job

VOICE = Voice(name="tone", engine="tone")


@pytest.fixture
def most_at_once(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Return a function that tells how many threads at most were in the engine at once."""
    say = Tone.say
    inside: list[int] = []
    counts = [0]

    def slow_say(self: Tone, texts: Sequence[str], voice: Voice) -> list[Audio]:
        inside.append(0)
        counts.append(len(inside))
        time.sleep(0.02)
        inside.pop()
        return say(self, texts, voice)

    monkeypatch.setattr(Tone, "say", slow_say)
    return lambda: max(counts)


def test_two_threads_speak_in_turn(
    most_at_once: Callable[[], int], make_job: Callable[..., Job]
) -> None:
    job = make_job("Một câu.")
    asked: list[Callable[[], object]] = [
        lambda: speak(["Một câu."], VOICE),
        lambda: hear(job, "Hai câu."),
        lambda: hear(job, "Ba câu."),
        lambda: check_voice(VOICE),
    ]
    with ThreadPoolExecutor(len(asked)) as pool:
        for answer in [pool.submit(question) for question in asked]:
            answer.result()
    assert most_at_once() == 1


def test_a_turn_of_several_engines_never_waits_for_itself() -> None:
    other = Voice(name="other", engine="espeak")
    barrier = threading.Barrier(2)

    def take_turns(voices: list[Voice]) -> None:
        barrier.wait(5)
        for _ in range(200):
            with engines.turn(voices), engines.turn(voices[:1]):
                pass

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(take_turns, voices) for voices in ([VOICE, other], [other, VOICE])]
        for answer in both:
            answer.result(10)
