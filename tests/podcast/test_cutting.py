from __future__ import annotations

import subprocess
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

import mutagen.mp3
import numpy as np
import pytest
from stubs import FRAME, SENTENCES, SOUND, frames, make_book

from audiobook.errors import SourceError
from audiobook.model import Chapter, Meta, RecordedBook, RecordedPassage, Timing
from audiobook.outputs import mp3
from audiobook.outputs.mp3 import headers
from audiobook.podcast.cutting import open_sections
from audiobook.podcast.division import Division, divide
from audiobook.podcast.volumes import read_volume, with_cover_and_cues
from audiobook.stages.bind import bind
from audiobook.system import ffmpeg
from audiobook.system.files import put

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from audiobook.model import Book

META = Meta(title="Tên sách", author="Tác giả", narrator="Người đọc", language="vi")


def cut(book: Book, division: Division = Division.CHAPTERS) -> list[bytes]:
    volume = with_cover_and_cues(read_volume(book.path))
    with open_sections(volume, divide(volume, division)) as parts:
        return [b"".join(part.blocks()) for part in parts]


def heard(path: Path) -> NDArray[np.int16]:
    command = [ffmpeg.find(), "-v", "error", "-i", str(path), "-f", "s16le", "-ac", "1", "-"]
    completed = subprocess.run(command, capture_output=True, check=True)
    assert not completed.stderr
    return np.frombuffer(completed.stdout, np.int16)


def test_each_holds_the_frames_of_its_chapter(tmp_path: Path) -> None:
    book = make_book(tmp_path / "b.mp3", META, ("Một", "Hai", "Ba"))
    for number, part in enumerate(cut(book)):
        assert part.endswith(frames(40, 220 + 20 * number))
        (tmp_path / "part.mp3").write_bytes(part)
        part_file = mutagen.mp3.MP3(tmp_path / "part.mp3")
        assert part_file.tags is not None
        assert str(part_file.tags["TIT2"]) == ("Một", "Hai", "Ba")[number]
        assert str(part_file.tags["TALB"]) == "Tên sách"
        assert str(part_file.tags["TRCK"]) == f"{number + 1}/3"
        assert [frame.element_id for frame in part_file.tags.getall("CHAP")] == ["chp1"]
        assert part_file.tags.getall("CTOC")[0].child_element_ids == ["chp1"]
        assert part_file.info is not None
        assert round(part_file.info.bitrate, -2) == 64000


def test_each_sounds_as_in_the_book(tmp_path: Path) -> None:
    book = make_book(tmp_path / "b.mp3", META, ("Một", "Hai", "Ba"))
    book_sound = heard(book.path)
    for chapter, part in zip(book.chapters, cut(book), strict=True):
        (tmp_path / "part.mp3").write_bytes(part)
        part_sound = heard(tmp_path / "part.mp3")
        # The decoder's delay, left out at the start, is missing from the silent end.
        length = 40 * FRAME - mp3.DELAY
        assert len(part_sound) >= length
        chapter_sound = book_sound[chapter.start : chapter.start + length].astype(int)
        assert np.abs(chapter_sound - part_sound[:length]).max() <= 2


def test_a_section_holds_several_chapters_at_their_places(tmp_path: Path) -> None:
    book = make_book(tmp_path / "b.mp3", META, ("Một", "Hai", "Ba"))
    (part,) = cut(book, Division.HOURS)
    (tmp_path / "part.mp3").write_bytes(part)
    volume = with_cover_and_cues(read_volume(tmp_path / "part.mp3"))
    assert volume.meta.title == "Một – Ba"
    whole = with_cover_and_cues(read_volume(book.path))
    assert [(one.title, one.start) for one in volume.chapters] == [
        (one.title, one.start) for one in whole.chapters
    ]
    assert [cue.text for cue in volume.cues] == [cue.text for cue in whole.cues]
    assert part.endswith(frames(40, 220) + frames(40, 240) + frames(40, 260))


def test_blocks_end_within_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = make_book(tmp_path / "b.mp3", META, ("Một", "Hai"))
    parts = cut(book)
    for size in (211, 418, 1000):
        monkeypatch.setattr(headers, "_BLOCK", size)
        assert cut(book) == parts


def test_a_long_section_is_not_held_in_memory(tmp_path: Path) -> None:
    """Twenty megabytes are cut and written with less than five of them in memory."""
    sound = frames(2_000, 220)
    length = 2_000 * FRAME
    passage = RecordedPassage(chapter=0, key="", timing=Timing(length, (), -20.0, 0))
    recorded = RecordedBook(
        meta=META,
        chapters=[Chapter("Dài", ()), Chapter("Ngắn", ())],
        passages=[*[passage] * 50, replace(passage, chapter=1)],
        sound=SOUND,
        sound_of=lambda _: sound,
    )
    book = bind(recorded, mp3, tmp_path / "b.mp3", "x")
    volume = with_cover_and_cues(read_volume(book.path))
    tracemalloc.start()
    with open_sections(volume, divide(volume, Division.CHAPTERS)) as parts:
        long = next(parts)
        put(tmp_path / "part.mp3", long.blocks())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert long.size == (tmp_path / "part.mp3").stat().st_size > 20_000_000
    assert peak < 5_000_000


def test_a_tag_behind_the_sound_is_no_sound(tmp_path: Path) -> None:
    book = make_book(tmp_path / "b.mp3", META, ("Một", "Hai"))
    parts = cut(book)
    with book.path.open("ab") as file:
        file.write(b"TAG" + bytes(124) + b"\xff")
    assert cut(book) == parts


def test_a_chapter_is_a_book_again(tmp_path: Path) -> None:
    book = make_book(tmp_path / "b.mp3", META, ("Một", "Hai"))
    (tmp_path / "part.mp3").write_bytes(cut(book)[1])
    volume = with_cover_and_cues(read_volume(tmp_path / "part.mp3"))
    assert volume.samples == 40 * FRAME - mp3.DELAY
    assert [chapter.title for chapter in volume.chapters] == ["Hai"]
    assert [cue.text for cue in volume.cues] == list(SENTENCES)


def test_a_book_that_was_cut_short_meanwhile(tmp_path: Path) -> None:
    book = make_book(tmp_path / "b.mp3", META, ("Một", "Hai"))
    volume = read_volume(book.path)
    book.path.write_bytes(book.path.read_bytes()[:3000])
    with (
        pytest.raises(SourceError, match=r"b\.mp3"),
        open_sections(volume, divide(volume)) as parts,
    ):
        list(parts)


@pytest.mark.parametrize("mpeg1", [True, False])
def test_lengths_of_frames(mpeg1: bool) -> None:
    lengths = headers.frame_lengths(0xFB if mpeg1 else 0xF3)
    assert max(lengths[0x00], lengths[0xF0], lengths[0x0C]) == 0
    # 64 kbit/s at 44.1 kHz with padding, at 22.05 kHz without.
    assert (lengths[0x52] if mpeg1 else lengths[0x80]) == 209 - (not mpeg1)
    assert SOUND.rate == 22050
