"""Takes a file out of a tar archive that a server sent, and nothing else out of it."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast
from urllib.parse import urldefrag

from audiobook.errors import EngineError
from audiobook.messages import NOTHING, Message, message
from audiobook.system.downloads.asking import bare
from audiobook.system.downloads.disk import output_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LARGEST = 1 << 30  # bytes that an archive unpacks to
_MOST_MEMBERS = 1_000
_CHUNK = 1 << 18
_LARGEST_READ = 1 << 20  # bytes at once: longer ones are headers made to fill the memory
ENDING = ".tar.gz"


def split_address(url: str) -> tuple[str, str]:
    """Return the address of an archive and the name of a file in it; no name for a plain file.

    >>> split_address("https://example.org/voice.tar.gz#manifest.json")
    ('https://example.org/voice.tar.gz', 'manifest.json')
    """
    address, member = urldefrag(url)
    return address, member


def address_problem(name: str, url: str) -> Message:
    """Return what is wrong with the address of a file in an archive; empty if nothing is."""
    address, member = split_address(url)
    if member and not address.partition("?")[0].endswith(ENDING):
        return message("the url of {name} may only have a # behind .tar.gz", name=name)
    return NOTHING


def extract(archive: Path, member: str, target: Path, url: str) -> None:
    """Copy a regular file of an archive, under a name of our own.

    Nothing else is written, so links, devices and paths that lead elsewhere have no effect.

    Args:
        archive: the archive, compressed by gzip.
        member: the name of the file in it.
        target: the file to write.
        url: where the archive came from.

    Raises:
        EngineError: the archive is damaged, unpacks to too much, or lacks the file.
        OutputError: the file cannot be written.
    """
    with output_errors(archive):
        file = archive.open("rb")
    with file, output_errors(target), target.open("wb") as part:
        try:
            is_copied = _copy_member(file, member, part)
        except _ArchiveError as problem:
            raise EngineError(
                message("{url} is not a good archive: {reason}", url=bare(url), reason=problem),
                message("report it to whoever made the voice"),
            ) from problem
    if not is_copied:
        raise EngineError(
            message("{url} holds no file {member}", url=bare(url), member=member),
            message("report it to whoever made the voice"),
        )


class _ArchiveError(Exception):
    """The archive is damaged, or made to do damage."""


class _Unpacked:
    """What a file compressed by gzip holds, up to a bound."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = gzip.GzipFile(fileobj=file)

    def read(self, size: int) -> bytes:
        if size > _LARGEST_READ:
            raise _ArchiveError(message("one of its headers is too long"))
        with _damage_as_errors():
            return self._file.read(size)

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, position: int) -> int:
        if position > _LARGEST:
            size = _LARGEST / 1e9
            raise _ArchiveError(message("it unpacks to more than {size:.1f} GB", size=size))
        with _damage_as_errors():
            return self._file.seek(position)


@contextmanager
def _damage_as_errors() -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, zlib.error) as problem:
        raise _ArchiveError(message("it is damaged or cut off")) from problem


def _copy_member(file: IO[bytes], name: str, part: IO[bytes]) -> bool:
    """Copy a member of an archive to an open file; return whether there is one of that name."""
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", _Unpacked(file)), mode="r:") as members:
            for number, member in enumerate(members):
                if number >= _MOST_MEMBERS:
                    raise _ArchiveError(message("it holds more than {count:,} files", count=number))
                if member.name.removeprefix("./") == name:
                    return _copy(members, member, part)
    except (tarfile.TarError, ValueError) as problem:
        raise _ArchiveError(message("it is damaged or cut off")) from problem
    return False


def _copy(members: tarfile.TarFile, member: tarfile.TarInfo, part: IO[bytes]) -> bool:
    """Copy a member if it is a regular file; return whether it is one."""
    content = members.extractfile(member) if member.isreg() and not member.issparse() else None
    if content is None:
        return False
    left = member.size
    while left:
        chunk = content.read(min(left, _CHUNK))
        if not chunk:
            raise _ArchiveError(message("it is damaged or cut off"))
        part.write(chunk)
        left -= len(chunk)
    return True
