"""``make feed`` with the real make."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from places import ROOT
from stubs import make_book

from audiobook.model import Meta


def test_the_podcast_of_the_books(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "ra").mkdir()
    make_book(tmp_path / "ra" / "tập 1.mp3", Meta(title="Tập 1"), ("A", "B"))
    script = tmp_path / "audiobook"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m audiobook "$@"\n')
    script.chmod(0o755)
    command = ["make", "-o", ".venv/.installed", f"BIN={tmp_path}", "feed", "OUT=ra"]

    refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "--url" in refused.stderr

    command.append("URL=https://example.org/x")
    completed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert completed.returncode == 0, completed.stderr
    assert "0 errors" in completed.stderr
    assert (tmp_path / "ra" / "site" / "books" / "tap-1" / "feed.xml").exists()
