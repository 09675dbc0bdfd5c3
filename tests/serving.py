"""Pages served by the real command, for as long as a test needs them."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def running(
    folder: Path, *flags: str, name: str = "serve"
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start ``audiobook serve`` on a free port, and give it with the address it says."""
    command = [sys.executable, "-m", "audiobook", name, str(folder), "--port", "0", *flags]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            assert process.stdout
            match = re.search(r"http://\S+", process.stdout.readline())
            assert match, process.communicate()
            yield process, match[0]
        finally:
            process.kill()


def stop(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Stop it as Ctrl-C does, and return its exit code and what it said on the way."""
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    return process.returncode, stderr
