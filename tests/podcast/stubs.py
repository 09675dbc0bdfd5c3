"""Small books, bound as the program binds them, and libraries of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from audiobook.model import Chapter, Cue, Meta, RecordedBook, RecordedPassage, Sound, Timing
from audiobook.outputs import mp3
from audiobook.stages.bind import bind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audiobook.model import Book

SOUND = Sound()
FRAME = mp3.samples_per_frame(SOUND.rate)
SENTENCES = (
    "Đây là câu đầu tiên của chương.",
    "Câu thứ hai dài hơn một chút, để ngắt dòng cho gọn.",
)


@cache
def frames(count: int, pitch: int) -> bytes:
    """Return a number of MP3 frames of a tone."""
    time = np.arange(count * FRAME) / SOUND.rate
    tone = (8000 * np.sin(2 * np.pi * pitch * time)).astype(np.int16)
    tone[-mp3.TAIL :] = 0
    return mp3.encode(tone, SOUND.rate, SOUND.bitrate)


def give_artwork(library: Path) -> None:
    """Give a library a picture: every process that serves it would draw one, which takes long."""
    Image.new("RGB", (1400, 1400), "navy").save(library / "bia.jpg")
    (library / "library.toml").write_text('artwork = "bia.jpg"\n', "utf-8")


def make_book(
    path: Path,
    meta: Meta,
    titles: Sequence[str] = ("Một",),
    *,
    sentences: Sequence[str] = SENTENCES,
    length: int = 40,
    version: int = 0,
) -> Book:
    """Bind a book with a tone of its own in each chapter.

    Args:
        path: the path of the book.
        meta: its metadata.
        titles: the titles of its chapters; two spaces before a title put it a level deeper.
        sentences: the sentences of each chapter, spread evenly over its length.
        length: the length of each chapter in frames.
        version: books of different versions have different sound.
    """
    samples = length * FRAME
    step = samples // max(1, len(sentences))
    cues = tuple(
        Cue(index * step, (index + 1) * step - 200, text) for index, text in enumerate(sentences)
    )
    sounds = {
        str(number): frames(length, 220 + 20 * (number % 9) + version)
        for number in range(len(titles))
    }
    timing = Timing(samples, cues, -20.0, 6)
    chapters = [
        Chapter(title.strip(" "), (), 1 + (len(title) - len(title.lstrip(" "))) // 2)
        for title in titles
    ]
    recorded = RecordedBook(
        meta=meta,
        chapters=chapters,
        passages=[
            RecordedPassage(chapter=number, key=str(number), timing=timing)
            for number in range(len(titles))
        ],
        sound=SOUND,
        sound_of=sounds.__getitem__,
    )
    return bind(recorded, mp3, path, f"order{version}")
