"""The `audiobook` command, run as a user runs it."""

from __future__ import annotations

import contextlib
import functools
import io
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING
from unittest import mock

import pytest
import typer

from audiobook import cli
from audiobook.messages import is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMAND = [sys.executable, "-m", "audiobook"]


@functools.cache
def _commands(*, vietnamese: bool) -> object:
    """Return the commands with their options: building them takes longer than most commands."""
    del vietnamese  # their help is translated in place
    return typer.main.get_command(cli.app.app)


def run(
    *words: str, stdin: str | bytes = b"", folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Return what the command printed, and its exit code.

    It runs in this process: a process of its own would import the program anew, which takes longer
    than most commands.

    Args:
        words: the arguments of the command.
        stdin: what it reads.
        folder: where it runs; None for the folder of the tests.
    """
    data = stdin.encode() if isinstance(stdin, str) else stdin
    given, stdout, stderr = (
        io.TextIOWrapper(io.BytesIO(content), "utf-8") for content in (data, b"", b"")
    )
    code = run_with_streams(words, given, stdout, stderr, folder)
    for stream in (stdout, stderr):
        stream.seek(0)
    return subprocess.CompletedProcess(words, code, stdout.read(), stderr.read())


def run_with_streams(
    words: Sequence[str], stdin: IO[str], stdout: IO[str], stderr: IO[str], folder: Path | None
) -> int:
    """Run the command in this process, and return its exit code.

    Args:
        words: the arguments of the command.
        stdin: what it reads.
        stdout: where its results go.
        stderr: where its messages go.
        folder: where it runs; None for the folder of the tests.
    """
    on_sigterm = signal.getsignal(signal.SIGTERM)
    commands = _commands(vietnamese=is_vietnamese())
    try:
        with (
            mock.patch.object(typer.main, "get_command", lambda _: commands),
            mock.patch.object(sys, "argv", ["audiobook", *words]),
            mock.patch.object(sys, "stdin", stdin),
            mock.patch.object(sys, "stdout", stdout),
            mock.patch.object(sys, "stderr", stderr),
            contextlib.chdir(folder or Path.cwd()),
            pytest.raises(SystemExit) as end,
        ):
            cli.main()
    finally:
        signal.signal(signal.SIGTERM, on_sigterm)
    code = end.value.code
    assert isinstance(code, int)
    return code
