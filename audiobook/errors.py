"""The errors that a user can meet: each holds what happened, what to do, and an exit code."""

from __future__ import annotations

import errno
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.messages import NOTHING, Message, message

if TYPE_CHECKING:
    from collections.abc import Iterator

FINDINGS = 6
"""The exit code of a command that checks something and has findings."""


class AudiobookError(Exception):
    """An error that the user can act on; shown as one line on stderr.

    Args:
        what: what happened, naming the file, the voice or the sentence.
        remedy: what to do about it.
    """

    exit_code = 1

    def __init__(self, what: Message, remedy: Message = NOTHING) -> None:
        super().__init__(what, remedy)
        self.what = what
        self.remedy = remedy
        self.setting = ""
        """The setting of book.toml that is at fault, such as ``speed`` or ``cast.dialogue``."""

    @property
    def message(self) -> Message:
        """What happened and what to do about it, as one message."""
        if not self.remedy:
            return self.what
        return message("{what}: {remedy}", what=self.what, remedy=self.remedy)

    def __str__(self) -> str:
        return one_line(self.message)


def one_line(text: str) -> str:
    """Return a text as one line that a terminal can show.

    File names and texts of others may hold line breaks, and control characters for a terminal.
    """
    line = " ".join(text.rstrip(": ").split())
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in line)


class UsageError(AudiobookError):
    """The command has options or arguments that it cannot use."""

    exit_code = 2


class SourceError(AudiobookError):
    """The source cannot be read."""

    exit_code = 3


class UnrecognisedError(SourceError):
    """The text of the source is only pictures, which were not, or cannot be, recognised here."""


class VoiceError(AudiobookError):
    """There is no such voice, or it cannot be used on this machine."""

    exit_code = 4


class EngineError(AudiobookError):
    """The engine failed to speak."""

    exit_code = 5


class OutputError(AudiobookError):
    """The output cannot be written."""

    exit_code = 7


class InternalError(AudiobookError):
    """The program itself is at fault, and not its input."""

    exit_code = 70


class ShortageError(InternalError):
    """The system gives no more memory, files or processes: its limits or the program are wrong."""


REPORT = message("please report it, with what the same command shows with --debug")
"""The remedy for a fault of the program."""

# What the system refuses when a disk, a quota or the limit of a file is reached.
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_NO_THREAD, _NO_ROOM = "can't start new thread", "failed to map segment"
"""What Python says where the system refuses a thread, or the memory for a library."""
_LONGEST_KIND = 300
"""Characters that are told of an exception; numpy's are pages long."""

_PACKAGE = Path(__file__).parent
# Exceptions that end the work on purpose: Ctrl-C, or a closed generator.
_DELIBERATE = (KeyboardInterrupt, GeneratorExit)


def as_error(problem: BaseException, where: str = "") -> AudiobookError:
    """Return the error that the user is shown for any exception.

    An error that the user can act on is returned as it is. Any other exception is a fault of the
    program and becomes an `InternalError` that names the kind of the exception and the innermost
    line of this package in its traceback, with the exception itself as its cause. Where the system
    refuses memory, files or processes, it is a `ShortageError`.

    Args:
        problem: the exception.
        where: the source, or a place in it such as "chapter 3, sentence 8", which faults name.

    Raises:
        BaseException: the exception itself, if it ends the work on purpose, as Ctrl-C does.
    """
    if isinstance(problem, _DELIBERATE):
        raise problem
    if isinstance(problem, OSError) and problem.errno in _FULL:
        return OutputError(message("cannot write: {reason}", reason=problem), message("make room"))
    if isinstance(problem, OSError) and problem.errno == errno.ENAMETOOLONG:
        path = f"{problem.filename or ''}"[:_LONGEST_KIND]
        return UsageError(
            message("the name of a file or folder is too long: {path}…", path=path),
            message("choose a shorter one"),
        )
    if isinstance(problem, AudiobookError):
        if not (isinstance(problem, InternalError) and where):
            return problem
        fault, cause = problem, problem.__cause__
    else:
        fault, cause = _fault_of(problem), problem
    if where:
        what = message("{where}: {what}", where=where, what=fault.what)
        fault = type(fault)(what, fault.remedy)
    fault.__cause__ = cause
    return fault


def _fault_of(problem: BaseException) -> InternalError:
    """Return the error for an exception that nobody foresaw."""
    kind = f"{type(problem).__name__} ({problem})".removesuffix(" ()")
    if len(kind) > _LONGEST_KIND:
        kind = f"{kind[:_LONGEST_KIND]}…)"
    place = {"kind": kind, "line": _innermost_own_line(problem)}
    number = problem.errno if isinstance(problem, OSError) else None
    is_unloaded = isinstance(problem, ImportError) and _NO_ROOM in str(problem)
    if isinstance(problem, MemoryError) or number == errno.ENOMEM or is_unloaded:
        return ShortageError(
            message("there is too little memory: {kind} at {line}", **place),
            message("close other programs, or use fewer --jobs"),
        )
    if number in (errno.EMFILE, errno.ENFILE):
        return ShortageError(
            message("the system lets no more files be opened: {kind} at {line}", **place),
            message("allow more with: ulimit -n 1024"),
        )
    if number == errno.EAGAIN or (isinstance(problem, RuntimeError) and _NO_THREAD in str(problem)):
        return ShortageError(
            message("the system lets no more processes be started: {kind} at {line}", **place),
            message("close other programs, or use fewer --jobs"),
        )
    return InternalError(message("a fault of audiobook: {kind} at {line}", **place), REPORT)


@contextmanager
def of_setting(name: str) -> Iterator[None]:
    """Return a context in which errors name the setting of book.toml that is at fault.

    Args:
        name: the name of the setting, such as ``cast.dialogue``; the innermost one counts.
    """
    try:
        yield
    except AudiobookError as problem:
        problem.setting = problem.setting or name
        raise


@contextmanager
def located(where: str) -> Iterator[None]:
    """Return a context in which faults of the program name the source, or a place in it.

    Args:
        where: the place, such as "chapter 3, sentence 8".
    """
    try:
        yield
    except BaseException as problem:
        error = as_error(problem, where)
        if error is problem:
            raise
        raise error from error.__cause__


def _innermost_own_line(problem: BaseException) -> str:
    """Return the innermost line of this package in the traceback of an exception."""
    frames = traceback.extract_tb(problem.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    if not own:
        return "?"
    path = Path(own[-1].filename).relative_to(_PACKAGE).as_posix()
    return f"{path}:{own[-1].lineno} {own[-1].name}"
