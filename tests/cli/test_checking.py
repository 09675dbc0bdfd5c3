"""The command that audits a finished book, and the page it writes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from mutagen.id3 import ID3

if TYPE_CHECKING:
    from pathlib import Path

TITLE = '<script>alert("x")</script> & một'


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "audiobook", *words]
    return subprocess.run(command, capture_output=True, check=False, encoding="utf-8")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with all that the profile for podcasts asks for but a cover."""
    folder = tmp_path_factory.mktemp("book")
    source = folder / "b.txt"
    source.write_text(f"# Đầu\n\nLúc 8h30, ESA họp ở TP.HCM. Ông về.\n\n# {TITLE}\n\nNước lên.\n")
    words = ("--voice", "tone", "--author", "An", "--quiet", "-o", str(folder), "--cover", "none")
    done = run("build", str(source), *words, "--jobs", "1")
    assert done.returncode == 0, done.stderr
    return folder / "b.mp3"


def test_a_table(book: Path) -> None:
    done = run("check", str(book))
    assert done.returncode == 6, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "b · An"
    assert re.match(r"loudness +-1[56]\.\d LUFS", lines[3])
    assert "CHAPTER" in done.stdout
    assert "warning: there is no cover" in done.stdout
    assert lines[-1].startswith("podcast: 1 warning")


def test_json(book: Path) -> None:
    done = run("check", str(book), "--json", "--profile", "acx")
    assert (done.returncode, done.stderr) == (6, "")
    told = json.loads(done.stdout)
    assert told["profile"] == "acx"
    assert [chapter["title"] for chapter in told["chapters"]] == ["Đầu", TITLE]
    assert told["loudness"] == pytest.approx(-16, abs=0.5)
    assert told["floor"] is None
    rules = {finding["rule"] for finding in told["findings"]}
    assert rules >= {"bit-rate", "sample-rate", "room-tone"}


def test_nothing_to_find_fault_with(book: Path, tmp_path: Path) -> None:
    cover = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (1400).to_bytes(4) * 2 + bytes(40)
    from mutagen.id3 import APIC

    path = tmp_path / "b.mp3"
    path.write_bytes(book.read_bytes())
    tag = ID3(path)
    tag.add(APIC(encoding=0, mime="image/png", type=3, data=cover))
    tag.save(v2_version=3)
    done = run("check", str(path))
    assert done.returncode == 0, done.stdout
    assert "error" not in done.stdout


def test_no_audio_file_and_no_profile(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "b.mp3"
    path.write_text("no sound")
    done = run("check", str(path))
    assert done.returncode == 3
    assert re.fullmatch(r"audiobook: .* is no .*\n", done.stderr)
    assert run("check", str(tmp_path / "none.mp3")).returncode == 3
    done = run("check", str(book), "--profile", "radio")
    assert done.returncode == 2
    assert "podcast or acx" in done.stderr


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "rect", "line", "path", "circle"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("rect", "line", "path", "circle"):
            return
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_page(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "r.html"
    assert run("check", str(book), "--report", str(path)).returncode == 6
    text = path.read_text("utf-8")
    page = Page(text)
    assert page.open == []
    names = [name for name, _ in page.tags]
    assert "script" not in names
    assert "link" not in names
    assert TITLE in page.texts
    # Nothing is asked for from elsewhere.
    assert not re.search(r"https?:|url\(|@import|src=|href=", text)
    pictures = [attributes for name, attributes in page.tags if name == "svg"]
    assert len(pictures) == 2 + 2 * 2  # waveform, loudness; of each chapter a picture and a dot
    assert all(one["role"] == "img" and one["aria-label"] for one in pictures)
    heads = [attributes for name, attributes in page.tags if name == "th"]
    assert all(one["scope"] in ("col", "row") for one in heads)
    assert "there is no cover" in page.texts


def test_a_page_that_cannot_be_written(book: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = run("check", str(book), "--report", str(tmp_path / "file" / "r.html"))
    assert done.returncode == 7
    assert "cannot write" in done.stderr
