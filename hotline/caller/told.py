"""A call told whole: the caller's story and what the hotline's web API says of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hotline.caller.errors import InquiryFailed
from hotline.caller.inquiry import Inquiry, Outcome
from hotline.caller.placing import CallPlan, PlacedCall, place_calls
from hotline.caller.story import Event, asked, in_words, timeline


@dataclass(frozen=True)
class Told:
    """A placed call, and what the web API says of it; `untold`: why it says nothing."""

    placed: PlacedCall
    outcome: Outcome | None = None
    untold: InquiryFailed | None = None

    @property
    def timeline(self) -> list[Event]:
        if self.outcome is None or self.placed.answered_s is None:
            return list(self.placed.events)
        journal = self.outcome.call["journal"]
        return timeline(self.placed.events, asked(journal, self.placed.answered_s))

    def as_json(self) -> dict[str, Any]:
        """What `hotline call --json` prints; `timeline` and `report` are a stable interface."""
        problem = self.placed.problem or self.untold
        return {
            "timeline": [event.as_json() for event in self.timeline],
            "report": self.outcome.report if self.outcome else None,
            "call_id": self.outcome.call["id"] if self.outcome else None,
            "sip_call_id": self.placed.sip_call_id,
            "problem": str(problem) if problem else None,
        }

    def lines(self) -> Iterator[str]:
        """The same for a reader at a terminal."""
        yield from map(in_words, self.timeline)
        if self.outcome is None:
            return
        yield ""
        report = self.outcome.report
        if report is None:
            yield "no report was filed"
            return
        category = report["category"] or {"name": "none"}
        transcript = report["transcript"]
        yield f"report    {report['spoken_reference']}  {report['status']}"
        yield f"category  {category['name']}{'  (partial)' if report['partial'] else ''}"
        yield f"words     {transcript['status']}  {transcript['text'] or ''}".rstrip()


async def ring(
    plan: CallPlan, target: str, secret: str, api: str, token: str | None, words_wait_s: float
) -> Told:
    """The call, told when it has ended and the words of its statement are there or late.

    `target` is HOST:PORT of the hotline's SIP side, `api` the URL of its web side. Without a
    token the web side is not asked.

    Raises:
        PhoneFailed: no call could be placed at all.
    """
    (placed,) = await place_calls(target, secret, [plan])
    if placed.sip_call_id is None:
        return Told(placed)
    if token is None:
        return Told(placed, untold=InquiryFailed("there is no token for the web API"))
    try:
        async with Inquiry(api, token) as inquiry:
            return Told(placed, await inquiry.outcome(placed.sip_call_id, words_wait_s))
    except InquiryFailed as error:
        return Told(placed, untold=error)
