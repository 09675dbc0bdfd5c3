"""Runs a program that the user names: without a shell, within limits, ended with its children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_BLOCK = 1 << 16
# Lines of complaints that are kept.
_COMPLAINTS = 20
# Seconds in which the pipes of a program that was ended are read to their end.
_GRACE = 1.0


class Finished(NamedTuple):
    """What is left of a program that ended by itself."""

    code: int
    """Its exit code; below 0 the signal that ended it."""
    output: bytes
    complaint: str
    """The last line that it wrote to its standard error."""


class TimeOutError(Exception):
    """The program was ended because it took too long."""


class FloodError(Exception):
    """The program was ended because it wrote too much."""


def run(command: Sequence[str], data: bytes, *, seconds: float, most: int) -> Finished:
    """Run a program until it ends, and end all that it has started.

    Args:
        command: the program and its arguments.
        data: its standard input.
        seconds: how long it may take.
        most: most bytes that it may write to its standard output.

    Raises:
        OSError: it cannot be started.
        ValueError: there is a NUL in the command.
        TimeOutError: it took longer.
        FloodError: it wrote more.
    """
    process = subprocess.Popen(  # noqa: S603 (the user's own command, without a shell)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    pipes = _Pipes(process, most)
    deadline = time.monotonic() + seconds
    threads = [_start(pipes.write, data), _start(pipes.read_complaints), _start(pipes.read_output)]
    try:
        threads[-1].join(seconds)
        if threads[-1].is_alive():
            raise TimeOutError
        if len(pipes.output) > most:
            raise FloodError
        code = process.wait(max(deadline - time.monotonic(), 0.0))
    except subprocess.TimeoutExpired as problem:
        raise TimeOutError from problem
    finally:
        _end_group(process)
        process.wait()
        for thread in threads:
            thread.join(_GRACE)
        if not any(thread.is_alive() for thread in threads):
            pipes.close()
    return Finished(code, bytes(pipes.output), pipes.last_complaint())


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End a program that leads a session of its own, and all that it has started there."""
    if sys.platform == "win32":
        ending = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(ending, capture_output=True, check=False)  # noqa: S603
    else:
        with suppress(ProcessLookupError, PermissionError):  # all have ended
            os.killpg(process.pid, signal.SIGKILL)


def _start(work: Callable[..., None], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=arguments, daemon=True)
    thread.start()
    return thread


class _Pipes:
    """The three pipes of a program, each served by a thread so that none blocks another."""

    def __init__(self, process: subprocess.Popen[bytes], most: int) -> None:
        assert process.stdin and process.stdout and process.stderr  # noqa: S101 (we asked for them)
        self._stdin, self._stdout, self._stderr = process.stdin, process.stdout, process.stderr
        self._most = most
        self._complaints: deque[bytes] = deque(maxlen=_COMPLAINTS)
        self.output = bytearray()

    def write(self, data: bytes) -> None:
        with suppress(OSError):  # a program need not read all of it
            self._stdin.write(data)
        with suppress(OSError):
            self._stdin.close()

    def read_output(self) -> None:
        """Read until the end, or until there is more than allowed."""
        while len(self.output) <= self._most and (block := os.read(self._stdout.fileno(), _BLOCK)):
            self.output += block

    def read_complaints(self) -> None:
        while line := self._stderr.readline(_BLOCK):  # of a line without an end, pieces
            self._complaints.append(line)

    def last_complaint(self) -> str:
        lines = (line.decode(errors="replace").strip() for line in reversed(self._complaints))
        return next(filter(None, lines), "")

    def close(self) -> None:
        self._stdout.close()
        self._stderr.close()
