"""Runs another program: without a shell, within limits, ended with its children."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_BLOCK = 1 << 16
# Progress is written over and over on one line.
_LINE_ENDS = re.compile(rb"[\r\n]+")
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


def run(
    command: Sequence[str],
    data: bytes | Iterable[bytes],
    *,
    seconds: float,
    most: int,
    environment: Mapping[str, str] | None = None,
    watch: Callable[[str], None] | None = None,
) -> Finished:
    """Run a program until it ends, and end all that it has started.

    Args:
        command: the program and its arguments.
        data: its standard input, whole or in parts that are made when it takes them.
        seconds: how long it may take.
        most: most bytes that it may write to its standard output.
        environment: its environment variables; those of this process if None.
        watch: called with each line of its standard error, in another thread.

    Raises:
        OSError: it cannot be started.
        ValueError: there is a NUL in the command.
        TimeOutError: it took longer.
        FloodError: it wrote more.
        Exception: what was raised while the parts of its input were made.
    """
    process = subprocess.Popen(  # noqa: S603 (without a shell)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    pipes = _Pipes(process, most, watch)
    deadline = time.monotonic() + seconds
    parts = (data,) if isinstance(data, bytes) else data
    threads = [_start(pipes.write, parts), _start(pipes.read_complaints), _start(pipes.read_output)]
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
    if pipes.problem:
        raise pipes.problem
    return Finished(code, bytes(pipes.output), pipes.last_complaint)


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

    def __init__(
        self, process: subprocess.Popen[bytes], most: int, watch: Callable[[str], None] | None
    ) -> None:
        assert process.stdin and process.stdout and process.stderr  # noqa: S101 (we asked for them)
        self._stdin, self._stdout, self._stderr = process.stdin, process.stdout, process.stderr
        self._most, self._watch = most, watch
        self.last_complaint = ""
        self.output = bytearray()
        self.problem: Exception | None = None

    def write(self, parts: Iterable[bytes]) -> None:
        try:
            for part in parts:
                if not self._take(part):
                    break
        except Exception as problem:  # noqa: BLE001 (raised again once the program has ended)
            self.problem = problem
        with suppress(OSError):
            self._stdin.close()

    def _take(self, part: bytes) -> bool:
        """Write a part of the input, and return whether the program reads on: it need not."""
        try:
            self._stdin.write(part)
        except OSError:
            return False
        return True

    def read_output(self) -> None:
        """Read until the end, or until there is more than allowed."""
        while len(self.output) <= self._most and (block := os.read(self._stdout.fileno(), _BLOCK)):
            self.output += block

    def read_complaints(self) -> None:
        rest = b""
        while block := os.read(self._stderr.fileno(), _BLOCK):
            *lines, rest = _LINE_ENDS.split(rest + block)
            if len(rest) > _BLOCK:  # of a line without an end, pieces
                lines, rest = [*lines, rest], b""
            for line in lines:
                self._complain(line)
        self._complain(rest)

    def _complain(self, line: bytes) -> None:
        if text := line.decode(errors="replace").strip():
            self.last_complaint = text
            if self._watch:
                self._watch(text)

    def close(self) -> None:
        self._stdout.close()
        self._stderr.close()
