"""A short flow for tests of the engine: a category, a statement, a confirmation, a report."""

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from ivr.engine import Arrival, Setting
from ivr.facts import CallFacts
from ivr.flows import registry
from ivr.steps import CallerHungUp, Digits, Do, Done, Flow, Gather, Record, Recorded, Say
from reports.commands import DiscardRecordings, FileReport

FLOW = ("short_flow", 1)
FACTS = CallFacts(menu={"1": "giao_thong", "2": "dien_nuoc"}, can_text=True, number_known=True)


def short_flow(facts: CallFacts) -> Flow[None]:
    """1 sends, 2 records anew, 3 takes back; whoever hangs up after speaking has reported."""
    recording: str | None = None
    category: str | None = None
    try:
        yield Say("greeting", {"choices": str(len(facts.menu))})
        chosen = yield Gather("category")
        category = facts.menu.get(chosen.value) if isinstance(chosen, Digits) else None
        while True:
            spoken = yield Record("statement")
            if not isinstance(spoken, Recorded) or spoken.silent:
                yield Say("statement_unheard")
                continue
            recording = spoken.name
            answer = yield Gather("confirm_statement")
            if answer == Digits("3"):
                yield Do("discard_recordings", DiscardRecordings())
                return
            if answer == Digits("1"):
                break
    except CallerHungUp:
        if recording is not None:
            yield Do("file_partial", FileReport(category, recording, partial=True))
        return
    filed = yield Do("file_report", FileReport(category, recording))
    assert isinstance(filed, Done) and isinstance(filed.value, dict)
    yield Say("filed", {"reference": filed.value["reference"]})


def register(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine find it for the length of a test."""
    monkeypatch.setitem(cast(MutableMapping[Any, Any], registry.FLOWS), FLOW, short_flow)


def prepare(session: Session, arrival: Arrival, now: datetime) -> Setting:
    return Setting(FLOW, FACTS)
