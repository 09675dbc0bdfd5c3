"""Where a site is published: a folder, S3, SFTP or WebDAV, all through fsspec."""

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
"""Environment variables; without them ``~/.netrc`` counts."""

_TIMEOUT = 60.0
"""Seconds without an answer."""
_TRIES, _FIRST_PAUSE, _LONGEST_PAUSE = 4, 0.5, 8.0
_FOR_EVER, _ASK = "public, max-age=31536000, immutable", "no-cache"

Result = TypeVar("Result")
Failures = tuple[type[Exception], ...]


class Target:
    """A place to publish to; threads may share it.

    It is to be closed, as by ``with``. A kind of place says how it is opened, how a file gets
    there whole or not at all, and what its libraries raise.

    Args:
        address: as the user wrote it, for messages.
    """

    failures: Failures = ()
    """Beside OSError."""
    lasting: Failures = ()
    """Of them, what does not go away by trying again, beside PermissionError."""
    breaks = False
    """Whether a failure may be the end of a connection, so that another one is to be opened."""
    remedy = "see that it is there and may be written to, then run the same command again"

    def __init__(self, address: str) -> None:
        self.address = address
        self._lock = threading.Lock()
        self._connection: Any = None

    # --- what kinds say ---------------------------------------------------------------------------

    def open(self) -> Any:
        """Return a file system of fsspec."""
        raise NotImplementedError

    def name(self, path: str) -> str:
        """Return what the file system calls a file of the site."""
        raise NotImplementedError

    def place(self, there: Any, local: Path, name: str, file: SiteFile) -> None:
        """Put a file there under a name, whole or not at all."""
        raise NotImplementedError

    def leave(self, there: Any) -> None:
        """Close a file system; those of some kinds close themselves."""

    # --- what publishing asks for -----------------------------------------------------------------

    def read(self, path: str) -> bytes | None:
        """Return what is in a file; None if there is none.

        Raises:
            OutputError: the place cannot be reached.
        """

        def read(there: Any) -> bytes | None:
            try:
                data: bytes = there.cat_file(self.name(path))
            except FileNotFoundError:
                return None
            return data

        return self._do(read)

    def sizes(self) -> dict[str, int]:
        """Return the sizes in bytes of all files that are there, by their paths.

        Raises:
            OutputError: the place cannot be reached.
        """

        def find(there: Any) -> dict[str, int]:
            there.invalidate_cache()
            root = "/" + self.name("").strip("/")
            try:
                found = there.find(self.name("") or "/", detail=True)
            except FileNotFoundError:
                return {}
            return {
                posixpath.relpath("/" + name.strip("/"), root): info["size"]
                for name, info in found.items()
            }

        return self._do(find)

    def put(self, local: Path, file: SiteFile) -> None:
        """Put a file of a site in its place, whole or not at all.

        Raises:
            OutputError: it could not be, or has another size there.
        """

        def put(there: Any) -> None:
            name = self.name(file.path)
            self.place(there, local, name, file)
            there.invalidate_cache()
            if (size := there.info(name)["size"]) != file.size:
                raise OSError(f"{file.path} has {size} bytes there, and {file.size} here")

        self._do(put)

    def remove(self, path: str) -> None:
        """Remove a file, if it is there.

        Raises:
            OutputError: it could not be.
        """

        def remove(there: Any) -> None:
            try:
                there.rm_file(self.name(path))
            except FileNotFoundError:
                return

        self._do(remove)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self.leave(self._connection)

    def _do(self, work: Callable[[Any], Result]) -> Result:
        """Do something there; where a connection fails, open another one and try again."""
        from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

        failures: Failures = (OSError, *self.failures)
        lasting: Failures = (PermissionError, *self.lasting)

        def may_pass(problem: BaseException) -> bool:
            refused = getattr(problem, "status_code", 0) in (401, 403)
            return isinstance(problem, failures) and not (refused or isinstance(problem, lasting))

        def attempt() -> Result:
            with self._lock:
                there = self._connection = self._connection or self.open()
            try:
                return work(there)
            except failures:
                if self.breaks:
                    with self._lock:
                        if self._connection is there:  # else another thread was first
                            self._connection = None
                raise

        trying = Retrying(
            retry=retry_if_exception(may_pass),
            stop=stop_after_attempt(_TRIES),
            wait=wait_exponential(_FIRST_PAUSE, _LONGEST_PAUSE),
            reraise=True,
        )
        try:
            return trying(attempt)
        except failures as problem:
            said = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
            raise OutputError(f"cannot publish to {self.address}: {said}", self.remedy) from problem


def open_target(address: str) -> Target:
    """Return the place of an address; nothing is asked there yet.

    Args:
        address: a folder, or ``s3://bucket/path``, ``sftp://user@host/path``,
            ``webdav://host/path`` or ``webdavs://host/path``.

    Raises:
        UsageError: it is none of these, holds a password, or what it needs is not installed.
    """
    if "://" not in address:
        return _Folder(address)
    parts = urlsplit(address)
    kinds: dict[str, type[_Remote]] = {
        "s3": _S3,
        "sftp": _Sftp,
        "webdav": _Webdav,
        "webdavs": _Webdav,
    }
    known = "a folder, s3://BUCKET/PATH, sftp://USER@HOST/PATH or webdavs://HOST/PATH"
    if parts.password is not None:
        raise UsageError(
            "a password does not belong in an address, where others read it", kinds_of_secrets()
        )
    if parts.scheme not in kinds or not parts.hostname:
        raise UsageError(f"cannot publish to {address!r}", f"give {known}")
    try:
        return kinds[parts.scheme](address)
    except ImportError as problem:
        raise UsageError(
            f"publishing to {parts.scheme}:// needs {problem.name}, which is not installed",
            install_hint(*libraries_of("publish")),
        ) from problem


def kinds_of_secrets() -> str:
    """Say where passwords and keys are looked for."""
    return (
        "S3 reads AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or ~/.aws, SFTP your SSH agent and "
        f"keys, WebDAV {WEBDAV_USER} and {WEBDAV_PASSWORD} or ~/.netrc"
    )


# --- kinds of places ------------------------------------------------------------------------------


def _unfinished(name: str) -> str:
    """Return what a file is called while it is being sent: the same each time, so that it ends."""
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}.{last}.part"


def is_unfinished(path: str) -> bool:
    """Whether a file that is there was left by somebody who did not come to its end."""
    last = posixpath.basename(path)
    return last.startswith(".") and last.endswith(".part")


class _Folder(Target):
    remedy = "make room, or name another folder"

    def open(self) -> Any:
        from fsspec.implementations.local import LocalFileSystem

        return LocalFileSystem(auto_mkdir=True)

    def name(self, path: str) -> str:
        return str(Path(self.address).absolute() / path)

    def place(self, there: Any, local: Path, name: str, file: SiteFile) -> None:  # noqa: ARG002
        unfinished = _unfinished(name)
        try:
            there.put_file(str(local), unfinished)
            with Path(unfinished).open("rb+") as sent:
                os.fsync(sent.fileno())
            Path(unfinished).replace(name)
        finally:
            Path(unfinished).unlink(missing_ok=True)


class _Remote(Target):
    """An address on the network, parted."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        parts = urlsplit(address)
        self.scheme, self.host = parts.scheme, parts.hostname or ""
        self.user, self.port, self.root = parts.username, parts.port, unquote(parts.path)

    def name(self, path: str) -> str:
        return posixpath.join(self.root, path)


class _S3(_Remote):
    """A bucket: what is put there takes its name when all of it has come."""

    remedy = f"see that the bucket is there and you may write to it; {kinds_of_secrets()}"

    def __init__(self, address: str) -> None:
        super().__init__(address)
        from botocore.exceptions import BotoCoreError, NoCredentialsError

        self.failures, self.lasting = (BotoCoreError,), (NoCredentialsError, FileNotFoundError)

    def open(self) -> Any:
        from s3fs import S3FileSystem

        config = {"connect_timeout": _TIMEOUT, "read_timeout": _TIMEOUT}
        return S3FileSystem(
            config_kwargs=config, use_listings_cache=False, skip_instance_cache=True
        )

    def name(self, path: str) -> str:
        return posixpath.join(self.host, self.root.strip("/"), path).rstrip("/")

    def place(self, there: Any, local: Path, name: str, file: SiteFile) -> None:
        kept = _FOR_EVER if file.immutable else _ASK
        there.put_file(str(local), name, ContentType=file.type, CacheControl=kept)


class _Sftp(_Remote):
    """A machine with SSH, whose key is known."""

    breaks = True
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
        self.lasting = (asyncssh.HostKeyNotVerifiable, asyncssh.PermissionDenied)

    def open(self) -> Any:
        said = {"username": self.user, "port": self.port}
        return self._file_system(
            self.host,
            # Named, for without it any key would do.
            known_hosts=str(Path("~/.ssh/known_hosts").expanduser()),
            connect_timeout=_TIMEOUT,
            keepalive_interval=_TIMEOUT / 4,
            skip_instance_cache=True,
            **{name: value for name, value in said.items() if value is not None},
        )

    def place(self, there: Any, local: Path, name: str, file: SiteFile) -> None:  # noqa: ARG002
        unfinished = _unfinished(name)
        there.put_file(str(local), unfinished)
        there.mv(unfinished, name)


class _Webdav(_Remote):
    """A folder of a web server."""

    remedy = f"see that the folder is there and you may write to it; {kinds_of_secrets()}"

    def __init__(self, address: str) -> None:
        super().__init__(address)
        import httpx
        from webdav4 import client
        from webdav4.fsspec import WebdavFileSystem

        self._file_system = WebdavFileSystem
        self.failures = (httpx.HTTPError, client.ClientError)
        self.lasting = (client.ForbiddenOperation,)

    def open(self) -> Any:
        scheme = "https" if self.scheme == "webdavs" else "http"
        port = f":{self.port}" if self.port else ""
        user = os.environ.get(WEBDAV_USER)
        said = {"auth": (user, os.environ.get(WEBDAV_PASSWORD, ""))} if user else {}
        url = f"{scheme}://{self.host}{port}/"
        return self._file_system(url, timeout=_TIMEOUT, skip_instance_cache=True, **said)

    def leave(self, there: Any) -> None:
        there.client.http.close()

    def name(self, path: str) -> str:
        return posixpath.join(self.root.strip("/"), path)

    def place(self, there: Any, local: Path, name: str, file: SiteFile) -> None:  # noqa: ARG002
        unfinished = _unfinished(name)
        there.put_file(str(local), unfinished)
        there.client.move(unfinished, name, overwrite=True)
