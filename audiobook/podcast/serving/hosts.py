"""The names and addresses by which this machine may be asked, on itself and on its network."""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

LOCALHOST = "127.0.0.1"

# A name or an address, and a port: what stands in a Host header.
_HOST = re.compile(r"(?P<name>[a-z0-9._-]+|\[[0-9a-f:.]+\])(?P<port>:\d{1,5})?", re.ASCII)
# Seconds in which a name of the local network is resolved, if it is at all.
_RESOLVING = 1.0


class OwnHosts:
    """Lets through requests for this machine, and no others.

    A page elsewhere whose name leads to this machine could read everything here as its own. Such a
    page has a name, so every numeric address is let through.

    Args:
        app: answers what is let through.
        names: other names by which this machine may be asked, such as that of a proxy before it.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str] = ()) -> None:
        self._app = app
        machine = machine_name()
        self._names = {"localhost", machine, f"{machine}.local", *map(str.lower, names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        app = self._app
        if scope["type"] == "http" and not self._is_own(Headers(scope=scope).get("host", "")):
            app = PlainTextResponse("Misdirected Request", 421)
        await app(scope, receive, send)

    def _is_own(self, host: str) -> bool:
        match = _HOST.fullmatch(host.lower())
        if match is None:
            return False
        name = match["name"].removesuffix(".")
        return name in self._names or _is_numeric(name.strip("[]"))


def _is_numeric(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def name_in(url: str) -> tuple[str, ...]:
    """Return the name of the host in an address; none if it has none."""
    host = urlsplit(url).hostname
    return (host,) if host else ()


def machine_name() -> str:
    """Return the name of this machine, without a domain."""
    return socket.gethostname().partition(".")[0].lower()


def local_network_address() -> str:
    """Return the address of this machine on its network; that of itself if there is no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: connecting a UDP socket only chooses the way out (RFC 5737 address).
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return LOCALHOST
        return str(probe.getsockname()[0])


def lasting_address(address: str) -> str:
    """Return an address by the name of this machine on its network, such as ``desk.local``.

    It stays when the router gives the machine another number. It is empty where the name (mDNS,
    RFC 6762) does not lead to this machine.
    """
    parts = urlsplit(address)
    name = _local_network_name()
    return parts._replace(netloc=f"{name}:{parts.port}").geturl() if name else ""


def _local_network_name() -> str:
    name = f"{machine_name()}.local"
    found: list[str] = []

    def resolve() -> None:
        try:
            answers = socket.getaddrinfo(name, None, socket.AF_INET)
        except OSError:
            return
        found.extend(str(address[4][0]) for address in answers)

    thread = threading.Thread(target=resolve, daemon=True)
    thread.start()
    thread.join(_RESOLVING)
    return name if local_network_address() in found else ""
