"""One pair of eyes for everybody who looks through this process.

It opens with the first listener and shuts with the last: one thread looks at the calls, one at the
services, one at Asterisk's queue. Several web servers each have their own; nothing is shared but
the tables and Asterisk.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from console.errors import TooManyStreams
from console.live.board import Board, News
from console.live.facts import PartHealth
from console.live.looking import Queue, Today, count_today, look_at_calls, names_of, parts_of
from console.services import ConsoleServices
from ivr.live_calls import LiveCall, LiveCalls
from storage.database import reading

log = structlog.get_logger()

LOOK_EVERY_S = 0.3
SLOW_EVERY_S = 5.0
LONGEST_PAUSE_S = 30.0  # between tries of what breaks each time
# One person's forgotten windows shall not keep everybody else's away.
MOST_OF_ONE = 4
JOIN_S = 2.0


@dataclass(eq=False)
class Listener:
    """Somebody who looks; `over` is set when a newer window of theirs took the place."""

    whose: str
    over: threading.Event = field(default_factory=threading.Event)


class Hub:
    """The live view of one web server."""

    def __init__(
        self, services: ConsoleServices, forget: Callable[[], None] = lambda: None
    ) -> None:
        """`forget` is called when nobody looks any more: nothing is to be kept of what was seen."""
        self._services = services
        self._forget_shown = forget
        self._changed = threading.Condition()
        self._look = threading.Lock()
        self._board = Board()
        self._calls = LiveCalls()
        self._seen: dict[str, LiveCall] = {}
        self._stale_since: datetime | None = None
        self._health: Sequence[PartHealth] = ()
        self._today = Today()
        self._last_queue = Queue(there=False)
        self._names: dict[str, str] = {}
        self._named: set[str] = set()  # ids and names that were asked for
        self._listeners: OrderedDict[Listener, None] = OrderedDict()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._opening = threading.Lock()
        self.closing = threading.Event()

    @property
    def open(self) -> bool:
        """Whether anybody looks."""
        return bool(self._threads)

    @contextmanager
    def listening(self, whose: str) -> Iterator[Listener]:
        """A place among those who look, for as long as this lasts.

        Raises:
            TooManyStreams: all places are taken.
        """
        listener = Listener(whose)
        with self._changed:
            own = [each for each in self._listeners if each.whose == whose]
            for oldest in own[: max(0, len(own) - MOST_OF_ONE + 1)]:
                oldest.over.set()
                del self._listeners[oldest]
            if len(self._listeners) >= self._services.live.streams:
                raise TooManyStreams(f"{self._services.live.streams} pages are kept up to date")
            self._listeners[listener] = None
            self._changed.notify_all()
        try:
            self._open()
            yield listener
        finally:
            with self._changed:
                self._listeners.pop(listener, None)
            self._shut()

    def now(self) -> News:
        """Everything, as fresh as if somebody had looked all the time."""
        if not self._threads:
            self._look_at_queue()
            self._look_at_services()
            with self._opening:
                if not self._threads:
                    self._look_around()
                    with self._changed:
                        news = self._board.since(None)
                    self._forget()
                    return news
        with self._changed:
            return self._board.since(None)

    def news(self, listener: Listener, position: str | None, timeout_s: float) -> News | None:
        """What came after that position, as soon as there is anything; None where nothing did."""

        def told() -> bool:
            over = listener.over.is_set() or self.closing.is_set()
            return over or self._board.is_news(position)

        with self._changed:
            self._changed.wait_for(told, timeout_s)
            return self._board.since(position) if self._board.is_news(position) else None

    def close(self) -> None:
        """The server ends: so do all streams, at once."""
        self.closing.set()
        with self._changed:
            self._changed.notify_all()

    def _open(self) -> None:
        with self._opening:
            if self._threads:
                return
            self._stop = threading.Event()
            self._look_at_queue()  # the services' health tells of it
            self._look_at_services()
            self._look_around()
            self._start(self._repeat, LOOK_EVERY_S, self._look_around, self._stop)
            self._start(self._repeat, SLOW_EVERY_S, self._look_at_services, self._stop)
            if self._services.live.queue is not None:
                self._start(self._services.live.queue.run, self._stop)

    def _shut(self) -> None:
        with self._opening:
            with self._changed:
                if self._listeners or not self._threads:
                    return
            self._stop.set()
            threads, self._threads = self._threads, []
            for thread in threads:
                thread.join(JOIN_S)
            self._forget()

    def _forget(self) -> None:
        """Nobody looks: callers' words are not kept for nobody."""
        with self._look:
            self._seen, self._calls = {}, LiveCalls()
            with self._changed:
                self._board.forget()
        self._forget_shown()

    def _start(self, work: Callable[..., None], *values: object) -> None:
        thread = threading.Thread(target=work, args=values, name="live view", daemon=True)
        thread.start()
        self._threads.append(thread)

    def _repeat(self, every_s: float, work: Callable[[], None], stop: threading.Event) -> None:
        broke, pause_s = "", every_s
        while not stop.wait(pause_s):
            try:
                work()
                broke, pause_s = "", every_s
            except Exception as error:  # a view that broke once shall not stand still for ever
                if broke != type(error).__name__:
                    broke = type(error).__name__
                    log.exception("live view broke", error=broke)
                pause_s = min(LONGEST_PAUSE_S, pause_s * 2)

    def _look_around(self) -> None:
        services = self._services
        with self._look:
            queue = self._last_queue
            try:
                self._seen = dict(look_at_calls(services.engine, self._calls))
                queue = self._last_queue = self._queue()
                self._stale_since = None
            except SQLAlchemyError as error:
                if self._stale_since is None:  # told once, not three times a second
                    self._stale_since = services.clock()
                    log.warning("calls not seen", error=type(error).__name__)
            parts = parts_of(self._seen, queue, self._health, self._today, self._stale_since)
            with self._changed:
                if self._board.put(parts):
                    self._changed.notify_all()

    def _look_at_services(self) -> None:
        try:
            self._health = tuple(self._services.live.health())
            with reading(self._services.engine) as session:
                self._today = count_today(session, self._services)
        except (SQLAlchemyError, OSError) as error:
            log.warning("services not seen", error=type(error).__name__)

    def _look_at_queue(self) -> None:
        if self._services.live.queue is not None:
            self._services.live.queue.look()

    def _queue(self) -> Queue:
        watch = self._services.live.queue
        if watch is None:
            return Queue(there=False)
        state, away_since = watch.state()
        ids = {each.name for each in state.agents} if state is not None else set()
        if ids - self._named:
            with reading(self._services.engine) as session:
                self._names = {**self._names, **names_of(session, ids - self._named)}
            self._named |= ids
        return Queue(
            state, away_since, names={each: self._names[each] for each in ids & self._names.keys()}
        )
