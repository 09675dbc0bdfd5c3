"""WAV: the sound of timed subtitles, as plain samples."""

from __future__ import annotations

import wave
from dataclasses import replace
from pathlib import Path

import mutagen
import numpy as np
import pytest
from tones import ONSET, recorded_book

from audiobook import outputs
from audiobook.app.converting import Conversion, convert
from audiobook.app.retagging import Changes, retag
from audiobook.audit import audit
from audiobook.audit.contents import read_contents
from audiobook.errors import OutputError, SourceError, UsageError
from audiobook.model import Book, Meta
from audiobook.outputs import SoundFormat, wav
from audiobook.stages.bind import bind, write

FORM: SoundFormat = wav
META = Meta(title="Mùa nước nổi", author="An", language="vi")


def made(path: Path) -> Book:
    return bind(
        recorded_book("wav", ["Phim"], [1.0, 0.75], META, per_chapter=2), FORM, path, "mark"
    )


def test_every_sample_is_there_and_python_reads_it(tmp_path: Path) -> None:
    book = made(tmp_path / "phim.wav")
    with wave.open(str(book.path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, book.rate)
        sound = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    assert len(sound) == book.samples == 22050 + int(0.75 * 22050)
    first = np.flatnonzero(np.abs(sound.astype(int)) > 5000)[0]
    assert first == int(ONSET * book.rate)
    assert mutagen.File(book.path).info.length == pytest.approx(1.75, abs=1e-3)


def test_what_it_says_of_itself_is_read_again(tmp_path: Path) -> None:
    book = made(tmp_path / "phim.wav")
    again = wav.read_book(book.path, "mark")
    assert again is not None
    assert (again.meta.title, again.samples, again.sentences) == ("Mùa nước nổi", book.samples, 2)
    assert wav.read_book(book.path, "other") is None
    assert wav.read_fingerprint(book.path) == "mark"


@pytest.mark.parametrize("size", [0, 3, 11, 30, 60])
def test_a_file_that_is_cut_off_is_not_ours(size: int, tmp_path: Path) -> None:
    book = made(tmp_path / "phim.wav")
    book.path.write_bytes(book.path.read_bytes()[:size])
    assert wav.read_fingerprint(book.path) == ""
    assert wav.read_book(book.path, "mark") is None


def test_more_than_wav_can_hold_is_refused_before_it_is_written(tmp_path: Path) -> None:
    recorded = recorded_book("wav", ["Phim"], [0.75], META)
    book = made(tmp_path / "phim.wav")
    with pytest.raises(OutputError, match="4 GB"):
        write(replace(book, samples=1 << 31), recorded, FORM, "mark")


def test_it_has_no_bit_rate_and_no_chapters() -> None:
    with pytest.raises(UsageError):
        wav.check(22050, 64)
    with pytest.raises(UsageError):
        wav.check(22050, 0, vbr=4)
    assert "wav" not in outputs.FORMATS + outputs.SOUND_FORMATS
    assert "wav" in outputs.TIMED_FORMATS


def test_it_is_told_checked_and_converted(tmp_path: Path) -> None:
    book = made(tmp_path / "phim.wav")
    contents = read_contents(book.path)
    assert (contents.format, contents.title, contents.author) == ("wav", META.title, META.author)
    assert (contents.samples, contents.rate) == (book.samples, book.rate)
    # Nobody wants chapters, a cover or synced text of a film's sound, which is silent for minutes.
    quiet = tmp_path / "im.wav"
    recorded = recorded_book("wav", ["Phim"], [1.0, 30.0], META, per_chapter=2)
    for path in (book.path, bind(recorded, FORM, quiet, "mark").path):
        assert {finding.rule for finding in audit(path).findings} <= {"loudness"}
    path = tmp_path / "phim.mp3"
    conversion = Conversion(source=book.path, path=path, format="mp3", cache=tmp_path / "cache")
    assert convert(conversion).book.seconds == pytest.approx(1.75, abs=0.06)
    assert read_contents(path).title == META.title
    with pytest.raises(SourceError, match=r"cannot be changed: .*: convert it"):
        retag(book.path, Changes(texts={"title": "Khác"}))


def test_one_that_is_cut_off_is_told_and_not_converted(tmp_path: Path) -> None:
    path = made(tmp_path / "phim.wav").path
    path.write_bytes(path.read_bytes()[:3000])
    assert "length" in {finding.rule for finding in audit(path).findings}
    conversion = Conversion(
        source=path, path=tmp_path / "phim.mp3", format="mp3", cache=tmp_path / "cache"
    )
    with pytest.raises(SourceError, match=r"1\.7 s of it are missing"):
        convert(conversion)
    path.write_bytes(path.read_bytes()[:30])
    with pytest.raises(SourceError, match="is not a sound file"):
        read_contents(path)
