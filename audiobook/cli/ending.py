"""How a command ends, whatever befalls it: interrupts, closed streams, stray exceptions."""

from __future__ import annotations

import _thread
import atexit
import gc
import os
import select
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.cli.printing import localize_error, printable
from audiobook.errors import as_error
from audiobook.messages import localize

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

INTERRUPTED = 130
BROKEN_PIPE = 141
"""The exit code that a shell gives a program ended by SIGPIPE: 128 + 13."""
_NAP = 0.05  # seconds
_STANDARD = (0, 1, 2)
"""The descriptors of stdin, stdout and stderr."""

# Python looks through all memory for garbage at its end, although all memory goes with the process.
# That was a sixth of the time of a command that has little to do; what is frozen is left alone.
atexit.register(gc.freeze)


def open_streams() -> None:
    """Open stdout and stderr where the calling process closed them, and prepare them for any text.

    No file that is opened later may take their place: a library that prints would write into it.
    """
    with suppress(OSError):  # no more files may be opened
        while (descriptor := os.open(os.devnull, os.O_RDWR)) in _STANDARD:
            pass
        os.close(descriptor)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (to the end)
    for stream in (sys.stdout, sys.stderr):
        # A title that the terminal cannot show must not stop the program. Files and pipes take
        # UTF-8, whatever the code page of the console.
        encoding = None if stream.isatty() else "utf-8"
        stream.reconfigure(encoding=encoding, errors="replace")  # type: ignore[union-attr]


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM raise KeyboardInterrupt in the block; a second one ends the process.

    Where Ctrl-C is ignored, as under `nohup`, it stays so.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    _await_interrupt()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _await_interrupt() -> None:
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _interrupt)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is _interrupt:
            signal.signal(number, _leave)
    raise KeyboardInterrupt


def _leave(_signal: int, _frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)  # the processes that record end with this one


def flush(code: int) -> int:
    """Write what stdout and stderr still hold, and return the exit code: the given one if it is."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as problem:
            code = BROKEN_PIPE if isinstance(problem, BrokenPipeError) else tell(problem)
            # The rest of the buffer is discarded.
            with Path(os.devnull).open("wb") as null_device:
                os.dup2(null_device.fileno(), stream.fileno())
    return code


def tell(problem: BaseException) -> int:
    """Print what an exception means as one line on stderr, and return the exit code."""
    if _is_broken_pipe(problem) and _is_output_closed():
        return BROKEN_PIPE
    error = as_error(problem)
    with suppress(OSError, ValueError):  # nobody can be told
        notify(f"audiobook: {localize_error(error)}")
    return error.exit_code


def _is_broken_pipe(problem: BaseException | None) -> bool:
    passed: list[BaseException] = []
    while problem is not None and problem not in passed:
        if isinstance(problem, BrokenPipeError):
            return True
        passed.append(problem)  # libraries raise exceptions that cause themselves
        problem = problem.__cause__
    return False


def _is_output_closed() -> bool:
    """Return whether the reader of stdout or stderr closed it, as `head` does."""
    if sys.platform == "win32":
        return False
    pipes = select.poll()
    for descriptor in (1, 2):
        pipes.register(descriptor, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in pipes.poll(0))


def notify(line: str) -> None:
    """Print a line on stderr, in the user's language; results go to stdout instead.

    What a server or a file says stands in some lines, with what a terminal would obey replaced.
    """
    shown = "\n".join(map(printable, localize(line).split("\n")))
    print(shown, file=sys.stderr, flush=True)


def report_stray_faults() -> None:
    """Report exceptions that nobody can catch, in threads and destructors, as all others are."""
    threading.excepthook = lambda stray: _report_stray(stray.exc_value)
    sys.unraisablehook = lambda stray: _report_stray(stray.exc_value)


def _interrupt_main() -> None:
    """Interrupt the main thread, also while it waits, which only a real signal does."""
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:
        os.kill(os.getpid(), signal.SIGINT)


def _report_stray(problem: BaseException | None) -> None:
    if isinstance(problem, KeyboardInterrupt):  # it is raised again where it can be caught
        _await_interrupt()
        threading.Timer(_NAP, _interrupt_main).start()
    elif isinstance(problem, Exception) and not sys.is_finalizing():
        tell(problem)
