"""Who is at the telephones, for tests of the console: a manager interface that tells it."""

from dataclasses import dataclass, field
from datetime import timedelta

from ivr.models import JournalEntry
from storage.crypto import current_box
from tests.builders import CALLER_NUMBER, NOON, a_call, a_report
from tests.console.conftest import Browser
from tests.ivr.asked_manager import Block

OLDER = "482173908"


@dataclass
class Switch:
    """Which telephone has which call, and who is in the queue."""

    talks: dict[str, str] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    report: str = "(null)"
    reasons: dict[str, str] = field(default_factory=dict)

    def __call__(self, asked: Block) -> list[str]:
        if asked["Action"] == "Status":
            return [
                f"Status\r\nChannel: {interface}-00000001\r\nChannelStateDesc: Up\r\n"
                f"Variable: HOTLINE_CALL={call}\r\n"
                "Variable: HOTLINE_CALLER=PJSIP/trunk-00000000\r\n"
                f"Variable: HOTLINE_REPORT={self.report}"
                for interface, call in self.talks.items()
            ]
        return [
            f"QueueMember\r\nLocation: {interface}\r\nMembership: static\r\nStatus: 1\r\n"
            f"Paused: {int(interface in self.reasons)}\r\n"
            f"PausedReason: {self.reasons.get(interface, '')}"
            for interface in self.members
        ]


def a_caller(browser: Browser, words: str, anonymous: bool = False, reference: str = OLDER) -> str:
    """The id of a call that said these words, with an older open report of the same number."""
    digest = current_box().keyed_hash(CALLER_NUMBER)
    call = a_call(status="in-progress", caller_hash=digest, anonymous=anonymous)
    call_id = call.id
    entries = [
        ("Gather:main_menu", {"type": "said", "key": "0", "words": words, "confidence": 0.9}),
        ("Gather:enter_pin", {"type": "digits", "value": "4711"}),
    ]
    browser.add(
        call,
        a_report(reference=reference, caller_hash=digest, requested_at=NOON - timedelta(days=2)),
    )
    browser.add(
        *(
            JournalEntry(call_id=call_id, position=at, step=step, result=result, entered_at=NOON)
            for at, (step, result) in enumerate(entries)
        )
    )
    return call_id
