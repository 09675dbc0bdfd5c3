from __future__ import annotations

import io
import subprocess
from pathlib import Path

import numpy as np
import pytest
from mutagen.id3 import ID3
from tones import book_of

from audiobook.errors import UsageError
from audiobook.model import Book, BoundChapter, Meta
from audiobook.outputs import mp3
from audiobook.outputs.mp3 import headers, id3, toc
from audiobook.system import ffmpeg

RATES = (16000, 22050, 24000, 44100, 48000)


def noise(length: int, rate: int) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    samples = np.zeros(length, np.int16)
    spoken = length - mp3.TAIL
    samples[:spoken] = np.random.default_rng(rate).integers(-9000, 9000, spoken)
    return samples


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("frames", [3, 4, 7, 50])
def test_encoding_lasts_exactly_as_long_as_the_sound(rate: int, frames: int) -> None:
    samples = noise(frames * mp3.samples_per_frame(rate), rate)
    assert mp3.count_frames(mp3.encode(samples, rate, 64)) == frames


@pytest.mark.parametrize("rate", RATES)
def test_joined_recordings_keep_time_to_the_sample(rate: int) -> None:
    """Clicks put into three recordings come out where they were put."""
    parts = []
    clicks = []
    position = 0
    for frames in (40, 21, 33):
        length = frames * mp3.samples_per_frame(rate)
        samples = np.zeros(length, np.int16)
        samples[length // 3] = 30000
        clicks.append(position + length // 3)
        position += length
        parts.append(mp3.encode(samples, rate, 64))
    sound = b"".join(parts)
    decoded = np.frombuffer(ffmpeg.decode(mp3.standalone_file(sound), rate), np.int16).astype(int)
    assert len(decoded) == position - mp3.DELAY
    for click in clicks:
        near = np.abs(decoded[click - 2000 : click + 2000])
        assert abs(int(near.argmax()) - 2000) <= 1


def test_info_frame_is_read_by_others(tmp_path_factory: pytest.TempPathFactory) -> None:
    from mutagen.mp3 import MP3, BitrateMode

    sound = mp3.encode(noise(576 * 200, 22050), 22050, 64)
    path = tmp_path_factory.mktemp("mp3") / "x.mp3"
    path.write_bytes(mp3.standalone_file(sound))
    info = MP3(path).info
    assert info is not None
    assert info.bitrate_mode == BitrateMode.CBR
    assert info.encoder_info == "LAME 3.100+" or info.encoder_info.startswith("LAME")
    assert abs(info.length - (200 * 576 - mp3.DELAY) / 22050) < 0.03


@pytest.mark.parametrize("bitrate", [8, 16, 32])
def test_info_frame_fits_at_low_bit_rates(bitrate: int) -> None:
    sound = mp3.encode(noise(576 * 20, 22050), 22050, bitrate)
    content = mp3.standalone_file(sound)
    assert mp3.count_frames(content) == 21
    assert mp3.count_frames(content.removesuffix(sound)) == 1


def test_sound_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="whole frames"):
        mp3.encode(np.zeros(1000, np.int16), 22050, 64)
    loud_tail = np.full(576 * 5, 900, np.int16)
    with pytest.raises(ValueError, match="silent tail"):
        mp3.encode(loud_tail, 22050, 64)


@pytest.mark.parametrize("broken", [b"junk", b"\xff\xf3\x80\xc4" + bytes(50)])
def test_frames_that_are_none(broken: bytes) -> None:
    with pytest.raises(ValueError, match=r"frame"):
        mp3.count_frames(broken)


@pytest.mark.parametrize(("rate", "bitrate"), [(8001, 64), (22050, 320), (44100, 100)])
def test_what_mp3_has_not(rate: int, bitrate: int) -> None:
    with pytest.raises(UsageError):
        mp3.check(rate, bitrate)


@pytest.mark.parametrize("bitrate", [32, 64, 160, 192, 256])
def test_attenuation_is_what_the_encoder_does(bitrate: int) -> None:
    rate = 44100
    samples = np.zeros(rate // 1152 * 1152 * 2, np.int16)
    time = np.arange(rate) / rate
    samples[:rate] = np.sin(2 * np.pi * 500 * time) * 8000
    decoded = ffmpeg.decode(mp3.encode(samples, rate, bitrate), rate)
    middle = np.frombuffer(decoded, np.int16)[rate // 4 : rate // 2].astype(float)
    softer = 20 * np.log10(8000 / np.sqrt(2 * np.mean(middle**2)))
    assert abs(softer - mp3.attenuation(bitrate)) < 0.1


def test_the_wheel_of_ffmpeg_reads_it_too() -> None:
    import imageio_ffmpeg

    sound = mp3.encode(noise(576 * 20, 22050), 22050, 64)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", "-", "-f", "null", "-"]
    assert subprocess.run(command, input=sound, capture_output=True, check=True).stderr == b""


def test_a_variable_rate_keeps_time_and_tells_its_places(tmp_path: Path) -> None:
    from mutagen.mp3 import MP3, BitrateMode

    rate, frame = 22050, 576
    quiet, loud = np.zeros(frame * 100, np.int16), noise(frame * 100, rate)
    sounds = [mp3.encode(samples, rate, 64, 4) for samples in (quiet, loud, quiet, quiet)]
    assert [mp3.count_frames(sound) for sound in sounds] == [100] * 4
    sound = b"".join(sounds)
    path = tmp_path / "x.mp3"
    path.write_bytes(mp3.standalone_file(sound))
    info = MP3(path).info
    assert info is not None
    assert info.bitrate_mode == BitrateMode.VBR
    assert info.length == pytest.approx((400 * frame - mp3.DELAY) / rate, abs=0.06)
    data = path.read_bytes()
    tag = data.index(b"Xing")
    places = data[tag + 16 : tag + 116]
    head = len(data) - len(sound)
    for percent, size in ((0, 0), (25, len(sounds[0])), (50, sum(map(len, sounds[:2])))):
        assert places[percent] == 256 * (head + size) // len(data)
    decoded = np.frombuffer(ffmpeg.decode(data, rate), np.int16)
    assert len(decoded) == 400 * frame - mp3.DELAY
    heard = np.flatnonzero(np.abs(decoded.astype(int)) > 3000)
    assert 100 * frame <= heard[0] < 101 * frame
    assert 199 * frame - mp3.TAIL < heard[-1] <= 200 * frame


def test_attenuation_of_a_variable_rate() -> None:
    rate = 44100
    samples = np.zeros(rate // 1152 * 1152 * 2, np.int16)
    samples[:rate] = np.sin(2 * np.pi * 500 * np.arange(rate) / rate) * 8000
    decoded = ffmpeg.decode(mp3.encode(samples, rate, 64, 4), rate)
    middle = np.frombuffer(decoded, np.int16)[rate // 4 : rate // 2].astype(float)
    softer = 20 * np.log10(8000 / np.sqrt(2 * np.mean(middle**2)))
    assert abs(softer - mp3.attenuation(64, 4)) < 0.1


def test_eyed3_shows_chapters(tmp_path: Path) -> None:
    eyed3 = pytest.importorskip("eyed3")
    titles = [f"Hồi {number}: “Ngõ” ộ 😀" for number in range(1, 301)]
    book = book_of("mp3", tmp_path, titles, [0.7] * 300)
    tag = eyed3.load(book.path).tag
    shown = sorted(tag.chapters, key=lambda chapter: chapter.times.start)
    assert [chapter.title for chapter in shown] == titles
    assert [chapter.times.start for chapter in shown] == pytest.approx(
        [chapter.start * 1000 / book.rate for chapter in book.chapters], abs=1
    )


def test_tables_are_read_as_they_are_written() -> None:
    # The table of the short part is smaller than the one at the top, so it comes first in the file.
    levels = [1] * 12 + [2, 3]
    chapters = tuple(
        BoundChapter(
            title=f"C{number}", start=number * 22_050, end=(number + 1) * 22_050, level=level
        )
        for number, level in enumerate(levels)
    )
    book = Book(
        meta=Meta(title="Sách"),
        path=Path("b.mp3"),
        rate=22_050,
        samples=14 * 22_050,
        chapters=chapters,
        sentences=0,
    )
    tag = ID3(io.BytesIO(id3.render(book, [], "order")))
    entries = list(toc.walk_tables(tag))
    assert [entry.name for entry in entries] == [f"chp{number}" for number in range(1, 15)]
    assert [entry.level for entry in entries] == levels
    assert [entry.part for entry in entries[10:]] == ["", "C11", "C12", "C12"]


@pytest.mark.parametrize("mode", [0xC4, 0x44], ids=["mono", "stereo"])
@pytest.mark.parametrize("start", [b"\xff\xfb\x90", b"\xff\xf3\x80"], ids=["mpeg1", "mpeg2"])
def test_the_info_frame_is_read_as_it_is_written(start: bytes, mode: int) -> None:
    header = start + bytes([mode])
    frame = header.ljust(headers.frame_length(header), b"\0")
    sound = mp3.standalone_file(7 * frame)
    tags = 2 * (b"ID3\x03\0\0\0\0\0\x0a" + bytes(10))
    file = io.BytesIO(tags + sound)
    assert headers.read_index(file, len(tags)) == ("Info", 7, len(sound), True)
    assert headers.first_frame(file) == len(tags) + len(sound) - 7 * len(frame)
