"""Requests to servers that want a key: the connections, the answers, and what these say."""

from __future__ import annotations

import os
import re
import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import urllib3

from audiobook.engines.online_failures import TemporaryError, connection_error
from audiobook.errors import EngineError, VoiceError
from audiobook.messages import message
from audiobook.system import connection
from audiobook.system.json_data import load_json
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONNECT, _READ, _IN_ALL = 10.0, 60.0, 180.0
"""Seconds; a neural server takes long before its first byte."""
_LARGEST = 64 << 20  # bytes; five minutes of sound at 96 kHz
_BLOCK = 1 << 16
# Names of errors as services write them: these hold no key.
_ERROR_NAME = re.compile(r"[A-Za-z][A-Za-z_]{2,60}")


class Answer(NamedTuple):
    """The answer to a request that was read to its end."""

    status: int
    reason: str
    """What the server says of the status."""
    headers: Mapping[str, str]
    content: bytes

    @property
    def kind(self) -> str:
        """The media type, in small letters and without parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


class Connections:
    """Connections to servers, which threads share; each server gets its own when it is asked."""

    def __init__(self) -> None:
        self._pools: dict[tuple[str, str], urllib3.PoolManager] = {}
        self._lock = threading.Lock()

    def send(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Send a request, and return the answer whatever its status; no redirect is followed.

        Args:
            method: of HTTP.
            url: the address.
            body: the content of the request, if any.
            headers: what goes with it.

        Raises:
            TemporaryError: there was no whole answer.
            EngineError: the server is not to be trusted, or sent too much.
        """
        host = urlsplit(url).hostname or ""
        deadline = time.monotonic() + _IN_ALL
        try:
            with self._pool_to(url).urlopen(
                method,
                url,
                body=body,
                headers={**headers, "User-Agent": f"audiobook/{__version__}"},
                timeout=urllib3.Timeout(connect=_CONNECT, read=_READ),
                retries=False,
                redirect=False,
                preload_content=False,
            ) as response:
                content = bytearray()
                for block in response.stream(_BLOCK):
                    content += block
                    _check_limits(host, len(content), deadline)
                return Answer(
                    response.status, response.reason or "", response.headers, bytes(content)
                )
        except urllib3.exceptions.HTTPError as problem:
            timed_out = isinstance(problem, urllib3.exceptions.ConnectTimeoutError)
            raise connection_error(host, problem, never_connected=timed_out) from problem

    def close(self) -> None:
        """Close those that are open."""
        for pool in self._pools.values():
            pool.clear()

    def _pool_to(self, url: str) -> urllib3.PoolManager:
        """Return the connections to a server, through the proxy for it, if there is one."""
        address = urlsplit(url)
        place = (address.scheme, address.hostname or "")
        with self._lock:
            if place not in self._pools:
                self._pools[place] = connection.pool_to(url)
            return self._pools[place]


def _check_limits(host: str, size: int, deadline: float) -> None:
    """Check that an answer, as far as it came, is neither too large nor too slow.

    Args:
        host: who answers.
        size: bytes that came.
        deadline: when all must be there, by the monotonic clock in seconds.

    Raises:
        EngineError: it is too large.
        TemporaryError: it takes too long.
    """
    if size > _LARGEST:
        raise EngineError(
            message("{host} sent more than {size} MB for one text", host=host, size=_LARGEST >> 20),
            message("it is not a speech server, or it is broken: try another"),
        )
    if time.monotonic() > deadline:
        raise TemporaryError(
            message("{host} took longer than {seconds:g} seconds", host=host, seconds=_IN_ALL)
        )


def read_key(name: str) -> str:
    """Return the key in an environment variable, which must never stand in a message.

    Raises:
        VoiceError: it holds something that is no key.
    """
    key = os.environ.get(name, "").strip()
    if not (key.isascii() and (key.isprintable() or not key)) or " " in key:
        raise VoiceError(
            message("{name} holds no key: there are odd characters in it", name=name),
            message("copy it again"),
        )
    return key


def without_key(text: str, name: str) -> str:
    """Return a text without the key in an environment variable."""
    key = os.environ.get(name, "").strip()
    return text.replace(key, "…") if key else text


def value_at(content: bytes, *path: str | int) -> Any:
    """Return the value at a path of keys and positions in JSON; None if there is none."""
    try:
        value = load_json(content)
        for step in path:
            value = value[step]
    except (ValueError, LookupError, TypeError):
        return None
    return value


def told_error(content: bytes) -> tuple[str, str, str | None]:
    """Return the name of the error, the explanation and the seconds to wait in an answer of JSON.

    Services write them as ``error`` or ``detail``, in one text, a table or a list of tables;
    Google's tell the time to wait among the details (google.rpc.RetryInfo).
    """
    try:
        answer = load_json(content)
    except ValueError:
        return "", "", None
    if not isinstance(answer, dict):
        return "", "", None
    told: Any = answer.get("error") or answer.get("detail") or answer
    if isinstance(told, list) and told:
        told = told[0]
    if not isinstance(told, dict):
        told = {"message": answer.get("message", told)}
    name = next(
        (told[key] for key in ("status", "code", "type") if isinstance(told.get(key), str)), ""
    )
    text = told.get("message") or told.get("msg")
    explanation = " ".join(text.split())[:200] if isinstance(text, str) else ""
    details = told.get("details")
    delays = (
        str(detail["retryDelay"]).removesuffix("s").partition(".")[0]
        for detail in (details if isinstance(details, list) else [])
        if isinstance(detail, dict) and "retryDelay" in detail
    )
    return name if _ERROR_NAME.fullmatch(name) else "", explanation, next(delays, None)
