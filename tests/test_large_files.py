"""Files of strangers that claim gigabytes: each is refused by its size, and the others go on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from command import run

if TYPE_CHECKING:
    from pathlib import Path

HUGE = 6 << 30


def make_sparse(path: Path) -> None:
    """Make a file of 6 GB that takes no room on the disk."""
    with path.open("wb") as file:
        file.write(b"\xff\xd8\xff\xe0")
    os.truncate(path, HUGE)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("b.txt", "b.txt is larger than 512 MB: divide it"),
        ("b.toml", "b.toml: it is larger than 16 MB"),
        ("b/lexicon.tsv", "cannot read the lexicon"),
        ("b.jpg", "cannot read the cover"),
    ],
)
def test_a_folder_of_texts_with_one(tmp_path: Path, name: str, told: str) -> None:
    texts, books = tmp_path / "texts", tmp_path / "books"
    place = texts / "b" / "b.txt" if "/" in name else texts / "b.txt"
    place.parent.mkdir(parents=True)
    for path in (texts / "a.txt", place):
        path.write_text("Một câu.", "utf-8")
    if name == "b.jpg":
        (texts / "b.toml").write_text('cover = "b.jpg"')
    make_sparse(texts / name)
    words = ("--voice", "tone", "-k") + (("--cover", "none") if name != "b.jpg" else ())
    done = run("build", str(texts), "-o", str(books), *words)
    assert done.returncode in (2, 3), done.stderr
    assert told in done.stdout
    assert "is larger than" in done.stdout
    assert [path.name for path in books.rglob("*.mp3")] == ["a.mp3"]


def test_a_library_with_some(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Một câu.", "utf-8")
    library = tmp_path / "library"
    build = ("build", str(tmp_path / "a.txt"), "-o", str(library), "--voice", "tone")
    assert run(*build, "--cover", "none").returncode == 0
    make_sparse(library / "b.mp3")
    make_sparse(library / "cover.jpg")
    done = run("feed", str(library), "--url", "https://example.org")
    assert "b.mp3 cannot be read" in done.stderr
    assert "1 book, 1 episode" in done.stdout
    make_sparse(library / "library.toml")
    done = run("feed", str(library), "--url", "https://example.org")
    assert done.returncode == 2
    assert "library.toml: it is larger than 16 MB" in done.stderr
    assert len(done.stderr.splitlines()) == 1
