"""Books to read along: valid, in step with the sound, the same each time."""

from __future__ import annotations

import shutil
import struct
import subprocess
import tracemalloc
import zipfile
import zlib
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from lxml import etree

from audiobook.model import (
    Chapter,
    Cue,
    Kind,
    Meta,
    Paragraph,
    RecordedBook,
    RecordedPassage,
    Sound,
    Timing,
)
from audiobook.outputs import epub, mp3
from audiobook.stages.bind import bind
from audiobook.system import ffmpeg
from audiobook.vietnamese import split_sentences

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobook.model import Book

SOUND = Sound()
FRAME = mp3.samples_per_frame(SOUND.rate)
SENTENCE = 20 * FRAME
NAMES = {
    "x": "http://www.w3.org/1999/xhtml",
    "s": "http://www.w3.org/ns/SMIL",
    "o": "http://www.idpf.org/2007/opf",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"


def png() -> bytes:
    """Make a red picture of one pixel."""

    def part(name: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + checksum

    head = part(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + part(b"IDAT", zlib.compress(b"\0\xff\0\0"))
        + part(b"IEND", b"")
    )


META = Meta(
    title="Tắt đèn",
    author="Ngô Tất Tố",
    narrator="Hà Nội",
    date="1937-05",
    language="vi",
    publisher="Nhà in",
    description="Chuyện làng Đông Xá",
    cover=png(),
)


def chapter(title: str, *paragraphs: tuple[str, Kind] | str, level: int = 1) -> Chapter:
    content = [
        Paragraph(*paragraph) if isinstance(paragraph, tuple) else Paragraph(paragraph)
        for paragraph in paragraphs
    ]
    return Chapter(title, (Paragraph(title, Kind.HEADING), *content), level)


def write(path: Path, chapters: list[Chapter], meta: Meta = META) -> Book:
    """Write a book in which each sentence lasts as long and begins with a click."""
    passages: list[RecordedPassage] = []
    sounds: dict[str, bytes] = {}
    for number, chapter in enumerate(chapters):
        for paragraph in chapter.paragraphs:
            sentences = split_sentences(paragraph.text) if paragraph.kind is not Kind.BREAK else []
            if sentences:
                key = f"{number} {len(passages)}"
                passages.append(passage(number, key, sentences))
                sounds[key] = sound(len(sentences))
    return bound(path, meta, chapters, passages, sounds.__getitem__)


def bound(
    path: Path,
    meta: Meta,
    chapters: list[Chapter],
    passages: list[RecordedPassage],
    sound_of: Callable[[str], bytes],
) -> Book:
    recorded = RecordedBook(
        meta=meta, chapters=chapters, passages=passages, sound=SOUND, sound_of=sound_of
    )
    return bind(recorded, epub, path, "order")


def passage(number: int, key: str, sentences: list[str]) -> RecordedPassage:
    cues = tuple(
        Cue(index * SENTENCE + 2_000, index * SENTENCE + 5_000, text)
        for index, text in enumerate(sentences)
    )
    return RecordedPassage(
        chapter=number, key=key, timing=Timing(len(sentences) * SENTENCE, cues, -20.0, 6)
    )


def sound(sentences: int) -> bytes:
    samples = np.zeros(sentences * SENTENCE, np.int16)
    for start in range(2_000, len(samples), SENTENCE):
        samples[start : start + 300] = 12_000
    return mp3.encode(samples, SOUND.rate, SOUND.bitrate)


def read(path: Path, name: str) -> etree._Element:
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read(f"EPUB/{name}"))


def clips(path: Path, number: int) -> list[tuple[str, float, float]]:
    """Return the text, the beginning and the end of each clip of a chapter, in seconds."""
    page = read(path, f"text/{number:04}.xhtml")
    overlay = read(path, f"overlays/{number:04}.smil")
    found = []
    for par in overlay.iterfind(".//s:par", NAMES):
        text, audio = par
        file, _, name = text.get("src", "").partition("#")
        assert file == f"../text/{number:04}.xhtml"
        assert audio.get("src") == f"../audio/{number:04}.mp3"
        (span,) = page.iterfind(f".//x:span[@id='{name}']", NAMES)
        begin, end = (_seconds(audio.get(which, "")) for which in ("clipBegin", "clipEnd"))
        found.append((shown(span), begin, end))
    return found


def shown(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _seconds(clock: str) -> float:
    hours, minutes, seconds = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def durations(path: Path) -> dict[str, float]:
    package = read(path, "package.opf")
    return {
        meta.get("refines", "all"): _seconds(meta.text or "")
        for meta in package.iterfind(".//o:meta[@property='media:duration']", NAMES)
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.epub"


PLAIN = [
    chapter("Chương 1", "Trời xanh. Mây trắng!", "Gió."),
    chapter("Chương 2", "Hết."),
]


def test_each_sentence_is_highlighted_while_it_is_heard(path: Path) -> None:
    write(path, PLAIN)
    first = clips(path, 1)
    assert [text for text, _, _ in first] == ["Chương 1", "Trời xanh.", "Mây trắng!", "Gió."]
    assert first[0][1] == 0
    assert all(end == begin for (_, _, end), (_, begin, _) in pairwise(first))
    starts = [index * SENTENCE + 2_000 for index in (1, 2, 3)]
    assert [begin for _, begin, _ in first[1:]] == [
        start * 1000 // SOUND.rate / 1000 for start in starts
    ]
    with zipfile.ZipFile(path) as archive:
        heard = np.frombuffer(ffmpeg.decode(archive.read("EPUB/audio/0001.mp3"), SOUND.rate), "<i2")
    assert len(heard) == 4 * SENTENCE - mp3.DELAY
    clicks = [
        int(np.argmax(np.abs(heard[index - 2_000 :].astype(int)) > 4_000)) for index in starts
    ]
    assert clicks == pytest.approx([2_000] * 3, abs=60)


def test_durations_add_up(path: Path) -> None:
    book = write(path, [*PLAIN, Chapter("Trống", (Paragraph("* * *", Kind.BREAK),))])
    told = durations(path)
    assert told.keys() == {"all", "#overlay-1", "#overlay-2"}
    assert told["#overlay-1"] == pytest.approx(clips(path, 1)[-1][2], abs=1e-9)
    assert told.pop("all") == pytest.approx(sum(told.values()), abs=1e-9)
    assert book.seconds == pytest.approx(sum(told.values()), abs=0.002)
    assert [(chapter.title, chapter.end) for chapter in book.chapters] == [
        ("Chương 1", 4 * SENTENCE - mp3.DELAY),
        ("Chương 2", 6 * SENTENCE - 2 * mp3.DELAY),
    ]
    assert (book.sentences, book.rate) == (6, SOUND.rate)


def test_the_text_keeps_its_structure(path: Path) -> None:
    poem = [("Trăm năm trong cõi người ta,", Kind.VERSE), ("Chữ tài chữ mệnh", Kind.VERSE)]
    write(
        path,
        [
            chapter(
                "Một",
                "“Anh đi đâu?” cô hỏi. “Ra chợ.”",
                ("* * *", Kind.BREAK),
                *poem,
                ("Chú thích.", Kind.NOTE),
                ("Một bức tranh.", Kind.CAPTION),
                ("Lời người khác.", Kind.QUOTE),
                "… Rồi ông về.",
            )
        ],
    )
    (section,) = read(path, "text/0001.xhtml").iterfind(".//x:section", NAMES)
    assert [etree.QName(element).localname for element in section] == [
        *("h1", "p", "hr", "div", "aside", "p", "blockquote", "p")
    ]
    assert shown(section[1]) == "“Anh đi đâu?” cô hỏi. “Ra chợ.”"
    assert [shown(element) for element in section[3]] == [text for text, _ in poem]
    assert section[4].get("role") == "doc-footnote"
    overlay = read(path, "overlays/0001.smil")
    (notes,) = overlay.iterfind(".//s:seq", NAMES)
    assert notes.get(EPUB_TYPE) == "footnote"
    assert len(notes) == 1


def test_a_chapter_without_a_heading_shows_its_title(path: Path) -> None:
    write(path, [Chapter("Lời tựa", (Paragraph("Xin chào."),), 2)])
    (section,) = read(path, "text/0001.xhtml").iterfind(".//x:section", NAMES)
    assert (section[0].text, etree.QName(section[0]).localname) == ("Lời tựa", "h2")
    assert [text for text, _, _ in clips(path, 1)] == ["Xin chào."]


def test_tables_of_contents_have_levels(path: Path) -> None:
    levels = {"Tựa": 1, "Phần I": 1, "Chương 1": 2, "Mục": 4, "Chương 2": 2, "Phần II": 1}
    write(path, [chapter(title, "Xin.", level=level) for title, level in levels.items()])

    def listed(entries: etree._Element) -> list[object]:
        return [
            [entry[0].text, *map(listed, list(entry)[1:])] if len(entry) > 1 else entry[0].text
            for entry in entries
        ]

    (contents,) = read(path, "nav.xhtml").iterfind(".//x:nav[@id='toc']/x:ol", NAMES)
    expected = ["Tựa", ["Phần I", [["Chương 1", ["Mục"]], "Chương 2"]], "Phần II"]
    assert listed(contents) == expected
    ncx = read(path, "toc.ncx")
    points = list(ncx.iterfind(".//n:navPoint", NAMES))
    assert [point.get("playOrder") for point in points] == ["1", "2", "3", "4", "5", "6"]
    assert [element.get("content") for element in ncx.iterfind(".//n:meta", NAMES)][1] == "3"
    (mục,) = [point for point in points if point.findtext(".//n:text", "", NAMES) == "Mục"]
    above = mục.getparent()
    assert above is not None
    assert above.findtext("n:navLabel/n:text", "", NAMES) == "Chương 1"


def test_what_is_known_about_the_book(path: Path) -> None:
    write(path, PLAIN)
    package = read(path, "package.opf")

    def told(name: str) -> list[str]:
        return [element.text or "" for element in package.iterfind(f".//{name}", NAMES)]

    assert told("dc:title") == ["Tắt đèn"]
    assert told("dc:creator") == ["Ngô Tất Tố"]
    assert told("dc:contributor") == told("o:meta[@property='media:narrator']") == ["Hà Nội"]
    assert told("dc:date") == ["1937-05"]
    features = told("o:meta[@property='schema:accessibilityFeature']")
    assert "synchronizedAudioText" in features
    (cover,) = package.iterfind(".//o:item[@properties='cover-image']", NAMES)
    with zipfile.ZipFile(path) as archive:
        assert archive.read(f"EPUB/{cover.get('href')}") == META.cover
        style = archive.read("EPUB/style.css").decode()
    (active,) = told("o:meta[@property='media:active-class']")
    assert f".{active} {{" in style


def test_the_same_book_is_the_same_file(path: Path) -> None:
    write(path, PLAIN)
    content = path.read_bytes()
    write(path, PLAIN)
    assert path.read_bytes() == content


def test_it_is_told_what_it_was_made_from(path: Path) -> None:
    book = write(path, PLAIN)
    read = epub.read_book(path, "order")
    assert read is not None
    assert replace(read, meta=book.meta, loudness=book.loudness) == book
    assert read.meta.title == book.meta.title
    assert epub.read_book(path, "another order") is None
    assert epub.read_book(path.with_name("none.epub"), "order") is None
    path.write_bytes(path.read_bytes()[:1000])
    assert epub.read_book(path, "order") is None


def test_sound_is_stored_as_it_is(path: Path) -> None:
    write(path, PLAIN)
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        assert entries[0].filename == "mimetype"
        for entry in entries:
            loud = entry.filename.endswith((".mp3", "mimetype"))
            assert (entry.compress_type == zipfile.ZIP_STORED) == loud
        assert sound(1) in archive.read("EPUB/audio/0001.mp3")


def test_memory_holds_one_recording_at_a_time(path: Path) -> None:
    timing = Timing(400 * FRAME, (), -20.0, 0)
    passages = [RecordedPassage(chapter=0, key=str(number), timing=timing) for number in range(100)]
    frames = mp3.encode(np.zeros(400 * FRAME, np.int16), SOUND.rate, SOUND.bitrate)
    write(path, PLAIN)  # what is loaded once
    tracemalloc.start()
    long = [Chapter("Dài", (Paragraph("Dài."),))]
    bound(path, META, long, passages, lambda _key: bytes(bytearray(frames)))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert path.stat().st_size > 80 * len(frames)
    assert most < 8 * len(frames)


def test_a_sentence_of_another_text_is_refused(path: Path) -> None:
    with pytest.raises(ValueError, match=r"no 'Trời đỏ\.'"):
        bound(
            path,
            META,
            [chapter("Một", "Trời xanh.")],
            [passage(0, "k", ["Một", "Trời đỏ."])],
            lambda _key: sound(2),
        )
    assert not path.exists()


HOSTILE = [
    "<script>alert(1)</script>",
    "]]> & &amp; <!-- --",
    "😀 chữ Hán 漢字 \U000e0001",
    "\x00\x01\x0b\x1f\x7f\ufffe\ufdd0",
    "\ud800 nửa chữ",
    "",
    "  \n\t ",
    "\"'><a href='javascript:x'>",
    "x" * 3000,
    "עברית \u202e ngược",
]

# For a run of a few seconds: no second compiler, and no threads that collect garbage.
QUICK_JAVA = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def test_epubcheck_finds_nothing(path: Path) -> None:
    jar = shutil.which("epubcheck")
    if not jar or not shutil.which("java"):
        pytest.skip("epubcheck is missing: apt-get install epubcheck")
    kinds = [kind for kind in Kind if kind not in (Kind.BREAK, Kind.HEADING)]
    chapters = [
        Chapter(
            title,
            (
                Paragraph(title, Kind.HEADING, number % 9),
                *(Paragraph(f"{title} Xin chào. Hết!", kind) for kind in kinds),
                Paragraph("* * *", Kind.BREAK),
                Paragraph(title),
            ),
            1 + number * 5 % 4,
        )
        for number, title in enumerate(HOSTILE)
    ]
    chapters.append(Chapter("", ()))
    bad = "".join(HOSTILE[:6])
    write(
        path,
        chapters,
        Meta(
            title=bad,
            author=bad,
            narrator=bad,
            date="2000-13-99",
            language="không_phải",
            genre="",
            publisher=bad,
            description=bad,
            cover=png(),
        ),
    )
    bare = path.with_name("bare.epub")
    write(bare, [chapter("Một")], Meta())
    for book in (path, bare):
        done = subprocess.run(
            ["java", *QUICK_JAVA, "-jar", jar, "--failonwarnings", str(book)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "0 fatals / 0 errors / 0 warnings" in done.stdout + done.stderr


def test_unknown_meta_is_left_out(path: Path) -> None:
    write(path, PLAIN, replace(META, author="", narrator="", date="chưa rõ", cover=b""))
    package = read(path, "package.opf")
    assert package.find(".//dc:creator", NAMES) is None
    assert package.find(".//dc:date", NAMES) is None
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "cover" in name]
