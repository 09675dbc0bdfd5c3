"""The `audiobook` command on a pseudo terminal, as a person sees it."""

from __future__ import annotations

import os
import pty
import subprocess
import threading
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING
from unittest import mock

from command import run_with_streams

if TYPE_CHECKING:
    from pathlib import Path


def run_on_terminal(
    *words: str,
    typed: bytes = b"",
    cwd: Path | None = None,
    stdin: int | None = None,
    stdout: int | None = None,
    stderr: int | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the command where somebody sits; what the terminal showed is returned as ``stderr``.

    Args:
        words: the command and its options.
        typed: the keys that are pressed.
        cwd: where it runs.
        stdin: something else than the terminal.
        stdout: something else than the terminal; what goes into a pipe is returned.
        stderr: something else than the terminal.
    """
    leader, follower = pty.openpty()
    os.write(leader, typed)
    shown, piped = bytearray(), bytearray()
    readers = [threading.Thread(target=_read_all, args=(leader, shown))]
    with ExitStack() as streams:

        def opened(place: int | None) -> int:
            if place == subprocess.DEVNULL:
                return os.open(os.devnull, os.O_RDWR)
            if place == subprocess.PIPE:
                reading, writing = os.pipe()
                readers.append(threading.Thread(target=_read_all, args=(reading, piped)))
                return writing
            return os.dup(follower if place is None else place)

        keys, results, messages = (
            streams.enter_context(open(opened(place), mode, encoding="utf-8"))
            for place, mode in ((stdin, "r"), (stdout, "w"), (stderr, "w"))
        )
        os.close(follower)
        for reader in readers:
            reader.start()
        with mock.patch.dict(os.environ, TERM="xterm", COLUMNS="120"):
            code = run_with_streams(words, keys, results, messages, cwd)
    for reader in readers:
        reader.join()
    return subprocess.CompletedProcess(
        words, code, piped.decode(), shown.decode().replace("\r\n", "\n")
    )


def _read_all(descriptor: int, content: bytearray) -> None:
    """Read until the other end is closed."""
    with suppress(OSError):  # how Linux says that a terminal is closed
        while block := os.read(descriptor, 1 << 16):
            content += block
    os.close(descriptor)
