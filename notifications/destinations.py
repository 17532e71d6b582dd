"""Where webhooks may go: not into the internal network, unless a setting opens a part of it.

Whoever may subscribe could else have this server ask machines that they cannot reach themselves.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from notifications.errors import BadDestination

MAX_URL_LENGTH = 2000
MAX_HOST_LENGTH, MAX_LABEL_LENGTH = 253, 63  # what names in the DNS may have
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# IPv6 networks whose addresses carry an IPv4 one, and how many bits stand behind it.
_CARRYING = (
    (ipaddress.ip_network("::ffff:0:0/96"), 0),  # mapped
    (ipaddress.ip_network("::/96"), 0),  # compatible; `::` and `::1` are no public ones either way
    (ipaddress.ip_network("::ffff:0:0:0/96"), 0),  # translated
    (ipaddress.ip_network("64:ff9b::/96"), 0),  # NAT64
    (ipaddress.ip_network("2002::/16"), 80),  # 6to4
)
# Internal ones that older Pythons call global: site-local, and NAT64 within a network.
_INTERNAL = (ipaddress.ip_network("fec0::/10"), ipaddress.ip_network("64:ff9b:1::/48"))


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
        elif not _is_name(parts.hostname):
            raise BadDestination("expected a host name of labels of 1 to 63 characters")
        if parts.scheme == "http" and not self._may_be_plain(literal):
            raise BadDestination("expected https: what is sent tells of people's reports")
        return parts

    def check_address(self, address: Address) -> None:
        """Pass where that machine may be asked.

        Raises:
            BadDestination: it is of the internal network, and no setting opens it.
        """
        plain = _meant(address)
        internal = any(plain in network for network in _INTERNAL)
        if plain.is_global and not plain.is_multicast and not internal:
            return
        if not any(each in network for each in (plain, address) for network in self.allowed):
            raise BadDestination("the address is of an internal network that is not opened")

    def _may_be_plain(self, literal: Address | None) -> bool:
        # Within the machine, or the networks that the operator opened, nobody listens in.
        return literal is not None and any(literal in network for network in self.allowed)


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one carries, for translators on the way; else itself."""
    for network, last_bit in _CARRYING:
        if address in network:
            return ipaddress.IPv4Address(int(address) >> last_bit & 0xFFFF_FFFF)
    return address


def _is_name(host: str) -> bool:
    name = host.removesuffix(".")
    labels = name.split(".")
    return len(name) <= MAX_HOST_LENGTH and all(
        1 <= len(label) <= MAX_LABEL_LENGTH for label in labels
    )


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
