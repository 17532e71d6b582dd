"""Recognisers in processes of their own: many streams, a budget, and nobody waits for a hung one.

Everything here belongs to one event loop and never blocks it. A worker that does not answer
within its deadline is killed and replaced, one that crashed is replaced; its streams end with
`StreamLost`, and the calls behind them go on by keys.
"""

import asyncio
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from speech.errors import RecogniserBusy, RecogniserUnavailable, SpeechError
from speech.pool_engines import EngineChoice
from speech.pool_messages import Frame, Kind, event_of, open_frame
from speech.pool_process import WorkerProcess, start_worker
from speech.streaming import Final, Listening, StreamEvent

log = structlog.get_logger()

LOOKS_IN_A_DEADLINE = 10
# Longer than it takes to decode an answer, shorter than anybody's patience.
STALLED_S = 2.0


@dataclass(frozen=True)
class StreamLost:
    """A stream ended without a result; `why` is for the log."""

    why: str


PoolEvent = StreamEvent | StreamLost
Tell = Callable[[PoolEvent], None]


@dataclass(frozen=True)
class PoolLimits:
    """`streams` is the most at once over all workers: what was measured to hold in real time.

    `deadline_s`: how long a worker may take over one frame. A worker that cannot start is tried
    again after `retry_s`, then twice as long, up to `longest_retry_s`.
    """

    workers: int = 1
    streams: int = 8
    deadline_s: float = 4.0
    loading_s: float = 60.0
    retry_s: float = 0.2
    longest_retry_s: float = 10.0


class PooledStream:
    """One caller's utterance at a worker; what comes of it is told to whoever opened it."""

    def __init__(self, place: "_Place", number: int, tell: Tell) -> None:
        self.over = False
        self._place = place
        self._number = number
        self._tell = tell

    def feed(self, pcm: bytes) -> None:
        self._send(Frame(Kind.FEED, self._number, pcm))

    @property
    def stalled(self) -> bool:
        """Whether the worker has not got on for so long that its silence tells nothing."""
        return not self.over and self._place.stalled

    def finish(self) -> None:
        """No more sound comes: a `Final` of what was heard so far follows."""
        self._send(Frame(Kind.FINISH, self._number))

    def close(self) -> None:
        """Give the place free; nothing more is told. Harmless when repeated."""
        if not self.over:
            self.over = True
            self._place.forget(self._number)

    def end(self, event: StreamLost | Final) -> None:
        self.over = True
        self._tell(event)

    def hear(self, event: StreamEvent) -> None:
        self._tell(event)

    def _send(self, frame: Frame) -> None:
        if not self.over and not self._place.send(frame):
            self._place.drop(self._number, "the worker is too far behind")


class Pool:
    """Use with `async with`. Workers load in the background: `free` is 0 until one is ready.

    `choose` is asked before each start of a worker, so that a model fetched meanwhile is found; it
    may raise any `SpeechError`.
    """

    def __init__(self, choose: Callable[[], EngineChoice], limits: PoolLimits) -> None:
        self.choose = choose
        self.limits = limits
        self.replaced = 0
        self._places = [_Place(self, number) for number in range(1, limits.workers + 1)]
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Pool":
        self._tasks = [asyncio.create_task(place.keep()) for place in self._places]
        self._tasks.append(asyncio.create_task(self._watch()))
        for task in self._tasks:
            task.add_done_callback(_told_when_it_fails)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def ready(self) -> bool:
        """Whether any worker has its engine loaded."""
        return any(place.worker for place in self._places)

    @property
    def loaded(self) -> str:
        """Engine and model, "" before one is loaded."""
        for place in self._places:
            if place.worker:
                return f"{place.worker.ready.engine} {place.worker.ready.model}".strip()
        return ""

    @property
    def used(self) -> int:
        return sum(len(place.streams) for place in self._places)

    @property
    def free(self) -> int:
        """How many more streams may be opened now."""
        return max(self.limits.streams - self.used, 0) if self.ready else 0

    @property
    def worker_pids(self) -> tuple[int, ...]:
        return tuple(place.worker.pid for place in self._places if place.worker)

    def open(self, listening: Listening, tell: Tell) -> PooledStream:
        """A stream at the worker that has least to do; its events are told to `tell` in the loop.

        Raises:
            RecogniserBusy: as many streams are open as were measured to hold.
            RecogniserUnavailable: no worker has its engine loaded.
        """
        places = [place for place in self._places if place.worker]
        if not places:
            raise RecogniserUnavailable("no recogniser is loaded")
        if not self.free:
            raise RecogniserBusy(f"all {self.limits.streams} streams are taken")
        return min(places, key=lambda place: len(place.streams)).open(listening, tell)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self.limits.deadline_s / LOOKS_IN_A_DEADLINE)
            for place in self._places:
                if place.worker and place.worker.hangs(self.limits.deadline_s):
                    log.error("speech worker hangs", pid=place.worker.pid)
                    place.worker.kill()


def _told_when_it_fails(task: asyncio.Task[None]) -> None:
    """A defect of ours must not end in silence."""
    if not task.cancelled() and (error := task.exception()):
        log.error("speech pool broke", exc_info=error)


class _Place:
    """Where one worker stands, and the next one when it is gone."""

    numbers = itertools.count(1)

    def __init__(self, pool: Pool, number: int) -> None:
        self.worker: WorkerProcess | None = None
        self.streams: dict[int, PooledStream] = {}
        self._pool = pool
        self._number = number

    async def keep(self) -> None:
        """Keep a worker here for good."""
        limits = self._pool.limits
        retry_s = limits.retry_s
        while True:
            try:
                worker = await start_worker(self._pool.choose(), self._hear, limits.loading_s)
            except (SpeechError, OSError) as error:
                log.error("speech worker does not start", why=str(error), again_in_s=retry_s)
                await asyncio.sleep(retry_s)
                retry_s = min(2 * retry_s, limits.longest_retry_s)
                continue
            log.info("speech worker ready", place=self._number, pid=worker.pid)
            self.worker, retry_s = worker, limits.retry_s
            try:
                await worker.listen()
            finally:
                self.worker = None
                self._lose_all("the worker ended")
            self._pool.replaced += 1
            log.error("speech worker ended", place=self._number, pid=worker.pid)
            # One that dies of every caller's first word must not be all that this machine does.
            await asyncio.sleep(limits.retry_s)

    def open(self, listening: Listening, tell: Tell) -> PooledStream:
        number = next(self.numbers) % 2**32
        stream = PooledStream(self, number, tell)
        if not self.send(open_frame(number, listening)):
            raise RecogniserBusy("the worker is too far behind")
        self.streams[number] = stream
        return stream

    @property
    def stalled(self) -> bool:
        return self.worker is None or self.worker.waits_s() > STALLED_S

    def send(self, frame: Frame) -> bool:
        return self.worker is not None and self.worker.send(frame)

    def forget(self, number: int) -> None:
        if self.streams.pop(number, None):
            self.send(Frame(Kind.CLOSE, number))

    def drop(self, number: int, why: str) -> None:
        if stream := self.streams.pop(number, None):
            self.send(Frame(Kind.CLOSE, number))
            stream.end(StreamLost(why))

    def _hear(self, frame: Frame) -> None:
        stream = self.streams.get(frame.stream)
        if stream is None:
            return  # its caller has gone
        if frame.kind is Kind.FAILED:
            del self.streams[frame.stream]
            stream.end(StreamLost(json.loads(frame.body)))
            return
        event = event_of(frame.kind, frame.body)
        if isinstance(event, Final):
            del self.streams[frame.stream]
            stream.end(event)
        elif event is not None:
            stream.hear(event)

    def _lose_all(self, why: str) -> None:
        lost, self.streams = self.streams, {}
        for stream in lost.values():
            stream.end(StreamLost(why))
