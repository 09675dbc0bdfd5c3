"""Small books of tones, in every format."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from audiobook.model import Book, Chapter, Cue, Meta, RecordedBook, RecordedPassage, Sound, Timing
from audiobook.outputs import SoundFormat, load_sound, m4b, mp3, opus
from audiobook.stages.bind import bind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

# That they are modules which keep the promise, mypy sees here.
FORMATS: tuple[SoundFormat, ...] = (mp3, m4b, opus)
NAMES = tuple(form.NAME for form in FORMATS)
TITLES = ["Chương 1: “Đêm”", "Chương 2 — Ngõ nhỏ 😀", "漢字 và chữ"]
ONSET, TONE = 0.25, 0.3


def sound_of(name: str, rate: int = 22050) -> Sound:
    return Sound(rate=rate, bitrate=load_sound(name).BITRATE, format=name)


def tone(form: SoundFormat, rate: int, seconds: float, pitch: float = 700) -> NDArray[np.int16]:
    """Return a passage with a tone that begins and ends at once, a quarter of a second in."""
    samples = np.zeros(
        form.whole_frames(int(seconds * rate) + form.silent_tail(rate), rate), np.int16
    )
    time = np.arange(int(TONE * rate)) / rate
    start = int(ONSET * rate)
    samples[start : start + len(time)] = 12000 * np.cos(2 * np.pi * pitch * time)
    return samples


@cache
def recorded(name: str, rate: int, seconds: float, pitch: float = 700) -> tuple[bytes, int]:
    """Return a passage as it is kept, and its length."""
    form, sound = load_sound(name), sound_of(name, rate)
    samples = tone(form, rate, seconds, pitch)
    return form.encode(samples, rate, sound.bitrate), len(samples)


def recorded_book(
    name: str,
    titles: Sequence[str],
    lengths: Sequence[float],
    meta: Meta | None = None,
    rate: int = 22050,
    per_chapter: int = 1,
) -> RecordedBook:
    """Return a book of passages that last so many seconds, with one sentence each."""
    passages, sounds = [], {}
    for number, seconds in enumerate(lengths):
        sounds[str(number)], length = recorded(name, rate, seconds)
        start = int(ONSET * rate)
        cues = (Cue(start, start + int(TONE * rate), f"Câu {number}."),)
        timing = Timing(length, cues, -20.0, 6)
        passages.append(
            RecordedPassage(chapter=number // per_chapter, key=str(number), timing=timing)
        )
    return RecordedBook(
        meta=meta or Meta(title="Sách", language="vi"),
        chapters=[Chapter(title, ()) for title in titles],
        passages=passages,
        sound=sound_of(name, rate),
        sound_of=sounds.__getitem__,
    )


def book_of(
    name: str,
    path: Path,
    titles: Sequence[str],
    lengths: Sequence[float],
    meta: Meta | None = None,
    rate: int = 22050,
    order: str = "order",
) -> Book:
    form = load_sound(name)
    whole = recorded_book(name, titles, lengths, meta, rate)
    return bind(whole, form, path / f"b{form.SUFFIX}", order)
