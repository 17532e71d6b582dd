"""Calls that ended while none of our servers was listening: filed all the same.

Asterisk leaves a file named after the channel in a folder when a call ends unfinished
(asterisk_conf/extensions.conf, `h`). Should Asterisk itself die, silence tells.
"""

import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog

from ivr.conversation import Conversations
from ivr.drivers.agi_server import DRIVER
from ivr.drivers.recorder import Recorder

log = structlog.get_logger()

# No turn takes longer: prompts of a minute, a recording of two, a slow caller.
LONGEST_TURN = timedelta(minutes=10)
EVERY_S = 1.0


@dataclass(frozen=True)
class Sweep:
    """Looks for calls that nobody holds any more and ends them."""

    conversations: Conversations
    recorder: Recorder
    ended_calls: Path

    def once(self) -> int:
        """The number of calls that were ended."""
        return self._told() + self._silent()

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(EVERY_S):
            try:
                self.once()
            except Exception as error:  # the database may be away for a while: the files stay
                log.exception("sweep failed", error=type(error).__name__)

    def _told(self) -> int:
        notes = [note for note in self.ended_calls.glob("*") if note.is_file()]
        if not notes:
            return 0
        still_open = self.conversations.open_calls(DRIVER)
        ended = 0
        for note in notes:
            if call_id := still_open.get(note.name):
                if not self._end(call_id, "ended after the fact"):
                    continue  # the note stays, and the call is tried again
                ended += 1
            note.unlink(missing_ok=True)
        return ended

    def _silent(self) -> int:
        before = self.conversations.clock() - LONGEST_TURN
        silent = self.conversations.open_calls(DRIVER, before).values()
        return sum(self._end(call_id, "ended after long silence") for call_id in silent)

    def _end(self, call_id: str, why: str) -> bool:
        """Whether it worked: one call that cannot be ended must not keep the others open."""
        try:
            self.conversations.caller_left(call_id, self.recorder.take)
        except Exception as error:
            log.exception("call could not be ended", call=call_id, error=type(error).__name__)
            return False
        log.warning(why, call=call_id)
        return True
