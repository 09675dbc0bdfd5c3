"""One book of several sources, and some chapters of a book, through the command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from command import run
from mutagen.id3 import ID3

from audiobook.app.book_requests import find_ready_books

if TYPE_CHECKING:
    from pathlib import Path

NUMBERS = (1, 2, 10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "Sông dài"
    path.mkdir()
    for number in NUMBERS:
        text = f"# Chương {number}: Bến {number}\n\nĐò số {number} sang sông.\n"
        (path / f"chuong-{number}.md").write_text(text, "utf-8")
    (path / "book.toml").write_text('author = "Nguyễn An"\n', "utf-8")
    return path


def test_a_folder_is_one_book_in_natural_order(folder: Path, tmp_path: Path) -> None:
    completed = run("build", str(folder), "--join", "-o", str(tmp_path), "--jobs", "1")
    assert completed.returncode == 0, completed.stderr
    tag = ID3(tmp_path / "Sông dài.mp3")
    assert (str(tag["TIT2"]), str(tag["TPE1"])) == ("Sông dài", "Nguyễn An")
    chapters = sorted(tag.getall("CHAP"), key=lambda chapter: chapter.start_time)
    titles = [str(chapter.sub_frames["TIT2"]) for chapter in chapters]
    assert titles == [f"Chương {number}: Bến {number}" for number in NUMBERS]
    again = run("build", str(folder), "--join", "-o", str(tmp_path))
    assert again.stdout.endswith("(unchanged)\n")
    (folder / "chuong-2.md").write_text("# Chương 2: Bến mới\n\nĐò nghỉ.\n", "utf-8")
    changed = run("build", str(folder), "--join", "-o", str(tmp_path))
    assert "unchanged" not in changed.stdout


def test_what_heads_each_file_is_left_out_and_listed(folder: Path) -> None:
    for path in folder.glob("*.md"):
        path.write_text(f"Nguyễn An\n\n{path.read_text('utf-8')}", "utf-8")
    assert "Nguyễn An" not in run("read", str(folder)).stdout
    left_out = run("read", str(folder), "--left-out").stdout
    assert left_out.count("    Nguyễn An\n") == len(NUMBERS)


def test_the_chapters_of_a_folder_are_listed(folder: Path) -> None:
    listed = json.loads(run("chapters", str(folder), "--json").stdout)
    assert [entry["number"] for entry in listed] == [1, 2, 3]
    assert listed[1]["title"] == "Chương 2: Bến 2"
    assert listed[1]["words"] == 9


def test_a_file_without_a_heading_names_its_chapter(tmp_path: Path) -> None:
    for name in ("mưa", "nắng"):
        (tmp_path / f"{name}.txt").write_text(f"Trời {name} suốt ngày.\n", "utf-8")
    sources = [str(tmp_path / f"{name}.txt") for name in ("nắng", "mưa")]
    shown = run("build", *sources, "--join", "--title", "Thời tiết", "--dry-run").stdout
    assert shown.splitlines()[0] == "Thời tiết"
    assert [line.split()[1] for line in shown.splitlines()[2:4]] == ["nắng", "mưa"]


def test_some_chapters_are_a_book_of_their_own(folder: Path, tmp_path: Path) -> None:
    options = ("--join", "-o", str(tmp_path), "--jobs", "1")
    completed = run("build", str(folder), *options, "--chapters", "2-")
    assert completed.returncode == 0, completed.stderr
    tag = ID3(tmp_path / "Sông dài.2-.mp3")
    assert str(tag["TIT2"]) == "Sông dài (2-3)"
    assert len(tag.getall("CHAP")) == 2
    completed = run("build", str(folder), *options, "--from", "Chương 10")
    assert completed.returncode == 0, completed.stderr
    assert str(ID3(tmp_path / "Sông dài.from Chương 10.mp3")["TIT2"]) == "Sông dài (3)"
    missing = run("build", str(folder), *options, "--chapters", "7")
    assert missing.returncode == 2
    assert "there is no chapter 7 of 3" in missing.stderr


def _titles(book: Path) -> list[str]:
    chapters = sorted(ID3(book).getall("CHAP"), key=lambda chapter: chapter.start_time)
    return [str(chapter.sub_frames["TIT2"]) for chapter in chapters]


def test_a_folder_may_say_that_it_is_one_book(folder: Path, tmp_path: Path) -> None:
    """The same book, whether it is named, or found in a folder of books."""
    (folder.parent / "khác.txt").write_text("Một câu.", "utf-8")
    settings = folder / "book.toml"
    settings.write_text('author = "Nguyễn An"\njoin = true\n', "utf-8")
    books = tmp_path / "books"
    built = run("build", str(folder.parent), "-o", str(books), "--jobs", "1")
    assert built.returncode == 0, built.stderr
    book = books / folder.name / f"{folder.name}.mp3"
    assert sorted(books.rglob("*.mp3")) == sorted([book, books / "khác.mp3"])
    assert _titles(book) == [f"Chương {number}: Bến {number}" for number in NUMBERS]
    again = run("build", str(folder), "-o", str(book.parent))
    assert again.stdout.endswith("(unchanged)\n")
    # Those that are named come first, and none is lost.
    settings.write_text('join = ["chuong-10.md"]\n', "utf-8")
    assert run("build", str(folder), "-o", str(book.parent)).returncode == 0
    assert _titles(book) == [f"Chương {number}: Bến {number}" for number in (10, 1, 2)]
    listed = json.loads(run("chapters", str(folder), "--json").stdout)
    assert listed[0]["title"] == "Chương 10: Bến 10"


@pytest.mark.parametrize("join", ['["chuong-3.md"]', '"yes"', "[1]"])
def test_a_folder_that_joins_what_is_not_there(folder: Path, tmp_path: Path, join: str) -> None:
    (folder / "book.toml").write_text(f"join = {join}\n", "utf-8")
    completed = run("build", str(folder), "-o", str(tmp_path))
    assert completed.returncode == 2
    assert "join" in completed.stderr
    assert not list(tmp_path.glob("*.mp3"))


def test_a_part_that_arrives_builds_the_book_that_it_is_part_of(folder: Path) -> None:
    (folder / "book.toml").write_text("join = true\n", "utf-8")
    (folder.parent / "khác.txt").write_text("Một câu.", "utf-8")
    ready = [folder / "chuong-2.md", folder.parent / "khác.txt", folder / "chuong-1.md"]
    joined, alone = find_ready_books(ready, folder.parent, folder.parent / "books")
    assert joined.source == str(folder)
    assert joined.folder == folder.parent / "books" / folder.name
    assert joined.parts == tuple(str(folder / f"chuong-{number}.md") for number in NUMBERS)
    assert (alone.source, alone.parts) == (str(folder.parent / "khác.txt"), ())
