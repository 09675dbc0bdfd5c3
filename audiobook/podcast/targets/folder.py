"""Publishes to a folder of this machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobook.messages import message
from audiobook.podcast.targets.content import BLOCK
from audiobook.podcast.targets.target import Target
from audiobook.podcast.unfinished import unfinished_name

if TYPE_CHECKING:
    from audiobook.podcast.targets.content import Content


class FolderTarget(Target):
    """A folder: a file gets its name when all of it is on the disk."""

    remedy = message("make room, or name another folder")

    def connect(self) -> Any:
        """Return the file system of this machine."""
        from fsspec.implementations.local import LocalFileSystem

        return LocalFileSystem(auto_mkdir=True)

    def remote_path(self, path: str) -> str:
        """Return the path of a file of the site on this machine."""
        return str(Path(self.address).absolute() / path)

    def upload(self, connection: Any, content: Content, name: str) -> None:  # noqa: ARG002
        """Write a file under another name, and rename it once it is on the disk."""
        unfinished = Path(unfinished_name(name))
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        try:
            # What has this name may be a link, where others write to the folder, too.
            unfinished.unlink(missing_ok=True)
            with unfinished.open("xb") as sent:
                shutil.copyfileobj(content, sent, BLOCK)
                sent.flush()
                os.fsync(sent.fileno())
            content.check()
            unfinished.replace(name)
        finally:
            unfinished.unlink(missing_ok=True)

    def create(self, connection: Any, data: bytes, name: str) -> None:  # noqa: ARG002
        """Create a file that does not exist yet."""
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        with Path(name).open("xb") as file:
            file.write(data)
