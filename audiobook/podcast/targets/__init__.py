"""The places that a site is published to, one module a kind, all through fsspec."""

from __future__ import annotations

from urllib.parse import urlsplit

from audiobook.errors import UsageError
from audiobook.messages import message
from audiobook.podcast.targets.content import DamageError
from audiobook.podcast.targets.folder import FolderTarget
from audiobook.podcast.targets.lock import TargetLock
from audiobook.podcast.targets.remote import (
    WEBDAV_PASSWORD,
    WEBDAV_USER,
    RemoteTarget,
    secrets_hint,
)
from audiobook.podcast.targets.s3 import S3Target
from audiobook.podcast.targets.sftp import SftpTarget
from audiobook.podcast.targets.target import Target
from audiobook.podcast.targets.webdav import WebdavTarget
from audiobook.system.requirements import install_hint, libraries_of

__all__ = [
    "WEBDAV_PASSWORD",
    "WEBDAV_USER",
    "DamageError",
    "Target",
    "TargetLock",
    "open_target",
]

_REMOTE: dict[str, type[RemoteTarget]] = {
    "s3": S3Target,
    "sftp": SftpTarget,
    "webdav": WebdavTarget,
    "webdavs": WebdavTarget,
}
"""The kinds of places on the network, by the scheme of their addresses."""


def open_target(address: str, *, insecure: bool = False) -> Target:
    """Return the target of an address; it is not connected yet.

    Args:
        address: a folder, or ``s3://bucket/path``, ``sftp://user@host/path``,
            ``webdav://host/path`` or ``webdavs://host/path``.
        insecure: whether a password may be sent without encryption.

    Raises:
        UsageError: the address is none of these or holds a password, a password would be sent
            without encryption, or a library is missing.
    """
    if "://" not in address:
        return FolderTarget(address)
    parts = urlsplit(address)
    if parts.password is not None:
        raise UsageError(
            message("a password does not belong in an address, where others read it"),
            secrets_hint(),
        )
    if parts.scheme not in _REMOTE or not parts.hostname:
        raise UsageError(
            message("cannot publish to {address!r}", address=address),
            message(
                "give a folder, s3://BUCKET/PATH, sftp://USER@HOST/PATH or webdavs://HOST/PATH"
            ),
        )
    try:
        target = _REMOTE[parts.scheme](address)
    except ImportError as problem:
        raise UsageError(
            message(
                "publishing to {scheme}:// needs {module}, which is not installed",
                scheme=parts.scheme,
                module=problem.name,
            ),
            install_hint(*libraries_of("publish")),
        ) from problem
    if isinstance(target, WebdavTarget) and not insecure and target.sends_password_openly():
        raise UsageError(
            message("{address} would send your password without encryption", address=address),
            message("publish to webdavs://, or insist with --insecure"),
        )
    target.insecure = insecure
    return target
