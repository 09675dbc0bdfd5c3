from __future__ import annotations

import re
from pathlib import Path

import mutagen.id3
import pytest
from places import ROOT
from stubs import FRAME, SOUND, frames, make_book

from audiobook.errors import SourceError, UsageError
from audiobook.model import Meta
from audiobook.podcast.library import find_books, read_library
from audiobook.podcast.volumes import read_volume, with_cover_and_cues

# --- library.toml -------------------------------------------------------------------------------


def said(folder: Path, text: str) -> Path:
    (folder / "library.toml").write_text(text, "utf-8")
    return folder


def test_without_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "Tủ sách"
    folder.mkdir()
    library = read_library(folder)
    assert (library.title, library.language) == ("Tủ sách", "vi")
    assert library.category == ("Arts", "Books")


def test_all_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG...")
    library = read_library(
        said(
            tmp_path,
            'title = " Tủ  sách "\nauthor = "A"\nowner = "B"\nemail = "b@c.vn"\n'
            'licence = "CC0-1.0"\n'
            'description = """Một.\n\nHai."""\ncategory = "Kids & Family > Stories for Kids"\n'
            'language = "vi-VN"\nguid = "917393E3-1B1E-5CEF-ACE4-EDAA54E1F810"\n'
            'artwork = "a.png"\nexplicit = true\nurl = "https://sách.vn/a/"\ntarget = "../www"\n'
            'follow = ["https://bao.example/rss", "bai"]\n',
        )
    )
    assert library.title == "Tủ sách"
    assert library.description == "Một.\n\nHai."
    assert library.category == ("Kids & Family", "Stories for Kids")
    assert library.guid == "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    assert library.artwork == b"\x89PNG..."
    assert library.explicit
    assert library.url == "https://xn--sch-ela.vn/a"
    # What is a path there counts from the folder, wherever the command is run.
    assert library.target == str(tmp_path / "../www")
    assert library.follow == ("https://bao.example/rss", str(tmp_path / "bai"))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('titel = "x"', 2, "there is no setting 'titel'; did you mean title?"),
        ("title = 3", 2, "title must be text, not 3"),
        ("title = ", 2, "Invalid value"),
        ('email = "nobody"', 2, "not an e-mail"),
        ('email = "a@b.c\\" x=\\"1"', 2, "not an e-mail"),
        ('category = "arts"', 2, "Apple has no category 'arts'"),
        ('category = ["Arts", "Books", "x"]', 2, "Apple has no category"),
        ("category = []", 2, "Apple has no category"),
        ("category = 1", 2, "category must be text"),
        ('language = "tiếng Việt"', 2, "not a language tag"),
        ('guid = "1"', 2, "not a UUID"),
        ('url = "example.org"', 2, "example.org"),
        ('url = "https://an:b@example.org"', 2, "must hold no password"),
        ("follow = [1]", 2, "follow must be a list"),
        ('explicit = "no"', 2, "true or false"),
        ('artwork = "none.png"', 2, "cannot read"),
        ('artwork = "library.toml"', 2, "it is not a picture that can be used"),
        ('[books]\nx = "1"', 2, "there is no setting 'books'; there are title, author"),
    ],
)
def test_mistakes_are_named_with_their_line(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(message)) as problem:
        read_library(said(tmp_path, f"# một\n{text}\n"))
    assert f"line {line}" in str(problem.value)


# --- books --------------------------------------------------------------------------------------


def test_a_book_as_it_was_bound(tmp_path: Path) -> None:
    meta = Meta(
        title="Tên",
        author="Tác giả",
        narrator="Người đọc",
        date="1937-05-02",
        language="vi",
        genre="Audiobook",
        publisher="Nhà in",
        description="Về sách",
        cover=b"\x89PNG",
    )
    titles = ("Phần 1", "  Chương 1", "  Chương 2", "Phần 2", "Phần 3", "  Chương 1")
    book = make_book(tmp_path / "b.mp3", meta, titles)
    volume = read_volume(book.path)
    assert volume.chapters == book.chapters
    assert (volume.rate, volume.samples) == (book.rate, book.samples)
    assert (volume.meta.cover, volume.cues) == (b"", ())
    complete = with_cover_and_cues(volume)
    assert complete.meta == meta
    assert len(complete.cues) == 12
    assert [cue.start for cue in complete.cues[::2]] == [chapter.start for chapter in book.chapters]
    assert complete.cues[1].end == complete.cues[2].start
    assert complete.cues[-1].end == book.samples


def test_more_chapters_than_a_table_holds(tmp_path: Path) -> None:
    book = make_book(
        tmp_path / "b.mp3", Meta(title="B"), [f"{number}" for number in range(300)], length=3
    )
    assert read_volume(book.path).chapters == book.chapters


def test_a_stranger_without_a_tag(tmp_path: Path) -> None:
    path = tmp_path / "Của ai đó.mp3"
    path.write_bytes(frames(100, 300))
    volume = with_cover_and_cues(read_volume(path))
    assert volume.meta.title == "Của ai đó"
    assert [(chapter.title, chapter.start) for chapter in volume.chapters] == [("Của ai đó", 0)]
    assert (volume.rate, volume.cues, volume.synthetic) == (SOUND.rate, (), False)
    assert abs(volume.samples - 100 * FRAME) < FRAME


def test_a_stranger_with_chapters(tmp_path: Path) -> None:
    path = tmp_path / "x.mp3"
    path.write_bytes(frames(100, 300) + b"TAG" + bytes(125))
    tag = mutagen.id3.ID3()
    for number, start in enumerate((500, 1500)):
        title = [mutagen.id3.TIT2(encoding=3, text=[f"Phần {number}"])]
        tag.add(mutagen.id3.CHAP(f"c{number}", start, start + 900, sub_frames=title))
    tag.add(mutagen.id3.TIT2(encoding=3, text=["Tên\0khác"]))
    tag.save(path)
    volume = read_volume(path)
    assert volume.meta.title == "Tênkhác"
    first, second = volume.chapters
    assert (first.title, first.start, second.title) == ("Phần 0", 0, "Phần 1")
    assert (first.end, second.end) == (second.start, volume.samples)
    assert abs(second.start - 1.5 * volume.rate) <= FRAME / 2


@pytest.mark.parametrize("length", [0, 10, 500, 3000, -1, -400])
def test_damaged(tmp_path: Path, length: int) -> None:
    book = make_book(tmp_path / "b.mp3", Meta(title="B"), ("Một", "Hai"))
    book.path.write_bytes(book.path.read_bytes()[:length])
    with pytest.raises(SourceError, match=r"b\.mp3"):
        read_volume(book.path)


def test_only_mp3_files_of_the_folder_itself(tmp_path: Path) -> None:
    for name in ("b.MP3", "a.mp3", ".c.mp3", "d.txt"):
        (tmp_path / name).touch()
    (tmp_path / "e.mp3").mkdir()
    assert [path.name for path in find_books(tmp_path)] == ["a.mp3", "b.MP3"]


def test_the_example_of_the_documents(tmp_path: Path) -> None:
    settings = ROOT / "docs" / "reference" / "settings.md"
    pattern = r"```toml\n(title = [^`]*guid = [^`]*)```"
    (example,) = re.findall(pattern, settings.read_text("utf-8"))
    (tmp_path / "bia.jpg").write_bytes(b"\xff\xd8\xff")
    library = read_library(said(tmp_path, example))
    assert all(getattr(library, name) for name in ("title", "email", "licence", "guid", "artwork"))


def test_a_folder_that_is_followed_is_named_without_detours(tmp_path: Path) -> None:
    library = read_library(said(tmp_path, 'follow = ["../bai", "https://bao.example/a/../rss"]\n'))
    bai, feed = library.follow
    assert bai == str(tmp_path.resolve().parent / "bai")
    assert feed == "https://bao.example/a/../rss"
