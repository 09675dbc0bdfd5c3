"""The folders of the program on this machine."""

from __future__ import annotations

import os
import re
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """Return the folder of files that can be made again: AUDIOBOOK_CACHE, or that of the system."""
    path = os.environ.get("AUDIOBOOK_CACHE")
    return Path(path) if path else platformdirs.user_cache_path("audiobook", appauthor=False)


def data_folder() -> Path:
    """Return the folder of downloads, such as voices: AUDIOBOOK_DATA, or that of the system."""
    path = os.environ.get("AUDIOBOOK_DATA")
    return Path(path) if path else platformdirs.user_data_path("audiobook", appauthor=False)


def voice_folder(name: str) -> Path:
    """Return the folder of the files that a voice needs in addition to its TOML file."""
    return data_folder() / "voices" / name


def config_folder() -> Path:
    """Return the folder of the user's settings: AUDIOBOOK_CONFIG, or that of the system."""
    path = os.environ.get("AUDIOBOOK_CONFIG")
    return Path(path) if path else platformdirs.user_config_path("audiobook", appauthor=False)


def natural_key(name: str) -> list[tuple[int, str]]:
    """Return a key that sorts names as people expect, with numbers by their value.

    >>> sorted(["chuong-10", "chuong-2", "Chuong-1"], key=natural_key)
    ['Chuong-1', 'chuong-2', 'chuong-10']
    """
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(int(part or 0), "") if index % 2 else (0, part) for index, part in enumerate(parts)]
