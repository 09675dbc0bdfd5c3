"""Pipes, devices and folders with the names of files: each is told in one line, none waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from command import run

from audiobook.app.chapter_lists import read_list
from audiobook.config.lexicons import read_lexicon
from audiobook.errors import SourceError, UsageError


def make(path: Path, kind: str) -> None:
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case _:
            path.mkdir()


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("Trời mưa.", "utf-8")
    return path


KINDS = pytest.mark.parametrize("kind", ["pipe", "device", "folder"])


@KINDS
@pytest.mark.parametrize("name", ["book.toml", "a.toml", "lexicon.tsv"])
def test_beside_a_text(text: Path, name: str, kind: str) -> None:
    make(text.parent / name, kind)
    result = run("read", str(text))
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert f"{name}: it is not a file" in result.stderr


@KINDS
@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("a.jpg", 'cover = "a.jpg"'),
        ("a.jpg", '[pictures]\n"1" = "a.jpg"'),
        ("a.mp3", '[music]\nintro = "a.mp3"'),
    ],
    ids=["cover", "pictures", "music"],
)
def test_named_in_book_toml(text: Path, name: str, setting: str, kind: str) -> None:
    make(text.parent / name, kind)
    (text.parent / "book.toml").write_text(setting, "utf-8")
    result = run("build", str(text), "-o", str(text.with_suffix(".mp3")), "--voice", "tone")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert name in result.stderr


@KINDS
def test_in_a_library(text: Path, kind: str) -> None:
    make(text.parent / "library.toml", kind)
    result = run("feed", str(text.parent), "--url", "https://sach.example")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "library.toml: it is not a file" in result.stderr


@KINDS
def test_a_voice_file(tmp_path: Path, text: Path, kind: str) -> None:
    voices = tmp_path / "config" / "voices"
    voices.mkdir(parents=True)
    make(voices / "x.toml", kind)
    result = run("build", str(text), "-o", str(text.with_suffix(".mp3")), "--voice", "x")
    assert (result.returncode, result.stderr.count("\n")) == (4, 1)
    assert "x.toml: it is not a file" in result.stderr


@KINDS
def test_what_the_user_set(tmp_path: Path, text: Path, kind: str) -> None:
    (tmp_path / "config").mkdir()
    make(tmp_path / "config" / "config.toml", kind)
    result = run("build", str(text), "-o", str(text.with_suffix(".mp3")))
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "config.toml is not right: it is not a file: fix or remove it" in result.stderr


def test_lists_come_from_pipes_that_somebody_writes_into(tmp_path: Path) -> None:
    """As a shell makes them of `<(…)`; those of nobody are not waited for."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UsageError, match="nothing writes to"):
        read_lexicon(pipe)
    with pytest.raises(SourceError, match="nothing writes to"):
        read_list(pipe)
    reading, writing = os.pipe()
    os.write(writing, "đò\tghe\n".encode())
    os.close(writing)
    try:
        [teaching] = read_lexicon(Path(f"/dev/fd/{reading}"))
    finally:
        os.close(reading)
    assert (teaching.written, teaching.spoken) == ("đò", "ghe")
