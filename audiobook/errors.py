"""The errors a user can meet: each knows what happened, what to do and its exit code."""

from __future__ import annotations

import errno
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FINDINGS = 6
"""Exit code of a command that found something to find fault with."""


class AudiobookError(Exception):
    """Something the user can act on; shown as one line on stderr.

    Args:
        what: what happened, naming the file, the voice or the sentence.
        remedy: what to do about it.
    """

    exit_code = 1

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what, remedy)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        # One line, whatever file names or foreign messages carry.
        line = " ".join(f"{self.what}: {self.remedy}".rstrip(": ").split())
        # And nothing that a terminal obeys.
        return "".join(sign if sign.isprintable() else "\ufffd" for sign in line)


class UsageError(AudiobookError):
    """The command was given something it cannot take."""

    exit_code = 2


class SourceError(AudiobookError):
    """The source cannot be read."""

    exit_code = 3


class VoiceError(AudiobookError):
    """There is no such voice, or it cannot be used here."""

    exit_code = 4


class EngineError(AudiobookError):
    """The engine failed to speak."""

    exit_code = 5


class OutputError(AudiobookError):
    """The output cannot be written."""

    exit_code = 7


class InternalError(AudiobookError):
    """The program itself is at fault, not what it was given."""

    exit_code = 70


REPORT = "please report it, with what the same command shows with --debug"
"""The remedy for a fault of the program."""

_PACKAGE = Path(__file__).parent
# The user, or whoever closes a generator, ends the work on purpose.
_ENDINGS = (KeyboardInterrupt, GeneratorExit)


def as_error(problem: BaseException, where: str = "") -> AudiobookError:
    """Return what the user is told of anything that was raised.

    An error that the user can act on comes back as it is. Everything else is a fault of the
    program: an `InternalError` that names the kind of the exception and the innermost line of
    this package that it went through, with the exception itself as its cause.

    Args:
        problem: what was raised.
        where: the source, or a place in it, as "chapter 3, sentence 8"; faults name it.

    Raises:
        BaseException: the problem itself, if it ends the work on purpose, as Ctrl-C does.
    """
    if isinstance(problem, _ENDINGS):
        raise problem
    if isinstance(problem, InternalError):
        what, cause = problem.what, problem.__cause__
    elif isinstance(problem, AudiobookError):
        return problem
    elif isinstance(problem, OSError) and problem.errno == errno.ENOSPC:
        return OutputError(f"cannot write: {problem.strerror}", "make room")
    else:
        kind = f"{type(problem).__name__} ({problem})".removesuffix(" ()")
        what = f"a fault of audiobook: {kind} at {_innermost(problem)}"
        cause = problem
    fault = InternalError(f"{where}: {what}" if where else what, REPORT)
    fault.__cause__ = cause
    return fault


@contextmanager
def located(where: str) -> Iterator[None]:
    """Name the source, or a place in it, in faults of the program that come up within.

    Args:
        where: the place, as "chapter 3, sentence 8".
    """
    try:
        yield
    except BaseException as problem:
        error = as_error(problem, where)
        if error is problem:
            raise
        raise error from error.__cause__


def _innermost(problem: BaseException) -> str:
    """Return the innermost line of this package that an exception went through."""
    frames = traceback.extract_tb(problem.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    if not own:
        return "?"
    path = Path(own[-1].filename).relative_to(_PACKAGE).as_posix()
    return f"{path}:{own[-1].lineno} {own[-1].name}"
