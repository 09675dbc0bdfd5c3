"""Asks servers for small texts, such as the description of a voice."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from audiobook.errors import EngineError
from audiobook.messages import message
from audiobook.system.downloads.asking import (
    InterruptedDownloadError,
    bare,
    connection_error,
    request_file,
)
from audiobook.system.downloads.download import status_error
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Container

_PAUSES = (1.0, 3.0)
"""Seconds before each further attempt."""
_LARGEST = 16 << 20  # bytes; the list of the files of a large repository has some hundred thousand
_ABSENT = frozenset({404, 410})
_HEADERS = {"User-Agent": f"audiobook/{__version__}"}


def fetch_text(url: str, absent: Container[int] = _ABSENT) -> str | None:
    """Return a small text from a server; None if the server does not have it.

    Args:
        url: its address.
        absent: the statuses by which a server says so.

    Raises:
        EngineError: the server does not send it, or something too large.
    """
    for pause in (*_PAUSES, None):
        try:
            return _receive(url, absent)
        except InterruptedDownloadError as interruption:
            if pause is None:
                raise interruption.problem from interruption
            time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def _receive(url: str, absent: Container[int]) -> str | None:
    from urllib3.exceptions import HTTPError

    try:
        with request_file(url, _HEADERS) as (response, _):
            if response.status in absent:
                return None
            if response.status != 200:
                raise status_error(bare(url), response)
            data: bytes = response.read(_LARGEST + 1, decode_content=True)
    except HTTPError as problem:
        raise connection_error(bare(url), problem) from problem
    if len(data) > _LARGEST:
        raise EngineError(
            message("{url} is too large to be a description", url=bare(url)),
            message("check the address"),
        )
    return data.decode("utf-8-sig", "replace")
