"""Have Asterisk ring somebody: a call file in its spool, and what it tells when nobody answers.

Asterisk rings over the trunk. Who answers is in a call like any other, `HOTLINE_OUTGOING` being
its id here; who does not leaves a file named after that id in `unreached`.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import structlog

from ivr.errors import BadOutgoing
from ivr.steps import DialOutcome

log = structlog.get_logger()

RING_S = 35
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_NUMBER = re.compile(r"\+?[0-9]{3,15}")
_SERVER = re.compile(r"[0-9A-Za-z.\[\]:-]+")
# Asterisk's REASON in the extension `failed`; an engaged line is 0 over SIP.
REASONS: Mapping[str, DialOutcome] = MappingProxyType(
    {"3": "no_answer", "5": "busy", "1": "failed", "8": "failed", "0": "failed"}
)

NotReached = Callable[[str, DialOutcome], None]
"""Told of an outgoing call that brought nobody to the line: its id, and why."""


@dataclass(frozen=True)
class CallFiles:
    """Outgoing calls of one Asterisk.

    `spool` is Asterisk's spool folder, `placed` remembers what was rung, `trunk_server` is the
    HOST:PORT over which calls go out, `hotline_number` what the person rung sees.
    """

    spool: Path
    placed: Path
    trunk_server: str
    hotline_number: str
    ring_s: int = RING_S

    def ring(self, outgoing: str, number: str) -> bool:
        """Ring `number` (E.164 or national) now; False where this `outgoing` was rung before.

        Raises:
            BadOutgoing: the id or the number holds signs that a call file must not.
        """
        if not _ID.fullmatch(outgoing) or not _SERVER.fullmatch(self.trunk_server):
            raise BadOutgoing("expected an id of letters, digits and hyphens, found other signs")
        if not _NUMBER.fullmatch(number):
            raise BadOutgoing("expected a telephone number of 3 to 15 digits, found other signs")
        self.placed.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            # Before the call file: twice is worse than not at all, and nobody is rung twice.
            os.close(os.open(self.placed / outgoing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            return False
        content = (
            f"Channel: PJSIP/trunk/sip:{number}@{self.trunk_server}\n"
            f"CallerID: <{self.hotline_number}>\n"
            f"MaxRetries: 0\nWaitTime: {self.ring_s}\n"
            "Context: hotline-outgoing\nExtension: s\nPriority: 1\n"
            f"Set: HOTLINE_OUTGOING={outgoing}\nSet: HOTLINE_RUNG={number}\n"
        )
        ready = self.spool / "tmp" / f"{outgoing}.call"
        ready.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(ready, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(content)
        # Asterisk looks at once at whatever appears: it must be whole.
        ready.replace(self.spool / "outgoing" / ready.name)
        log.info("outgoing call placed", outgoing=outgoing)
        return True


def tell_unreached(unreached: Path, not_reached: NotReached) -> int:
    """Pass on which outgoing calls brought nobody, each at least once; how many there were."""
    notes = [note for note in unreached.glob("*") if note.is_file()]
    for note in notes:
        outcome = REASONS.get(note.read_text().strip(), "failed")
        not_reached(note.name, outcome)
        note.unlink(missing_ok=True)
        log.info("outgoing call not answered", outgoing=note.name, outcome=outcome)
    return len(notes)
