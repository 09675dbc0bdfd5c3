"""The address at which a site is served, as feeds write it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import idna

from audiobook.errors import UsageError
from audiobook.messages import message

_WRITTEN = re.compile(r"https?://[!-~]+")
_EXAMPLE = message("as --url https://example.org/sach")


def checked_root(url: str) -> str:
    """Return the address of a site without a slash at the end.

    The name of a host in other letters is written as clients ask for it: IDNA 2008, RFC 5891.

    Raises:
        UsageError: it is not the address of a site, or holds a name or password.
    """
    if not url:
        raise UsageError(message("the site's address is unknown"), message("add --url https://…"))
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as problem:  # a bracket is open, or the port is no number
        raise _wrong(url) from problem
    if "@" in parts.netloc:
        raise UsageError(
            message("the address of a site is read by everybody: it must hold no password"),
            _EXAMPLE,
        )
    netloc = _ascii_host(host, url) + (f":{port}" if port else "")
    written = parts._replace(netloc=netloc).geturl()
    if not _WRITTEN.fullmatch(written) or not host or parts.query or parts.fragment:
        raise _wrong(url)
    return written.rstrip("/")


def _ascii_host(host: str, url: str) -> str:
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError as problem:
        raise _wrong(url) from problem


def _wrong(url: str) -> UsageError:
    return UsageError(message("{url!r} is not the address of a site", url=url), _EXAMPLE)
