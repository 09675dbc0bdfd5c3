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
"""The settings of a voice that some engines can follow and others cannot."""


class UnsaidError(EngineError):
    """One of several texts could not be spoken."""

    position = 0
    """Position of that text among those given to `Engine.say`."""

    @classmethod
    def at(cls, position: int, problem: EngineError) -> Self:
        """Return the problem as one of the text at a position."""
        error = cls(problem.what, problem.remedy)
        error.position = position
        error.__cause__ = problem
        return error


class Engine(Protocol):
    """The interface of all engines.

    An engine never splits, merges, caches or tags, and never invents silence: text that it cannot
    say is an error (`sayable` refuses text that no engine can say). It is created without
    arguments, at most once in a process, and used by one thread at a time.

    It may have two more members:

    - ``native``, a frozenset of those `SETTINGS` that it follows itself, as a ratio; outside its
      range it raises a VoiceError that says the range. It gets 1 for the other settings, and its
      sound is stretched afterwards. An engine without ``native`` gets both settings, and its sound
      is not stretched, because it may follow them already.
    - ``version_of(voice)``, where it speaks from files of the voice: see `version_of`.
    """

    name: str
    version: str
    """Part of the key of recordings, because another version may sound different."""
    limit: int | None
    """Longest text that it accepts at once, in characters; None for no limit."""

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Speak each text, in order, one `Audio` for each at ``voice.rate``.

        Raises:
            EngineError: a text could not be spoken.
            VoiceError: the voice is not usable here.
        """
        ...


_loading = threading.Lock()


def load(name: str) -> Engine:
    """Return the engine of a name, the same object each time in a process.

    Raises:
        VoiceError: there is no such engine, or what it needs is not installed.
    """
    with _loading:  # created once, even if several threads call this
        return _load(name)


@cache
def _load(name: str) -> Engine:
    candidates = entry_points(group=GROUP, name=name)
    if not candidates:
        names = ", ".join(sorted(entry_points(group=GROUP).names))
        raise VoiceError(f"there is no engine {name}", f"there are {names}")
    entry = next(iter(candidates))
    try:
        engine: Engine = entry.load()()
    except ImportError as problem:
        is_ours = entry.module.partition(".")[0] == __name__.partition(".")[0]
        raise VoiceError(
            f"the engine {name} needs {problem.name}, which is not installed",
            _how_to_install(name) if is_ours else "see how its makers say to install it",
        ) from problem
    return engine


def _how_to_install(name: str) -> str:
    if libraries := libraries_of(name):
        return install_hint(*libraries)
    return f"reinstall it: pip install --force-reinstall {DISTRIBUTION}"


def version_of(engine: Engine, voice: Voice) -> str:
    """Return the version of an engine for a voice.

    An engine that speaks from files of the voice has a ``version_of(voice)``, whose result tells
    their contents apart, too.

    Raises:
        VoiceError: files of the voice are missing.
    """
    own_version: Callable[[Voice], str] | None = getattr(engine, "version_of", None)
    return own_version(voice) if own_version else engine.version


def voice_to_ask(engine: Engine, voice: Voice) -> Voice:
    """Return the voice that the engine is given, with 1 for settings that it cannot follow."""
    native: frozenset[str] = getattr(engine, "native", SETTINGS)
    if native == SETTINGS:
        return voice
    return replace(
        voice,
        speed=voice.speed if "speed" in native else 1.0,
        pitch=voice.pitch if "pitch" in native else 1.0,
    )


def identity(voice: Voice) -> tuple[str, ...]:
    """Return the engine, its version and its server: all of a voice that is not in its settings.

    Raises:
        VoiceError: the voice is not usable here.
    """
    engine = load(voice.engine)
    server: Callable[[Voice], str] | None = getattr(engine, "server", None)
    return (engine.name, version_of(engine, voice), server(voice) if server else "")


def sayable(text: str) -> str:
    """Return text that a library or a service accepts: composed, and valid Unicode.

    Letters and their marks are joined (NFC), because eSpeak NG names marks that stand alone. A
    NUL, which ends a text in C, becomes a space; a lone surrogate, which has no UTF-8, is dropped.

    Raises:
        EngineError: there is no letter and no digit in it, so nothing to say.
    """
    if not any(map(str.isalnum, text)):
        raise EngineError(f"there is nothing to say in {text[:80]!r}", "leave it out")
    clean = text.replace("\0", " ").encode("utf-8", "ignore").decode()
    return unicodedata.normalize("NFC", clean)
