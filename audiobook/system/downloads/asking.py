"""Requests files from servers, and follows redirects."""

from __future__ import annotations

import ipaddress
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from audiobook.errors import AudiobookError, EngineError
from audiobook.messages import message, one_of
from audiobook.system import connection, public_hosts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3 import BaseHTTPResponse
    from urllib3.exceptions import HTTPError

_CONNECT, _READ = 10.0, 30.0  # seconds
_REDIRECTS = 8
AGAIN = message("run the same command again: it goes on where it stopped")
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

    The address may be one of this computer or its network, because the user chose it. A redirect
    does not lead there from the public internet.

    Hugging Face publishes it in the redirect, not with the file.
    """
    from urllib3 import Timeout

    checksum, first_url = "", url
    for _ in range(_REDIRECTS + 1):
        with connection.pool_to(url) as pool:
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
        refuse_private(url, first_url)
    raise EngineError(
        message("{url} was redirected {times} times", url=bare(url), times=_REDIRECTS + 1),
        message("try again later"),
    )


def _redirect_target(url: str, location: str) -> str:
    """Return the target of a redirect, which must be http or https, and not leave TLS."""
    try:
        target = urljoin(url, location)
    except ValueError:  # it is not an address
        target = location
    allowed = ("https",) if url.startswith("https:") else ("http", "https")
    parts = connection.parts_of(target)
    if parts is None or parts.scheme not in allowed:
        raise EngineError(
            message(
                "{url} leads to {target}, which is not {allowed}",
                url=bare(url),
                target=bare(target),
                allowed=one_of(allowed),
            ),
            message("report it to whoever made the voice"),
        )
    return target


def refuse_private(target: str, first_url: str) -> None:
    """Refuse a redirect into a private network, unless the first address is there, too.

    A server that only this computer knows may send it on to its neighbours, but never to where
    machines in a cloud tell their secrets (169.254.169.254), which is a link-local address.
    """
    if urlsplit(target).hostname == urlsplit(first_url).hostname:
        return
    addresses = _private_addresses(target)
    is_link_local = any(ipaddress.ip_address(address).is_link_local for address in addresses)
    if addresses and (is_link_local or not _private_addresses(first_url)):
        raise EngineError(
            message(
                "{url} leads to {target}, which is on a private network ({address})",
                url=bare(first_url),
                target=bare(target),
                address=addresses[0],
            ),
            message("add the address to which it leads, if you trust that one"),
        )


def _private_addresses(url: str) -> list[str]:
    """Return the addresses of a host that are not public; none if only a proxy knows it."""
    parts = urlsplit(url)
    try:
        addresses = public_hosts.addresses_of(parts.hostname or "", parts.port)
    except (OSError, ValueError):  # such as an unknown host, of which the connection tells
        return []
    return [address for address in addresses if not public_hosts.is_public(address)]


def connection_error(shown: str, problem: HTTPError) -> Exception:
    """Return the error for a failed connection; an `InterruptedDownloadError` if it may pass."""
    failure = connection.explain(shown, problem)
    if failure.may_pass:
        return InterruptedDownloadError(EngineError(failure.what, AGAIN))
    return EngineError(failure.what, failure.remedy or AGAIN)


def bare(url: str) -> str:
    """Return an address without credentials and query, as it may be shown."""
    return connection.bare(url).split("?")[0]
