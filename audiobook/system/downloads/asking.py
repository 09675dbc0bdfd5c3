"""Asking a server for a file, wherever it was moved to."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from audiobook.errors import AudiobookError, EngineError
from audiobook.system import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3 import BaseHTTPResponse, PoolManager
    from urllib3.exceptions import HTTPError

_CONNECT, _READ = 10.0, 30.0  # seconds
_REDIRECTS = 8
AGAIN = "run the same command again: it goes on where it stopped"
"""What to do where a connection broke."""


class LaterError(Exception):
    """The same request may well succeed if it is sent again."""

    def __init__(self, problem: AudiobookError) -> None:
        super().__init__(problem)
        self.problem = problem


def is_sha256(text: str) -> bool:
    """Whether a text is written as a SHA-256 is."""
    return re.fullmatch(r"[0-9a-fA-F]{64}", text) is not None


@contextmanager
def ask(url: str, headers: dict[str, str]) -> Iterator[tuple[BaseHTTPResponse, str]]:
    """Ask for a file wherever it was moved to; give the answer, and the SHA-256 told on the way.

    Hugging Face tells it where it sends us on, not where the file is.
    """
    from urllib3 import Timeout

    checksum = ""
    for _ in range(_REDIRECTS + 1):
        with _door(url) as door:
            response = door.urlopen(
                "GET",
                url,
                headers=headers,
                timeout=Timeout(connect=_CONNECT, read=_READ),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            try:
                told = response.headers.get("X-Linked-ETag", "").strip('"')
                checksum = checksum or (told.lower() if is_sha256(told) else "")
                location = response.get_redirect_location()
                if not location:
                    yield response, checksum
                    return
            finally:
                response.close()
        url = _next(url, location)
    raise EngineError(f"{bare(url)} was redirected {_REDIRECTS + 1} times", "try again later")


def _next(url: str, location: str) -> str:
    """Return where a redirect leads: to the web, and from TLS to nothing less."""
    further = urljoin(url, location)
    allowed = ("https",) if url.startswith("https:") else ("http", "https")
    if urlsplit(further).scheme not in allowed:
        raise EngineError(
            f"{bare(url)} leads to {bare(further)}, which is not {' or '.join(allowed)}",
            "report it to whoever made the voice",
        )
    return further


@contextmanager
def _door(url: str) -> Iterator[PoolManager]:
    """Open the way to a host: straight, or through the proxy the environment names."""
    import urllib3

    address = urlsplit(url)
    proxy = connection.proxy_to(address.scheme, address.hostname or "")
    way = (
        connection.through(proxy) if proxy else urllib3.PoolManager(ssl_context=connection.trust())
    )
    with way as door:
        yield door


def explain(shown: str, problem: HTTPError) -> Exception:
    """Say what went wrong between the two computers; what passes is a `LaterError`."""
    from urllib3 import exceptions

    root: BaseException = problem
    while cause := root.__cause__ or root.__context__:
        root = cause
    reason = getattr(root, "verify_message", "") or getattr(root, "strerror", "") or root
    match problem:
        case exceptions.ProxyError() | exceptions.ProxySchemeUnknown():
            return EngineError(f"the proxy did not lead to {shown}", "check https_proxy")
        case exceptions.SSLError():
            return EngineError(
                f"no secure connection to {shown} ({reason})",
                "check the address; if your network looks into connections on purpose, name the "
                "file of its certificate in SSL_CERT_FILE",
            )
        case exceptions.NameResolutionError() | exceptions.LocationValueError():
            return EngineError(
                f"no host of {shown} is known", "check the address and the network connection"
            )
        case exceptions.NewConnectionError():
            return LaterError(EngineError(f"no connection to {shown} ({reason})", AGAIN))
        case exceptions.TimeoutError():
            return LaterError(EngineError(f"{shown} does not answer", AGAIN))
        case _:
            return LaterError(EngineError(f"the connection to {shown} broke off", AGAIN))


def bare(url: str) -> str:
    """Return an address as it may be shown: without credentials, and without a signed query."""
    return connection.bare(url).split("?")[0]
