"""One worker process as the service sees it: frames in and out, and a deadline for each answer."""

import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Callable

from speech.errors import RecogniserUnavailable, RecognitionFailed
from speech.pool_engines import EngineChoice
from speech.pool_messages import HEAD, Frame, Kind, Ready, unpack_head

# What may wait for a worker: ten callers' sound of twelve seconds. A worker that is so far behind
# gives answers to callers who have gone.
MAX_WAITING_BYTES = 2_000_000
LEAVING_LIMIT_S = 0.5


class WorkerProcess:
    """A running worker. Nothing here blocks; what it says is told to `hear`."""

    def __init__(self, process: Process, ready: Ready, hear: Callable[[Frame], None]) -> None:
        assert process.stdin is not None
        self.ready = ready
        self.pid = process.pid
        self._process = process
        self._inlet = process.stdin
        self._hear = hear
        # When each frame that is not yet dealt with was sent, by time.monotonic.
        self._sent_at: deque[float] = deque()
        self._answered_at = time.monotonic()
        self._late = False

    def send(self, frame: Frame) -> bool:
        """Whether there was room for it in the queue."""
        transport = self._inlet.transport
        if transport.is_closing() or transport.get_write_buffer_size() > MAX_WAITING_BYTES:
            return False
        self._sent_at.append(time.monotonic())
        self._inlet.write(frame.packed())
        return True

    def waits_s(self) -> float:
        """How long the worker has been busy with what it works on; 0 when it has nothing to do."""
        if not self._sent_at:
            return 0.0
        return time.monotonic() - max(self._sent_at[0], self._answered_at)

    def hangs(self, deadline_s: float) -> bool:
        """Whether it was over its deadline twice in a row when asked.

        Twice: after our own loop or the whole machine stood still, its answers lie in the pipe.
        """
        late = self.waits_s() > deadline_s
        hangs = late and self._late
        self._late = late
        return hangs

    async def listen(self) -> None:
        """Hand on what the worker says until it ends, in whichever way."""
        assert self._process.stdout is not None
        try:
            while True:
                frame = await read_frame(self._process.stdout)
                if frame.kind is Kind.DONE:
                    if self._sent_at:
                        self._sent_at.popleft()
                    self._answered_at = time.monotonic()
                else:
                    self._hear(frame)
        except (asyncio.IncompleteReadError, ConnectionError, RecognitionFailed):
            pass  # it has ended, or says what no worker of ours says
        finally:
            await self.end()

    def kill(self) -> None:
        """End it at once, stopped or not; `listen` comes back."""
        if self._process.returncode is None:
            self._process.kill()

    async def end(self) -> None:
        """Have it ended, and waited for: it leaves by itself once its pipe is closed."""
        self._inlet.close()
        try:
            async with asyncio.timeout(LEAVING_LIMIT_S):
                await self._process.wait()
        except BaseException as error:  # or the pool is closed meanwhile
            self.kill()
            await self._process.wait()
            if not isinstance(error, TimeoutError):
                raise


async def start_worker(
    choice: EngineChoice, hear: Callable[[Frame], None], limit_s: float
) -> WorkerProcess:
    """A worker that has loaded its engine.

    Raises:
        RecogniserUnavailable: it says that it cannot, ended, or was not ready within `limit_s`.
    """
    command = (sys.executable, "-m", "speech.pool_worker", choice.as_text())
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(limit_s):
            frame = await read_frame(process.stdout)
        if frame.kind is not Kind.READY:
            raise RecogniserUnavailable(json.loads(frame.body))
        return WorkerProcess(process, Ready(**json.loads(frame.body)), hear)
    except BaseException as error:
        if process.returncode is None:
            process.kill()
        await process.wait()
        match error:
            case TimeoutError():
                raise RecogniserUnavailable(f"not loaded within {limit_s:g} s") from error
            case asyncio.IncompleteReadError() | ConnectionError() | RecognitionFailed():
                ended = f"ended with {process.returncode} while loading"
                raise RecogniserUnavailable(ended) from error
            case _:
                raise


async def read_frame(outlet: asyncio.StreamReader) -> Frame:
    """The next frame.

    Raises:
        RecognitionFailed: what came is none.
        asyncio.IncompleteReadError: the worker has ended.
    """
    kind, stream, length = unpack_head(await outlet.readexactly(HEAD.size))
    return Frame(kind, stream, await outlet.readexactly(length) if length else b"")
