"""Which address a request came from, although a reverse proxy stands before the web server."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from flask import request

from notifications.destinations import Network

_HEADER = "X-Forwarded-For"
_IPV6_BITS = 64  # one line's own: whoever has it has 2^64 addresses to ask from


def client_address(trusted: Iterable[Network]) -> str:
    """What requests of one client are counted by: an IPv4 address, or the /64 of an IPv6 one.

    `trusted` are the proxies whose word on it is taken. Each adds whom it was asked by at the end
    of the header; what stands before the first that is no proxy of ours, anybody may have written.
    """
    known = tuple(trusted)
    peer = request.remote_addr or ""
    found = _address(peer)
    said = ",".join(request.headers.getlist(_HEADER)).split(",")
    for each in reversed(said):
        if found is None or not any(found in network for network in known):
            break
        told = _address(each.strip())
        if told is None:
            break
        found = told
    if found is None:
        return peer
    if found.version == 6:
        return str(ip_network((int(found), _IPV6_BITS), strict=False))
    return str(found)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
