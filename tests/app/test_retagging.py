"""Finished books with other tags and chapters: the sound and all else stay."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import mutagen
import pytest
from command import run
from mutagen.id3 import APIC, COMM, ID3, PRIV, TXXX, WXXX, Encoding, PictureType
from PIL import Image
from tones import NAMES, book_of

from audiobook.app.build import build
from audiobook.app.chapter_lists import Form, ListedChapter, write_list
from audiobook.app.retagging import Changes, Retagged, retag
from audiobook.audit.contents import read_contents
from audiobook.errors import OutputError, SourceError, UsageError
from audiobook.model import Job, Meta
from audiobook.outputs import cover
from audiobook.outputs.mp3 import headers
from audiobook.podcast import identities
from audiobook.podcast.state import SiteState
from audiobook.podcast.volumes import read_volume
from audiobook.system import ffmpeg

LENGTHS = [2.0, 1.0, 1.5]
META = Meta(
    title="Bến đò",
    author="Nguyễn An",
    narrator="Hà Nội",
    series="Sông",
    volume="2",
    date="2020",
    language="vi",
    genre="Truyện",
    publisher="Nhà in",
    description="Chuyện cũ",
)
NEW = {
    "title": "Tắt đèn",
    "author": "Ngô Tất Tố",
    "narrator": "Mai",
    "series": "Làng",
    "volume": "3",
    "date": "2022-05-02",
    "language": "en",
    "genre": "Tiểu thuyết",
    "publisher": "Trẻ",
    "description": "Chuyện mới\nhai dòng",
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A book of three chapters in each format."""
    folder = tmp_path_factory.mktemp("books")
    return {name: book_of(name, folder, ["Một", "Hai", "Ba"], LENGTHS, META).path for name in NAMES}


@pytest.fixture(params=NAMES)
def book(request: pytest.FixtureRequest, books: dict[str, Path], tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copy(books[request.param], tmp_path))


def packets(path: Path) -> str:
    """The sizes and digests of the packets of the sound, as ffmpeg finds them."""
    command = [ffmpeg.find(), "-v", "error", "-i", str(path), "-map", "0:a", "-c", "copy"]
    result = subprocess.run([*command, "-f", "framemd5", "-"], capture_output=True, check=True)
    return result.stdout.decode()


def listed(*chapters: tuple[str, float]) -> list[ListedChapter]:
    return [ListedChapter(title, Fraction(start)) for title, start in chapters]


def places(path: Path) -> list[tuple[str, float, float]]:
    chapters = read_contents(path).chapters
    return [(one.title, round(one.start, 3), round(one.end, 3)) for one in chapters]


def test_every_text(book: Path) -> None:
    before = packets(book)
    old = read_contents(book)
    assert set(retag(book, Changes(texts=NEW)).changed) == set(NEW)
    new = read_contents(book)
    told = {name: getattr(new, name) for name in NEW}
    assert told | {"language": "en"} == NEW
    assert new.language in ("en", "eng")
    assert new.album == NEW["title"]
    assert packets(book) == before
    assert new.chapters == old.chapters
    assert new.sentences == old.sentences
    assert new.provenance == old.provenance
    assert new.loudness == old.loudness
    assert retag(book, Changes(texts=NEW)).changed == ()


def test_texts_taken_away_leave_nothing(book: Path) -> None:
    retag(book, Changes(texts=dict.fromkeys(NEW, "")))
    new = read_contents(book)
    assert all(getattr(new, name) == "" for name in NEW if name != "language")
    left = str(mutagen.File(book).tags)
    for old in (META.author, META.series, META.publisher, META.description, "Nguyen An"):
        assert old not in left


def test_a_cover_and_none(book: Path, picture: bytes) -> None:
    before = packets(book)
    assert retag(book, Changes(cover=picture)).changed == ("cover",)
    assert read_contents(book).cover_file == picture
    retag(book, Changes(cover=b""))
    assert read_contents(book).cover is None
    assert packets(book) == before


def test_a_cover_is_as_small_as_a_build_makes_it(books: dict[str, Path], tmp_path: Path) -> None:
    book = Path(shutil.copy(books["mp3"], tmp_path))
    detailed, tiny = BytesIO(), BytesIO()
    Image.effect_noise((1400, 1400), 60).convert("RGB").save(detailed, "JPEG")
    Image.new("RGB", (50, 50)).save(tiny, "PNG")
    retag(book, Changes(cover=detailed.getvalue()))
    written = read_contents(book).cover_file
    assert written == cover.fit(detailed.getvalue(), most=cover.MOST_INSIDE)
    with pytest.raises(SourceError, match="only 50 × 50 pixels"):
        retag(book, Changes(cover=tiny.getvalue()))
    assert read_contents(book).cover_file == written


def test_other_places_and_another_number_of_chapters(book: Path) -> None:
    before = packets(book)
    seconds = read_contents(book).seconds
    chapters = listed(("Đầu", 0), ("Giữa", 0.5), ("Sau", 2.25), ("Cuối", 3.125))
    assert retag(book, Changes(chapters=chapters)).changed == ("chapters",)
    ends = [0.5, 2.25, 3.125, seconds]
    for (title, start, end), chapter, wanted in zip(places(book), chapters, ends, strict=True):
        assert title == chapter.title
        assert start == pytest.approx(float(chapter.start or 0), abs=0.001)
        assert end == pytest.approx(wanted, abs=0.002)
    assert packets(book) == before


def test_titles_keep_the_times(book: Path) -> None:
    old = read_contents(book)
    retag(book, Changes(chapters=[ListedChapter(title) for title in ("A", "Bê", "X" * 300)]))
    new = read_contents(book)
    assert [one.title for one in new.chapters] == ["A", "Bê", "X" * 300]
    assert [one.start for one in new.chapters] == [one.start for one in old.chapters]


def test_what_was_written_out_changes_nothing(book: Path) -> None:
    old = book.read_bytes()
    chapters = read_contents(book).chapters
    listed_again = [ListedChapter(one.title, Fraction(f"{one.start:.6f}")) for one in chapters]
    assert retag(book, Changes(chapters=listed_again)).changed == ()
    assert book.read_bytes() == old
    assert write_list(chapters, Form.TITLES) == "Một\nHai\nBa\n"


def test_four_hundred_chapters_and_back(book: Path) -> None:
    before = packets(book)
    many = listed(*((f"Chương {number}", number / 100) for number in range(400)))
    retag(book, Changes(chapters=many))
    assert [title for title, *_ in places(book)] == [one.title for one in many]
    retag(book, Changes(chapters=listed(("Một", 0), ("Hai", 2), ("Ba", 3))))
    assert [title for title, *_ in places(book)] == ["Một", "Hai", "Ba"]
    assert packets(book) == before


def test_chapters_that_a_format_has_no_place_for_are_told(book: Path) -> None:
    many = listed(*((f"Chương {number}", number / 300) for number in range(1200)))
    retagged = retag(book, Changes(chapters=many))
    kept = len(read_contents(book).chapters)
    assert kept == (1000 if book.suffix == ".opus" else 1200)
    told = [note for note in retagged.notes if "holds only 1,000 of the 1,200 chapters" in note]
    assert bool(told) == (kept < 1200)


def test_titles_are_those_of_chapters_as_they_are_heard(books: dict[str, Path]) -> None:
    """Other programs store the frames of chapters in any order."""
    book = books["mp3"].with_name("stored.mp3")
    shutil.copy(books["mp3"], book)
    tag = ID3(book)
    frames = tag.getall("CHAP")
    tag.delall("CTOC")
    tag.setall("CHAP", [])
    for title, frame in zip(("z", "y", "x"), frames, strict=True):
        frame.element_id = title  # by which they are sorted when they are stored
        frame.sub_frames["TIT2"].text = [title * len(frame.sub_frames["TIT2"].text[0])]
        tag.add(frame)
    tag.save(book)
    contents = read_contents(book)
    assert [one.start for one in contents.heard_chapters] == sorted(
        one.start for one in contents.chapters
    )
    retag(book, Changes(chapters=[ListedChapter(title) for title in ("A", "B", "C")]))
    assert [title for title, *_ in sorted(places(book), key=lambda place: place[1])] == [
        "A",
        "B",
        "C",
    ]


def test_many_changes_do_not_pile_up(book: Path) -> None:
    lists = [listed(("A", 0), ("B", 1)), listed(("C", 0), ("D", 1.5))]
    sizes = []
    for number in range(6):
        retag(book, Changes(chapters=lists[number % 2]))
        sizes.append(book.stat().st_size)
    assert sizes[2:4] == sizes[4:]


@pytest.mark.parametrize(
    ("chapters", "told"),
    [
        (listed(("A", 0), ("B", 99)), "lasts from 0"),
        (listed(("A", -1), ("B", 1)), "lasts from 0"),
        (listed(("A", 1), ("B", 1)), "two chapters begin"),
        ([ListedChapter("A")], "1 titles and the book 3 chapters"),
    ],
)
def test_chapters_that_do_not_fit(
    chapters: list[ListedChapter], told: str, books: dict[str, Path]
) -> None:
    old = books["mp3"].read_bytes()
    with pytest.raises(UsageError, match=told):
        retag(books["mp3"], Changes(chapters=chapters))
    assert books["mp3"].read_bytes() == old


def test_the_first_chapter_begins_with_the_book(book: Path) -> None:
    result = retag(book, Changes(chapters=listed(("B", 2), ("A", 1))))
    assert [title for title, *_ in places(book)] == ["A", "B"]
    assert places(book)[0][1] == 0
    assert "0:00:01.000" in str(result.notes[0])


def test_a_copy_beside_is_whole_or_not_there(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = book.read_bytes()
    link = book.with_name(f"link{book.suffix}")
    link.symlink_to(book)
    book.chmod(0o640)
    retag(link, Changes(texts={"title": "Qua liên kết"}))
    assert link.is_symlink()
    assert read_contents(book).title == "Qua liên kết"
    assert book.stat().st_mode & 0o777 == 0o640

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    book.write_bytes(old)
    monkeypatch.setattr("audiobook.system.files.writing.os.fsync", full)
    with pytest.raises(OutputError):
        retag(book, Changes(texts={"title": "Không"}))
    assert book.read_bytes() == old
    assert {path.name for path in book.parent.glob("*.part")} == set()


# --- MP3 -----------------------------------------------------------------------------------------


def sound_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        start, end = headers.after_tags(file), headers.end_of_sound(file)
        return headers.read_at(file, start, end - start)


@pytest.mark.parametrize("version", [3, 4])
def test_frames_of_others_stay_byte_by_byte(
    version: int, books: dict[str, Path], tmp_path: Path, picture: bytes
) -> None:
    path = Path(shutil.copy(books["mp3"], tmp_path))
    tag = ID3(path)
    tag.add(PRIV(owner="x", data=b"\0\xff\0\xff"))
    tag.add(TXXX(encoding=Encoding.UTF16, desc="OF OTHERS", text=["ÿ"]))
    tag.add(COMM(encoding=Encoding.UTF16, lang="vie", desc="note", text=["ghi chú"]))
    back = APIC(encoding=Encoding.LATIN1, mime="image/png", type=PictureType.COVER_BACK, data=b"b")
    front = APIC(encoding=Encoding.LATIN1, mime="image/png", type=3, desc="f", data=b"\x89PNGold")
    chapter = tag.getall("CHAP")[1]
    chapter.sub_frames.add(WXXX(encoding=Encoding.UTF16, desc="", url="https://example.org/"))
    tag.add(back)
    tag.add(front)
    tag.save(path, v2_version=version, v1=2)
    sound = sound_bytes(path)
    new = Changes(
        texts={"author": "Đỗ X", "description": "mới"},
        cover=picture,
        chapters=listed(("A", 0), ("B", 2.0 + chapter.start_time / 1000 - 2.0), ("C", 3.75)),
    )
    retag(path, new)
    after = ID3(path)
    assert after.version[1] == version
    assert after.getall("PRIV")[0].data == b"\0\xff\0\xff"
    assert str(after["TXXX:OF OTHERS"]) == "ÿ"
    assert str(after["COMM:note:vie"]) == "ghi chú"
    assert [frame.data for frame in after.getall("APIC") if frame.type == 4] == [b"b"]
    assert [frame.data for frame in after.getall("APIC") if frame.type == 3] == [picture]
    assert [frame.url for c in after.getall("CHAP") for frame in c.sub_frames.getall("WXXX")] == [
        "https://example.org/"
    ]
    assert after.getall("SYLT")[0].text == tag.getall("SYLT")[0].text
    assert [str(frame) for frame in after.getall("USLT")] == [
        str(frame) for frame in tag.getall("USLT")
    ]
    assert sound_bytes(path) == sound
    assert path.read_bytes()[-128:].startswith(b"TAG")
    assert b"? X" in path.read_bytes()[-128:]


def test_tags_of_any_kind_or_none(books: dict[str, Path], tmp_path: Path) -> None:
    sound = sound_bytes(books["mp3"])

    def sized(version: int, flags: int, frames: bytes) -> bytes:
        return b"ID3" + bytes((version, 0, flags, 0, 0, 0, len(frames))) + frames

    title = b"\0ab\xffcd\xff"
    frame = b"TIT2" + len(title).to_bytes(4) + b"\0\0" + title + b"XYZW\0\0\0\2\0\0hi"
    kinds = {
        "none": b"",
        "v2.2": sized(2, 0, b"TT2\0\0\6\0Old22"),
        "unsynchronised": sized(3, 0x80, frame.replace(b"\xff", b"\xff\0")),
        "padded": sized(3, 0, frame + bytes(20)),
    }
    for name, tag in kinds.items():
        path = tmp_path / f"{name}.mp3"
        path.write_bytes(tag + sound)
        old = read_contents(path).title
        retag(path, Changes(texts={"author": "Đỗ X"}, chapters=listed(("A", 0), ("B", 1))))
        new = read_contents(path)
        assert (new.title, new.author) == (old, "Đỗ X")
        assert [chapter.title for chapter in new.chapters] == ["A", "B"]
        assert sound_bytes(path) == sound
        if name in ("unsynchronised", "padded"):
            assert b"XYZW\0\0\0\2\0\0hi" in path.read_bytes()


# --- MP4 of others -------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("-movflags", "+faststart")])
@pytest.mark.parametrize("with_chapters", [True, False])
def test_movies_of_others(
    options: tuple[str, ...], with_chapters: bool, books: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / "other.m4a"
    metadata = ["-map_chapters", "0" if with_chapters else "-1"]
    command = [ffmpeg.find(), "-v", "error", "-i", str(books["m4b"]), "-map", "0:a", *metadata]
    subprocess.run([*command, "-c", "copy", *options, str(path)], check=True)
    before = packets(path)
    retag(path, Changes(texts={"title": "Mới"}, chapters=listed(("A", 0), ("Bê", 2.5))))
    assert packets(path) == before
    assert [title for title, *_ in places(path)] == ["A", "Bê"]
    # The track of the chapters tells the same as the list of Nero.
    from audiobook.outputs.m4b import read_chapters

    with path.open("rb") as file:
        assert [(one.title, one.start) for one in read_chapters(file, 1000)] == [
            ("A", 0),
            ("Bê", 2500),
        ]


def test_positions_beyond_four_gigabytes(
    books: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(books["m4b"], tmp_path))
    before = packets(path)
    monkeypatch.setattr("audiobook.outputs.m4b.retagging._FAR", 0)
    retag(path, Changes(texts={"title": "Xa"}, chapters=listed(("A", 0), ("B", 1))))
    assert b"co64" in path.read_bytes()
    assert b"stco" not in path.read_bytes()
    assert packets(path) == before
    assert [title for title, *_ in places(path)] == ["A", "B"]


def test_fragments_are_refused(books: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "stream.m4a"
    command = [ffmpeg.find(), "-v", "error", "-i", str(books["m4b"]), "-map", "0:a", "-c", "copy"]
    subprocess.run([*command, "-movflags", "frag_keyframe+empty_moov", str(path)], check=True)
    with pytest.raises(SourceError, match="fragments"):
        retag(path, Changes(texts={"title": "x"}))


# --- what happens later --------------------------------------------------------------------------


@pytest.fixture
def built(make_job: Callable[..., Job]) -> Job:
    job = make_job("# Một\n\nCâu một.\n\n# Hai\n\nCâu hai.")
    return replace(job, transcripts=("srt", "vtt"))


def retagged(job: Job, **texts: str) -> Retagged:
    return retag(build(job).path, Changes(texts=texts))


def test_an_unchanged_book_is_left_alone(built: Job) -> None:
    path = retagged(built, title="Tên mới").path
    events: list[object] = []
    assert build(built, events.append).meta.title == "Tên mới"
    assert events == []
    assert read_contents(path).title == "Tên mới"


def test_no_build_sets_a_change_back_without_a_word(built: Job) -> None:
    path = retagged(built, title="Tên mới", author="Ai").path
    Path(built.source).write_text("# Một\n\nCâu khác.\n\n# Hai\n\nCâu hai.", "utf-8")
    with pytest.raises(OutputError, match="title") as problem:
        build(built)
    assert "author" in str(problem.value)
    half = replace(built, meta=Meta(title="Tên mới"))
    with pytest.raises(OutputError, match=r"\(author\)"):
        build(half)
    assert read_contents(path).title == "Tên mới"
    build(replace(built, meta=Meta(title="Tên mới", author="Ai")))
    assert read_contents(path).changes == {}
    retag(path, Changes(texts={"title": "Lại khác"}))
    build(replace(built, overwrite=True))
    assert read_contents(path).title == "book"


def test_titles_of_chapters_stay_if_the_text_has_them(built: Job) -> None:
    path = build(built).path
    retag(path, Changes(chapters=[ListedChapter("Một"), ListedChapter("Nhì")]))
    Path(built.source).write_text("# Một\n\nCâu khác.\n\n# Hai\n\nCâu hai.", "utf-8")
    with pytest.raises(OutputError, match="chapters"):
        build(built)
    Path(built.source).write_text("# Một\n\nCâu khác.\n\n# Nhì\n\nCâu hai.", "utf-8")
    build(built)
    retag(path, Changes(chapters=listed(("Một", 0), ("Nhì", 0.5))))
    Path(built.source).write_text("# Một\n\nCâu nữa.\n\n# Nhì\n\nCâu hai.", "utf-8")
    with pytest.raises(OutputError, match="chapters"):
        build(built)


def test_episodes_keep_their_guids(books: dict[str, Path], tmp_path: Path) -> None:
    path = Path(shutil.copy(books["mp3"], tmp_path / "b.mp3"))

    def state(old: SiteState) -> SiteState:
        volume = read_volume(path)
        names = identities.name_books(old, {path.name: volume.digest})
        named = replace(volume, name=names[path.name])
        return identities.assign(old, [named], "https://example.org", "", 1_000_000)

    first = state(SiteState(url="", guid="", books={}))
    new = [ListedChapter(title) for title in ("Một", "Đổi tên", "Ba")]
    retag(path, Changes(texts={"title": "Tên mới"}, chapters=new))
    second = state(first)
    for name, old_book in first.books.items():
        assert second.books[name].guid == old_book.guid
        assert [one.guid for one in second.books[name].chapters] == [
            one.guid for one in old_book.chapters
        ]


# --- the commands --------------------------------------------------------------------------------


def test_edit_the_list_and_put_it_back(book: Path, tmp_path: Path) -> None:
    for form in Form:
        result = run("info", str(book), "--chapters", form)
        path = tmp_path / f"{form}.txt"
        path.write_text(result.stdout.replace("Hai", f"Hai {form}"), "utf-8")
        result = run("retag", str(book), "--chapters", str(path))
        assert (result.returncode, result.stdout) == (0, f"{book}: chapters\n")
        assert [title for title, *_ in places(book)] == ["Một", f"Hai {form}", "Ba"]
        path.write_text(result.stdout, "utf-8")
        retag(book, Changes(chapters=[ListedChapter(title) for title in ("Một", "Hai", "Ba")]))


def test_information(books: dict[str, Path], tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.m4b"
    damaged.write_bytes(books["m4b"].read_bytes()[:3000])
    paths = [str(damaged), *map(str, books.values()), str(tmp_path)]
    result = run("info", *paths)
    assert result.returncode == 3
    assert len(result.stderr.splitlines()) == 2
    assert result.stdout.count("Bến đò · Nguyễn An") == len(books)
    assert "Sông, 2" in result.stdout
    result = run("info", "--json", *paths)
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["format"] for one in told] == [*books]
    for one in told:
        assert {name: one[name] for name in NEW} == {name: getattr(META, name) for name in NEW}
        assert [chapter["title"] for chapter in one["chapters"]] == ["Một", "Hai", "Ba"]
    assert run("info", paths[1], "--chapters", "xml").returncode == 2


def test_information_from_a_pipe(books: dict[str, Path]) -> None:
    result = run("info", "-", stdin=books["m4b"].read_bytes())
    assert result.stdout.startswith("Bến đò · Nguyễn An")


def test_how_a_book_was_made(built: Job) -> None:
    book = build(built)
    result = run("info", "--json", str(book.path))
    told = json.loads(result.stdout)
    assert told["making"]["voice"] == "tone"
    assert told["making"]["engine"].startswith("tone/")
    assert told["source"] == built.source or told["source"] is None
    retag(book.path, Changes(texts={"title": "Mới"}))
    assert json.loads(run("info", "--json", str(book.path)).stdout)["retagged"] == ["title"]


def test_nothing_to_change_and_dates(books: dict[str, Path]) -> None:
    path = str(books["mp3"])
    assert run("retag", path).returncode == 2
    assert run("retag", path, "--year", "MMXX").returncode == 2
    assert run("retag", path, "--cover", "missing.png").returncode == 2
    assert run("retag", path, "--chapters", "missing.txt").returncode == 3


def test_texts_are_written_as_a_build_writes_them(book: Path) -> None:
    """No control character, one line, letters composed: else the next build would refuse."""
    odd = {
        "title": "Tê\u0301t\n đe\u0300n\x1b[31m\0",
        "author": "Ngô\tTất  Tố",
        "description": "Dòng một\x07\nDòng hai",
    }
    clean = {
        "title": "Tết đèn[31m",
        "author": "Ngô Tất Tố",
        "description": "Dòng một\nDòng hai",
    }
    retag(book, Changes(texts=odd))
    contents = read_contents(book)
    assert {name: getattr(contents, name) for name in clean} == clean
    assert retag(book, Changes(texts=odd)).changed == ()
