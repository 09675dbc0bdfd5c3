"""Tells the hosts of the public internet from this computer and the networks around it."""

from __future__ import annotations

import ipaddress
import socket

# IPv6 that carries IPv4 to where a gateway unpacks it (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# The IPv6 addresses that are given out (RFC 4291, 2.4).
_UNICAST = ipaddress.IPv6Network("2000::/3")


def addresses_of(host: str, port: int | None) -> list[str]:
    """Return all addresses of a host, in whatever way it is written (``0x7f.1`` is 127.0.0.1).

    Raises:
        OSError: the host is not known.
        UnicodeError: no host can have this name.
    """
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in addresses))


def is_public(address: str) -> bool:
    """Return whether an address, and any IPv4 address inside it, belongs to the public internet."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast
    if inside := ip.ipv4_mapped:
        return is_public(str(inside))
    if ip in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    carried = (ip.sixtofour, *(ip.teredo or ()))
    return (
        ip in _UNICAST
        and ip.is_global
        and all(is_public(str(carried_address)) for carried_address in carried if carried_address)
    )
