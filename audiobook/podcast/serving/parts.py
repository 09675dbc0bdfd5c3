"""Answers with a file, or with the parts of it that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio.to_thread import run_sync
from starlette.responses import FileResponse, Response

from audiobook.podcast.serving.ranges import parts_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from starlette.datastructures import Headers
    from starlette.types import Receive, Scope, Send

# A part of at most so many bytes is read at once. Opening, seeking, reading and closing in threads
# one after the other, as for a whole file, halves how many are answered in a second.
_AT_ONCE = 1 << 18


class PartialFile(FileResponse):
    """A file with the parts of it that are asked for.

    Args:
        path: the file.
        status: that of an answer with the whole file.
        headers: more headers.
        kind: its media type; None for the one that its name suggests.
        stat: what the system says of it.
    """

    chunk_size = _AT_ONCE

    def __init__(
        self,
        path: str | os.PathLike[str],
        status: int,
        headers: Mapping[str, str],
        kind: str | None,
        stat: os.stat_result,
    ) -> None:
        super().__init__(path, status, headers, kind, stat_result=stat)
        self._size = stat.st_size
        self._parts: list[tuple[int, int]] | None = None

    def take_part(self, requested: Headers) -> None:
        """Answer with the parts that the headers of a request ask for."""
        version = requested.get("if-range")
        is_current = version in (None, self.headers["etag"], self.headers["last-modified"])
        header = requested.get("range", "") if is_current and self.status_code == 200 else ""
        self._parts = parts_of(header, self._size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        # What stands there now was read already, and would be read by other rules.
        headers = [
            header for header in scope["headers"] if header[0] not in (b"range", b"if-range")
        ]
        scope = {**scope, "headers": headers}
        if self._parts is None:
            await super().__call__(scope, receive, send)
        elif not self._parts:
            refusal = {"content-range": f"bytes */{self._size}"}
            await Response(status_code=416, headers=refusal)(scope, receive, send)
        elif len(self._parts) == 1 and self._parts[0][1] - self._parts[0][0] <= _AT_ONCE:
            await self._send_small_part(*self._parts[0], scope, receive, send)
        else:
            wanted = ",".join(f"{start}-{end - 1}" for start, end in self._parts)
            headers.append((b"range", f"bytes={wanted}".encode()))
            await super().__call__(scope, receive, send)

    async def _send_small_part(
        self, start: int, end: int, scope: Scope, receive: Receive, send: Send
    ) -> None:
        def read() -> bytes:
            with open(self.path, "rb", buffering=0) as file:  # noqa: PTH123 (it takes any path)
                file.seek(start)
                return file.read(end - start)

        body = b"" if scope["method"] == "HEAD" else await run_sync(read)
        part = Response(body, 206, dict(self.headers))
        part.headers["content-range"] = f"bytes {start}-{end - 1}/{self._size}"
        part.headers["content-length"] = str(end - start)
        await part(scope, receive, send)
