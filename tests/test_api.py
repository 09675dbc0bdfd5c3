"""The library from a program of somebody else: read, make_job, build."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import audiobook
from audiobook.errors import SourceError
from audiobook.model import Progress


def test_read_returns_the_chapters_of_a_file(tmp_path: Path) -> None:
    source = tmp_path / "bai.txt"
    source.write_text("Chương 1: Sáng\n\nTrời đã sáng.\n\nChương 2: Chiều\n\nTrời đã tối.\n")
    titles = [chapter.title for chapter in audiobook.read(source).chapters]
    assert titles == ["Chương 1: Sáng", "Chương 2: Chiều"]


def test_read_names_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"bai\.txt"):
        audiobook.read(tmp_path / "bai.txt")


def test_build_makes_the_book_and_reports_each_passage(tmp_path: Path) -> None:
    source = tmp_path / "bai.txt"
    source.write_text("Trời đã sáng. Gà gáy.")
    events: list[object] = []
    job = audiobook.make_job(str(source), folder=tmp_path / "sach", voice="tone")
    book = audiobook.build(job, events.append)
    assert book.path == tmp_path / "sach" / "bai.mp3"
    assert book.path.stat().st_size > 1000
    assert any(isinstance(event, Progress) for event in events)
    assert audiobook.build(job).samples == book.samples


def test_importing_the_package_is_cheap() -> None:
    program = "import sys, audiobook; print(sorted(n for n in sys.modules if 'audiobook' in n))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "['audiobook', 'audiobook.version']"
