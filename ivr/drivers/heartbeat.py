"""A server's sign of life in the database: whoever looks sees within seconds that it is gone."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, delete, insert, update

from ivr.models import AgiServerRow
from ivr.orphans import BEAT_S
from storage.database import transaction

log = structlog.get_logger()

FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Heartbeat:
    """The signs of life of the server `name`. `clock` gives aware UTC moments."""

    database: Engine
    name: str
    clock: Callable[[], datetime]

    def beat(self) -> None:
        now = self.clock()
        with transaction(self.database) as session:
            renewed = session.connection().execute(
                update(AgiServerRow).where(AgiServerRow.name == self.name).values(beat_at=now)
            )
            if renewed.rowcount == 0:
                session.execute(insert(AgiServerRow).values(name=self.name, beat_at=now))
                forgotten = AgiServerRow.beat_at < now - FORGOTTEN_AFTER
                session.execute(delete(AgiServerRow).where(forgotten))

    def leave(self) -> None:
        """The server ends on purpose: its calls are orphans at once."""
        with transaction(self.database) as session:
            session.execute(delete(AgiServerRow).where(AgiServerRow.name == self.name))

    def run(self, stop: threading.Event) -> None:
        while True:
            try:
                self.beat()
            except Exception as error:  # the database may be away; we beat again when it is back
                log.warning("no sign of life", error=type(error).__name__)
            if stop.wait(BEAT_S):
                break
        try:
            self.leave()
        except Exception as error:
            log.warning("left without a word", error=type(error).__name__)
