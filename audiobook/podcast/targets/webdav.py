"""Publishes over WebDAV, through webdav4 and httpx."""

from __future__ import annotations

import os
import posixpath
from contextlib import suppress
from netrc import NetrcParseError, netrc
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from xml.etree.ElementTree import ParseError

from audiobook.errors import UsageError
from audiobook.messages import message
from audiobook.podcast.targets.remote import (
    TIMEOUT,
    WEBDAV_PASSWORD,
    WEBDAV_USER,
    RemoteTarget,
    secrets_hint,
)
from audiobook.podcast.unfinished import unfinished_name
from audiobook.system.connection import trust_of
from audiobook.system.json_data import LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from audiobook.podcast.targets.content import Content


# What the library raises where an answer is not what WebDAV knows.
_WRONG_ANSWERS = (ParseError, KeyError, ValueError)


class WebdavTarget(RemoteTarget):
    """A folder of a web server."""

    remedy = message(
        "check that the folder exists and that you may write to it; {hint}", hint=secrets_hint()
    )

    def __init__(self, address: str) -> None:
        super().__init__(address)
        import httpx
        from webdav4 import client
        from webdav4.fsspec import WebdavFileSystem

        self._file_system = WebdavFileSystem
        self._exists = client.ResourceAlreadyExists
        self._failed = client.HTTPError
        self.failures = (httpx.HTTPError, client.ClientError, *_WRONG_ANSWERS)
        self.permanent_failures = (client.ForbiddenOperation,)

    def connect(self) -> Any:
        """Return the file system of the server."""
        scheme = "https" if self.scheme == "webdavs" else "http"
        port = f":{self.port}" if self.port else ""
        return self._file_system(
            f"{scheme}://{self.host}{port}/",
            timeout=TIMEOUT,
            verify=trust_of("httpx"),
            skip_instance_cache=True,
            auth=self._credentials(),
            headers={"accept-encoding": "identity"},
            event_hooks={"response": [_bound]},
        )

    def sends_password_openly(self) -> bool:
        """Return whether others on the way could read a password, which plain HTTP does not hide.

        Raises:
            UsageError: ``~/.netrc`` cannot be read.
        """
        is_here = self.host == "localhost" or self.host.startswith("127.") or self.host == "::1"
        return self.scheme == "webdav" and not is_here and self._credentials() is not None

    def _credentials(self) -> Any:
        """Return what logs in to the server; None without a name and password for it."""
        import httpx

        if user := os.environ.get(WEBDAV_USER):
            return httpx.BasicAuth(user, os.environ.get(WEBDAV_PASSWORD, ""))
        path = Path(os.environ.get("NETRC") or "~/.netrc").expanduser()
        if not path.exists():
            return None
        try:
            return httpx.NetRCAuth(str(path)) if netrc(path).authenticators(self.host) else None
        except (OSError, NetrcParseError, UnicodeDecodeError) as problem:
            raise UsageError(
                message("{path} cannot be read: {reason}", path=path, reason=problem),
                secrets_hint(),
            ) from problem

    def disconnect(self, connection: Any) -> None:
        """Close the connections to the server."""
        connection.client.http.close()

    def remote_path(self, path: str) -> str:
        """Return the path of a file of the site on the server."""
        return posixpath.join(self.root.strip("/"), path)

    def fetch(self, connection: Any, name: str) -> bytes:
        """Return the content of a file; an answer that is too long breaks off."""
        data: bytes = connection.cat_file(name)
        return data

    def upload(self, connection: Any, content: Content, name: str) -> None:
        """Send a file under another name, and rename it once all of it has arrived."""
        unfinished = unfinished_name(name)
        connection.upload_fileobj(content, unfinished, size=content.file.size)
        content.check()
        connection.client.move(unfinished, name, overwrite=True)

    def create(self, connection: Any, data: bytes, name: str) -> None:
        """Create a file that does not exist yet: move one there that may not replace another."""
        draft = unfinished_name(f"{name}.{uuid4().hex}")
        connection.pipe_file(draft, data)
        try:
            self._move_once(connection, draft, name)
        except self._exists as problem:
            with suppress(FileNotFoundError):
                connection.rm_file(draft)
            raise FileExistsError(name) from problem

    def _move_once(self, connection: Any, draft: str, name: str) -> None:
        """Move a draft, if there is no file of the name.

        Some servers fail where another move comes between their question and their act. The other
        file may be gone by the time that it is looked for, as locks are: so it is tried once more.
        """
        for is_last in (False, True):
            try:
                connection.client.move(draft, name, overwrite=False)
            except self._failed as problem:
                if connection.exists(name):
                    raise self._exists(name) from problem
                if is_last or not connection.exists(draft):
                    raise
            else:
                return


def _bound(response: httpx.Response) -> None:
    """Let an answer break off that is longer than a listing or a file of facts may be.

    Raises:
        httpx.HTTPError: it is packed, which was not asked for: what it unpacks to has no bound.
    """
    import httpx

    if response.headers.get("content-encoding", "identity") != "identity":
        raise httpx.DecodingError(message("the answer is packed"), request=response.request)

    class BoundedStream(httpx.SyncByteStream):
        def __init__(self, stream: httpx.SyncByteStream) -> None:
            self._stream = stream

        def __iter__(self) -> Iterator[bytes]:
            length = 0
            for block in self._stream:
                length += len(block)
                if length > LARGEST:
                    raise httpx.ReadError(
                        message("it is larger than {size} MB", size=LARGEST >> 20),
                        request=response.request,
                    )
                yield block

        def close(self) -> None:
            self._stream.close()

    if isinstance(response.stream, httpx.SyncByteStream):
        response.stream = BoundedStream(response.stream)
