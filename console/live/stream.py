"""Server-sent events: what has changed, to one browser, until its time is over.

id: <position>           what the browser tells when it comes back
event: state | change    all parts, or those that are others now
event: again             the time is over: come back at once
event: over              signed out, or no longer allowed
event: displaced         a newer window of theirs has the place: come back when somebody looks
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from console.live.board import News
from console.live.hub import Hub, Listener

RETRY_MS = 2000
# A line that is dead is found out by writing on it; a browser that hears nothing begins anew.
HEARTBEAT_S = 5.0
NAP_S = 1.0

Render = Callable[[News], object]
"""What the browser is told of the news, as plain data."""


@dataclass(frozen=True)
class Stream:
    """`may_look` says whether the one who looks is still signed in and allowed to."""

    hub: Hub
    render: Render
    may_look: Callable[[], bool]
    lasts_s: float
    check_s: float
    clock: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic

    def events(self, listener: Listener, place: ExitStack, position: str | None) -> Iterator[str]:
        """The text of the stream; `place` is given back at its end, however it ends."""
        with place:
            begun = told = checked = self.monotonic()
            yield f"retry: {RETRY_MS}\n\n"
            while True:
                news = self.hub.news(
                    listener, position, 0.0 if position is None else min(NAP_S, self.check_s)
                )
                now = self.monotonic()
                if now - checked >= self.check_s:
                    checked = now
                    if not self.may_look():
                        yield _event("over", position, {})
                        return
                if news is not None:
                    position, told = news.position, now
                    yield _event("state" if news.whole else "change", position, self._told(news))
                elif now - told >= HEARTBEAT_S:
                    told = now
                    yield ": here\n\n"
                if listener.over.is_set():
                    yield _event("displaced", position, {})
                    return
                if self.hub.closing.is_set() or now - begun >= self.lasts_s:
                    yield _event("again", position, {})
                    return

    def _told(self, news: News) -> dict[str, object]:
        return {
            "now": self.clock().isoformat(),
            "put": self.render(news),
            "gone": list(news.gone),
        }


def _event(name: str, position: str | None, data: object) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"id: {position or ''}\nevent: {name}\ndata: {text}\n\n"
