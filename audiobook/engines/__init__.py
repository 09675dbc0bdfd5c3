"""Engines turn text into sound and nothing else; each is loaded by name through an entry point."""

from __future__ import annotations

import threading
import unicodedata
from dataclasses import replace
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol, Self

from audiobook.errors import EngineError, VoiceError
from audiobook.system.requirements import DISTRIBUTION, install_hint, libraries_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobook.model import Audio, Voice

GROUP = "audiobook.engines"
SETTINGS = frozenset({"speed", "pitch"})
"""Of a voice, what an engine may or may not be able to change."""


class UnsaidError(EngineError):
    """One of several texts could not be spoken."""

    position = 0
    """Of that text among those given to `Engine.say`."""

    @classmethod
    def at(cls, position: int, problem: EngineError) -> Self:
        """Return the problem as that of the text at a position."""
        error = cls(problem.what, problem.remedy)
        error.position = position
        error.__cause__ = problem
        return error


class Engine(Protocol):
    """What every engine promises.

    An engine never splits, merges, caches or tags, and never invents silence: what it cannot
    say is an error (`sayable` finds what none can say). It is made without arguments, at most
    once in a process, and used by one thread at a time.

    Two things it may have besides:

    - ``native``, a frozenset of what it changes itself of `SETTINGS`. Of the rest it is told 1, and
      its sound is stretched afterwards. One that has no ``native`` is told both and left alone: it
      was given a voice with a speed and a pitch and may well follow them, and would be changed
      twice. What is native it follows as a ratio, or raises a VoiceError that tells its range.
    - ``version_of(voice)``, where it speaks from files of the voice's own: see `version_of`.
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


_loading = threading.Lock()


def load(name: str) -> Engine:
    """Return this process's engine of that name.

    Raises:
        VoiceError: there is none, or what it needs is not installed.
    """
    with _loading:  # made once, whichever threads ask for it
        return _load(name)


@cache
def _load(name: str) -> Engine:
    found = entry_points(group=GROUP, name=name)
    if not found:
        known = ", ".join(sorted(entry_points(group=GROUP).names))
        raise VoiceError(f"there is no engine {name}", f"there are {known}")
    entry = next(iter(found))
    try:
        engine: Engine = entry.load()()
    except ImportError as problem:
        ours = entry.module.partition(".")[0] == __name__.partition(".")[0]
        raise VoiceError(
            f"the engine {name} needs {problem.name}, which is not installed",
            _how_to_install(name) if ours else "see how its makers say to install it",
        ) from problem
    return engine


def _how_to_install(name: str) -> str:
    if libraries := libraries_of(name):
        return install_hint(*libraries)
    return f"reinstall it: pip install --force-reinstall {DISTRIBUTION}"


def version_of(engine: Engine, voice: Voice) -> str:
    """Return the version of an engine as one voice hears it.

    An engine that speaks from a voice's own files has a ``version_of(voice)`` that tells them too.

    Raises:
        VoiceError: files of the voice are missing.
    """
    tell: Callable[[Voice], str] | None = getattr(engine, "version_of", None)
    return tell(voice) if tell else engine.version


def asked(engine: Engine, voice: Voice) -> Voice:
    """Return the voice as its engine is to speak it: what it cannot change itself is 1."""
    native: frozenset[str] = getattr(engine, "native", SETTINGS)
    if native == SETTINGS:
        return voice
    return replace(
        voice,
        speed=voice.speed if "speed" in native else 1.0,
        pitch=voice.pitch if "pitch" in native else 1.0,
    )


def identity(voice: Voice) -> tuple[str, ...]:
    """Return all that tells who speaks from others who would sound different, but its settings.

    Raises:
        VoiceError: the voice is not usable here.
    """
    engine = load(voice.engine)
    server: Callable[[Voice], str] | None = getattr(engine, "server", None)
    return (engine.name, version_of(engine, voice), server(voice) if server else "")


def sayable(text: str) -> str:
    """Return text as it may reach a library or a service: composed, and sound Unicode.

    Letters and their marks are joined (NFC), for eSpeak NG names marks that stand alone. A NUL,
    which ends a text in C, becomes a space; a lone surrogate, which has no UTF-8, is left out.

    Raises:
        EngineError: there is no letter and no digit in it, nothing but silence to make of it.
    """
    if not any(map(str.isalnum, text)):
        raise EngineError(f"there is nothing to say in {text[:80]!r}", "leave it out")
    whole = text.replace("\0", " ").encode("utf-8", "ignore").decode()
    return unicodedata.normalize("NFC", whole)
