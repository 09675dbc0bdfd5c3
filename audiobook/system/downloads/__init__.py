"""Fetches the files of a voice over HTTP into a folder, which is complete or does not exist.

Files that have arrived wait in a folder beside it, so that a later run goes on from there.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from audiobook.errors import VoiceError
from audiobook.system.downloads.asking import is_sha256
from audiobook.system.downloads.disk import exclusive, folder_size, output_errors, remove_folder
from audiobook.system.downloads.download import fetch_file
from audiobook.system.folders import voice_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobook.model import Voice, VoiceFile


class Fetched(NamedTuple):
    """The result of fetching the files of a voice."""

    folder: Path
    size: int
    """Bytes of all its files."""
    unchecked: tuple[str, ...]
    """Files without a published checksum, of which only the length was checked."""


def missing(voice: Voice) -> list[str]:
    """Return the names of the files of a voice that are not fetched yet."""
    folder = voice_folder(voice.name)
    return [file.name for file in voice.files if not (folder / file.name).is_file()]


def file_problem(file: VoiceFile) -> str:
    """Return what is wrong with the description of a file; an empty string if nothing is."""
    if not re.fullmatch(r"\w[\w .+-]{0,199}", file.name):
        return f"a file cannot be called {file.name!r}: letters, digits and . _ + - name one"
    if file.sha256 and not is_sha256(file.sha256):
        return f"the sha256 of {file.name} must be 64 hexadecimal digits"
    return address_problem(file.name, file.url)


def address_problem(name: str, url: str) -> str:
    """Return what is wrong with the address of a named thing; an empty string if nothing is."""
    try:
        address = urlsplit(url)
        host, _ = address.hostname, address.port  # raises for a port that is no number, too
    except ValueError:
        return f"the url of {name} is not an address"
    if address.scheme not in ("http", "https") or not host:
        return f"the url of {name} must begin with http:// or https://"
    if address.username or address.password:
        return f"the url of {name} holds a password, which no voice file should"
    return ""


def fetch(voice: Voice, report: Callable[[str, int, int | None], None]) -> Fetched:
    """Fetch the files of a voice into its folder, which appears once all of them are right.

    Certificates are verified, proxies are those of the environment, and redirects lead only to
    http and https. A download that breaks off is tried again a few times, from where it broke off
    if the server can confirm that the file is the same (RFC 9110, 13.1.5).

    Args:
        voice: the voice.
        report: called at the start of a file and as it grows, with its name, the bytes so far,
            and its size (None where the server does not say).

    Raises:
        EngineError: a server does not send the file, or one with another checksum.
        OutputError: a file cannot be written, or another process is fetching the voice.
        VoiceError: the description of a file is not right.
    """
    for file in voice.files:
        if problem := file_problem(file):
            raise VoiceError(f"voice {voice.name}: {problem}", "fix the voice file")
    folder = voice_folder(voice.name)
    # Files that arrived for another version of the voice lie in another folder.
    digest = hashlib.blake2b(repr(voice.files).encode(), digest_size=8).hexdigest()
    partial = _partial_folder(folder) / digest
    with output_errors(partial):
        partial.mkdir(parents=True, exist_ok=True)
    with exclusive(_partial_folder(folder)):
        unchecked = tuple(
            file.name for file in voice.files if not fetch_file(file, partial, report)
        )
        with output_errors(folder):
            for mark in partial.glob(".*"):
                mark.unlink()
            size = folder_size(partial)
            remove_folder(folder)
            partial.rename(folder)
            remove_folder(_partial_folder(folder))
    return Fetched(folder, size, unchecked)


def remove(name: str) -> int:
    """Remove the files of a voice, complete or partial, and return their bytes.

    Raises:
        OutputError: they cannot be removed.
    """
    folder = voice_folder(name)
    folders = (folder, _partial_folder(folder))
    with output_errors(folder, "remove", "remove it yourself"):
        size = sum(map(folder_size, folders))
        for target in folders:
            remove_folder(target)
    return size


def _partial_folder(folder: Path) -> Path:
    """Return the folder for files until all are fetched: beside the other, so it can be renamed."""
    return folder.with_name(f".{folder.name}.part")
