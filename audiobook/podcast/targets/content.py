"""The content of a file on its way to a target, hashed while it is read."""

from __future__ import annotations

import hashlib
from typing import IO, TYPE_CHECKING

from audiobook.errors import FINDINGS, AudiobookError
from audiobook.messages import message

if TYPE_CHECKING:
    from audiobook.podcast.manifest import SiteFile

BLOCK = 1 << 22
"""Bytes that are read and sent at once."""


class DamageError(AudiobookError):
    """A file of the site does not hold what its name and the manifest say."""

    exit_code = FINDINGS


class Content:
    """What is read of a file while it is sent, to be compared with the manifest at its end.

    Args:
        source: the open file.
        file: its description in the manifest; without a hash nothing is compared.
    """

    def __init__(self, source: IO[bytes], file: SiteFile) -> None:
        self.file = file
        self._source = source
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; none at the end."""
        block = self._source.read(size)
        self._hash.update(block)
        return block

    def check(self) -> None:
        """Make sure that all that was read is what the manifest describes.

        Raises:
            DamageError: it is not, so that it must not get its name at the target.
        """
        if self.file.sha256 and self._hash.hexdigest() != self.file.sha256:
            raise DamageError(
                message(
                    "{path} in the site is damaged: its content is not what its name and the "
                    "manifest say",
                    path=self.file.path,
                ),
                message("write it again: audiobook feed LIBRARY --verify"),
            )
