"""Connects to servers, directly or through the proxy of the environment, with certificates."""

from __future__ import annotations

import os
import re
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    import ssl

    from urllib3 import ProxyManager


def proxy_to(scheme: str, host: str) -> str:
    """Return the address of the proxy that the environment names for a host; empty for none."""
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
        ssl_context=trust(),
    )


def trust() -> ssl.SSLContext:
    """Return a context that trusts the certificates of the system and those of certifi."""
    import ssl

    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(os.environ.get("REQUESTS_CA_BUNDLE") or certifi.where())
    return context


def bare(url: str) -> str:
    """Return an address without credentials, as it may be shown."""
    return re.sub(r"//[^/?#]*@", "//", url)
