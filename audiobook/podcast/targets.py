"""The places that a site is published to: a folder, S3, SFTP or WebDAV, all through fsspec."""

from __future__ import annotations

import os
import posixpath
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import unquote, urlsplit

from audiobook.errors import OutputError, UsageError
from audiobook.system.requirements import install_hint, libraries_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.podcast.manifest import SiteFile

WEBDAV_USER, WEBDAV_PASSWORD = "AUDIOBOOK_WEBDAV_USER", "AUDIOBOOK_WEBDAV_PASSWORD"
"""Environment variables; without them ``~/.netrc`` is used."""

_TIMEOUT = 60.0
"""Seconds without an answer."""
_TRIES, _FIRST_PAUSE, _LONGEST_PAUSE = 4, 0.5, 8.0
_FOR_EVER, _REVALIDATE = "public, max-age=31536000, immutable", "no-cache"

Result = TypeVar("Result")
ExceptionTypes = tuple[type[Exception], ...]


class Target:
    """A place to publish to; threads may share it.

    It is a context manager that closes the connection. A subclass defines how a kind of place is
    opened, how a file arrives whole or not at all, and what its libraries raise.

    Args:
        address: the address as the user wrote it, for messages.
    """

    failures: ExceptionTypes = ()
    """What the libraries raise, besides OSError."""
    permanent_failures: ExceptionTypes = ()
    """Those failures that trying again does not help, besides PermissionError."""
    reconnects = False
    """Whether a failure may have ended the connection, so that another one must be opened."""
    remedy = "see that it is there and may be written to, then run the same command again"

    def __init__(self, address: str) -> None:
        self.address = address
        self._lock = threading.Lock()
        self._connection: Any = None

    # --- what subclasses define -------------------------------------------------------------------

    def connect(self) -> Any:
        """Return a file system of fsspec."""
        raise NotImplementedError

    def remote_path(self, path: str) -> str:
        """Return the name of a file of the site in the file system."""
        raise NotImplementedError

    def upload(self, connection: Any, local: Path, name: str, file: SiteFile) -> None:
        """Put a file into the file system under a name, whole or not at all.

        Args:
            connection: the file system.
            local: the file on this machine.
            name: the name in the file system.
            file: its description, as in the manifest.
        """
        raise NotImplementedError

    def disconnect(self, connection: Any) -> None:
        """Close a file system; some kinds close themselves."""

    # --- what publishing uses ---------------------------------------------------------------------

    def read(self, path: str) -> bytes | None:
        """Return the content of a file; None if it does not exist.

        Raises:
            OutputError: the place cannot be reached.
        """

        def read(connection: Any) -> bytes | None:
            try:
                data: bytes = connection.cat_file(self.remote_path(path))
            except FileNotFoundError:
                return None
            return data

        return self._retry(read)

    def sizes(self) -> dict[str, int]:
        """Return the sizes in bytes of all files in the place, by their paths.

        Raises:
            OutputError: the place cannot be reached.
        """

        def find(connection: Any) -> dict[str, int]:
            connection.invalidate_cache()
            root = "/" + self.remote_path("").strip("/")
            try:
                entries = connection.find(self.remote_path("") or "/", detail=True)
            except FileNotFoundError:
                return {}
            return {
                posixpath.relpath("/" + name.strip("/"), root): info["size"]
                for name, info in entries.items()
            }

        return self._retry(find)

    def put(self, local: Path, file: SiteFile) -> None:
        """Put a file of a site in its place, whole or not at all.

        Raises:
            OutputError: the file could not be sent, or arrived with another size.
        """

        def put(connection: Any) -> None:
            name = self.remote_path(file.path)
            self.upload(connection, local, name, file)
            connection.invalidate_cache()
            if (size := connection.info(name)["size"]) != file.size:
                raise OSError(f"{file.path} has {size} bytes there, and {file.size} here")

        self._retry(put)

    def remove(self, path: str) -> None:
        """Remove a file if it exists.

        Raises:
            OutputError: it could not be removed.
        """

        def remove(connection: Any) -> None:
            try:
                connection.rm_file(self.remote_path(path))
            except FileNotFoundError:
                return

        self._retry(remove)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self.disconnect(self._connection)

    def _retry(self, work: Callable[[Any], Result]) -> Result:
        """Call a function with the connection; try again, on a new one if needed, when it fails."""
        from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

        failures: ExceptionTypes = (OSError, *self.failures)
        permanent_failures: ExceptionTypes = (PermissionError, *self.permanent_failures)

        def may_pass(problem: BaseException) -> bool:
            is_refused = getattr(problem, "status_code", 0) in (401, 403)
            return isinstance(problem, failures) and not (
                is_refused or isinstance(problem, permanent_failures)
            )

        def attempt() -> Result:
            with self._lock:
                connection = self._connection = self._connection or self.connect()
            try:
                return work(connection)
            except failures:
                if self.reconnects:
                    with self._lock:
                        if self._connection is connection:  # else another thread was first
                            self._connection = None
                raise

        retrying = Retrying(
            retry=retry_if_exception(may_pass),
            stop=stop_after_attempt(_TRIES),
            wait=wait_exponential(_FIRST_PAUSE, _LONGEST_PAUSE),
            reraise=True,
        )
        try:
            return retrying(attempt)
        except failures as problem:
            reason = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
            raise OutputError(
                f"cannot publish to {self.address}: {reason}", self.remedy
            ) from problem


def open_target(address: str) -> Target:
    """Return the target of an address; it is not connected yet.

    Args:
        address: a folder, or ``s3://bucket/path``, ``sftp://user@host/path``,
            ``webdav://host/path`` or ``webdavs://host/path``.

    Raises:
        UsageError: the address is none of these or holds a password, or a library is missing.
    """
    if "://" not in address:
        return _FolderTarget(address)
    parts = urlsplit(address)
    kinds: dict[str, type[_RemoteTarget]] = {
        "s3": _S3Target,
        "sftp": _SftpTarget,
        "webdav": _WebdavTarget,
        "webdavs": _WebdavTarget,
    }
    accepted = "a folder, s3://BUCKET/PATH, sftp://USER@HOST/PATH or webdavs://HOST/PATH"
    if parts.password is not None:
        raise UsageError(
            "a password does not belong in an address, where others read it", secrets_hint()
        )
    if parts.scheme not in kinds or not parts.hostname:
        raise UsageError(f"cannot publish to {address!r}", f"give {accepted}")
    try:
        return kinds[parts.scheme](address)
    except ImportError as problem:
        raise UsageError(
            f"publishing to {parts.scheme}:// needs {problem.name}, which is not installed",
            install_hint(*libraries_of("publish")),
        ) from problem


def secrets_hint() -> str:
    """Return a sentence that says where passwords and keys are looked for."""
    return (
        "S3 reads AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or ~/.aws, SFTP your SSH agent and "
        f"keys, WebDAV {WEBDAV_USER} and {WEBDAV_PASSWORD} or ~/.netrc"
    )


# --- kinds of places ------------------------------------------------------------------------------


def _unfinished_name(name: str) -> str:
    """Return the name of a file while it is sent: always the same, so that a retry replaces it."""
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}.{last}.part"


def is_unfinished(path: str) -> bool:
    """Return whether a file in the place is the beginning of one that was never sent in full."""
    last = posixpath.basename(path)
    return last.startswith(".") and last.endswith(".part")


class _FolderTarget(Target):
    remedy = "make room, or name another folder"

    def connect(self) -> Any:
        from fsspec.implementations.local import LocalFileSystem

        return LocalFileSystem(auto_mkdir=True)

    def remote_path(self, path: str) -> str:
        return str(Path(self.address).absolute() / path)

    def upload(self, connection: Any, local: Path, name: str, file: SiteFile) -> None:  # noqa: ARG002
        unfinished = _unfinished_name(name)
        try:
            connection.put_file(str(local), unfinished)
            with Path(unfinished).open("rb+") as sent:
                os.fsync(sent.fileno())
            Path(unfinished).replace(name)
        finally:
            Path(unfinished).unlink(missing_ok=True)


class _RemoteTarget(Target):
    """A place on the network, with the parts of its address."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        parts = urlsplit(address)
        self.scheme, self.host = parts.scheme, parts.hostname or ""
        self.user, self.port, self.root = parts.username, parts.port, unquote(parts.path)

    def remote_path(self, path: str) -> str:
        return posixpath.join(self.root, path)


class _S3Target(_RemoteTarget):
    """An S3 bucket: a file gets its name when all of it has arrived."""

    remedy = f"see that the bucket is there and you may write to it; {secrets_hint()}"

    def __init__(self, address: str) -> None:
        super().__init__(address)
        from botocore.exceptions import BotoCoreError, NoCredentialsError

        self.failures, self.permanent_failures = (
            (BotoCoreError,),
            (NoCredentialsError, FileNotFoundError),
        )

    def connect(self) -> Any:
        from s3fs import S3FileSystem

        config = {"connect_timeout": _TIMEOUT, "read_timeout": _TIMEOUT}
        return S3FileSystem(
            config_kwargs=config, use_listings_cache=False, skip_instance_cache=True
        )

    def remote_path(self, path: str) -> str:
        return posixpath.join(self.host, self.root.strip("/"), path).rstrip("/")

    def upload(self, connection: Any, local: Path, name: str, file: SiteFile) -> None:
        cache_control = _FOR_EVER if file.immutable else _REVALIDATE
        connection.put_file(str(local), name, ContentType=file.type, CacheControl=cache_control)


class _SftpTarget(_RemoteTarget):
    """A machine with SSH whose key is in `known_hosts`."""

    reconnects = True
    remedy = (
        "see that `sftp` of OpenSSH gets there without asking: its key in ~/.ssh/known_hosts, "
        "yours in your agent or ~/.ssh"
    )

    def __init__(self, address: str) -> None:
        super().__init__(address)
        import asyncssh
        import sshfs

        self._file_system = sshfs.SSHFileSystem
        self.failures = (asyncssh.Error,)
        self.permanent_failures = (asyncssh.HostKeyNotVerifiable, asyncssh.PermissionDenied)

    def connect(self) -> Any:
        login = {"username": self.user, "port": self.port}
        return self._file_system(
            self.host,
            # Without known_hosts any key would be accepted.
            known_hosts=str(Path("~/.ssh/known_hosts").expanduser()),
            connect_timeout=_TIMEOUT,
            keepalive_interval=_TIMEOUT / 4,
            skip_instance_cache=True,
            **{name: value for name, value in login.items() if value is not None},
        )

    def upload(self, connection: Any, local: Path, name: str, file: SiteFile) -> None:  # noqa: ARG002
        unfinished = _unfinished_name(name)
        connection.put_file(str(local), unfinished)
        connection.mv(unfinished, name)


class _WebdavTarget(_RemoteTarget):
    """A folder of a web server."""

    remedy = f"see that the folder is there and you may write to it; {secrets_hint()}"

    def __init__(self, address: str) -> None:
        super().__init__(address)
        import httpx
        from webdav4 import client
        from webdav4.fsspec import WebdavFileSystem

        self._file_system = WebdavFileSystem
        self.failures = (httpx.HTTPError, client.ClientError)
        self.permanent_failures = (client.ForbiddenOperation,)

    def connect(self) -> Any:
        scheme = "https" if self.scheme == "webdavs" else "http"
        port = f":{self.port}" if self.port else ""
        user = os.environ.get(WEBDAV_USER)
        credentials = {"auth": (user, os.environ.get(WEBDAV_PASSWORD, ""))} if user else {}
        url = f"{scheme}://{self.host}{port}/"
        return self._file_system(url, timeout=_TIMEOUT, skip_instance_cache=True, **credentials)

    def disconnect(self, connection: Any) -> None:
        connection.client.http.close()

    def remote_path(self, path: str) -> str:
        return posixpath.join(self.root.strip("/"), path)

    def upload(self, connection: Any, local: Path, name: str, file: SiteFile) -> None:  # noqa: ARG002
        unfinished = _unfinished_name(name)
        connection.put_file(str(local), unfinished)
        connection.client.move(unfinished, name, overwrite=True)
