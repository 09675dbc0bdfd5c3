"""Notices damage of files that kept their size, as after a power cut: by samples, or by all of it.

Looking at 20,000 files takes 0.2 s for their sizes and dates, 0.8 s with samples (2 cores, files in
memory); hashing all of them reads every byte.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from audiobook.podcast.manifest import SiteFile

# Bytes at the beginning, in the middle and at the end. What a power cut takes from a file is
# replaced by zeros, in blocks of 4 KiB or more.
_SAMPLE = 64


class Stamp(NamedTuple):
    """What a file was like when it was whole."""

    changed: int
    """When it was changed, in nanoseconds since 1970."""
    sample: str
    """The hash of its samples, hexadecimal."""


def stamp(path: str | Path) -> Stamp:
    """Return the stamp of a file.

    Raises:
        OSError: the file cannot be read.
    """
    # For thousands of files, making Path objects would take longer than the calls.
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123
        status = os.fstat(file.fileno())
        samples = []
        for offset in (0, status.st_size // 2, max(0, status.st_size - _SAMPLE)):
            file.seek(offset)
            samples.append(file.read(_SAMPLE))
    digest = hashlib.blake2b(b"".join(samples), digest_size=8).hexdigest()
    return Stamp(status.st_mtime_ns, digest)


def check(site: Path, file: SiteFile, known: Stamp, *, verify: bool = False) -> Stamp | None:
    """Return the stamp of a file of a site now; None if the file is missing or damaged.

    A file whose date is another than it was is read as a whole.

    Args:
        site: the folder of the site.
        file: its description in the manifest.
        known: its stamp when it was whole.
        verify: whether to read the file as a whole in any case.
    """
    path = f"{site}/{file.path}"
    try:
        if os.stat(path).st_size != file.size:  # noqa: PTH116 (as above)
            return None
        current = stamp(path)
        if verify or current.changed != known.changed:
            return current if digest_of(Path(path)) == file.sha256 else None
    except OSError:
        return None
    return current if current == known else None


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
