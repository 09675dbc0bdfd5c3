"""What every format promises."""

from __future__ import annotations

import gc
import json
import shutil
import subprocess
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import mutagen
import numpy as np
import pytest
from tones import (
    FORMATS,
    NAMES,
    ONSET,
    TITLES,
    TONE,
    book_of,
    recorded,
    recorded_book,
    sound_of,
    tone,
)

from audiobook import outputs
from audiobook.errors import EngineError, UsageError
from audiobook.model import Chapter, Meta, RecordedBook, RecordedPassage, Timing
from audiobook.outputs import SoundFormat, load, load_sound
from audiobook.stages.bind import bind, split
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobook.model import Book

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
META = Meta(
    title="Tắt đèn “mới”",
    author="Ngô Tất Tố",
    narrator="Hà Nội",
    date="1937-05-02",
    language="vi",
    genre="Audiobook",
    publisher="Nhà in",
    series="Tủ sách",
    volume="3",
    description="Chuyện làng Đông Xá. " * 30,
    cover=PNG,
)
INJECTIONS = [
    "a\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=9\ntitle=chèn",
    "b=c;d#e\\f",
    "g\nCHAPTER001NAME=chèn",
    "h\r\n\ttitle=i",
    "-i /etc/passwd",
    "%d $HOME `id` \"'",
    "ộ" * 300,
]

every = pytest.mark.parametrize("form", FORMATS, ids=NAMES)
needs_ffprobe = pytest.mark.skipif(not shutil.which("ffprobe"), reason="there is no ffprobe")


def decoded(book: Book) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return np.frombuffer(ffmpeg.decode(book.path.read_bytes(), book.rate), np.int16)


def probed(path: Path) -> dict[str, Any]:
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_chapters", "-show_format"]
    done = subprocess.run([*command, "-show_streams", path], capture_output=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def shown_by_mediainfo(path: Path) -> list[str]:
    """Return the titles of the first list of chapters that MediaInfo finds."""
    mediainfo = pytest.importorskip("pymediainfo").MediaInfo
    menus = [track for track in mediainfo.parse(path).tracks if track.track_type == "Menu"]
    return [value for key, value in menus[0].to_data().items() if key[:1].isdigit()]


def test_every_format_is_listed_with_its_ending() -> None:
    listed = [(load(name).NAME, load(name).SUFFIX) for name in outputs.ALL_FORMATS]
    assert listed == list(outputs.SUFFIXES.items())


# --- time ---------------------------------------------------------------------------------------


@every
@pytest.mark.parametrize("rate", [16000, 22050, 24000, 44100, 48000])
def test_a_book_decodes_to_exactly_its_length(form: SoundFormat, rate: int, tmp_path: Path) -> None:
    book = book_of(form.NAME, tmp_path, TITLES, [0.8, 0.8, 0.8], rate=rate)
    assert len(decoded(book)) == book.samples == book.chapters[-1].end
    assert book.samples == 3 * recorded(form.NAME, rate, 0.8)[1] - form.trimmed_samples(rate)


@every
def test_tones_of_200_passages_are_heard_where_they_were_counted(
    form: SoundFormat, tmp_path: Path
) -> None:
    lengths = [(0.7, 0.81, 0.93, 1.07)[number % 4] for number in range(200)]
    book = book_of(form.NAME, tmp_path, [f"{n}" for n in range(200)], lengths)
    loud = np.abs(decoded(book).astype(int)) > 5000
    begins = np.flatnonzero(np.diff(loud.astype(np.int8)) == 1) + 1
    silence = int(0.1 * book.rate)
    onsets = [begins[0], *begins[1:][np.diff(begins) > silence]]
    counted = [chapter.start + int(ONSET * book.rate) for chapter in book.chapters]
    assert len(onsets) == 200
    worst = max(abs(int(a) - b) for a, b in zip(onsets, counted, strict=True))
    assert worst / book.rate <= 0.001


@every
def test_a_passage_sounds_the_same_after_any_other(form: SoundFormat, tmp_path: Path) -> None:
    """It is level, in phase and clean from its first sample to the next passage."""
    book = book_of(form.NAME, tmp_path, TITLES, [0.8, 0.8, 0.8])
    sound = decoded(book).astype(int)
    length, start = book.chapters[0].end, int(ONSET * book.rate)
    length = recorded(form.NAME, book.rate, 0.8)[1]
    first, second = (sound[at : at + length - 2000] for at in (0, length))
    assert np.abs(first - second).max() <= 2
    for at in (0, length, 2 * length):
        tail = sound[at + start + int((TONE + 0.1) * book.rate) : at + length + start // 2]
        assert np.abs(tail).max() < 100  # -50 dB


@every
@pytest.mark.parametrize("rate", [22050, 48000])
def test_attenuation_is_what_the_encoder_does(form: SoundFormat, rate: int, tmp_path: Path) -> None:
    book = book_of(form.NAME, tmp_path, ["a"], [0.8], rate=rate)
    middle = decoded(book)[int((ONSET + 0.1) * rate) : int((ONSET + 0.2) * rate)].astype(float)
    softer = 20 * np.log10(12000 / np.sqrt(2 * np.mean(middle**2)))
    assert softer == pytest.approx(form.attenuation(form.BITRATE), abs=0.15)


# --- what readers see ---------------------------------------------------------------------------


@needs_ffprobe
@every
def test_ffprobe_shows_chapters_and_tags(form: SoundFormat, tmp_path: Path) -> None:
    book = book_of(form.NAME, tmp_path, TITLES, [0.8, 0.9, 1.0], META)
    seen = probed(book.path)
    assert [chapter["tags"]["title"] for chapter in seen["chapters"]] == TITLES
    for shown, chapter in zip(seen["chapters"], book.chapters, strict=True):
        assert float(shown["start_time"]) == pytest.approx(chapter.start / book.rate, abs=0.001)
    tags = seen["format"].get("tags", {}) | seen["streams"][0].get("tags", {})
    tags = {key.lower(): value for key, value in tags.items()}
    assert (tags["title"], tags["artist"]) == (META.title, META.author)
    # The keys by which Audiobookshelf asks ffprobe.
    assert tags["composer"] == META.narrator
    assert "Tat den “moi”" in tags.values()
    assert (tags["series"], tags["series-part"]) == (META.series, META.volume)
    assert any(stream["disposition"]["attached_pic"] for stream in seen["streams"])


@every
def test_mutagen_shows_tags(form: SoundFormat, tmp_path: Path) -> None:
    book = book_of(form.NAME, tmp_path, TITLES, [0.8, 0.9, 1.0], META)
    file = mutagen.File(book.path, easy=True)
    assert file is not None
    assert file["title"] == [META.title]
    assert file["artist"] == [META.author]
    assert file["album"] == [META.title]
    assert file.info.length == pytest.approx(book.seconds, abs=0.06)


@needs_ffprobe
@every
def test_300_chapters_in_order(form: SoundFormat, tmp_path: Path) -> None:
    titles = [f"Hồi {number}: “Ngõ” ộ" + " dài" * 40 for number in range(1, 301)]
    book = book_of(form.NAME, tmp_path, titles, [0.7] * 300)
    assert [chapter["tags"]["title"] for chapter in probed(book.path)["chapters"]] == titles
    again = form.read_book(book.path, "order")
    assert again is not None
    assert [chapter.title for chapter in again.chapters] == titles
    if form.NAME != "mp3":  # MediaInfo does not read chapters of ID3
        assert shown_by_mediainfo(book.path) == titles


@every
def test_titles_cannot_inject(form: SoundFormat, tmp_path: Path) -> None:
    meta = Meta(title="x\ntitle=y;[CHAPTER]", author="a=b\nCHAPTER000NAME=z", description="\\;#=\n")
    book = book_of(form.NAME, tmp_path, INJECTIONS, [0.7] * len(INJECTIONS), meta)
    again = form.read_book(book.path, "order")
    assert again is not None
    assert again.meta.title == meta.title
    assert [chapter.title for chapter in again.chapters] == INJECTIONS
    if shutil.which("ffprobe"):
        seen = probed(book.path)["chapters"]
        assert [chapter["tags"]["title"] for chapter in seen] == INJECTIONS


# --- what it was made from ----------------------------------------------------------------------


@every
def test_a_book_knows_what_it_was_made_from(form: SoundFormat, tmp_path: Path) -> None:
    book = book_of(form.NAME, tmp_path, TITLES, [0.8, 0.9, 1.0], META)
    again = form.read_book(book.path, "order")
    assert again is not None
    assert (again.rate, again.samples, again.sentences) == (book.rate, book.samples, 3)
    assert again.meta.title == META.title
    for read, written in zip(again.chapters, book.chapters, strict=True):
        assert read.title == written.title
        assert read.start == pytest.approx(written.start, abs=book.rate // 500)
        assert read.end == pytest.approx(written.end, abs=book.rate // 500)
    assert form.read_book(book.path, "another") is None


@every
def test_files_that_are_no_books(form: SoundFormat, tmp_path: Path) -> None:
    path = tmp_path / f"x{form.SUFFIX}"
    assert form.read_book(path, "order") is None
    content = book_of(form.NAME, tmp_path, TITLES, [0.8] * 3).path.read_bytes()
    for size in (0, 1, 7, 40, 200):
        path.write_bytes(content[:size])
        assert form.read_book(path, "order") is None
    path.write_bytes(b"\xff" * 5000)
    assert form.read_book(path, "order") is None


# --- how it is made -----------------------------------------------------------------------------


@every
def test_an_hour_is_not_held(form: SoundFormat, tmp_path: Path) -> None:
    sound, length = recorded(form.NAME, 22050, 30.0)
    count = 120
    hour = RecordedBook(
        meta=Meta(title="a"),
        chapters=[Chapter("a", ())],
        passages=[RecordedPassage(chapter=0, key="x", timing=Timing(length, (), -20.0, 6))] * count,
        sound=sound_of(form.NAME),
        sound_of=lambda _key: sound,
    )
    path = tmp_path / "hour"
    gc.collect()
    tracemalloc.start()
    try:
        rebound = bind(hour, form, path, "o")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert rebound.seconds > 3600
    assert path.stat().st_size > count * len(sound) * 0.8
    # The size of every frame is held, and one recording.
    assert peak < 20 * len(sound) + 2_500_000


@every
def test_a_failure_in_the_middle_leaves_the_old_book(form: SoundFormat, tmp_path: Path) -> None:
    book = book_of(form.NAME, tmp_path, TITLES, [0.8, 0.9, 1.0])
    content = book.path.read_bytes()
    whole = recorded_book(form.NAME, ["a", "b"], [0.8, 0.9])
    broken = replace(whole, sound_of={"0": whole.sound_of("0")}.__getitem__)
    with pytest.raises(KeyError):
        bind(broken, form, book.path, "x")
    assert book.path.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == [book.path.name]


@every
def test_the_same_recording_and_book_twice(form: SoundFormat, tmp_path: Path) -> None:
    samples = tone(form, 22050, 0.8)
    once, again = (form.encode(samples, 22050, form.BITRATE) for _ in range(2))
    assert once == again
    first = book_of(form.NAME, tmp_path, TITLES, [0.8] * 3, META).path.read_bytes()
    assert book_of(form.NAME, tmp_path, TITLES, [0.8] * 3, META).path.read_bytes() == first


@every
def test_sound_that_does_not_fit_is_refused(form: SoundFormat) -> None:
    with pytest.raises(ValueError, match="whole"):
        form.encode(np.zeros(1001, np.int16), 22050, form.BITRATE)
    loud = np.full(form.whole_frames(22050, 22050), 900, np.int16)
    with pytest.raises(ValueError, match="silent tail"):
        form.encode(loud, 22050, form.BITRATE)


@every
def test_what_no_format_has(form: SoundFormat) -> None:
    form.check(22050, form.BITRATE)
    for rate, bitrate, vbr in ((22051, 64, None), (22050, 1, None), (22050, 999, None)):
        with pytest.raises(UsageError):
            form.check(rate, bitrate, vbr)
    with pytest.raises(UsageError):
        form.check(22050, form.BITRATE, 10)
    with pytest.raises(UsageError, match="choose one of mp3, m4b, opus"):
        load_sound("wma")


@pytest.fixture
def poor_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put an ffmpeg in the way that has no encoder of sound."""
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\necho ' V..... h264  H.264'\n")
    program.chmod(0o755)
    monkeypatch.setattr(ffmpeg, "find", lambda: str(program))
    ffmpeg.require_encoder.cache_clear()
    yield
    ffmpeg.require_encoder.cache_clear()


@pytest.mark.parametrize(("name", "encoder"), [("m4b", "aac"), ("opus", "libopus")])
@pytest.mark.usefixtures("poor_ffmpeg")
def test_an_ffmpeg_without_the_encoder_is_named(name: str, encoder: str) -> None:
    form = load_sound(name)
    with pytest.raises(EngineError, match=f"has no encoder {encoder}: install a whole ffmpeg"):
        form.check(22050, form.BITRATE)


# --- a file for each chapter --------------------------------------------------------------------


@every
def test_chapters_as_files_of_their_own(form: SoundFormat, tmp_path: Path) -> None:
    titles = ["Chương 1: “Đêm/ngày”?", "CON", "Hết."]
    lengths = [0.8, 0.9, 1.0, 0.8, 0.9, 1.0]
    whole = recorded_book(form.NAME, titles, lengths, META, per_chapter=2)
    folder = tmp_path / "Sách"
    books = split(whole, folder, "o")
    assert [path.name for path in sorted(folder.iterdir())] == [
        f"01 - Chương 1- “Đêm-ngày”-{form.SUFFIX}",
        f"02 - CON{form.SUFFIX}",
        f"03 - Hết{form.SUFFIX}",
    ]
    for number, book in enumerate(books, 1):
        file = mutagen.File(book.path, easy=True)
        assert file is not None
        assert (file["title"], file["album"]) == ([titles[number - 1]], [META.title])
        count = [*file.get("tracktotal", [])] or [file["tracknumber"][0].partition("/")[2]]
        assert (file["tracknumber"][0].partition("/")[0], count) == (str(number), ["3"])
        assert len(decoded(book)) == book.samples
        assert [chapter.title for chapter in book.chapters] == [titles[number - 1]]

    def gone(_key: str) -> bytes:
        raise AssertionError("nothing is written again")

    split(replace(whole, sound_of=gone), folder, "o")
