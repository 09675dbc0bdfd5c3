"""Connects to servers, directly or through the proxy of the environment, with certificates."""

from __future__ import annotations

import errno
import os
import re
import socket
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from audiobook.errors import UsageError
from audiobook.messages import Message, message

if TYPE_CHECKING:
    import ssl
    from urllib.parse import SplitResult

    from urllib3 import PoolManager, ProxyManager

CHECK_NETWORK = message("check the address and the network connection")
"""The remedy where a host cannot be reached at all."""

_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
# No connection comes about: nothing between here and there, or nobody who listens there.
_NO_CONNECTION = {
    errno.ECONNREFUSED,
    errno.ENETUNREACH,
    errno.EHOSTUNREACH,
    errno.ENETDOWN,
    errno.EHOSTDOWN,
    errno.EADDRNOTAVAIL,
}


def parts_of(url: str) -> SplitResult | None:
    """Return the parts of an address; None if it is not one, such as ``http://[``.

    >>> parts_of("https://example.org/a").hostname, parts_of("http://[")
    ('example.org', None)
    """
    try:
        parts = urlsplit(url)
        _ = parts.hostname, parts.port  # raises for a port that is not a number
    except ValueError:
        return None
    return parts


def proxy_to(scheme: str, host: str) -> str:
    """Return the address of the proxy that the environment names for a host; empty for none."""
    import urllib.request

    proxies = urllib.request.getproxies()
    proxy = proxies.get(scheme) or proxies.get("all", "")
    if not proxy or urllib.request.proxy_bypass(host):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def through(proxy: str) -> ProxyManager:
    """Return a manager of connections through a proxy, with the login in its address.

    Raises:
        urllib3.exceptions.HTTPError: this is not the address of an HTTP proxy.
    """
    import urllib3

    login = urllib3.util.parse_url(proxy).auth
    return urllib3.ProxyManager(
        proxy,
        proxy_headers=urllib3.make_headers(proxy_basic_auth=unquote(login)) if login else None,
        ssl_context=trust_of("urllib3"),
        proxy_ssl_context=trust_of("urllib3 to a proxy"),
    )


def pool_to(url: str) -> PoolManager:
    """Return a manager of connections to the host of an address, as the environment says.

    Raises:
        urllib3.exceptions.HTTPError: the proxy of the environment has no right address.
    """
    import urllib3

    address = urlsplit(url)
    proxy = proxy_to(address.scheme, address.hostname or "")
    return through(proxy) if proxy else urllib3.PoolManager(ssl_context=trust_of("urllib3"))


def trust_of(library: str) -> ssl.SSLContext:
    """Return the context by which a library decides which servers are trusted.

    It trusts the certificates of the system, those of certifi, and those that the environment
    names: SSL_CERT_FILE, REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE name a file or a folder,
    SSL_CERT_DIR folders. Folders are as `openssl rehash` leaves them. With SSL_CERT_FILE, OpenSSL
    leaves out the system's own file.

    It takes a tenth of a second to make, and is made anew when the environment changes. Libraries
    do not share one, because they may change it.

    Raises:
        UsageError: the environment names what holds no certificates.
    """
    return _trust_of(library, _named_certificates())


@lru_cache(maxsize=8)
def _trust_of(_library: str, certificates: tuple[tuple[str, str], ...]) -> ssl.SSLContext:
    import ssl

    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    for variable, place in certificates:
        places = place.split(os.pathsep) if variable == "SSL_CERT_DIR" else [place]
        for path in map(Path, filter(None, places)):
            try:
                if path.is_dir():
                    context.load_verify_locations(capath=path)
                else:
                    context.load_verify_locations(path)
            except OSError as problem:  # an SSLError is one
                raise UsageError(
                    message(
                        "{variable} names {path}, which cannot be used: {reason}",
                        variable=variable,
                        path=path,
                        reason=problem,
                    ),
                    message(
                        "name a file of certificates in PEM, or unset {variable}", variable=variable
                    ),
                ) from problem
    return context


def _named_certificates() -> tuple[tuple[str, str], ...]:
    """Return the variables of the environment that name certificates, with their values."""
    values = ((variable, os.environ.get(variable, "")) for variable in _CERTIFICATES)
    return tuple((variable, value) for variable, value in values if value)


def is_unreachable(cause: BaseException) -> bool:
    """Return whether no connection came about, so that nothing was sent.

    Args:
        cause: the first exception of a chain, as the system raised it.
    """
    is_unknown_host = isinstance(cause, socket.gaierror)
    return is_unknown_host or (isinstance(cause, OSError) and cause.errno in _NO_CONNECTION)


class Failure(NamedTuple):
    """Why a connection failed, as the user is told."""

    what: Message
    remedy: Message | None
    """What to do about it; None where nothing helps but another try."""
    may_pass: bool
    """Whether the same request may succeed later."""


def explain(host: str, problem: Exception) -> Failure:
    """Return why a connection failed.

    Args:
        host: the address or the host, as it may be shown.
        problem: what urllib3 raised.
    """
    import ssl

    from urllib3 import exceptions

    root: BaseException = problem
    while cause := root.__cause__ or root.__context__:
        root = cause
    match problem:
        case exceptions.ProxyError() | exceptions.ProxySchemeUnknown():
            what = message("the proxy did not lead to {host}", host=host)
            return Failure(what, message("check https_proxy"), may_pass=False)
        case exceptions.SSLError() | ssl.SSLError() if isinstance(root, ssl.CertificateError):
            what = message(
                "the certificate of {host} is not to be trusted ({reason})",
                host=host,
                reason=root.verify_message,
            )
            remedy = message(
                "check the address; if your network looks into connections on purpose, name the "
                "file of its certificate in SSL_CERT_FILE"
            )
            return Failure(what, remedy, may_pass=False)
        case exceptions.SSLError() | ssl.SSLError():
            what = message("no secure connection to {host} ({reason})", host=host, reason=root)
            return Failure(what, message("check the address"), may_pass=False)
        case exceptions.NameResolutionError() | exceptions.LocationValueError():
            name = re.sub(r"^https?://([^/?#]*).*", r"\1", host)
            what = message("no host {host} is known", host=name)
            return Failure(what, CHECK_NETWORK, may_pass=False)
        case exceptions.NewConnectionError():
            what = message("no connection to {host} ({reason})", host=host, reason=root)
            return Failure(what, CHECK_NETWORK, may_pass=True)
        case exceptions.TimeoutError():
            return Failure(message("{host} does not answer", host=host), None, may_pass=True)
        case _:
            what = message("the connection to {host} broke off ({reason})", host=host, reason=root)
            return Failure(what, None, may_pass=True)


def bare(url: str) -> str:
    """Return an address without credentials, as it may be shown."""
    return re.sub(r"//[^/?#]*@", "//", url)
