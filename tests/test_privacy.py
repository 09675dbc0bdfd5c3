"""What is kept of texts is for their owner alone, whatever other files are for."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest
from command import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")


@pytest.fixture
def _open_to_all() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_open_to_all")
def test_only_its_owner_reads_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "home" / "cache"
    monkeypatch.setenv("AUDIOBOOK_CACHE", str(cache))
    (tmp_path / "thu.txt").write_text("Thư riêng, không ai được đọc.", "utf-8")
    words = ["--voice", "tone", "--cover", "none", "--transcript", "srt"]
    result = run("build", str(tmp_path / "thu.txt"), "-o", str(tmp_path / "out"), *words)
    assert result.returncode == 0, result.stderr
    kept = [cache, cache.parent, *cache.rglob("*")]
    assert any(path.suffix == ".recording" for path in kept)
    for path in kept:
        rights = stat.S_IMODE(path.stat().st_mode)
        assert rights == (0o700 if path.is_dir() else 0o600), path
    # The book itself has the rights that its owner gives to files.
    assert stat.S_IMODE((tmp_path / "out" / "thu.mp3").stat().st_mode) == 0o666
