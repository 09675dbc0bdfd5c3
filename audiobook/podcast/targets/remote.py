"""What places on the network have in common: the parts of an address, and where secrets are."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from audiobook.messages import message
from audiobook.podcast.targets.target import Target

if TYPE_CHECKING:
    from audiobook.messages import Message

WEBDAV_USER, WEBDAV_PASSWORD = "AUDIOBOOK_WEBDAV_USER", "AUDIOBOOK_WEBDAV_PASSWORD"
"""Environment variables; without them ``~/.netrc`` is used."""

TIMEOUT = 60.0
"""Seconds without an answer."""


def secrets_hint() -> Message:
    """Return a sentence that says where passwords and keys are looked for."""
    return message(
        "S3 reads AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or ~/.aws, SFTP your SSH agent and "
        "keys, WebDAV {user} and {password} or ~/.netrc, git its credential helper or SSH keys",
        user=WEBDAV_USER,
        password=WEBDAV_PASSWORD,
    )


class RemoteTarget(Target):
    """A place on the network, with the parts of its address."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        parts = urlsplit(address)
        self.scheme, self.host = parts.scheme, parts.hostname or ""
        self.user, self.port, self.root = parts.username, parts.port, unquote(parts.path)

    def remote_path(self, path: str) -> str:
        """Return the path of a file of the site at the place."""
        return posixpath.join(self.root, path)
