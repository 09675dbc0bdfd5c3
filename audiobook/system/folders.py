"""Where things are kept on this machine."""

from __future__ import annotations

import os
import re
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """Return the folder of what can be made again: AUDIOBOOK_CACHE, else the system's place."""
    named = os.environ.get("AUDIOBOOK_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("audiobook", appauthor=False)


def data_folder() -> Path:
    """Return the folder of what was fetched, as voices: AUDIOBOOK_DATA, else the system's place."""
    named = os.environ.get("AUDIOBOOK_DATA")
    return Path(named) if named else platformdirs.user_data_path("audiobook", appauthor=False)


def voice_folder(name: str) -> Path:
    """Return the folder of the files that a voice needs beyond its TOML file."""
    return data_folder() / "voices" / name


def config_folder() -> Path:
    """Return the folder of the user's settings: AUDIOBOOK_CONFIG, else the system's place."""
    named = os.environ.get("AUDIOBOOK_CONFIG")
    return Path(named) if named else platformdirs.user_config_path("audiobook", appauthor=False)


def natural_key(name: str) -> list[tuple[int, str]]:
    """Return what puts names in the order that people expect: their numbers by value.

    >>> sorted(["chuong-10", "chuong-2", "Chuong-1"], key=natural_key)
    ['Chuong-1', 'chuong-2', 'chuong-10']
    """
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(int(part or 0), "") if at % 2 else (0, part) for at, part in enumerate(parts)]
