"""Web pages: fetched within limits, and never from a private network unless that is allowed."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from concurrent.futures import Future
from email.message import Message
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin

from audiobook.errors import SourceError
from audiobook.system import connection
from audiobook.version import __version__

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, HTTPConnectionPool, ProxyManager
    from urllib3.util import Url

_CONNECT, _READ, _IN_ALL = 10.0, 20.0, 60.0  # seconds
_LARGEST = 64 << 20  # bytes, after decompression
_CHUNK = 1 << 16
_REDIRECTS = 5
_COMPRESSIONS = {"", "identity", "gzip", "x-gzip", "deflate"}
_HEADERS = {
    "User-Agent": f"audiobook/{__version__}",
    "Accept": "text/html, application/xhtml+xml, */*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
    "Accept-Language": "vi, *;q=0.5",
}
# IPv6 that carries IPv4 to where a gateway unpacks it (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# The IPv6 addresses that are given out (RFC 4291, 2.4).
_UNICAST = ipaddress.IPv6Network("2000::/3")
_LATER = "try again later, or save the page in a browser and give that file"
_SAVE = "open it in a browser, save the page and give that file"


class FetchedPage(NamedTuple):
    """What an address led to."""

    data: bytes
    url: str
    """Where the last redirect led, without credentials."""
    charset: str
    """What the Content-Type header claims; an empty string where it does not."""


def fetch(url: str, *, allow_private: bool = False) -> FetchedPage:
    """Fetch a page over HTTP or HTTPS.

    Certificates are verified and proxies taken from the environment. Every address that a host
    has is checked, at every redirect, and the connection goes to an address that was checked,
    so that no second look-up can lead elsewhere. Through a proxy the host is looked up there:
    then addresses written out and names that this computer knows are still refused, but the proxy
    decides where it goes for other names.

    Args:
        url: an ``http:`` or ``https:`` address; a user name and password in it are sent to that
            host and never shown.
        allow_private: whether it may lead to this computer or a private network.

    Raises:
        SourceError: no page came back, or one of more than 64 MB, or not within a minute.
    """
    outcome: Future[FetchedPage] = Future()

    def work() -> None:
        try:
            outcome.set_result(_follow_redirects(url, allow_private=allow_private))
        except Exception as problem:  # noqa: BLE001 (raised again by result())
            outcome.set_exception(problem)

    # A look-up, a handshake or slow headers can each take longer than any time-out of a socket.
    threading.Thread(target=work, daemon=True).start()
    try:
        return outcome.result(_IN_ALL)
    except TimeoutError as problem:
        raise SourceError(
            f"{connection.bare(url)} took longer than {_IN_ALL:g} seconds", _LATER
        ) from problem


def _follow_redirects(url: str, *, allow_private: bool) -> FetchedPage:
    from urllib3.exceptions import HTTPError

    for _ in range(_REDIRECTS + 1):
        target = _parse_address(url)
        shown = target._replace(auth=None).url
        try:
            response = _request(target, allow_private=allow_private)
            try:
                location = response.get_redirect_location()
                if not location:
                    return FetchedPage(_body(response, shown), shown, _charset(response))
            finally:
                response.close()
        except (HTTPError, OSError) as problem:
            raise _connection_error(shown, problem) from problem
        url = urljoin(target.url, location)
    raise SourceError(f"{shown} was redirected {_REDIRECTS + 1} times", _SAVE)


def _parse_address(url: str) -> Url:
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    try:
        target = parse_url(url.strip())
    except LocationParseError as problem:
        raise SourceError(
            f"{connection.bare(url)} is not an address", "check its spelling"
        ) from problem
    if target.scheme not in ("http", "https") or not target.host:
        raise SourceError(
            f"{connection.bare(url)} is not a web address", "give one of http:// or https://"
        )
    return target


# --- asking -------------------------------------------------------------------------------------


def _request(target: Url, *, allow_private: bool) -> BaseHTTPResponse:
    """Send one request, through a proxy if the environment names one."""
    from urllib3 import make_headers

    host = (target.host or "").strip("[]")
    headers = {**_HEADERS, "Host": target.netloc or ""}
    if target.auth:
        headers |= make_headers(basic_auth=unquote(target.auth))
    if proxy := _proxy(target.scheme or "", host):
        if not allow_private:
            _refuse_private(host, _look_up(host, target.port, must=False))
        _parse_address(proxy)  # or an error that says what is wrong with it
        address = target._replace(auth=None, fragment=None).url
        return _send(connection.through(proxy), address, headers)
    addresses = _look_up(host, target.port)
    if not allow_private:
        _refuse_private(host, addresses)
    return _connect(target, host, addresses, headers)


def _look_up(host: str, port: int | None, *, must: bool = True) -> list[str]:
    """Return all addresses of a host, in whatever way it is written (``0x7f.1`` is 127.0.0.1)."""
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        if not must:
            return []
        raise SourceError(
            f"no host {host} is known", "check the address and the network connection"
        ) from problem
    return list(dict.fromkeys(str(info[4][0]) for info in addresses))


def _refuse_private(host: str, addresses: list[str]) -> None:
    for address in addresses:
        if not _is_public(address):
            raise SourceError(
                f"{host} is on a private network ({address})",
                "use --allow-private if you mean to read from there",
            )


def _is_public(address: str) -> bool:
    """Whether an address, and any IPv4 address inside it, belongs to the public internet."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast
    if inside := ip.ipv4_mapped:
        return _is_public(str(inside))
    if ip in _NAT64:
        return _is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    carried = (ip.sixtofour, *(ip.teredo or ()))
    return (
        ip in _UNICAST
        and ip.is_global
        and all(_is_public(str(carried_address)) for carried_address in carried if carried_address)
    )


def _proxy(scheme: str, host: str) -> str:
    proxy = connection.proxy_to(scheme, host)
    if proxy and not proxy.startswith(("http://", "https://")):
        raise SourceError(
            f"the proxy {connection.bare(proxy)} is not one of HTTP",
            "name an HTTP proxy in https_proxy",
        )
    return proxy


def _connect(
    target: Url, host: str, addresses: list[str], headers: dict[str, str]
) -> BaseHTTPResponse:
    """Ask the first address that answers; the certificate must name the host, not the address."""
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    for address in addresses:
        pool = (
            HTTPSConnectionPool(
                address,
                target.port,
                server_hostname=host,
                ssl_context=connection.trust(),
            )
            if target.scheme == "https"
            else HTTPConnectionPool(address, target.port)
        )
        try:
            return _send(pool, target.request_uri, headers)
        except (ConnectTimeoutError, NewConnectionError):
            if address == addresses[-1]:
                raise
    raise SourceError(f"{host} has no address", "check the address")


def _send(
    door: HTTPConnectionPool | ProxyManager, address: str, headers: dict[str, str]
) -> BaseHTTPResponse:
    """Send one request and leave everything else, redirects too, to the caller."""
    from urllib3 import Timeout

    return door.urlopen(
        "GET",
        address,
        headers=headers,
        timeout=Timeout(connect=_CONNECT, read=_READ),
        retries=False,
        redirect=False,
        assert_same_host=False,
        preload_content=False,
    )


# --- the answer ---------------------------------------------------------------------------------


def _body(response: BaseHTTPResponse, shown: str) -> bytes:
    if not 200 <= response.status < 300:
        raise SourceError(f"{shown} answered {response.status}", _remedy(response.status))
    written = response.headers.get("Content-Encoding", "")
    if not {part.strip().lower() for part in written.split(",")} <= _COMPRESSIONS:
        raise SourceError(f"{shown} sends its page as {written}, which nobody asked for", _SAVE)
    too_large = SourceError(f"{shown} is larger than {_LARGEST >> 20} MB", "give a smaller page")
    if (response.length_remaining or 0) > _LARGEST:
        raise too_large
    body = bytearray()
    for chunk in response.stream(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > _LARGEST:
            raise too_large
    return bytes(body)


def _charset(response: BaseHTTPResponse) -> str:
    header = Message()
    header["Content-Type"] = response.headers.get("Content-Type", "")
    return header.get_content_charset("")


def _remedy(status: int) -> str:
    match status:
        case 401 | 403 | 407 | 451:
            return f"the page is not for everybody: log in and {_SAVE}"
        case 404 | 410:
            return "the page is gone: check the address"
        case 408 | 425 | 429:
            return _LATER
        case _ if status >= 500:
            return f"the site has a problem: {_LATER}"
        case _:
            return _SAVE


def _connection_error(shown: str, problem: Exception) -> SourceError:
    """Return the error that says why a connection failed."""
    from urllib3 import exceptions

    root = problem
    while isinstance(cause := root.__cause__ or root.__context__, Exception):
        root = cause
    match problem:
        case exceptions.ProxyError():
            return SourceError(f"the proxy did not lead to {shown}", "check https_proxy")
        case exceptions.SSLError() | ssl.SSLError() if isinstance(root, ssl.CertificateError):
            return SourceError(
                f"the certificate of {shown} is not to be trusted ({root.verify_message})",
                "check the address; if your network does that on purpose, name the file of its "
                "certificate in SSL_CERT_FILE",
            )
        case exceptions.SSLError() | ssl.SSLError():
            return SourceError(f"no secure connection to {shown} ({root})", "check the address")
        case exceptions.NewConnectionError():
            reason = getattr(root, "strerror", "") or root
            return SourceError(
                f"no connection to {shown} ({reason})", "check the address and the network"
            )
        case exceptions.TimeoutError():
            return SourceError(f"{shown} does not answer", _LATER)
        case exceptions.DecodeError():
            return SourceError(f"{shown} sends a page that is packed wrong", _SAVE)
        case _:
            return SourceError(f"the connection to {shown} broke off ({root})", _LATER)
