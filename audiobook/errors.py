"""The errors a user can meet: each knows what happened, what to do and its exit code."""

from __future__ import annotations

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
