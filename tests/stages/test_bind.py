from __future__ import annotations

import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import mutagen.id3
import mutagen.mp3
import numpy as np
import pytest

from audiobook.errors import OutputError
from audiobook.model import Book, Chapter, Cue, Meta, RecordedBook, RecordedPassage, Sound, Timing
from audiobook.outputs import mp3
from audiobook.stages.bind import bind
from audiobook.system import ffmpeg

SOUND = Sound()
FRAME = mp3.samples_per_frame(SOUND.rate)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
META = Meta(
    language="vi",
    genre="Audiobook",
    publisher="Nhà in",
    title="Tắt đèn “mới”",
    author="Ngô Tất Tố",
    narrator="Hà Nội",
    date="1937-05-02",
    description="Chuyện làng Đông Xá",
    cover=PNG,
)


def recorded(
    meta: Meta, titles: list[str], frames: tuple[int, ...], per_chapter: int = 1
) -> RecordedBook:
    """Return a book of silent passages, of so many frames each, with two sentences each."""
    passages, sounds = [], {}
    for number, count in enumerate(frames):
        length = count * FRAME
        cues = (
            Cue(0, length // 3, f"Câu {number} đầu."),
            Cue(length // 2, length // 2 + 500, f"Câu {number} cuối."),
        )
        timing = Timing(length, cues, -20.0, 6)
        passages.append(
            RecordedPassage(chapter=number // per_chapter, key=str(number), timing=timing)
        )
        sounds[str(number)] = silence(count)
    return RecordedBook(
        meta=meta,
        # A title is indented by its level.
        chapters=[Chapter(t.strip(), (), 1 + (len(t) - len(t.lstrip())) // 2) for t in titles],
        passages=passages,
        sound=SOUND,
        sound_of=sounds.__getitem__,
    )


@cache
def silence(frames: int) -> bytes:
    return mp3.encode(np.zeros(frames * FRAME, np.int16), SOUND.rate, SOUND.bitrate)


def bound(path: Path, meta: Meta, titles: list[str], *frames: int, per_chapter: int = 1) -> Book:
    return bind(recorded(meta, titles, frames, per_chapter), mp3, path, "order")


@pytest.fixture
def book(tmp_path: Path) -> Book:
    titles = ["Một chương tên rất dài để khung của nó lớn", "Hai", "Ba vừa vừa"]
    return bound(tmp_path / "b.mp3", META, titles, 40, 30, 50)


def test_tags(book: Book) -> None:
    tag = mutagen.id3.ID3(book.path)
    assert tag.version == (2, 3, 0)
    raw = mutagen.id3.ID3(book.path, translate=False)
    texts = {
        name: str(tag[name]) for name in ("TIT2", "TPE1", "TPE2", "TALB", "TRCK", "TLAN", "TPUB")
    }
    assert texts == {
        "TIT2": META.title,
        "TPE1": "Ngô Tất Tố",
        "TPE2": "Hà Nội",
        "TALB": META.title,
        "TRCK": "1/1",
        "TLAN": "vie",
        "TPUB": "Nhà in",
    }
    assert str(raw["TYER"]) == "1937"
    assert str(raw["TDAT"]) == "0205"
    assert str(tag["TCON"]) == "Audiobook"
    assert tag.getall("COMM")[0].text == ["Chuyện làng Đông Xá"]
    assert tag.getall("APIC")[0].data == PNG
    assert tag.getall("APIC")[0].mime == "image/png"


def test_chapters_in_time_order_in_the_file(book: Book) -> None:
    data = book.path.read_bytes()
    places = [data.index(f"CHAP{''}".encode(), 0)]
    for number in (1, 2, 3):
        places.append(data.index(f"chp{number}\0".encode(), places[-1]))
    assert places == sorted(places)
    tag = mutagen.id3.ID3(book.path)
    chapters = sorted(tag.getall("CHAP"), key=lambda chapter: int(chapter.start_time))
    rate = SOUND.rate
    assert [c.start_time for c in chapters] == [round(f * FRAME * 1000 / rate) for f in (0, 40, 70)]
    assert [str(c.sub_frames["TIT2"]) for c in chapters] == [c.title for c in book.chapters]
    (contents,) = tag.getall("CTOC")
    assert contents.child_element_ids == ["chp1", "chp2", "chp3"]


def test_synced_text(book: Book) -> None:
    tag = mutagen.id3.ID3(book.path)
    (synced,) = tag.getall("SYLT")
    assert synced.lang == "vie"
    assert [text for text, _ in synced.text] == [
        f"Câu {number} {part}." for number in range(3) for part in ("đầu", "cuối")
    ]
    assert synced.text[2][1] == round(40 * FRAME * 1000 / SOUND.rate)
    assert str(tag.getall("USLT")[0]).splitlines() == [text for text, _ in synced.text]


def test_length_and_chapters_agree_with_the_decoded_sound(book: Book) -> None:
    decoded = len(ffmpeg.decode(book.path.read_bytes(), SOUND.rate)) // 2
    assert decoded == book.samples == book.chapters[-1].end == 120 * FRAME - mp3.DELAY
    info = mutagen.mp3.MP3(book.path).info
    assert info is not None
    assert info.length == pytest.approx(book.seconds, abs=0.03)


def test_parts_hold_their_chapters(tmp_path: Path) -> None:
    titles = ["Tựa", "Phần I", "  Chương 1", "    Một", "  Chương 2", "Phần II", "  Chương 3"]
    book = bound(tmp_path / "b.mp3", Meta(title="Sâu"), titles, *[4] * len(titles))
    tag = mutagen.id3.ID3(book.path)
    tables = {table.element_id: table for table in tag.getall("CTOC")}
    names = {c.element_id: str(c.sub_frames["TIT2"]) for c in tag.getall("CHAP")}

    def shown(name: str) -> object:
        if name in names:
            return names[name]
        return [
            str(tables[name].sub_frames.get("TIT2", "")),
            *map(shown, tables[name].child_element_ids),
        ]

    assert shown("toc") == ["", *(title.strip() for title in titles)]
    assert [shown(name) for name in ("toc-chp2", "toc-chp6")] == [
        ["Phần I", "Phần I", ["Chương 1", "Chương 1", "Một"], "Chương 2"],
        ["Phần II", "Phần II", "Chương 3"],
    ]
    assert [chapter.level for chapter in book.chapters] == [1, 1, 2, 3, 2, 1, 2]


def test_more_chapters_than_one_table_holds(tmp_path: Path) -> None:
    count = 300
    titles = [f"Chương {n}" for n in range(1, count + 1)]
    book = bound(tmp_path / "b.mp3", Meta(title="Dài"), titles, *[4] * count)
    tag = mutagen.id3.ID3(book.path)
    tables = {table.element_id: table for table in tag.getall("CTOC")}
    reached = [
        chapter
        for name in tables["toc"].child_element_ids
        for chapter in tables[name].child_element_ids
    ]
    assert reached == [f"chp{n}" for n in range(1, count + 1)]
    assert all(len(table.child_element_ids) <= 255 for table in tables.values())
    assert len(tag.getall("CHAP")) == count


@pytest.mark.parametrize(
    "title",
    ["\"Trích\" 'dẫn'", "a/b\\c", "x" * 300, "; # = \\ \x01", "😀 chữ Hán 漢字", "<b>&amp;"],
)
def test_any_title_comes_back(tmp_path: Path, title: str) -> None:
    book = bound(tmp_path / "b.mp3", Meta(title=title), [title], 5)
    tag = mutagen.id3.ID3(book.path)
    assert str(tag["TIT2"]) == title
    assert str(tag.getall("CHAP")[0].sub_frames["TIT2"]) == title


def test_ffmpeg_reads_tags_and_chapters(book: Book) -> None:
    command = [ffmpeg.find(), "-v", "error", "-i", str(book.path), "-f", "ffmetadata", "-"]
    answer = subprocess.run(command, capture_output=True, check=True)
    lines = answer.stdout.decode().splitlines()
    assert f"title={META.title}" in lines
    assert [line for line in lines if line.startswith("title=")][1:] == [
        f"title={chapter.title}" for chapter in book.chapters
    ]
    # Copying tags, ffmpeg counts from the first sound that is heard, after the delay.
    starts = [int(line.removeprefix("START=")) for line in lines if line.startswith("START=")]
    expected = [max(chapter.start - mp3.DELAY, 0) / SOUND.rate * 1000 for chapter in book.chapters]
    assert starts == pytest.approx(expected, abs=1)


def test_a_book_knows_what_it_was_made_from(book: Book) -> None:
    again = mp3.read_book(book.path, "order")
    assert again is not None
    assert (again.samples, again.sentences, again.rate) == (book.samples, 6, SOUND.rate)
    assert [chapter.title for chapter in again.chapters] == [c.title for c in book.chapters]
    assert mp3.read_book(book.path, "another order") is None


def test_files_that_are_no_books(tmp_path: Path) -> None:
    path = tmp_path / "x.mp3"
    assert mp3.read_book(path, "order") is None
    path.write_bytes(b"")
    assert mp3.read_book(path, "order") is None
    path.write_bytes(b"ID3\x04\x00\x00\x00\x00\x0f\x0fjunk" * 5)
    assert mp3.read_book(path, "order") is None


def test_a_failure_in_the_middle_leaves_the_old_book(book: Book) -> None:
    content = book.path.read_bytes()
    whole = recorded(META, ["a", "b"], (5, 6))
    broken = replace(whole, sound_of={"0": whole.sound_of("0")}.__getitem__)
    with pytest.raises(KeyError):
        bind(broken, mp3, book.path, "x")
    assert book.path.read_bytes() == content
    assert [path.name for path in book.path.parent.iterdir()] == ["b.mp3"]


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot write"):
        bound(tmp_path / "file" / "b.mp3", META, ["a"], 5)
