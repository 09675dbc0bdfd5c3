"""The audit of many books: one table, one page, and a damaged book is one line of them."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from command import run
from finished import good_book

from audiobook.audit.library import find_books, relative_address
from audiobook.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good book twice, one of them in a subfolder, and one that is damaged."""
    folder = tmp_path_factory.mktemp("library")
    book = good_book(tmp_path_factory.mktemp("book"))
    (folder / "An" / "#1 <b>").mkdir(parents=True)
    shutil.copy(book, folder / "An" / "#1 <b>" / "a.mp3")
    shutil.copy(book, folder / "a.mp3")
    (folder / "b.mp3").write_bytes(b"nothing" * 99)
    (folder / "a.preview.mp3").write_bytes(b"not a book")
    return folder


def test_a_folder(library: Path, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    completed = run("check", str(library), "--report", str(reports), "--jobs", "1")
    assert completed.returncode == 6, completed.stderr
    head, good, bad, deep, total, page = completed.stdout.splitlines()
    assert head.split() == ["BOOK", "LENGTH", "LUFS", "PEAK", "FINDINGS"]
    for line in (good, deep):
        assert re.fullmatch(r"Bến đò +0:\d\d +-1[56]\.\d +-\d+\.\d +no problems found", line)
    assert "b.mp3 is not a sound file" in bad
    assert total == "podcast: 3 books, 1 falls short"
    assert str(reports / "index.html") in page
    index = (reports / "index.html").read_text("utf-8")
    links = [unquote(link) for link in re.findall(r'href="([^"]+)"', index)]
    assert links == ["./a.html", "./a-2.html"]
    for link in links:
        text = (reports / link).read_text("utf-8")
        (source,) = re.findall(r'<audio [^>]*src="([^"]+)"', text)
        assert (reports / unquote(source)).is_file()


def test_books_that_are_named(library: Path) -> None:
    good = str(library / "a.mp3")
    completed = run("check", good, good, "--jobs", "1")
    assert completed.returncode == 0
    assert completed.stdout.splitlines()[-1] == "podcast: 1 book, no problems found"
    completed = run("check", good, str(library / "b.mp3"), "--json", "--jobs", "2")
    assert completed.returncode == 6
    first, second = json.loads(completed.stdout)
    assert (first["title"], first["falls_short"]) == ("Bến đò", False)
    assert "is not a sound file" in second["problem"]


def test_one_page_for_several_books(library: Path, tmp_path: Path) -> None:
    completed = run("check", str(library), "--report", str(tmp_path / "r.html"))
    assert completed.returncode == 2
    assert "--report reports" in completed.stderr


def test_which_files_of_a_folder_are_books(library: Path) -> None:
    names = [path.relative_to(library).as_posix() for path in find_books([library])]
    assert names == ["a.mp3", "b.mp3", "An/#1 <b>/a.mp3"]


def test_the_site_of_a_podcast_holds_no_other_books(tmp_path: Path) -> None:
    site = tmp_path / "library" / "site"
    (site / "books").mkdir(parents=True)
    for path in (tmp_path / "library" / "a.mp3", site / "books" / "a.mp3", site / "feed.xml"):
        path.write_bytes(b"")
    assert len(find_books([tmp_path])) == 2  # a folder that is only called so
    (site / "state.json").write_bytes(b"")
    assert find_books([tmp_path]) == [tmp_path / "library" / "a.mp3"]
    assert find_books([site]) == [site / "books" / "a.mp3"]


def test_a_folder_without_books(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no book in"):
        find_books([tmp_path])
    assert run("check", str(tmp_path)).returncode == 3


@pytest.mark.parametrize(
    ("book", "page", "address"),
    [
        ("a.mp3", "a.html", "./a.mp3"),
        ("x/a.mp3", "y/a.html", "../x/a.mp3"),
        ("x: 1?#%.mp3", "a.html", "./x%3A%201%3F%23%25.mp3"),
    ],
)
def test_addresses(tmp_path: Path, book: str, page: str, address: str) -> None:
    assert relative_address(tmp_path / book, tmp_path / page) == address
