"""Where webhooks may go: not into the internal network, unless a setting opens a part of it.

Whoever may subscribe could else have this server ask machines that they cannot reach themselves.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from notifications.errors import BadDestination

MAX_URL_LENGTH = 2000
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Destinations:
    """`allowed`: networks that are asked although they are internal, `10.1.2.0/24`."""

    allowed: tuple[Network, ...] = ()

    def check_url(self, url: str) -> SplitResult:
        """The parts of a URL that may be subscribed with; where its name leads is seen later.

        Raises:
            BadDestination: it is none, holds a name and password, or is neither https nor local.
        """
        if len(url) > MAX_URL_LENGTH or not url.isascii() or not url.isprintable() or " " in url:
            raise BadDestination("expected a URL of printable ASCII characters without spaces")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise BadDestination("expected a URL such as https://example.vn/hook") from error
        if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
            raise BadDestination("expected a URL such as https://example.vn/hook")
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise BadDestination("expected a URL without a name, a password or a fragment")
        literal = _literal(parts.hostname)
        if literal is not None:
            self.check_address(literal)
        if parts.scheme == "http" and not self._may_be_plain(literal):
            raise BadDestination("expected https: what is sent tells of people's reports")
        return parts

    def check_address(self, address: Address) -> None:
        """Pass where that machine may be asked.

        Raises:
            BadDestination: it is of the internal network, and no setting opens it.
        """
        plain = getattr(address, "ipv4_mapped", None) or address
        if plain.is_global and not plain.is_multicast:
            return
        if not any(plain in network for network in self.allowed):
            raise BadDestination("the address is of an internal network that is not opened")

    def _may_be_plain(self, literal: Address | None) -> bool:
        # Within the machine, or the networks that the operator opened, nobody listens in.
        return literal is not None and any(literal in network for network in self.allowed)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
