"""Ten times as much takes about ten times as long, and never its square, in every stage.

Quick samples of what bench/bounds.py measures at the size of books.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from clock import cpu_seconds

from audiobook.config import load_voice
from audiobook.model import (
    Book,
    Cast,
    Chapter,
    Cue,
    Document,
    Meta,
    Paragraph,
    RecordedBook,
    RecordedPassage,
    Sound,
    Teaching,
    Timing,
)
from audiobook.outputs import load, mp3, transcripts
from audiobook.podcast import cutting, pages, volumes
from audiobook.podcast.division import Division, divide
from audiobook.podcast.model import Addresses, Library
from audiobook.stages import chapters, readers, tidy
from audiobook.stages.bind import bind
from audiobook.stages.script import write_passages
from audiobook.vietnamese import Lexicon

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORDS = "gió thổi qua làng con đò nhỏ nằm im bên bến chờ khách sang sông từ sáng sớm".split()
LONG = 50_000
"""Characters of one sentence."""


def seconds(work: Callable[[], object]) -> float:
    """Return the processor's time that a work takes: of two attempts where it is short."""
    first = cpu_seconds(work)
    return first if first > 0.3 else min(first, cpu_seconds(work))


def grows_with(work: Callable[[int], object], size: int) -> bool:
    """Whether ten times the size takes far less than the hundred times of a square."""
    short = seconds(lambda: work(size))
    return seconds(lambda: work(10 * size)) <= max(40 * short, 0.2)


def of(*texts: str) -> Document:
    return Document(meta=Meta(), chapters=(Chapter("", tuple(map(Paragraph, texts))),))


def script(document: Document, lexicon: Lexicon | None = None) -> list[str]:
    """Return what is said, piece by piece."""
    cast = Cast(load_voice("hanoi"))
    return [
        piece
        for number, chapter in enumerate(document.chapters)
        for passage in write_passages(chapter, number, cast, lambda _: 500, lexicon or Lexicon())
        for utterance in passage.utterances
        for piece in utterance.spoken
    ]


def words(count: int) -> str:
    return " ".join(random.Random(count).choices(WORDS, k=count))


# --- one sentence without end -------------------------------------------------------------------


@pytest.mark.parametrize(
    "unit",
    ["chữ ", "chữ", "a, ", "12345", "((", "“a” ", "a\u0301\u0323\u0301\u0323", "&lt;", "[1]"],
)
def test_a_sentence_without_end(tmp_path: Path, unit: str) -> None:
    def whole(size: int) -> list[str]:
        path = tmp_path / "a.txt"
        path.write_text("Trời mưa. " + unit * (size // len(unit)), "utf-8")
        return script(chapters.divide(tidy.tidy(readers.read(str(path)))))

    assert grows_with(whole, LONG // 10)
    assert all(len(piece) <= 500 for piece in whole(LONG))


def test_marks_without_end() -> None:
    """Putting so many marks of one letter in order by exchanging neighbours would take seconds."""
    long = of("e" + "\u0323\u0301" * (LONG // 2) + "m")
    assert cpu_seconds(lambda: tidy.tidy(long)) < 1
    document = tidy.tidy(long)
    assert document.chapters[0].paragraphs[0].text.startswith("ẹ\u0323")


# --- many chapters ------------------------------------------------------------------------------

CHAPTERS = 1_500
SOUND = Sound(bitrate=16)
LENGTH = 4 * mp3.samples_per_frame(SOUND.rate)


def many(count: int) -> Document:
    """Return a book of so many chapters, not divided yet."""
    return of(*(text for n in range(count) for text in (f"Chương {n + 1}", f"Câu {n} ở đây.")))


def bound(count: int, path: Path) -> tuple[Book, list[Cue]]:
    """Bind a book of so many short chapters."""
    import numpy as np

    sound = mp3.encode(np.zeros(LENGTH, np.int16), SOUND.rate, SOUND.bitrate)
    timing = Timing(LENGTH, (Cue(0, LENGTH, "Một câu."),), -20.0, 2)
    recorded = RecordedBook(
        meta=Meta(title="Sách"),
        chapters=[Chapter(f"Chương {number}", (), 1 + number % 3) for number in range(count)],
        passages=[
            RecordedPassage(chapter=number, key="", timing=timing) for number in range(count)
        ],
        sound=SOUND,
        sound_of=lambda _: sound,
    )
    book = bind(recorded, mp3, path, "x")
    return book, [timing.cues[0].shifted(number * LENGTH) for number in range(count)]


def test_many_chapters_are_found() -> None:
    def divide(count: int) -> int:
        return len(chapters.divide(tidy.tidy(many(count))).chapters)

    assert grows_with(divide, CHAPTERS // 10)
    assert divide(CHAPTERS) == CHAPTERS


def test_many_chapters_are_bound_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    assert grows_with(lambda count: bound(count, path), CHAPTERS // 10)
    book, cues = bound(CHAPTERS, path)
    again = load("mp3").read_book(path, "x")
    assert again is not None
    assert len(again.chapters) == CHAPTERS

    def written(count: int) -> None:
        kept = book.chapters[:count]
        part = replace(book, chapters=kept, samples=kept[-1].end)
        for kind in transcripts.KINDS:
            transcripts.render(kind, part, cues[:count])

    assert grows_with(written, CHAPTERS // 10)


def test_many_chapters_in_a_podcast(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"

    def feed(count: int) -> int:
        bound(count, path)
        volume = volumes.with_cover_and_cues(volumes.read_volume(path))
        at = Addresses(media="a.mp3", cover="", vtt="", srt="", chapters="", feed="", page="a.html")
        page = pages.render_volume(Library(title="Tủ sách"), volume, at)
        return page.count("data-at")

    assert grows_with(feed, 200)
    bound(200, path)
    volume = volumes.with_cover_and_cues(volumes.read_volume(path))
    with cutting.open_sections(volume, divide(volume, Division.CHAPTERS)) as parts:
        assert sum(1 for _ in parts) == 200


# --- what the user taught -----------------------------------------------------------------------


@pytest.mark.parametrize("part", [False, True])
def test_1000_entries_cost_little_more_than_100(part: bool) -> None:
    text = of(words(4_000))

    def taught(count: int) -> Lexicon:
        made = [
            Teaching(written=f"{WORDS[n % 17]}{n}", spoken="đọc", case=n % 2 == 0, part=part)
            for n in range(count)
        ]
        return Lexicon([*made, Teaching(written="đò", spoken="ghe", part=part)])

    few = seconds(lambda: script(text, taught(100)))
    assert seconds(lambda: script(text, taught(1_000))) <= max(3 * few, 0.2)
    assert not [piece for piece in script(text, taught(1_000)) if "đò" in piece.split()]
