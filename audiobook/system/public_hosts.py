"""Tells the hosts of the public internet from this computer and the networks around it."""

from __future__ import annotations

import ipaddress
import socket

# One table for all versions of Python, whose own lists differ and lack what clouds have added.
# Sources: the IANA registries of special-purpose addresses for IPv4 and IPv6, looked up in 2026,
# with the document that reserves each; for clouds what their own documents say.
# Services of servers themselves (the metadata of clouds, with passwords in it) lie in some of them.
_NOT_PUBLIC_IPV4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network (RFC 791)
        "10.0.0.0/8",  # private (RFC 1918)
        "100.64.0.0/10",  # shared by providers (RFC 6598); 100.100.100.200 is Alibaba's metadata
        "127.0.0.0/8",  # this computer (RFC 1122)
        "168.63.129.16/32",  # a host of Azure's for its machines, outside of any reserved network
        "169.254.0.0/16",  # this link (RFC 3927); 169.254.169.254 is the metadata of most clouds
        "172.16.0.0/12",  # private (RFC 1918)
        "192.0.0.0/24",  # protocols (RFC 6890); 192.0.0.192 is Oracle's metadata
        "192.0.2.0/24",  # documents (RFC 5737)
        "192.88.99.0/24",  # relays into IPv6 that were given up (RFC 7526)
        "192.168.0.0/16",  # private (RFC 1918)
        "198.18.0.0/15",  # measurements (RFC 2544)
        "198.51.100.0/24",  # documents (RFC 5737)
        "203.0.113.0/24",  # documents (RFC 5737)
        "224.0.0.0/3",  # groups of hosts, and all that is kept for later (RFC 5771, RFC 1112)
    )
)
# What is given out of IPv6 (RFC 4291, 2.4); all else is this computer, this link, private
# (fd00:ec2::254 is Amazon's metadata), groups of hosts, or kept for later.
_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_IPV6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocols, among them tunnels that carry IPv4 (RFC 2928, RFC 4380)
        "2001:db8::/32",  # documents (RFC 3849)
        "2002::/16",  # a tunnel that carries IPv4 and was given up (RFC 7526)
        "3fff::/20",  # documents (RFC 9637)
    )
)
# IPv6 that carries IPv4 to where a gateway unpacks it (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


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
        return not any(ip in network for network in _NOT_PUBLIC_IPV4)
    if inside := ip.ipv4_mapped:
        return is_public(str(inside))
    if ip in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip in _GIVEN_OUT and not any(ip in network for network in _NOT_PUBLIC_IPV6)
