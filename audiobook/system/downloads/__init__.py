"""Fetches or copies the files of a voice into a folder, which is complete or does not exist.

Files that have arrived wait in a folder beside it, so that a later run goes on from there.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import VoiceError
from audiobook.messages import NOTHING, Message, message
from audiobook.system import connection
from audiobook.system.downloads import archive
from audiobook.system.downloads.asking import is_sha256
from audiobook.system.downloads.disk import (
    Act,
    check_free_space,
    exclusive,
    folder_size,
    output_errors,
    remove_folder,
)
from audiobook.system.downloads.download import fetch_file
from audiobook.system.downloads.patience import patiently
from audiobook.system.downloads.texts import fetch_text
from audiobook.system.folders import voice_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from audiobook.model import Voice, VoiceFile

__all__ = [
    "Fetched",
    "address_problem",
    "claim",
    "copy",
    "fetch",
    "fetch_into",
    "fetch_text",
    "fetched_size",
    "file_problem",
    "missing",
    "remove",
]


class Fetched(NamedTuple):
    """The result of fetching the files of a voice."""

    folder: Path
    size: int
    """Bytes of all its files."""
    unchecked: tuple[str, ...]
    """Files without a published checksum, of which only the length was checked."""


def missing(voice: Voice) -> list[str]:
    """Return the names of the files of a voice that are not fetched yet."""
    folder = voice_folder(voice.folder)
    return [file.name for file in voice.files if not (folder / file.name).is_file()]


def file_problem(file: VoiceFile) -> Message:
    """Return what is wrong with the description of a file; an empty message if nothing is."""
    if not re.fullmatch(r"\w[\w .+-]{0,199}", file.name):
        return message(
            "a file cannot be called {file!r}: letters, digits and . _ + - name one", file=file.name
        )
    if file.sha256 and not is_sha256(file.sha256):
        return message("the sha256 of {file} must be 64 hexadecimal digits", file=file.name)
    problems = (
        address_problem(file.name, url) or archive.address_problem(file.name, url)
        for url in file.urls
    )
    return next(filter(None, problems), NOTHING)


def address_problem(name: str, url: str) -> Message:
    """Return what is wrong with the address of a named thing; an empty message if nothing is."""
    address = connection.parts_of(url)
    if address is None:
        return message("the url of {name} is not an address", name=name)
    if address.scheme not in ("http", "https") or not address.hostname:
        return message("the url of {name} must begin with http:// or https://", name=name)
    if address.username or address.password:
        return message("the url of {name} holds a password, which no voice file should", name=name)
    return NOTHING


def fetch(
    voice: Voice,
    report: Callable[[str, int, int | None], None],
    patience: float | None = None,
) -> Fetched:
    """Fetch the files of a voice into its folder, which appears once all of them are right.

    Certificates are verified, proxies are those of the environment, and redirects lead only to
    http and https. A download that breaks off is tried again a few times, from where it broke off
    if the server can confirm that the file is the same (RFC 9110, 13.1.5).

    Args:
        voice: the voice.
        report: called at the start of a file and as it grows, with its name, the bytes so far,
            and its size (None where the server does not say).
        patience: seconds to wait until something arrives, whatever the system and the servers
            do; None for as long as they take.

    Raises:
        EngineError: a server does not send the file, or one with another checksum, or nothing
            arrives for too long.
        OutputError: a file cannot be written, or another process is fetching the voice.
        VoiceError: the description of a file is not right.
    """
    if patience is not None:
        return patiently(lambda tell: fetch(voice, tell), report, patience)
    for file in voice.files:
        if problem := file_problem(file):
            raise VoiceError(
                message("voice {voice}: {problem}", voice=voice.name, problem=problem),
                message("fix the voice file"),
            )
    fetched = fetch_into(voice_folder(voice.folder), voice.files, report)
    claim(voice)
    return fetched


def fetch_into(
    folder: Path, files: Sequence[VoiceFile], report: Callable[[str, int, int | None], None]
) -> Fetched:
    """Fetch files into a folder, which appears once all of them are right; see `fetch`."""
    with _filling(folder, files) as partial:
        unchecked = tuple(file.name for file in files if not fetch_file(file, partial, report))
    return Fetched(folder, folder_size(folder), unchecked)


def claim(voice: Voice) -> None:
    """Note that the user added a voice whose files are there, for itself or for others, too.

    Raises:
        OutputError: its folder cannot be made.
    """
    folder = voice_folder(voice.name)
    with output_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)


def copy(name: str, paths: Sequence[Path]) -> Fetched:
    """Copy files of the user into the folder of a voice, which appears once all are there.

    Raises:
        OutputError: a file cannot be copied, or another process is fetching the voice.
    """
    folder = voice_folder(name)
    with _filling(folder, paths) as partial, output_errors(folder):
        check_free_space(partial, sum(path.stat().st_size for path in paths))
        for path in paths:
            shutil.copyfile(path, partial / path.name)
    return Fetched(folder, folder_size(folder), ())


@contextmanager
def _filling(folder: Path, contents: object) -> Iterator[Path]:
    """Yield a folder for the files of a voice, which becomes that of the voice if all went well.

    Args:
        folder: the folder of the voice.
        contents: what tells the files apart from those of another version of the voice, whose
            parts lie in another folder.
    """
    digest = hashlib.blake2b(repr(contents).encode(), digest_size=8).hexdigest()
    partial = _partial_folder(folder) / digest
    with output_errors(partial):
        partial.mkdir(parents=True, exist_ok=True)
    with exclusive(_partial_folder(folder)):
        yield partial
        with output_errors(folder):
            for mark in partial.glob(".*"):
                mark.unlink()
            remove_folder(folder)
            partial.rename(folder)
            remove_folder(_partial_folder(folder))


def fetched_size(name: str) -> int:
    """Return the bytes of the files that were fetched for a voice."""
    folder = voice_folder(name)
    return folder_size(folder) if folder.is_dir() else 0


def remove(name: str) -> int:
    """Remove the files of a voice, complete or partial, and return their bytes.

    Raises:
        OutputError: they cannot be removed.
    """
    folder = voice_folder(name)
    folders = (folder, _partial_folder(folder))
    with output_errors(folder, Act.REMOVE):
        size = sum(map(folder_size, folders))
        for target in folders:
            remove_folder(target)
    return size


def _partial_folder(folder: Path) -> Path:
    """Return the folder for files until all are fetched: beside the other, so it can be renamed."""
    return folder.with_name(f".{folder.name}.part")
