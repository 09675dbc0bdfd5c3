"""The work of an audit grows with the book, and not with its square."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from clock import cpu_seconds
from finished import good_book

from audiobook.audit import hearing, listening
from audiobook.audit.measured import MeasuredSound
from audiobook.audit.types import FileChapter, SyncedSentence

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return good_book(tmp_path_factory.mktemp("book"))


def test_chapters(book: Path) -> None:
    seconds = listening.listen(book, 22_050, ()).seconds

    def measure(count: int) -> float:
        step = seconds / count
        chapters = [
            FileChapter(title="", start=number * step, end=(number + 1) * step)
            for number in range(count)
        ]
        return cpu_seconds(lambda: listening.listen(book, 22_050, chapters))

    alone = measure(1)
    assert measure(4_000) - alone < 8 * (measure(1_000) - alone)


def test_peaks_of_chapters_are_their_own(book: Path) -> None:
    """Each chapter has the true peak of its own sound, however they lie."""
    whole = listening.listen(book, 22_050, ())
    half = whole.seconds / 2
    chapters = [
        FileChapter(title="", start=0, end=half),
        FileChapter(title="", start=half, end=whole.seconds),
        FileChapter(title="", start=0, end=whole.seconds),
        FileChapter(title="", start=whole.seconds + 5, end=whole.seconds + 9),
    ]
    first, second, both, none = listening.listen(book, 22_050, chapters).chapter_levels
    assert max(first.true_peak, second.true_peak) == pytest.approx(both.true_peak)
    assert both.true_peak == pytest.approx(whole.level.true_peak)
    assert none.true_peak == float("-inf")


def test_chapters_over_one_another(book: Path) -> None:
    """A damaged file may list thousands that all last as long as the book."""
    seconds = listening.listen(book, 22_050, ()).seconds
    chapter = FileChapter(title="", start=0, end=seconds)
    levels = listening.listen(book, 22_050, [chapter] * 40).chapter_levels
    assert len(levels) == 40
    assert levels[0].loudness == levels[9].loudness > -30
    assert levels[-1].loudness == float("-inf")

    def measure(count: int) -> float:
        return cpu_seconds(lambda: listening.listen(book, 22_050, [chapter] * count))

    assert measure(4_000) < 2 * measure(40)


def test_sentences_are_heard_where_windows_are_loud() -> None:
    """Stretches of sound tell the same as every window does."""
    rng = np.random.default_rng(5)
    for _ in range(50):
        silent = rng.random(400) < rng.choice([0.1, 0.5, 0.9])
        runs = hearing.stretches(~silent)
        rebuilt = np.zeros(400, bool)
        for start, end in runs:
            rebuilt[start:end] = True
        assert (rebuilt == ~silent).all()
        starts = np.sort(rng.choice(400, 6, replace=False)) * 0.005
        cues = [SyncedSentence(float(start), "câu này") for start in starts]
        heard = list(hearing.place_sentences(cues, silent, sound_of(silent)))
        assert len(heard) == 6
        for sentence in heard:
            assert sentence.first == sentence.last or not silent[round(sentence.first / 0.005)]


def sound_of(silent: np.ndarray) -> MeasuredSound:
    from audiobook.audit.measured import Level

    level = Level(loudness=-16, true_peak=-2, peak=-2, rms=-20, floor=-60)
    return MeasuredSound(
        seconds=len(silent) * 0.005,
        samples=len(silent) * 110,
        level=level,
        chapter_levels=(),
        clipped=(),
        peaks=np.where(silent, 0, 1000).astype(np.uint16),
        window=0.005,
        short_term=np.zeros(0),
        audible=100,
        complaints=(),
    )
