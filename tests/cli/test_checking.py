"""The command that audits a finished book, and the page it writes."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from command import run
from mutagen.id3 import ID3

if TYPE_CHECKING:
    from pathlib import Path

TITLE = '<script>alert("x")</script> & một'


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with all that the profile for podcasts asks for but a cover."""
    folder = tmp_path_factory.mktemp("book")
    source = folder / "b.txt"
    source.write_text(f"# Đầu\n\nLúc 8h30, ESA họp ở TP.HCM. Ông về.\n\n# {TITLE}\n\nNước lên.\n")
    words = ("--voice", "tone", "--author", "An", "--quiet", "-o", str(folder), "--cover", "none")
    completed = run("build", str(source), *words, "--jobs", "1")
    assert completed.returncode == 0, completed.stderr
    return folder / "b.mp3"


def test_a_table(book: Path) -> None:
    completed = run("check", str(book))
    assert completed.returncode == 6, completed.stderr
    lines = completed.stdout.splitlines()
    assert lines[0] == "b · An"
    assert re.match(r"loudness +-1[56]\.\d LUFS", lines[3])
    assert "CHAPTER" in completed.stdout
    assert "warning: there is no cover" in completed.stdout
    assert lines[-1].startswith("podcast: 1 warning")


def test_json(book: Path) -> None:
    completed = run("check", str(book), "--json", "--profile", "acx")
    assert (completed.returncode, completed.stderr) == (6, "")
    document = json.loads(completed.stdout)
    assert document["profile"] == "acx"
    assert [chapter["title"] for chapter in document["chapters"]] == ["Đầu", TITLE]
    assert document["loudness"] == pytest.approx(-16, abs=0.5)
    assert document["floor"] is None
    rules = {finding["rule"] for finding in document["findings"]}
    assert rules >= {"bit-rate", "sample-rate", "room-tone"}


def test_nothing_to_find_fault_with(book: Path, tmp_path: Path) -> None:
    cover = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (1400).to_bytes(4) * 2 + bytes(40)
    from mutagen.id3 import APIC

    path = tmp_path / "b.mp3"
    path.write_bytes(book.read_bytes())
    tag = ID3(path)
    tag.add(APIC(encoding=0, mime="image/png", type=3, data=cover))
    tag.save(v2_version=3)
    completed = run("check", str(path))
    assert completed.returncode == 0, completed.stdout
    assert "error" not in completed.stdout


def test_no_audio_file_and_no_profile(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "b.mp3"
    path.write_text("no sound")
    completed = run("check", str(path))
    assert completed.returncode == 3
    assert re.fullmatch(r"audiobook: .* is not a sound file.*\n", completed.stderr)
    assert run("check", str(tmp_path / "none.mp3")).returncode == 3
    completed = run("check", str(book), "--profile", "radio")
    assert completed.returncode == 2
    assert "podcast or acx" in completed.stderr


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
    assert names.count("script") == 1  # its own, which the policy names by its hash
    assert "link" not in names
    assert TITLE in page.texts
    # Nothing is asked for from elsewhere.
    assert not re.search(r"https?:|url\(|@import|href=", text)
    (source,) = [attributes["src"] for _, attributes in page.tags if "src" in attributes]
    assert (path.parent / unquote(source or "")).resolve() == book.resolve()
    pictures = [attributes for name, attributes in page.tags if name == "svg"]
    assert len(pictures) == 2 + 2 * 2  # waveform, loudness; of each chapter a picture and a dot
    assert all(picture["role"] == "img" and picture["aria-label"] for picture in pictures)
    heads = [attributes for name, attributes in page.tags if name == "th"]
    assert all(head["scope"] in ("col", "row") for head in heads)
    assert "there is no cover" in page.texts


def test_a_page_that_cannot_be_written(book: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    completed = run("check", str(book), "--report", str(tmp_path / "file" / "r.html"))
    assert completed.returncode == 7
    assert "cannot write" in completed.stderr
