"""Looks whether everything needed is here, by using it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook import config, engines
from audiobook.errors import AudiobookError
from audiobook.system import ffmpeg, folders
from audiobook.system.files import check_place
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look showed."""

    thing: str
    state: str
    exit_code: int = 0
    """0 when it is well."""

    @property
    def well(self) -> bool:
        """Whether there is nothing to do."""
        return self.exit_code == 0


def examine() -> Iterator[Finding]:
    """Look at each thing a build needs, by using it."""
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding("audiobook", f"{__version__} on Python {python}")
    looks: tuple[tuple[str, Callable[[], str]], ...] = (
        (f"embedded voice {config.EMBEDDED_VOICE}", _speak),
        ("sentences", _split),
        ("ffmpeg", ffmpeg.find),
        ("recordings", _store),
        ("voices", _voices),
    )
    for thing, look in looks:
        try:
            yield Finding(thing, look())
        except AudiobookError as problem:
            yield Finding(thing, str(problem), problem.exit_code)


def _speak() -> str:
    voice = config.load_voice(config.EMBEDDED_VOICE)
    engine = engines.load(voice.engine)
    (audio,) = engine.say(["Xin chào."], voice)
    return f"speaks ({engine.name} {engine.version}, {len(audio.samples) / audio.rate:.2f} s)"


def _split() -> str:
    from importlib.metadata import version

    from audiobook.vietnamese import split_sentences

    split_sentences("Một. Hai.")
    return f"underthesea {version('underthesea')}"


def _store() -> str:
    folder = folders.cache_folder()
    check_place(folder / "probe")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return f"{folder} ({size / 1e6:,.1f} MB)"


def _voices() -> str:
    names = config.voice_names()
    for name in names:
        config.load_voice(name)
    return ", ".join(names)
