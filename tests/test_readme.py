"""The README: short, true, and leading on to the rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pages import DOCS, follow
from places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PATH = ROOT / "README.md"
README = PATH.read_text("utf-8")
_LONGEST = 8 << 10


def test_it_is_short() -> None:
    assert len(README.encode()) <= _LONGEST


def test_its_examples_print_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "$ make demo\n" in README
    assert "$ make test\n" in README
    follow(PATH, tmp_path, monkeypatch)


def test_it_leads_to_every_page_in_english() -> None:
    links = set(re.findall(r"\]\((docs/[^)#]+\.md)\)", README))
    pages = {path.relative_to(ROOT).as_posix() for path in DOCS.rglob("*.md")}
    led_on = {"docs/index.md", "docs/contributing.md"}  # by docs/index.md, CONTRIBUTING.md
    assert {page for page in pages if not page.startswith("docs/vi/")} - led_on <= links
    assert "docs/vi/index.md" in links


def test_it_can_be_heard() -> None:
    sounds = re.findall(r"\]\((docs/[^)]+\.mp3)\)", README)
    assert sounds
    for sound in sounds:
        assert (ROOT / sound).read_bytes()[:3] in (b"ID3", b"\xff\xf3", b"\xff\xfb")
