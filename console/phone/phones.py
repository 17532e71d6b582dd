"""What the telephone's page needs of the telephone side."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from ivr.seats import Seats
from ivr.switchboard import Switchboard

TURN_LIFE_S = 12 * 3600
PROXIED = "/phone/ws"
_LOCAL = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Phones:
    """`address` is the WebSocket of Asterisk as browsers reach it; without one it follows from the
    page's own: the same host and `port`, or behind a proxy the path /phone/ws.

    `own_certificate`: Asterisk itself speaks WSS. `ice` are STUN and TURN servers, `turn_secret` is
    what a TURN server shares with us. `desks` are the telephones on desks, by name.
    """

    seats: Seats
    switchboard: Switchboard
    port: int
    address: str | None = None
    own_certificate: bool = False
    ice: Sequence[str] = ()
    turn_secret: str = ""
    desks: Sequence[str] = ()

    @property
    def rings_out(self) -> bool:
        """Whether there is a line out, to ring people back."""
        return self.switchboard.trunk_server is not None

    def address_for(self, page: str) -> str:
        """Where a page of that address (its URL) connects."""
        if self.address is not None:
            return self.address
        parts = urlsplit(page)
        host = parts.hostname or "127.0.0.1"
        shown = f"[{host}]" if ":" in host else host
        if self.own_certificate:
            return f"wss://{shown}:{self.port}/ws"
        if parts.scheme == "http" and host in _LOCAL:
            return f"ws://{shown}:{self.port}/ws"
        return f"wss://{parts.netloc}{PROXIED}"

    def ice_servers(self, seat: str, now: datetime) -> list[dict[str, Any]]:
        """As `RTCPeerConnection` takes them; a TURN server's password is good for half a day."""
        expires = f"{round(now.timestamp()) + TURN_LIFE_S}:{seat}"
        digest = hmac.new(self.turn_secret.encode(), expires.encode(), hashlib.sha1).digest()
        access = {"username": expires, "credential": base64.b64encode(digest).decode()}
        return [
            {"urls": url} | (access if url.startswith("turn") and self.turn_secret else {})
            for url in self.ice
        ]


def origin_of(address: str) -> str:
    """Scheme, host and port: what a page's policy names."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
