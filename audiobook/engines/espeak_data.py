"""Finds the data of eSpeak NG and the files of its voices, by paths that the library can open."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from audiobook.system import files, folders

# Bytes: the library cuts off a longer data path, and then returns 308 bytes of silence.
_LONGEST_PATH = 140
_LANGUAGES = "lang"
"""The folder of the data in which the voices of languages are, each in the folder of its family."""


class VoicePlace(NamedTuple):
    """Where the library finds a voice."""

    data: Path
    """The folder of its data."""
    name: str
    """The name to ask for."""


class EspeakData:
    """The data of the library.

    Args:
        folder: where the package has it.
    """

    def __init__(self, folder: Path) -> None:
        self._shortcut: tempfile.TemporaryDirectory[str] | None = None
        self.folder = folder if _is_short(folder) else self._short_link(folder)
        self._places: dict[str, VoicePlace] = {}

    def place_of(self, model: str) -> VoicePlace:
        """Return where a voice is found without the library reading the files of all languages.

        It looks for a file by its name in small letters, and reads all files if there is none. For
        voices that have a file with capitals, it is given a folder of links in small letters.

        Args:
            model: the name of the voice, as the user gave it.
        """
        place = self._places.get(model)
        if place is None or not place.data.is_dir():  # the user may have emptied the cache
            place = self._places[model] = self._find(model)
        return place

    def _find(self, model: str) -> VoicePlace:
        name = model.partition("+")[0].lower()
        matches = (
            file for file in self.folder.glob(f"{_LANGUAGES}/*/*") if file.name.lower() == name
        )
        file = next(matches, None)
        if file is None:
            return VoicePlace(self.folder, model)
        place = VoicePlace(self.folder, f"{file.parent.name}/{model}")
        # Where capitals do not count, as mostly on Windows and macOS, it finds any file.
        if file.name == name or file.with_name(name).exists():
            return place
        links = _links_in_small_letters(self.folder)
        return place._replace(data=links) if links else VoicePlace(self.folder, model)

    def _short_link(self, folder: Path) -> Path:
        self._shortcut = tempfile.TemporaryDirectory(prefix="espeak-")
        link = Path(self._shortcut.name) / folder.name
        link.symlink_to(folder, target_is_directory=True)
        return link


def _is_short(folder: Path) -> bool:
    return len(str(folder).encode()) <= _LONGEST_PATH


def _links_in_small_letters(data: Path) -> Path | None:
    """Return a folder of links to data, those to languages in small letters; None if impossible.

    It stays in the cache. Each process adds the links that are missing, so that one that was
    killed leaves nothing that the next cannot use.
    """
    digest = hashlib.blake2b(os.fsencode(data.resolve()), digest_size=8).hexdigest()
    links = folders.cache_folder().absolute() / "espeak" / digest / data.name
    if not _is_short(links):
        return None
    try:
        files.make_private_folder(links)
        for entry in data.iterdir():
            if entry.name != _LANGUAGES:
                _link(links / entry.name, entry)
        for file in filter(Path.is_file, (data / _LANGUAGES).rglob("*")):
            link = links / str(file.relative_to(data)).lower()
            files.make_private_folder(link.parent)
            _link(link, file)
    except OSError:  # the folder cannot be written, or has no links
        return None
    return links


def _link(link: Path, target: Path) -> None:
    with suppress(FileExistsError):  # another process made it
        link.symlink_to(target.resolve(), target_is_directory=target.is_dir())
