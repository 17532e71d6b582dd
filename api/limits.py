"""How many requests are taken of one token, or of one address without one; more are put off.

Counted where the settings say: in the process's own memory (the web server runs one process), or
in Redis where several servers share the work. The only file that imports `limits`.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields

import structlog
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from api.errors import TooMany

log = structlog.get_logger()

MEMORY = "memory://"
# A counter that does not answer must not hold up every request.
_REDIS: Mapping[str, float] = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}


@dataclass(frozen=True)
class Allowance:
    """The limits of one installation, written like `300/minute`.

    Attributes:
        storage: where is counted: `memory://` or `redis://HOST:PORT/0`.
        reading, writing: of one token.
        whole: lists as one file and figures over everything, of one token.
        unknown: of one address, without a valid token.
        signing_in: tries with a password, from one address and for one account.
        anonymous: what takes no token, of one address; long lists cost more.
        citizen_browser: reports over the citizens' page, of one browser at one address.
        citizen_address: the same of one address, which a mobile network's customers may share.
        citizen_additions: what is added to reports there, photos included, of one address.
        citizen_tries: look-ups there, of one address; wrong ones are counted besides, and stay.
        citizen_looks: suggestions while somebody types, of one address.
    """

    storage: str = MEMORY
    reading: str = "1200/minute"
    writing: str = "300/minute"
    whole: str = "20/minute"
    unknown: str = "120/minute"
    signing_in: str = "10/minute"
    anonymous: str = "120/minute"
    citizen_browser: str = "5/hour"
    citizen_address: str = "30/hour"
    citizen_additions: str = "60/hour"
    citizen_tries: str = "120/hour"
    citizen_looks: str = "120/minute"


class Limits:
    """Counts requests against an `Allowance`; `who` is a token's id, an address, an account."""

    def __init__(self, allowance: Allowance) -> None:
        options = _REDIS if allowance.storage.startswith(("redis://", "rediss://")) else {}
        storage = storage_from_string(allowance.storage, wrap_exceptions=True, **options)
        self._limiter = MovingWindowRateLimiter(storage)
        self._items: Mapping[str, RateLimitItem] = {
            kind.name: parse(getattr(allowance, kind.name))
            for kind in fields(allowance)
            if kind.name != "storage"
        }

    def count(self, kind: str, who: str, cost: int = 1) -> None:
        """Count one more request, or one that is as much work as `cost` of them.

        Raises:
            TooMany: it was one too many; it is not counted.
        """
        wait_s = self.put_off(kind, who, cost)
        if wait_s is not None:
            item = self._items[kind]
            raise TooMany(
                f"more than {item.amount} requests in {item.get_expiry()} s: "
                f"the next is taken in {wait_s} s",
                wait_s,
            )

    def put_off(self, kind: str, who: str, cost: int = 1) -> int | None:
        """As `count`; None, or the seconds until the next is taken."""
        item = self._items[kind]
        try:
            if self._limiter.hit(item, kind, who, cost=min(cost, item.amount)):
                return None
            window = self._limiter.get_window_stats(item, kind, who)
        except StorageError as error:
            # Better too many requests than none: the counter is no part of the work itself.
            log.warning("requests are not counted", error=type(error.storage_error).__name__)
            return None
        return max(1, math.ceil(window.reset_time - time.time()))
