"""Answers with a part of some bytes, as players ask for it to seek."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from audiobook.podcast.serving.ranges import parts_of

if TYPE_CHECKING:
    from starlette.requests import Request


def ranged(request: Request, data: bytes, kind: str) -> Response:
    """Return the answer to a request for some bytes, or for a range of them.

    Several ranges are answered with all (RFC 9110, 14.2).

    Args:
        request: what is asked for.
        data: all of it.
        kind: its media type.
    """
    headers = {"accept-ranges": "bytes", "cache-control": "private, max-age=3600"}
    parts = parts_of(request.headers.get("range", ""), len(data))
    if parts is None or len(parts) > 1:
        return Response(data, media_type=kind, headers=headers)
    if not parts:
        headers["content-range"] = f"bytes */{len(data)}"
        return Response(status_code=416, headers=headers)
    ((start, end),) = parts
    headers["content-range"] = f"bytes {start}-{end - 1}/{len(data)}"
    return Response(data[start:end], 206, media_type=kind, headers=headers)
