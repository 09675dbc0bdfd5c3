"""Links in folders: what leads out of a folder is not read, and nothing is read twice."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from command import run

from audiobook.app.texts import links_out, walk_texts
from audiobook.app.watch import settled_texts

if TYPE_CHECKING:
    from pathlib import Path

BUILD = ("build", "--voice", "tone", "--cover", "none", "-k")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two texts, and links of every kind."""
    texts, strangers = tmp_path / "texts", tmp_path / "strangers"
    for path in (texts / "a.txt", texts / "truyen" / "b.txt", strangers / "c.txt"):
        path.parent.mkdir(exist_ok=True)
        path.write_text("Một câu.", "utf-8")
    try:
        (texts / "mat-khau.txt").symlink_to(strangers / "c.txt")
    except OSError:
        pytest.skip("this disk has no links")
    (texts / "qua-hai.txt").symlink_to(texts / "mat-khau.txt")
    (texts / "ngoai").symlink_to(strangers)
    (texts / "vong").symlink_to(texts)
    (texts / "truyen" / "len").symlink_to("..")
    (texts / "trong.txt").symlink_to("truyen/b.txt")
    (texts / "anh.bin").symlink_to("/dev/null")
    return texts


def test_a_folder_is_built_without_what_lies_elsewhere(folder: Path, tmp_path: Path) -> None:
    books = tmp_path / "books"
    done = run(*BUILD, str(folder), "-o", str(books))
    assert done.returncode == 0, done.stderr
    made = {path.relative_to(books).as_posix() for path in books.rglob("*.mp3")}
    assert made == {"a.mp3", "trong.mp3", "truyen/b.mp3"}
    (line,) = [line for line in done.stderr.splitlines() if "passed over" in line]
    assert line == (
        "3 links passed over that lead out of their folder: mat-khau.txt, ngoai, qua-hai.txt"
    )


def test_a_link_that_is_named_is_read(folder: Path) -> None:
    done = run("read", str(folder / "mat-khau.txt"))
    assert (done.returncode, done.stdout.strip()) == (0, "Một câu.")


def test_one_book_of_a_folder_leaves_links_out_and_says_so(folder: Path) -> None:
    (folder / "truyen" / "ngoai.txt").symlink_to(folder / "a.txt")
    (folder / "truyen" / "book.toml").write_text("join = true")
    done = run("read", str(folder / "truyen"))
    assert done.stdout.split("\n\n") == ["Một câu.\n"]
    assert "2 links passed over that lead out of their folder: len, ngoai.txt" in done.stderr
    # It does not lead out of the whole folder, but of the book that it was to be a part of.
    assert folder / "truyen" / "ngoai.txt" in links_out([str(folder)])


def test_a_folder_of_nothing_but_such_links(folder: Path, tmp_path: Path) -> None:
    only = tmp_path / "only"
    only.mkdir()
    (only / "a.txt").symlink_to(folder / "a.txt")
    done = run(*BUILD, str(only), "-o", str(tmp_path / "books"))
    assert done.returncode == 3
    assert "only links that lead out of it: a.txt" in done.stderr


def test_links_that_lead_in_circles_or_nowhere(folder: Path, tmp_path: Path) -> None:
    circle = tmp_path / "circle"
    circle.mkdir()
    (circle / "a.txt").symlink_to("b.txt")
    (circle / "b.txt").symlink_to("a.txt")
    (circle / "c.txt").symlink_to("nowhere.txt")
    (circle / "d.txt").symlink_to(folder / "nowhere.txt")
    (circle / "e.txt").write_text("Một câu.", "utf-8")
    done = run(*BUILD, str(circle), "-o", str(tmp_path / "books"))
    assert done.returncode == 3
    assert [path.name for path in (tmp_path / "books").iterdir()] == ["e.mp3"]
    assert "a fault" not in done.stderr
    assert "1 link passed over" in done.stderr
    assert "3 of 4 books could not be made" in done.stderr


def test_a_link_from_outside_to_the_folder_itself(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    names = [path.name for path in walk_texts(tmp_path / "link")]
    assert names == ["a.txt", "trong.txt", "b.txt"]


def test_a_watched_folder(folder: Path) -> None:
    pytest.importorskip("watchfiles")
    stop = threading.Event()
    yielded: list[str] = []
    lines: list[str] = []

    def watch() -> None:
        for paths in settled_texts(folder, 0.2, stop, lines.append):
            yielded.extend(path.relative_to(folder).as_posix() for path in paths)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        wait_for("truyen/b.txt", yielded)
        later = folder / "sau.txt"
        later.symlink_to(folder.parent / "strangers" / "c.txt")
        (folder / "truyen" / "book.toml").write_text("")  # its texts are looked at again
        (folder / "vong" / "d.txt").write_text("Một câu.", "utf-8")
        wait_for("d.txt", yielded)
    finally:
        stop.set()
        watching.join(10)
    assert set(yielded) == {"a.txt", "trong.txt", "truyen/b.txt", "d.txt"}
    told = {line.partition(" leads out of ")[0] for line in lines}
    assert told == {
        str(folder / name) for name in ("mat-khau.txt", "ngoai", "qua-hai.txt", "sau.txt")
    }


def wait_for(name: str, yielded: list[str]) -> None:
    deadline = time.monotonic() + 15
    while name not in yielded:
        assert time.monotonic() < deadline
        time.sleep(0.02)
