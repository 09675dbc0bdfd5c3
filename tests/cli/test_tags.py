"""What a user says of a book is checked by `build` and `retag` alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from command import run

from audiobook.audit.contents import read_contents

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("Một câu.", "utf-8")
    return path


@pytest.fixture
def book(text: Path) -> Path:
    path = text.with_suffix(".opus")
    options = ("--series", "Bến", "--volume", "1,5", "--language", "VI", "--cover", "none")
    done = run("build", str(text), "--voice", "tone", "-o", str(path), *options)
    assert done.returncode == 0, done.stderr
    return path


def test_a_volume_has_a_point_and_a_language_small_letters(book: Path) -> None:
    contents = read_contents(book)
    assert (contents.volume, contents.language) == ("1.5", "vi")
    assert run("retag", str(book), "--volume", "2-3", "--language", "EN-gb").returncode == 0
    contents = read_contents(book)
    assert (contents.volume, contents.language) == ("2-3", "en-gb")
    assert run("retag", str(book), "--volume", "", "--language", "zh-Hant").returncode == 0
    assert (read_contents(book).volume, read_contents(book).language) == ("", "zh-Hant")


@pytest.mark.parametrize("volume", ["x", "-1", "1.", "12345", "1e3", "Tập 1", "²"])
def test_what_is_no_volume(text: Path, book: Path, volume: str) -> None:
    before = book.read_bytes()
    for words in (("build", text, "--dry-run", "--voice", "tone"), ("retag", book)):
        done = run(*map(str, words), f"--volume={volume}")
        assert done.returncode == 2
        assert f"'{volume}' is not the number of a volume: write one such as 3" in done.stderr
    assert book.read_bytes() == before


@pytest.mark.parametrize("language", ["nonsense", "vn", "vi_VN", "Tiếng Việt", "v", "vi-", "a-b"])
def test_what_is_no_language(text: Path, book: Path, language: str) -> None:
    before = book.read_bytes()
    for words in (("build", text, "--dry-run", "--voice", "tone"), ("retag", book)):
        done = run(*map(str, words), "--language", language)
        assert done.returncode == 2
        assert f"'{language}' is not the tag of a language: write one such as vi" in done.stderr
    assert book.read_bytes() == before
