"""Answers of S3 services, which may be no longer than a listing or a file of facts is."""

from __future__ import annotations

from typing import Any

from audiobook.messages import message
from audiobook.system.json_data import LARGEST

_BLOCK = 1 << 20


class TooLongError(OSError):
    """An answer is longer than any that is asked for."""

    def __str__(self) -> str:
        """Return what the user is told."""
        return message("it is larger than {size} MB", size=LARGEST >> 20)


class _BoundedContent:
    """The content of an answer, which breaks off where it is too long."""

    def __init__(self, content: Any) -> None:
        self._content = content
        self._length = 0

    async def read(self, most: int = -1) -> bytes:
        """Return all content, or the next bytes of it, so many at most.

        Raises:
            TooLongError: it is longer than allowed.
        """
        if most >= 0:
            return await self._next(most)
        blocks = []
        while block := await self._next(_BLOCK):
            blocks.append(block)
        return b"".join(blocks)

    async def _next(self, most: int) -> bytes:
        block: bytes = await self._content.read(most)
        self._length += len(block)
        if self._length > LARGEST:
            raise TooLongError
        return block

    def __getattr__(self, name: str) -> Any:
        """Return what else the content can do."""
        return getattr(self._content, name)


async def read_body(body: Any) -> bytes:
    """Return the content of a file that a client of S3 has asked for.

    Raises:
        TooLongError: it is longer than allowed.
    """
    try:
        data: bytes = await body.read()
    finally:
        body.close()
    return data


def bounded_session() -> type:
    """Return the class of HTTP sessions for a client of S3 whose answers have a bound."""
    import aiohttp
    from aiobotocore.httpsession import AIOHTTPSession
    from botocore.exceptions import ConnectionClosedError

    class BoundedSession(AIOHTTPSession):  # type: ignore[misc]
        async def send(self, request: Any) -> Any:
            """Send a request, and read its answer unless whoever asks wants to read it."""
            is_streamed, request.stream_output = request.stream_output, True
            try:
                response = await super().send(request)
            finally:
                request.stream_output = is_streamed
            response.raw.content = _BoundedContent(response.raw.content)
            if is_streamed:
                return response
            try:
                await response.content
            except (aiohttp.ClientError, TimeoutError) as problem:
                raise ConnectionClosedError(
                    error=problem, request=request, endpoint_url=request.url
                ) from problem
            return response

    return BoundedSession
