"""Plays a sound file with a player of this machine."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.errors import EngineError, UsageError
from audiobook.messages import message

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Player:
    """A program that plays a file and ends with it."""

    name: str
    options: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = (".mp3", ".wav")
    """What it plays of what is spoken as a sample."""


_PLAYERS = (
    Player("ffplay", ("-nodisp", "-autoexit", "-loglevel", "error")),
    Player("mpv", ("--no-video", "--really-quiet")),
    Player("afplay"),
    Player("aplay", ("--quiet",), (".wav",)),
)


def find(suffix: str = "") -> Player:
    """Return the first player of this machine that plays a kind of file; any without a suffix.

    Raises:
        UsageError: there is none.
    """
    fit = [player for player in _PLAYERS if not suffix or suffix.lower() in player.suffixes]
    for player in fit:
        if shutil.which(player.name):
            return player
    raise UsageError(
        message("there is no player for the sound"),
        message(
            "install one of {names}, or leave out --play", names=[player.name for player in fit]
        ),
    )


def play(player: Player, path: Path) -> str:
    """Play a file to its end; return the last line of what the player complained of, if anything.

    Some players end as if all were well where there is no loudspeaker.

    Raises:
        EngineError: the player fails.
    """
    program = shutil.which(player.name) or player.name
    try:
        # An absolute path, so that no name is taken for an option.
        process = subprocess.run(  # noqa: S603 (one of a few programs, without a shell)
            [program, *player.options, str(path.absolute())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as problem:
        raise EngineError(
            message("{player} did not run: {reason}", player=player.name, reason=problem),
            message("open {path} yourself", path=path),
        ) from problem
    if process.returncode:
        raise EngineError(
            message("{player} ended with code {code}", player=player.name, code=process.returncode),
            message("open {path} yourself", path=path),
        )
    return next(reversed(process.stderr.strip().splitlines()), "").strip()
