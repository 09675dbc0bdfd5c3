"""What goes to a file or a pipe is UTF-8, whatever the code page of the console."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("page", ["cp1252", "cp1258", "ascii"])
def test_a_pipe_takes_utf_8(tmp_path: Path, page: str) -> None:
    (tmp_path / "bai.txt").write_text("Lời ru của mẹ.", "utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "audiobook", "read", str(tmp_path / "bai.txt")],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": page},
        check=True,
    )
    assert run.stdout.decode("utf-8").strip() == "Lời ru của mẹ."
