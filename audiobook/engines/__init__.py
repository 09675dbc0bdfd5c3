"""Engines turn text into sound and nothing else; each is loaded by name through an entry point."""

from __future__ import annotations

import threading
import unicodedata
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Protocol, Self

from audiobook.errors import EngineError, VoiceError
from audiobook.messages import Message, message
from audiobook.system.folders import config_folder
from audiobook.system.requirements import DISTRIBUTION, install_hint, libraries_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
    arguments, at most once in a process, and used by one thread at a time: see `turn`.

    It may have more members:

    - ``native``, a frozenset of those `SETTINGS` that it follows itself, as a ratio; outside its
      range it raises a VoiceError that says the range. It gets 1 for the other settings, and its
      sound is stretched afterwards. An engine without ``native`` gets both settings, and its sound
      is not stretched, because it may follow them already.
    - ``version_of(voice)``, where it speaks from files of the voice: see `version_of`.
    - ``memory_of(voice)``, the bytes of memory that speaking takes where they are more than a few
      megabytes, as with networks: fewer processes record where there is little memory.
    - ``check_ready(voice)``, where speaking needs more than to plan it, such as a key: it raises a
      VoiceError if that is missing.
    - ``tells_words``, true where its clips have marks. The words of other clips are looked for in
      their sound.
    - ``say_again(texts, voice, variant=1)``, where `say` draws the same random numbers for the same
      text: as `say`, but with others, and with others again for each number of a variant. It is
      asked for texts whose sound was faulty, and for those of which the user wants another take.
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
    from importlib.metadata import entry_points

    candidates = entry_points(group=GROUP, name=name)
    if not candidates:
        names = ", ".join(sorted(entry_points(group=GROUP).names))
        raise VoiceError(
            message("there is no engine {name}", name=name),
            message("use one of {names}", names=names),
        )
    entry = next(iter(candidates))
    try:
        engine: Engine = entry.load()()
    except ImportError as problem:
        is_ours = entry.module.partition(".")[0] == __name__.partition(".")[0]
        raise VoiceError(
            message(
                "the engine {name} needs {module}, which is not installed",
                name=name,
                module=problem.name,
            ),
            _how_to_install(name) if is_ours else message("see how its makers say to install it"),
        ) from problem
    return engine


_turns: dict[str, threading.RLock] = {}


@contextmanager
def turn(voices: Iterable[Voice]) -> Iterator[None]:
    """Wait until no other thread uses the engines of these voices, and keep others waiting.

    A thread that has its turn may take it again.
    """
    # All threads take them in the same order, so that no two wait for each other.
    names = sorted({voice.engine for voice in voices})
    with ExitStack() as held:
        for name in names:
            with _loading:
                lock = _turns.setdefault(name, threading.RLock())
            held.enter_context(lock)
        yield


def _how_to_install(name: str) -> Message:
    if libraries := libraries_of(name):
        return install_hint(*libraries)
    return message("reinstall it: pip install --force-reinstall {package}", package=DISTRIBUTION)


def version_of(engine: Engine, voice: Voice) -> str:
    """Return the version of an engine for a voice.

    An engine that speaks from files of the voice has a ``version_of(voice)``, whose result tells
    their contents apart, too.

    Raises:
        VoiceError: files of the voice are missing.
    """
    own_version: Callable[[Voice], str] | None = getattr(engine, "version_of", None)
    return own_version(voice) if own_version else engine.version


def memory_of(engine: Engine, voice: Voice) -> int:
    """Return the bytes of memory that speaking takes in a process; 0 where the engine names none.

    Raises:
        VoiceError: files of the voice are missing.
    """
    own_memory: Callable[[Voice], int] | None = getattr(engine, "memory_of", None)
    return own_memory(voice) if own_memory else 0


def tells_words(engine: Engine) -> bool:
    """Return whether an engine tells when the words of its clips begin."""
    return getattr(engine, "tells_words", False)


def can_vary(engine: Engine) -> bool:
    """Return whether an engine may say a text in another way when it is asked again."""
    return hasattr(engine, "say_again") or hasattr(engine, "server")


class _Take:
    """An engine as it says texts in one take; each take has a variant for faulty sound, too."""

    def __init__(self, engine: Engine, take: int) -> None:
        self.name, self.version, self.limit = engine.name, engine.version, engine.limit
        self._say_again: Callable[..., list[Audio]] = engine.say_again  # type: ignore[attr-defined]
        self._variant = 2 * (take - 1)

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        return self._say_again(texts, voice, self._variant)

    def say_again(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        return self._say_again(texts, voice, self._variant + 1)


def in_take(engine: Engine, take: int) -> Engine:
    """Return an engine that says texts in one of its ways; itself if it has no other.

    Args:
        engine: the engine; one with a cache of its sound has a method ``in_take`` itself.
        take: the number of the way, from 1.
    """
    if take == 1:
        return engine
    own_take: Callable[[int], Engine] | None = getattr(engine, "in_take", None)
    if own_take:
        return own_take(take)
    return _Take(engine, take) if hasattr(engine, "say_again") else engine


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


def check_network(voice: Voice) -> None:
    """Refuse a voice that claims to need no network, but whose engine asks a server.

    Raises:
        VoiceError: it claims that, or it is not usable here.
    """
    if not voice.network and hasattr(load(voice.engine), "server"):
        raise VoiceError(
            message(
                "{path} does not say network = true, but the engine {engine} sends the text to a "
                "server",
                path=config_folder() / "voices" / f"{voice.name}.toml",
                engine=voice.engine,
            ),
            message("write network = true there if you want that"),
        )


def identity(voice: Voice) -> tuple[str, ...]:
    """Return the engine, its version and its server: all of a voice that is not in its settings.

    Raises:
        VoiceError: the voice is not usable here.
    """
    check_network(voice)
    engine = load(voice.engine)
    server: Callable[[Voice], str] | None = getattr(engine, "server", None)
    return (engine.name, version_of(engine, voice), server(voice) if server else "")


def check_ready(voice: Voice) -> None:
    """Check that nothing is missing that a voice needs to speak.

    Raises:
        VoiceError: a key is missing, or the voice is not usable here.
    """
    identity(voice)
    own_check: Callable[[Voice], None] | None = getattr(load(voice.engine), "check_ready", None)
    if own_check:
        own_check(voice)


def sayable(text: str) -> str:
    """Return text that a library or a service accepts: composed, and valid Unicode.

    Letters and their marks are joined (NFC), because eSpeak NG names marks that stand alone. A
    NUL, which ends a text in C, becomes a space; a lone surrogate, which has no UTF-8, is dropped.

    Raises:
        EngineError: there is no letter and no digit in it, so nothing to say.
    """
    if not any(map(str.isalnum, text)):
        raise EngineError(
            message("there is nothing to say in {text!r}", text=text[:80]), message("leave it out")
        )
    clean = text.replace("\0", " ").encode("utf-8", "ignore").decode()
    return unicodedata.normalize("NFC", clean)
