"""The places that a site is published to, one module a kind."""

from __future__ import annotations

import re
from urllib.parse import unquote

from audiobook.errors import UsageError
from audiobook.messages import message
from audiobook.podcast.targets.content import DamageError
from audiobook.podcast.targets.failing import OvertakenError
from audiobook.podcast.targets.folder import FolderTarget
from audiobook.podcast.targets.git import SCHEMES as GIT_SCHEMES
from audiobook.podcast.targets.git import GitTarget
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
from audiobook.system import connection
from audiobook.system.requirements import install_hint, libraries_of

__all__ = [
    "WEBDAV_PASSWORD",
    "WEBDAV_USER",
    "DamageError",
    "OvertakenError",
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


# Names of hosts and of users as they are given to programs, where a sign first makes an option.
_HOST = re.compile(r"\w[\w.-]*|[0-9a-f:.]+(%\w+)?", re.IGNORECASE)
_USER = re.compile(r"\w[\w.@+-]*")
_GIT_OF_SSH = re.compile(r"(?P<user>[\w.-]+)@(?P<host>[\w.-]{2,}):(?P<path>[^/\\].*)")
"""A repository as git takes it and hosts show it: ``git@github.com:owner/name.git``."""


def open_target(address: str, *, insecure: bool = False) -> Target:
    """Return the target of an address; it is not connected yet.

    Args:
        address: a folder, or ``s3://bucket/path``, ``sftp://user@host/path``,
            ``webdav://host/path``, ``webdavs://host/path``, or ``git+https://host/path``,
            ``git+ssh://user@host/path`` or ``git+file:///path`` with an optional ``#branch``.
        insecure: whether a password may be sent without encryption.

    Raises:
        UsageError: the address is none of these or holds a password, a password would be sent
            without encryption, or a library or a program is missing.
    """
    if "://" not in address:
        _refuse_as_folder(address)
        return FolderTarget(address)
    parts = connection.parts_of(address)
    if (
        parts is None
        or not _is_plain(parts.hostname, _HOST)
        or not _is_plain(parts.username, _USER)
    ):
        raise _not_a_target(address)
    is_git = parts.scheme in GIT_SCHEMES
    if parts.password is not None or (is_git and GitTarget.holds_password(parts.username or "")):
        raise UsageError(
            message("a password does not belong in an address, where others read it"),
            secrets_hint(),
        )
    if is_git and parts.path.strip("/") and (parts.hostname or parts.scheme == "git+file"):
        return GitTarget(address)
    if parts.scheme not in _REMOTE or not parts.hostname:
        raise _not_a_target(address)
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


def _is_plain(name: str | None, pattern: re.Pattern[str]) -> bool:
    return not name or bool(pattern.fullmatch(unquote(name)))


def _not_a_target(address: str) -> UsageError:
    return UsageError(
        message("cannot publish to {address!r}", address=address),
        message(
            "give a folder, s3://BUCKET/PATH, sftp://USER@HOST/PATH, webdavs://HOST/PATH or "
            "git+https://HOST/REPOSITORY"
        ),
    )


def _refuse_as_folder(address: str) -> None:
    """Make sure that an address for git is not taken for the name of a folder."""
    if match := _GIT_OF_SSH.fullmatch(address):
        raise UsageError(
            message("cannot publish to {address!r}", address=address),
            message(
                "write it as {address}",
                address="git+ssh://{user}@{host}/{path}".format(**match.groupdict()),
            ),
        )
