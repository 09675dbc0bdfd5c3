"""The folder of a site: files appear in it whole, and what has not changed is left alone."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.errors import OutputError
from audiobook.outputs.pictures import is_png
from audiobook.podcast.manifest import SiteFile
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Iterable

_DIGITS = 12
_REMEDY = "name another folder for the site with -o, or make room"


class Folder:
    """Puts files into a site, and remembers which."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self._root = str(site)
        self.files: list[SiteFile] = []

    def put(self, path: str, data: bytes, *, safe: bool = False) -> str:
        """Write a file under this name from the root of the site, and return the name.

        Args:
            path: the name.
            data: what is in it.
            safe: whether to wait until the disk has it.

        Raises:
            OutputError: the disk does not take it.
        """
        if not self._is_there(path, data):
            if safe:
                with files.whole(self.site / path, _REMEDY) as file:
                    file.write(data)
            else:
                files.put(self.site / path, data, _REMEDY)
        digest = hashlib.sha256(data).hexdigest()
        self.files.append(SiteFile(path, len(data), digest, immutable=False))
        return path

    def note(self, path: str, data: bytes) -> None:
        """Write a file that stands in the folder and is no part of the site.

        Raises:
            OutputError: the disk does not take it.
        """
        if not self._is_there(path, data):
            files.put(self.site / path, data, _REMEDY)

    def keep(self, stem: str, ending: str, data: bytes) -> str:
        """Write a file whose name holds the hash of its content, and return the name.

        Raises:
            OutputError: the disk does not take it.
        """
        digest = hashlib.sha256(data).hexdigest()
        path = f"{stem}-{digest[:_DIGITS]}{ending}"
        if self._size(path) != len(data):
            files.put(self.site / path, data, _REMEDY)
        self.files.append(SiteFile(path, len(data), digest))
        return path

    def link(self, stem: str, ending: str, source: Path, size: int, digest: str) -> str:
        """Take over a file as `keep` does, without a copy where the disk can.

        Args:
            stem: of the name.
            ending: of the name.
            source: the file.
            size: its bytes.
            digest: their hash.

        Raises:
            OutputError: the disk does not take it.
        """
        path = f"{stem}-{digest[:_DIGITS]}{ending}"
        if self._size(path) != size:
            files.link(self.site / path, source, _REMEDY)
        self.files.append(SiteFile(path, size, digest))
        return path

    def remove(self, others: Iterable[SiteFile]) -> int:
        """Remove files of an earlier run that this one did not write, and return how many."""
        here = {file.path for file in self.files}
        gone = 0
        for path in sorted({file.path for file in others} - here):
            target = self.site / path
            if not target.is_file():
                continue
            try:
                target.unlink()
                if not any(target.parent.iterdir()):
                    target.parent.rmdir()
            except OSError as problem:
                raise OutputError(f"cannot remove {target}: {problem.strerror}") from problem
            gone += 1
        return gone

    def _is_there(self, path: str, data: bytes) -> bool:
        return self._size(path) == len(data) and (self.site / path).read_bytes() == data

    def _size(self, path: str) -> int:
        try:
            return os.stat(f"{self._root}/{path}").st_size  # noqa: PTH116 (a Path takes longer)
        except OSError:
            return -1


def picture_ending(picture: bytes) -> str:
    """Return how the name of a picture ends."""
    return ".png" if is_png(picture) else ".jpg"
