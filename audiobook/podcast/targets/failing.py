"""What fails at a place to publish to: what is tried again, and what more than a site is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from audiobook.errors import OutputError
from audiobook.messages import message

if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 8.0  # seconds
# What a place that means harm may have us take in: names of files, levels of folders.
MOST_NAMES, DEEPEST = 1_000_000, 16

Result = TypeVar("Result")
ExceptionTypes = tuple[type[Exception], ...]


class OvertakenError(OutputError):
    """Somebody else has published since the target was read; what is there now counts."""


class TooManyFilesError(PermissionError):
    """A place lists more files than any site has."""

    def __str__(self) -> str:
        """Return what the user is told."""
        return message("it lists too many files")


def too_large(path: str, address: str, most: int) -> OutputError:
    """Return the error for a file at a target that is larger than any of ours.

    Args:
        path: its path in the place.
        address: that of the place.
        most: how many bytes it may have.
    """
    return OutputError(
        message(
            "{file} at {address} is not ours: {reason}",
            file=path,
            address=address,
            reason=message("it is larger than {size} MB", size=most >> 20),
        ),
        message("publish to a place of its own, or remove that file"),
    )


def wrong_size(path: str, there: int, here: int) -> OSError:
    """Return the error for a file that arrived with another size, in bytes."""
    return OSError(
        message(
            "{path} has {there} bytes at the target and {here} here",
            path=path,
            there=there,
            here=here,
        )
    )


def retry(
    attempt: Callable[[], Result],
    tries: int,
    failures: ExceptionTypes,
    permanent_failures: ExceptionTypes,
) -> Result:
    """Return what an attempt returns; try again, after pauses, while it fails for a while.

    Args:
        attempt: what is tried.
        tries: how often.
        failures: what it may raise.
        permanent_failures: those of them that trying again does not help, besides the answers 401
            and 403 of a server.
    """
    from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

    def may_pass(problem: BaseException) -> bool:
        is_refused = getattr(problem, "status_code", 0) in (401, 403)
        return isinstance(problem, failures) and not (
            is_refused or isinstance(problem, permanent_failures)
        )

    retrying = Retrying(
        retry=retry_if_exception(may_pass),
        stop=stop_after_attempt(tries),
        wait=wait_exponential(_FIRST_PAUSE, _LONGEST_PAUSE),
        reraise=True,
    )
    return retrying(attempt)
