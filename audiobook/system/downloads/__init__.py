"""The files of a voice: fetched over HTTP into a folder of their own, which is whole or not there.

What has arrived waits in a folder beside it, so that a later run goes on where one was stopped.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from audiobook.errors import VoiceError
from audiobook.system.downloads.asking import is_sha256
from audiobook.system.downloads.disk import alone, clear_away, size_of, writing
from audiobook.system.downloads.download import fetch_file
from audiobook.system.folders import voice_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobook.model import Voice, VoiceFile


class Fetched(NamedTuple):
    """What was fetched for a voice."""

    folder: Path
    size: int
    """Bytes of all its files."""
    unchecked: tuple[str, ...]
    """Files that nobody published a checksum of: only their length is known to be right."""


def missing(voice: Voice) -> list[str]:
    """Return the names of the files that a voice still needs fetched."""
    folder = voice_folder(voice.name)
    return [file.name for file in voice.files if not (folder / file.name).is_file()]


def fault(file: VoiceFile) -> str:
    """Say what is wrong with the description of a file; an empty string if nothing is."""
    if not re.fullmatch(r"\w[\w .+-]{0,199}", file.name):
        return f"a file cannot be called {file.name!r}: letters, digits and . _ + - name one"
    if file.sha256 and not is_sha256(file.sha256):
        return f"the sha256 of {file.name} must be 64 hexadecimal digits"
    return address_fault(file.name, file.url)


def address_fault(what: str, url: str) -> str:
    """Say what is wrong with the address of something; an empty string if nothing is."""
    try:
        address = urlsplit(url)
        host, _ = address.hostname, address.port  # a port that is no number is an error, too
    except ValueError:
        return f"the url of {what} is no address"
    if address.scheme not in ("http", "https") or not host:
        return f"the url of {what} must begin with http:// or https://"
    if address.username or address.password:
        return f"the url of {what} holds a password, which no voice file should"
    return ""


def fetch(voice: Voice, report: Callable[[str, int, int | None], None]) -> Fetched:
    """Fetch the files of a voice into its folder, which appears once all of them are right.

    Certificates are verified, proxies taken from the environment, and redirects followed to
    http and https only. What breaks off is asked for again a few times, from where it broke off
    if the server can say that the file is still the same (RFC 9110, 13.1.5).

    Args:
        voice: whose files.
        report: is told the name of a file, its bytes that are here and its bytes in all (None
            where the server does not say), when it begins and as it grows.

    Raises:
        EngineError: a server does not give the file, or one with another checksum.
        OutputError: the disk does not take it, or another process is at it.
        VoiceError: what the voice says of its files is not right.
    """
    for file in voice.files:
        if what := fault(file):
            raise VoiceError(f"voice {voice.name}: {what}", "fix the voice file")
    folder = voice_folder(voice.name)
    # What arrived for another version of the voice is not taken for this one.
    order = hashlib.blake2b(repr(voice.files).encode(), digest_size=8).hexdigest()
    waiting = _waiting(folder) / order
    with writing(waiting):
        waiting.mkdir(parents=True, exist_ok=True)
    with alone(_waiting(folder)):
        unchecked = tuple(
            file.name for file in voice.files if not fetch_file(file, waiting, report)
        )
        with writing(folder):
            for mark in waiting.glob(".*"):
                mark.unlink()
            size = size_of(waiting)
            clear_away(folder)
            waiting.rename(folder)
            clear_away(_waiting(folder))
    return Fetched(folder, size, unchecked)


def remove(name: str) -> int:
    """Remove what was fetched for a voice, whole or in part, and return the bytes it took.

    Raises:
        OutputError: it cannot be removed.
    """
    folder = voice_folder(name)
    places = (folder, _waiting(folder))
    with writing(folder, "remove", "remove it yourself"):
        size = sum(map(size_of, places))
        for place in places:
            clear_away(place)
    return size


def _waiting(folder: Path) -> Path:
    """Return where files wait until the folder is whole: beside it, so that a rename will do."""
    return folder.with_name(f".{folder.name}.part")
