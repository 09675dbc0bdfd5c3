"""One book of several sources, and some chapters of a book, through the command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from command import run
from mutagen.id3 import ID3

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
