"""Checks whether everything that a build needs is installed, by using it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook import config, engines
from audiobook.errors import AudiobookError
from audiobook.messages import Message, message, verbatim
from audiobook.model import Cast
from audiobook.system import ffmpeg, folders, memory
from audiobook.system.files import check_place
from audiobook.version import __version__
from audiobook.workers import room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check."""

    subject: Message
    state: str
    exit_code: int = 0
    """0 if the check passed."""

    @property
    def is_ok(self) -> bool:
        """Whether the check passed."""
        return self.exit_code == 0


def run_checks() -> Iterator[CheckResult]:
    """Check each thing that a build needs, by using it, and yield the results."""
    python = ".".join(map(str, sys.version_info[:3]))
    yield CheckResult(
        verbatim("audiobook"),
        message("{version} on Python {python}", version=__version__, python=python),
    )
    checks: tuple[tuple[Message, Callable[[], str]], ...] = (
        (message("embedded voice {voice}", voice=config.EMBEDDED_VOICE), _check_voice),
        (message("sentences"), _check_sentences),
        (verbatim("ffmpeg"), ffmpeg.find),
        (message("recordings"), _check_cache),
        (message("processes"), _check_processes),
        (message("files of voices"), _check_voices),
    )
    for subject, check in checks:
        try:
            yield CheckResult(subject, check())
        except AudiobookError as problem:
            yield CheckResult(subject, problem.message, problem.exit_code)


def _check_voice() -> str:
    voice = config.load_voice(config.EMBEDDED_VOICE)
    engine = engines.load(voice.engine)
    with engines.turn([voice]):
        (clip,) = engine.say(["Xin chào."], voice)
    return message(
        "speaks ({engine} {version}, {seconds:.2f} s)",
        engine=engine.name,
        version=engine.version,
        seconds=len(clip.samples) / clip.rate,
    )


def _check_sentences() -> str:
    from importlib.metadata import version

    from audiobook.vietnamese import split_sentences

    split_sentences("Một. Hai.")
    return message("underthesea {version}", version=version("underthesea"))


def _check_cache() -> str:
    folder = folders.cache_folder()
    check_place(folder / "probe")
    size = sum(map(_size_of, folder.rglob("*")))
    return message("{folder} ({size:,.1f} MB)", folder=folder, size=size / 1e6)


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:  # it is gone, or somebody else's
        return 0


def _check_processes() -> str:
    voice, free = config.load_voice(config.default_voice()), memory.free_memory()
    if free is None:
        return message("{count} at once", count=config.cores())
    return message(
        "{count} at once with the voice {voice} ({cores} cores, {free:,.1f} GB of memory free)",
        count=room.processes_for(Cast(voice), free, config.cores()),
        voice=voice.name,
        cores=config.cores(),
        free=free / 1e9,
    )


def _check_voices() -> str:
    names = config.voice_names()
    for name in names:
        config.load_voice(name)
    return ", ".join(names)
