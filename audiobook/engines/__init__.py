"""Engines turn text into sound and nothing else; each is loaded by name through an entry point."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol

from audiobook.errors import VoiceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Audio, Voice

GROUP = "audiobook.engines"


class Engine(Protocol):
    """What every engine promises.

    An engine never splits, merges, caches or tags, and never invents silence: what it cannot
    say is an error. It is made without arguments, at most once in a process, and used by one
    thread at a time.
    """

    name: str
    version: str
    """Enters the key under which recordings are kept: another version may sound different."""
    limit: int | None
    """Longest text it takes at once, in characters; None for any."""

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Speak each text, in order, one `Audio` for each at ``voice.rate``.

        Raises:
            EngineError: a text could not be spoken.
            VoiceError: the voice is not usable here.
        """
        ...


@cache
def load(name: str) -> Engine:
    """Return this process's engine of that name.

    Raises:
        VoiceError: there is none, or what it needs is not installed.
    """
    found = entry_points(group=GROUP, name=name)
    if not found:
        known = ", ".join(sorted(entry_points(group=GROUP).names))
        raise VoiceError(f"there is no engine {name}", f"there are {known}")
    try:
        engine: Engine = next(iter(found)).load()()
    except ImportError as problem:
        raise VoiceError(
            f"the engine {name} needs {problem.name}, which is not installed",
            f"pip install 'audiobook[{name}]'",
        ) from problem
    return engine
