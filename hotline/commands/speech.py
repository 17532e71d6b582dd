"""`hotline speech`: the service that listens to callers' answers in words."""

import asyncio
import signal
import time

import click

from hotline.logs import configure_logs
from hotline.settings import read_settings
from hotline.watchdog import watch_over_me

# Asterisk waits for a service that stands still, and its callers with it: nobody for long.
SILENT_S = 0.6
BEAT_S = 0.2
STILL_S = 0.5


class _Pulse:
    """When the event loop last went round; before it runs, there is nothing to stand still."""

    def __init__(self) -> None:
        self._beaten_at: float | None = None

    def lives(self) -> bool:
        return self._beaten_at is None or time.monotonic() - self._beaten_at < STILL_S

    async def beat(self) -> None:
        while True:
            self._beaten_at = time.monotonic()
            await asyncio.sleep(BEAT_S)


@click.command()
@click.option("--bind", help="HOST:PORT to listen on instead of HOTLINE_SPEECH_BIND.")
def speech(bind: str | None) -> None:
    """Listen to callers' answers, for Asterisk and the conversation servers."""
    settings = read_settings()
    if settings.speech == "none":
        raise click.ClickException("expected an engine in HOTLINE_SPEECH, found none")
    configure_logs()
    pulse = _Pulse()
    # It forks, so before there are threads.
    end_watch = watch_over_me(SILENT_S, BEAT_S, pulse.lives)
    from hotline.answer_engine import answer_engine
    from speech.pool import Pool, PoolLimits
    from speech.service import SpeechService

    async def serve(bind: str) -> None:
        host, _, port = bind.rpartition(":")
        limits = PoolLimits(workers=settings.speech_workers, streams=settings.speech_streams)
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        beating = asyncio.create_task(pulse.beat())
        async with (
            Pool(lambda: answer_engine(settings), limits) as pool,
            SpeechService(pool).listening_on(host.strip("[]"), int(port)),
        ):
            await stop.wait()
        beating.cancel()

    bind = bind or settings.speech_bind
    try:
        asyncio.run(serve(bind))
    except OSError as error:
        raise click.ClickException(f"{bind} cannot be used: {error.strerror}") from error
    finally:
        end_watch()
