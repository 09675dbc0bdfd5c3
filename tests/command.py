"""The `audiobook` command, run as a user runs it."""

from __future__ import annotations

import subprocess
import sys

COMMAND = [sys.executable, "-m", "audiobook"]


def run(*words: str, stdin: str | bytes = b"") -> subprocess.CompletedProcess[str]:
    """Return what the command printed, and its exit code."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    ended = subprocess.run([*COMMAND, *words], input=data, capture_output=True, check=False)
    return subprocess.CompletedProcess(
        ended.args, ended.returncode, ended.stdout.decode(), ended.stderr.decode()
    )
