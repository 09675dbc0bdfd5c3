"""The folder of a site: each file is written whole or not at all, and only if it has changed."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook.errors import OutputError
from audiobook.messages import message
from audiobook.outputs.pictures import is_png
from audiobook.podcast.manifest import SiteFile, find_link
from audiobook.podcast.stamps import Stamp, digest_of, stamp
from audiobook.podcast.unfinished import finished_name, is_unfinished, unfinished_name
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_DIGITS = 12
_REMEDY = message("name another folder for the site with -o, or make room")


class SiteFolder:
    """Writes files into the folder of a site, and lists them in `files`."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self._root = str(site)
        self._own_folders = {""}
        self._drafts: dict[str, str] = {}
        self.files: list[SiteFile] = []
        self.written: list[str] = []
        """The paths of the files that this run has changed, from the root of the site."""

    def put(self, path: str, data: bytes, *, safe: bool = False) -> str:
        """Write a file, and return its path.

        Args:
            path: where the file goes, from the root of the site.
            data: the content of the file.
            safe: whether to wait until the file is safely on the disk.

        Raises:
            OutputError: the file cannot be written.
        """
        if not self._is_unchanged(path, data):
            if safe:
                with files.whole(self._own(path), _REMEDY) as file:
                    file.write(data)
            else:
                files.put(self._own(path), data, _REMEDY)
                self.written.append(path)
        digest = hashlib.sha256(data).hexdigest()
        self.files.append(SiteFile(path, len(data), digest, immutable=False))
        return path

    def put_draft(self, path: str, data: bytes) -> str:
        """Write a file that names others under another name, and return its path.

        `publish_drafts` gives it its own name when what it names is safely on the disk.

        Raises:
            OutputError: the file cannot be written.
        """
        draft = unfinished_name(path)
        if self._is_unchanged(path, data):
            files.remove(self._own(draft))  # of a run that was cut off
        else:
            files.put(self._own(draft), data, _REMEDY)
            self._drafts[path] = draft
            self.written.append(draft)
        digest = hashlib.sha256(data).hexdigest()
        self.files.append(SiteFile(path, len(data), digest, immutable=False))
        return path

    def stamps(self, listed: Iterable[SiteFile]) -> tuple[Stamp, ...]:
        """Return the stamps of files of the site, in their order.

        Raises:
            OutputError: a file that was just written cannot be read.
        """
        try:
            return tuple(
                stamp(f"{self._root}/{self._drafts.get(file.path, file.path)}") for file in listed
            )
        except OSError as problem:
            raise OutputError(
                message("cannot read {path}: {reason}", path=self.site, reason=problem)
            ) from problem

    def publish_drafts(self) -> None:
        """Wait until all that was written is on the disk, then give drafts their names.

        Raises:
            OutputError: a file cannot be kept.
        """
        files.sync([self.site / path for path in self.written])
        for draft in filter(is_unfinished, self.written):
            files.rename(self.site / draft, self.site / finished_name(draft))
        self.written.clear()
        self._drafts.clear()

    def put_unlisted(self, path: str, data: bytes) -> None:
        """Write a file that lies in the folder but is not published as a part of the site.

        Raises:
            OutputError: the file cannot be written.
        """
        if not self._is_unchanged(path, data):
            files.put(self._own(path), data, _REMEDY)

    def put_hashed(self, stem: str, ending: str, data: bytes) -> str:
        """Write a file whose name holds the hash of its content, and return its path.

        Args:
            stem: the path in the site without the hash and the ending.
            ending: such as ``.jpg``.
            data: the content of the file.

        Raises:
            OutputError: the file cannot be written.
        """
        digest = hashlib.sha256(data).hexdigest()
        path = f"{stem}-{digest[:_DIGITS]}{ending}"
        if not self._is_unchanged(path, data):
            files.put(self._own(path), data, _REMEDY)
            self.written.append(path)
        self.files.append(SiteFile(path, len(data), digest))
        return path

    def put_blocks(
        self, stem: str, ending: str, size: int, blocks: Callable[[], Iterable[bytes]]
    ) -> str:
        """Write a large file as `put_hashed` does, with one block of it in memory at a time.

        Args:
            stem: the path in the site without the hash and the ending.
            ending: such as ``.mp3``.
            size: the size of the content in bytes.
            blocks: returns the content in blocks; it is called once for the hash, and again to
                write.

        Raises:
            OutputError: the file cannot be written.
        """
        content_hash = hashlib.sha256()
        for block in blocks():
            content_hash.update(block)
        digest = content_hash.hexdigest()
        path = f"{stem}-{digest[:_DIGITS]}{ending}"
        if not self._holds(path, size, digest):
            files.put(self._own(path), blocks(), _REMEDY)
            self.written.append(path)
        self.files.append(SiteFile(path, size, digest))
        return path

    def link_hashed(self, stem: str, ending: str, source: Path, size: int, digest: str) -> str:
        """Take over a file as `put_hashed` does, by a hard link where the disk allows one.

        Args:
            stem: the path in the site, up to the hash.
            ending: the end of the name.
            source: the file.
            size: its size in bytes.
            digest: the SHA-256 of its content, hexadecimal.

        Raises:
            OutputError: the file cannot be written.
        """
        path = f"{stem}-{digest[:_DIGITS]}{ending}"
        if not self._is_copy(path, source, size, digest):
            files.link(self._own(path), source, _REMEDY)
            self.written.append(path)
        self.files.append(SiteFile(path, size, digest))
        return path

    def remove_stale(self, previous: Iterable[SiteFile]) -> int:
        """Remove files of an earlier run that this run did not write; return their number."""
        current_paths = {file.path for file in self.files}
        removed_count = 0
        for path in sorted({file.path for file in previous} - current_paths):
            target = self._own(path)
            if not target.is_file():
                continue
            try:
                target.unlink()
                if not any(target.parent.iterdir()):
                    target.parent.rmdir()
            except OSError as problem:
                raise OutputError(
                    message("cannot remove {path}: {reason}", path=target, reason=problem)
                ) from problem
            removed_count += 1
        return removed_count

    def _own(self, path: str) -> Path:
        """Return where a file of the site lies, whose folders are those of the site.

        Raises:
            OutputError: one of them is a link.
        """
        folder = path.rpartition("/")[0]
        if folder not in self._own_folders:
            if link := find_link(self.site, [folder]):
                raise OutputError(
                    message("{path} is a link, or lies behind one", path=self.site / link),
                    message("remove the link"),
                )
            self._own_folders.add(folder)
        return self.site / path

    def _is_unchanged(self, path: str, data: bytes) -> bool:
        return self._size(path) == len(data) and (self.site / path).read_bytes() == data

    def _is_copy(self, path: str, source: Path, size: int, digest: str) -> bool:
        try:
            is_source = self._size(path) == size and (self.site / path).samefile(source)
        except OSError:
            return False
        return is_source or self._holds(path, size, digest)

    def _holds(self, path: str, size: int, digest: str) -> bool:
        """Return whether a file is there with the content of this size and SHA-256."""
        try:
            return self._size(path) == size and digest_of(self.site / path) == digest
        except OSError:
            return False

    def _size(self, path: str) -> int:
        try:
            status = os.lstat(f"{self._root}/{path}")  # a Path takes longer
        except OSError:
            return -1
        return status.st_size if stat.S_ISREG(status.st_mode) else -1


def picture_ending(picture: bytes) -> str:
    """Return the ending for the file name of a picture: ``.png`` or ``.jpg``."""
    return ".png" if is_png(picture) else ".jpg"
