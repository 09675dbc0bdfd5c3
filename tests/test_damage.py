"""What the fuzzer found in settings, lexicons and finished books, each kept small."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from clock import cpu_seconds
from command import run
from mutagen.id3 import CHAP, CTOC, ID3, SYLT, TIT2
from places import ROOT

from audiobook.app.build import build
from audiobook.audit import audit, contents
from audiobook.config import load_voice, make_job
from audiobook.config.books import read_book_files
from audiobook.errors import AudiobookError, SourceError, UsageError, VoiceError
from audiobook.messages import verbatim
from audiobook.outputs import edits, load, tag_reading
from audiobook.podcast.library import read_library
from audiobook.podcast.volumes import read_volume

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.model import Job


@pytest.fixture
def book(make_job: Callable[..., Job]) -> Path:
    """An MP3 of one chapter."""
    return build(make_job("Một câu.")).path


# --- settings -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a = " + "[" * 5_000, ".".join("a" * 5_000) + " = 1"])
def test_settings_without_end(tmp_path: Path, text: str) -> None:
    for name, read in (
        ("book.toml", lambda: read_book_files(tmp_path / "a.txt")),
        ("library.toml", lambda: read_library(tmp_path)),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(UsageError, match="nested too deeply"):
            read()


@pytest.mark.parametrize("name", ["a\\u0000b", "a" * 5_000, "..", "/dev/zero"])
def test_pictures_that_are_no_files(tmp_path: Path, name: str) -> None:
    source = tmp_path / "a.txt"
    source.write_text("Một câu.", "utf-8")
    (tmp_path / "book.toml").write_text(f'cover = "{name}"')
    with pytest.raises(UsageError, match=r"cannot read the cover|which is not in this folder"):
        make_job(str(source), folder=tmp_path)
    (tmp_path / "library.toml").write_text(f'artwork = "{name}"')
    with pytest.raises(UsageError, match="line 1: cannot read"):
        read_library(tmp_path)


@pytest.mark.parametrize(
    "setting",
    [
        *("pace = nan", "pace = inf", "speed = nan", "pitch = nan", "syllable = nan"),
        *("rate = -1", "rate = 0", "rate = 22222222222222", "concurrency = -5", "syllable = 0"),
        *("pauses.clause = nan", "pauses.clause = inf"),
    ],
)
def test_a_voice_of_impossible_numbers(tmp_path: Path, setting: str) -> None:
    voices = tmp_path / "config" / "voices"
    voices.mkdir(parents=True)
    (voices / "my.toml").write_text(f'engine = "tone"\n{setting}\n')
    with pytest.raises(VoiceError, match=setting.split(" ")[0].rpartition(".")[2]):
        load_voice("my")


@pytest.mark.parametrize("name", ["a" * 5_000, "a\0b", "", ".", "../tone", "/etc/passwd", "tone/"])
def test_a_voice_of_an_impossible_name(name: str) -> None:
    with pytest.raises(VoiceError, match="there is no voice"):
        load_voice(name)


# --- finished books -----------------------------------------------------------------------------


def test_tables_of_contents_that_name_each_other(book: Path) -> None:
    """Each names the next twice: walked along every way, they would take 2⁶⁰ steps."""
    tag = ID3(book)
    tag.delall("CTOC")
    tag.add(CHAP(element_id="end", start_time=0, end_time=100, sub_frames=[]))
    for number in range(60):
        below = [f"t{number + 1}" if number < 59 else "end", f"t{number + 1}", "t0"]
        title = [TIT2(encoding=1, text=["x"])]
        tag.add(
            CTOC(
                element_id=f"t{number}",
                flags=2 if number == 0 else 0,
                child_element_ids=below,
                sub_frames=title,
            )
        )
    tag.save(book)
    assert cpu_seconds(lambda: read_volume(book)) < 1
    assert read_volume(book).chapters


def test_levels_without_end(book: Path) -> None:
    tag = ID3(book)
    tag.delall("CTOC")
    for number in range(3_000):
        title = [TIT2(encoding=1, text=["x"])]
        tag.add(
            CTOC(
                element_id=f"t{number}",
                flags=2 if number == 0 else 0,
                child_element_ids=["no", "chp1", f"t{number + 1}"][number != 2_999 :],
                sub_frames=title,
            )
        )
    tag.save(book)
    assert max(one.level for one in read_volume(book).chapters) < 10


@pytest.mark.parametrize("form", ["mp3", "m4b", "opus"])
def test_damage_that_mutagen_falls_over(tmp_path: Path, form: str) -> None:
    head = {
        "mp3": b"ID3\3\0\0\0\0\0\x7fCHAP\xff",
        "m4b": b"\0\0\0\x10ftypM4B \0\0\0\0\0\0\0\x08moov",
    }
    page = b"OggS\0\2" + bytes(20) + b"\0"  # a page of Ogg without a packet
    path = tmp_path / f"a.{form}"
    path.write_bytes(head.get(form, page) * 3)
    assert load(form).read_book(path, "x") is None
    assert load(form).read_fingerprint(path) == ""
    with pytest.raises(SourceError):
        audit(path)


def test_a_rate_that_no_sound_has(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = replace(contents.read_contents(book), rate=3)
    monkeypatch.setitem(contents._READERS, "MP3", lambda _path, _file: told)
    with pytest.raises(SourceError, match="3 samples a second"):
        audit(book)


def test_titles_that_terminals_would_obey(book: Path) -> None:
    tag = ID3(book)
    tag.add(TIT2(encoding=1, text=["\x1b]0;lạ\x07\x1b[2J\u202e"]))
    tag.getall("CHAP")[0].sub_frames.add(TIT2(encoding=1, text=["\x1b[31m\x9b2J"]))
    tag.save(book)
    said = run("check", str(book))
    assert said.returncode in (0, 6), said.stderr
    assert not {"\x1b", "\x9b", "\x07", "\u202e"} & set(said.stdout + said.stderr)


def test_errors_that_terminals_would_obey() -> None:
    assert (
        str(AudiobookError(verbatim("no \x1b[2Jfile\n\u202e"), verbatim("try\x07")))
        == "no \ufffd[2Jfile \ufffd: try\ufffd"
    )


# --- tags that unpack to more than there is memory for --------------------------------------------


def size_in_tag(size: int) -> bytes:
    """Return a size as tags write it: seven bits a byte."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def packed_frame(version: int, name: bytes, content: bytes) -> bytes:
    """Return a compressed frame of ID3v2.3 or v2.4."""
    packed = zlib.compress(content, 9)
    if version == 3:
        body = len(content).to_bytes(4) + packed
        return name + len(body).to_bytes(4) + b"\0\x80" + body
    body = size_in_tag(len(content)) + packed
    return name + size_in_tag(len(body)) + b"\0\x09" + body


def with_frames(book: Path, path: Path, version: int, frames: bytes) -> Path:
    """Write a book whose tag holds only these frames."""
    tagged = ID3(book)
    head = b"ID3" + bytes((version, 0, 0)) + size_in_tag(len(frames))
    path.write_bytes(head + frames + book.read_bytes()[tagged.size :])
    return path


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("form", ["one frame", "many frames", "inside a chapter"])
def test_frames_that_unpack_to_too_much(
    book: Path, tmp_path: Path, version: int, form: str
) -> None:
    if form == "many frames":
        size, count = tag_reading.MOST_UNPACKED // 10, 11
        frames = b"".join(
            packed_frame(version, b"TXXX", b"\0%d\0" % number + b"a" * size)
            for number in range(count)
        )
    else:
        frames = packed_frame(version, b"TIT2", bytes(tag_reading.MOST_UNPACKED + 1))
    if form == "inside a chapter":
        frames = packed_frame(version, b"CHAP", b"one\0" + bytes(16) + frames)
    path = with_frames(book, tmp_path / "large.mp3", version, frames)
    with pytest.raises(SourceError, match="more than 64 MB"):
        audit(path)
    with pytest.raises(SourceError, match="more than 64 MB"):
        read_volume(path)


@pytest.mark.parametrize("version", [3, 4])
def test_compressed_frames_are_read(book: Path, tmp_path: Path, version: int) -> None:
    frames = packed_frame(version, b"TIT2", b"\0" + b"Ben do")
    path = with_frames(book, tmp_path / "packed.mp3", version, frames)
    assert contents.read_contents(path).title == "Ben do"


def test_a_large_frame_keeps_no_book_from_the_feed(book: Path) -> None:
    frames = packed_frame(3, b"TIT2", bytes(tag_reading.MOST_UNPACKED + 1))
    with_frames(book, book.parent / "large.mp3", 3, frames)
    finished = run("feed", str(book.parent), "--url", "https://example.org/")
    assert "Traceback" not in finished.stderr
    assert "large.mp3" in finished.stderr
    feed = (book.parent / "site" / "feed.xml").read_text("utf-8")
    assert feed.count("<item>") == 1


def synced(count: int, encoding: int = 1) -> bytes:
    """Return a tag with so many lines of synced text."""
    words = ("ngày Ā Đêm", "", "x", "ĐĀ" * 5) if encoding else ("ngay", "", "x")
    lines = [(words[number % len(words)], number * 7) for number in range(count)]
    tag, file = ID3(), io.BytesIO()
    tag.add(SYLT(encoding=encoding, lang="vie", format=2, type=1, desc="", text=lines))
    tag.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", [0, 1, 2, 3])
def test_synced_text_is_read_as_it_was_written(encoding: int) -> None:
    (frame,) = tag_reading.read_id3(io.BytesIO(synced(9, encoding))).getall("SYLT")
    words = ("ngày Ā Đêm", "", "x", "ĐĀ" * 5) if encoding else ("ngay", "", "x")
    assert frame.text == [(words[number % len(words)], number * 7) for number in range(9)]


def test_synced_text_of_a_long_book_takes_time_by_its_length() -> None:
    def seconds_of(count: int) -> float:
        file = synced(count)
        return cpu_seconds(lambda: tag_reading.read_id3(io.BytesIO(file)), 3)

    assert seconds_of(80_000) < 16 * seconds_of(10_000)


@pytest.mark.parametrize("piece", [b"\0", b"a\0"])
def test_a_text_that_is_divided_without_end(book: Path, tmp_path: Path, piece: bytes) -> None:
    body = b"\0" + piece * 1_000_000
    frames = b"TIT2" + size_in_tag(len(body)) + b"\0\0" + body
    path = with_frames(book, tmp_path / "many.mp3", 4, frames)
    with pytest.raises(SourceError, match="is divided into"):
        audit(path)


def test_tags_are_read_in_one_place() -> None:
    for path in sorted((ROOT / "audiobook").rglob("*.py")):
        calls = re.findall(r"mutagen\.File\(|\bMP3\(|\bID3\((?!\))", path.read_text("utf-8"))
        calls = [call for call in calls if path.name != "tag_reading.py"]
        assert not calls, path


@pytest.mark.parametrize("text", ["[1]", "1", "{", "[" * 100_000])
def test_a_note_of_changes_that_somebody_else_wrote(text: str) -> None:
    assert edits.read_note(text) == {}
