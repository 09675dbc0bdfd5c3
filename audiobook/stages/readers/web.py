"""Web pages: fetched within limits, and never from a private network unless that is allowed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.stages.readers.web_answers import LATER, SAVE, body_of, charset_of, connection_error
from audiobook.system import connection, public_hosts
from audiobook.version import __version__

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, HTTPConnectionPool, ProxyManager
    from urllib3.util import Url


_CONNECT, _READ, _IN_ALL = 10.0, 20.0, 60.0  # seconds
_REDIRECTS = 5
_UNCHANGED = 304
_HEADERS = {
    "User-Agent": f"audiobook/{__version__}",
    "Accept": "text/html, application/xhtml+xml, */*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
    "Accept-Language": "vi, *;q=0.5",
}


class Validators(NamedTuple):
    """What a site said of the edition of a page, by which it tells whether there is a newer one."""

    etag: str = ""
    modified: str = ""
    """The time of the last change, as the site wrote it."""


UNKNOWN = Validators()
"""Those of a page that was not fetched before."""


class FetchedPage(NamedTuple):
    """What an address led to."""

    data: bytes
    url: str
    """Where the last redirect led, without credentials."""
    charset: str
    """What the Content-Type header claims; an empty string where it does not."""
    validators: Validators = UNKNOWN
    is_unchanged: bool = False
    """Whether it is still the edition that was known, which is not sent again."""


def fetch(
    url: str,
    known: Validators = UNKNOWN,
    *,
    allow_private: bool = False,
    on_redirect: Callable[[str], None] = lambda _url: None,
) -> FetchedPage:
    """Fetch a page over HTTP or HTTPS.

    Certificates are verified and proxies taken from the environment. Every address that a host
    has is checked, at every redirect, and the connection goes to an address that was checked,
    so that no second look-up can lead elsewhere. Through a proxy the host is looked up there:
    then addresses written out and names that this computer knows are still refused, but the proxy
    decides where it goes for other names.

    Args:
        url: an ``http:`` or ``https:`` address; a user name and password in it are sent to that
            host and never shown.
        known: what the site said of the edition that is known, if that need not be sent again.
        allow_private: whether it may lead to this computer or a private network.
        on_redirect: called with each address that the site leads on to; it may raise an error.

    Raises:
        SourceError: no page came back, or one of more than 64 MB, or not within a minute.
    """
    outcome: Future[FetchedPage] = Future()
    answers = _Answers()

    def work() -> None:
        try:
            outcome.set_result(
                _follow_redirects(url, known, on_redirect, answers, allow_private=allow_private)
            )
        except Exception as problem:  # noqa: BLE001 (raised again by result())
            outcome.set_exception(problem)

    # A look-up, a handshake or slow headers can each take longer than any time-out of a socket.
    threading.Thread(target=work, name="fetch", daemon=True).start()
    try:
        return outcome.result(_IN_ALL)
    except TimeoutError as problem:
        answers.end()
        raise SourceError(
            message(
                "{url} took longer than {seconds:g} seconds",
                url=connection.bare(url),
                seconds=_IN_ALL,
            ),
            LATER,
        ) from problem


class _Answers:
    """The answer that a thread reads, which may be ended from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._current: BaseHTTPResponse | None = None
        self._has_ended = False

    def read_from(self, response: BaseHTTPResponse) -> None:
        """Note the answer that is read from now on."""
        with self._lock:
            self._current = response
            if self._has_ended:
                _shut_down(response)

    def end(self) -> None:
        """End the answer that is read, if there is one, and those that are still to come."""
        with self._lock:
            self._has_ended = True
            if self._current is not None:
                _shut_down(self._current)


def _shut_down(response: BaseHTTPResponse) -> None:
    with suppress(ValueError, RuntimeError, OSError):  # it has been read, or has broken off
        response.shutdown()


def _follow_redirects(
    url: str,
    known: Validators,
    on_redirect: Callable[[str], None],
    answers: _Answers,
    *,
    allow_private: bool,
) -> FetchedPage:
    from urllib3.exceptions import HTTPError

    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    headers = {name: value for name, value in headers.items() if value}
    for number in range(_REDIRECTS + 1):
        target = _parse_address(url)
        shown = target._replace(auth=None).url
        if number:
            on_redirect(shown)
        try:
            response = _request(target, headers, allow_private=allow_private)
            answers.read_from(response)
            try:
                location = response.get_redirect_location()
                if response.status == _UNCHANGED and headers:
                    return FetchedPage(b"", shown, "", known, is_unchanged=True)
                if not location:
                    validators = Validators(
                        response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
                    )
                    body = body_of(response, shown)
                    return FetchedPage(body, shown, charset_of(response), validators)
            finally:
                response.close()
        except (HTTPError, OSError) as problem:
            raise connection_error(shown, problem) from problem
        try:
            url = urljoin(target.url, location)
        except ValueError as problem:
            raise not_an_address(location) from problem
    raise SourceError(
        message("{url} was redirected {times} times", url=shown, times=_REDIRECTS + 1), SAVE
    )


def _parse_address(url: str) -> Url:
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    try:
        target = parse_url(url.strip())
    except LocationParseError as problem:
        raise not_an_address(url) from problem
    if target.scheme not in ("http", "https") or not target.host:
        raise SourceError(
            message("{url} is not a web address", url=connection.bare(url)),
            message("give one of http:// or https://"),
        )
    return target


def not_an_address(url: str) -> SourceError:
    """Return the error that says that this is not an address, such as ``http://[``."""
    return SourceError(
        message("{url} is not an address", url=connection.bare(url)), message("check its spelling")
    )


def _request(target: Url, headers: dict[str, str], *, allow_private: bool) -> BaseHTTPResponse:
    """Send one request, through a proxy if the environment names one."""
    from urllib3 import make_headers

    host = (target.host or "").strip("[]")
    headers = {**_HEADERS, **headers, "Host": target.netloc or ""}
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
    try:
        return public_hosts.addresses_of(host, port)
    except (OSError, UnicodeError) as problem:
        if not must:
            return []
        raise SourceError(
            message("no host {host} is known", host=host),
            connection.CHECK_NETWORK,
        ) from problem


def _refuse_private(host: str, addresses: list[str]) -> None:
    for address in addresses:
        if not public_hosts.is_public(address):
            raise SourceError(
                message("{host} is on a private network ({address})", host=host, address=address),
                message("use --allow-private if you mean to read from there"),
            )


def _proxy(scheme: str, host: str) -> str:
    proxy = connection.proxy_to(scheme, host)
    if proxy and not proxy.startswith(("http://", "https://")):
        raise SourceError(
            message("the proxy {proxy} is not one of HTTP", proxy=connection.bare(proxy)),
            message("name an HTTP proxy in https_proxy"),
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
                ssl_context=connection.trust_of("urllib3"),
            )
            if target.scheme == "https"
            else HTTPConnectionPool(address, target.port)
        )
        try:
            return _send(pool, target.request_uri, headers)
        except (ConnectTimeoutError, NewConnectionError):
            if address == addresses[-1]:
                raise
    raise SourceError(message("{host} has no address", host=host), message("check the address"))


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
