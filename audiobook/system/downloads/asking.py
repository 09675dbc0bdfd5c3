"""Requests files from servers, and follows redirects."""

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
"""The remedy for a broken connection."""


class InterruptedDownloadError(Exception):
    """The same request may well succeed if it is sent again."""

    def __init__(self, problem: AudiobookError) -> None:
        super().__init__(problem)
        self.problem = problem


def is_sha256(text: str) -> bool:
    """Whether a text has the form of a SHA-256."""
    return re.fullmatch(r"[0-9a-fA-F]{64}", text) is not None


@contextmanager
def request_file(url: str, headers: dict[str, str]) -> Iterator[tuple[BaseHTTPResponse, str]]:
    """Request a file, following redirects; yield the answer, and a SHA-256 if one is published.

    Hugging Face publishes it in the redirect, not with the file.
    """
    from urllib3 import Timeout

    checksum = ""
    for _ in range(_REDIRECTS + 1):
        with _open_pool(url) as pool:
            response = pool.urlopen(
                "GET",
                url,
                headers=headers,
                timeout=Timeout(connect=_CONNECT, read=_READ),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            try:
                etag = response.headers.get("X-Linked-ETag", "").strip('"')
                checksum = checksum or (etag.lower() if is_sha256(etag) else "")
                location = response.get_redirect_location()
                if not location:
                    yield response, checksum
                    return
            finally:
                response.close()
        url = _redirect_target(url, location)
    raise EngineError(f"{bare(url)} was redirected {_REDIRECTS + 1} times", "try again later")


def _redirect_target(url: str, location: str) -> str:
    """Return the target of a redirect, which must be http or https, and not leave TLS."""
    target = urljoin(url, location)
    allowed = ("https",) if url.startswith("https:") else ("http", "https")
    if urlsplit(target).scheme not in allowed:
        raise EngineError(
            f"{bare(url)} leads to {bare(target)}, which is not {' or '.join(allowed)}",
            "report it to whoever made the voice",
        )
    return target


@contextmanager
def _open_pool(url: str) -> Iterator[PoolManager]:
    """Yield a pool of connections to a host, direct or through the proxy of the environment."""
    import urllib3

    address = urlsplit(url)
    proxy = connection.proxy_to(address.scheme, address.hostname or "")
    pool = (
        connection.through(proxy) if proxy else urllib3.PoolManager(ssl_context=connection.trust())
    )
    with pool as opened:
        yield opened


def connection_error(shown: str, problem: HTTPError) -> Exception:
    """Return the error for a failed connection; an `InterruptedDownloadError` if it may pass."""
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
            return InterruptedDownloadError(
                EngineError(f"no connection to {shown} ({reason})", AGAIN)
            )
        case exceptions.TimeoutError():
            return InterruptedDownloadError(EngineError(f"{shown} does not answer", AGAIN))
        case _:
            return InterruptedDownloadError(
                EngineError(f"the connection to {shown} broke off", AGAIN)
            )


def bare(url: str) -> str:
    """Return an address without credentials and query, as it may be shown."""
    return connection.bare(url).split("?")[0]
