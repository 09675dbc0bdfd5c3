"""How long a book will be: near its real length at once, nearer after a build, then exact."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from audiobook.app.build import build
from audiobook.app.chapters import measure_chapters
from audiobook.app.lengths import count_syllables
from audiobook.app.planning import plan
from audiobook.config import load_voice
from audiobook.model import Cast, Kind
from audiobook.store.paces import PaceSums, keep_pace, read_pace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobook.model import Job

TEXT = """# Một

Ngày 2/9/2025, cô Hoa mang 24 quyển sách về thư viện của làng, rồi ngồi dưới gốc đa đọc cho \
chúng tôi nghe đến tận trưa. “Các em thích truyện nào?”, cô hỏi; không ai trả lời.

Trời nắng.

# Hai

Mùa mưa năm ấy, nước dâng lên tới tận chân đê lớn, cả làng thức suốt đêm để giữ. Nhanh lên! Sáng \
hôm sau trời lại nắng, và giá gạo lên 12.500 đồng một ki lô gam.
"""
DELAY = 1105 / 22_050 + 1e-6
"""Seconds of the first recording that players leave out, because the encoder adds them."""
OTHER = "# Ba\n\nĐêm ấy, gió nổi lên từ phía sông; người lái đò già, một mình, ngồi nghe. " * 2


def with_voice(job: Job, name: str, **changes: Any) -> Job:
    return replace(job, cast=Cast(replace(load_voice(name), **changes)))


@pytest.mark.parametrize("name", ["hanoi", "hue", "saigon", "tone"])
def test_a_book_is_estimated(make_job: Callable[..., Job], name: str) -> None:
    job = with_voice(make_job(TEXT), name)
    at_first = plan(job)
    chapters = [chapter.seconds for chapter in measure_chapters(job)]
    assert [chapter.seconds for chapter in at_first.chapters] == pytest.approx(chapters, rel=0.01)
    book = build(job)
    assert at_first.seconds == pytest.approx(book.seconds, rel=0.05)
    # What is recorded is known to the sample, and so is each chapter.
    at_last = plan(job)
    assert at_last.recorded == at_last.passages
    assert at_last.seconds == pytest.approx(book.seconds, abs=DELAY)
    real = [(chapter.end - chapter.start) / book.rate for chapter in book.chapters]
    assert [chapter.seconds for chapter in at_last.chapters] == pytest.approx(real, abs=DELAY)


def test_a_book_of_several_voices_is_estimated(make_job: Callable[..., Job]) -> None:
    job = make_job(TEXT)
    roles = ((Kind.HEADING, load_voice("saigon")),)
    job = replace(job, cast=Cast(load_voice("hanoi"), roles))
    at_first = plan(job)
    assert at_first.recorded == 0
    assert at_first.seconds == pytest.approx(build(job).seconds, rel=0.05)


@pytest.mark.parametrize("speed", [1.0, 1.25])
def test_a_voice_of_which_nothing_is_known_is_learnt(
    make_job: Callable[..., Job], speed: float
) -> None:
    """The voice file is far from the truth; a build of one text tells how long another will be."""
    wrong = {"syllable": 0.3, "breath": 0.3}
    text = "# Một\n" + "".join(
        f"\nNgười thứ {number} đi qua cầu{', rồi dừng lại nghe gió' * (number % 4)}.\n"
        for number in range(60)
    )
    before = plan(with_voice(make_job(OTHER), "tone", **wrong)).seconds
    build(with_voice(make_job(text), "tone", speed=speed, **wrong))
    other = with_voice(make_job(OTHER), "tone", **wrong)
    after = plan(other).seconds
    real = build(other).seconds
    assert abs(after - real) < abs(before - real) / 4
    assert after == pytest.approx(real, rel=0.12)


def test_a_note_holds_no_text_and_one_voice(make_job: Callable[..., Job]) -> None:
    job = with_voice(make_job(TEXT), "tone")
    build(job)
    (note,) = (job.cache / "paces").iterdir()
    assert note.stat().st_size < 1000
    words = json.loads(note.read_text("utf-8"))
    assert all(isinstance(value, float) for value in words["sums"])
    assert "gạo" not in note.read_text("utf-8")


def test_an_unwritable_note_fails_no_build(make_job: Callable[..., Job]) -> None:
    job = with_voice(make_job(TEXT), "tone")
    job.cache.mkdir(parents=True, exist_ok=True)
    (job.cache / "paces").write_text("a file in the way")
    assert build(job).seconds > 0


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"format":1,"of":["a"],"sums":[1e999,1,1,1,1]}', b"\xff"]
)
def test_a_damaged_note_is_none(tmp_path: Path, content: bytes) -> None:
    keep_pace(tmp_path, "a", ["a"], PaceSums.of(10, 1, 2.0))
    assert read_pace(tmp_path, "a", ["a"]) == PaceSums.of(10, 1, 2.0)
    assert read_pace(tmp_path, "a", ["another version"]) == PaceSums()
    (tmp_path / "paces" / "a.json").write_bytes(content)
    assert read_pace(tmp_path, "a", ["a"]) == PaceSums()


def test_sums_stay_bounded() -> None:
    """A voice that changes is followed, however much it has said before."""
    sums = PaceSums()
    for _ in range(1000):
        sums = (sums + PaceSums.of(400, 40, 400 * 0.2 + 40 * 0.1)).aged()
    assert sums.syllables <= 50_000
    assert seconds_of(sums, 0.3, 0.0) == pytest.approx(84, rel=0.01)
    for _ in range(1000):
        sums = (sums + PaceSums.of(400, 40, 400 * 0.3 + 40 * 0.1)).aged()
    assert seconds_of(sums, 0.2, 0.1) == pytest.approx(124, rel=0.01)


def seconds_of(sums: PaceSums, syllable: float, mark: float) -> float:
    """Return how long 400 syllables and 40 marks are expected to last."""
    syllable, mark = sums.fit(syllable, mark)
    return 400 * syllable + 40 * mark


@pytest.mark.parametrize(
    ("text", "language", "syllables"),
    [
        ("Nghiêng mình, cô hỏi.", "vi", 4),
        ("Internationalization thì dài.", "vi", 8),
        ("– … !", "vi", 0),
        ("In the morning", "en", 4),
    ],
)
def test_syllables(text: str, language: str, syllables: int) -> None:
    assert count_syllables(text, language) == syllables
