"""What settings of the telephone side must look like before they are written for Asterisk.

Every function here raises BadSetting with the name of the variable that is wrong.
"""

import ipaddress
import re
from dataclasses import dataclass

from hotline.errors import BadSetting
from ivr.queue_members import QUEUE

SMALLEST_PREFIX = {4: 16, 6: 32}  # a larger network is not one carrier's
PHONE = "phone"
MANAGER = "manager"
_TAKEN_NAMES = frozenset({PHONE, QUEUE, "trunk", "udp", "tcp", "global", "system"})


@dataclass(frozen=True)
class Registration:
    """How we make ourselves known to a carrier that wants it."""

    user: str
    secret: str
    host: str


def literal(value: str) -> str:
    """`value` as Asterisk reads it back unchanged: a semicolon would begin a comment.

    Raises:
        BadSetting: it holds a character that ends a line or cannot be written.
    """
    if any(not character.isprintable() for character in value):
        raise BadSetting("HOTLINE_TRUNK_REGISTRATION: expected printable characters only")
    return value.replace(";", "\\;")


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def ports(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdigit() and last.isdigit() and 1024 <= int(first) < int(last) < 65536):
        raise BadSetting(
            f"HOTLINE_RTP_PORTS: expected FIRST-LAST, such as 20000-20499, found {text!r}"
        )
    return int(first), int(last)


def network(text: str, setting: str) -> str:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise BadSetting(
            f"{setting}: expected an address or network, found {text!r} "
            "(a name would let whoever answers for it in the DNS call in as the carrier)"
        ) from None
    if network.prefixlen < SMALLEST_PREFIX[network.version]:
        raise BadSetting(f"{setting}: {text} is too wide to be one carrier's")
    return str(network)


def registration(text: str | None, addresses: tuple[str, ...]) -> Registration | None:
    if text is None:
        return None
    account, _, host = text.rpartition("@")
    user, _, secret = account.partition(":")
    if not (user and secret and host):
        raise BadSetting("HOTLINE_TRUNK_REGISTRATION: expected USER:SECRET@HOST")
    if not addresses:
        raise BadSetting(
            "HOTLINE_TRUNK_REGISTRATION: expected the carrier's addresses in "
            "HOTLINE_TRUNK_ADDRESSES too, since its calls are known by them"
        )
    return Registration(user, secret, host)


def trunk_server(server: str | None, addresses: tuple[str, ...], shown: str) -> str | None:
    if server is not None and not re.fullmatch(r"[0-9A-Za-z.-]+(:[0-9]{1,5})?", server):
        raise BadSetting(f"HOTLINE_TRUNK_SERVER: expected HOST or HOST:PORT, found {server!r}")
    if server is not None and not addresses:
        raise BadSetting(
            "HOTLINE_TRUNK_SERVER: expected the carrier's addresses in HOTLINE_TRUNK_ADDRESSES too"
        )
    # Who is rung sees it, and the dialplan takes it for the number called.
    if server is not None and not re.fullmatch(r"[0-9]{3,15}", shown):
        raise BadSetting(f"expected a hotline number of 3 to 15 digits to show, found {shown!r}")
    return server


def emergency_numbers(numbers: tuple[str, ...], server: str | None) -> tuple[str, ...]:
    for number in numbers:
        if not re.fullmatch(r"[0-9]{3,5}", number):
            raise BadSetting(f"expected emergency numbers of 3 to 5 digits, found {number!r}")
    if numbers and server is None:
        raise BadSetting(
            "HOTLINE_EMERGENCY_DIAL: expected where calls go out in HOTLINE_TRUNK_SERVER"
        )
    return numbers


def operators(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if not re.fullmatch(r"[a-z0-9]{2,20}", name) or name in _TAKEN_NAMES:
            raise BadSetting(
                "HOTLINE_OPERATORS: expected names of 2 to 20 small letters and digits, "
                f"found {name!r}"
            )
        if names.count(name) > 1:
            raise BadSetting(f"HOTLINE_OPERATORS: {name!r} stands there twice")
    return names


def reachable(server: str, setting: str = "HOTLINE_AGI_BINDS") -> str:
    host, _, port = server.rpartition(":")
    if not host or not port.isdigit():
        raise BadSetting(f"{setting}: expected HOST:PORT, found {server!r}")
    # A server that listens everywhere is reached on this machine.
    return f"127.0.0.1:{port}" if host == "0.0.0.0" else server


def loopback(bind: str, setting: str) -> tuple[str, str]:
    """Host and port; who can reach it can do with calls what they like, so nobody else may."""
    host, _, port = bind.rpartition(":")
    plain = host.strip("[]")
    if not port.isdigit() or not is_address(plain) or not ipaddress.ip_address(plain).is_loopback:
        raise BadSetting(f"{setting}: expected an address of this machine alone, found {bind!r}")
    return plain, port
