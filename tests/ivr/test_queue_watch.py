"""What Asterisk's words about its queue mean."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ivr.ami import Answer, Line
from ivr.queue_watch import AgentState, read_queue

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
MEMBER = {"Event": "QueueMember", "Name": "101", "Status": "1", "Paused": "0", "InCall": "0"}


class TellingLine(Line):
    """Answers with the events that it was given."""

    def __init__(self, *events: dict[str, str]) -> None:
        self._events = events

    def ask(self, action: str, **fields: Any) -> Answer:
        assert (action, fields) == ("QueueStatus", {"Queue": "hotline"})
        return Answer({"Response": "Success"}, self._events)


def seconds_ago(seconds: int) -> str:
    return str(int((NOW - timedelta(seconds=seconds)).timestamp()))


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({}, AgentState.READY),
        ({"Status": "6"}, AgentState.RINGING),
        ({"Status": "2", "InCall": "1"}, AgentState.TALKING),
        ({"InCall": "1", "Paused": "1"}, AgentState.TALKING),
        ({"Status": "5"}, AgentState.AWAY),
        ({"Status": "5", "Paused": "1"}, AgentState.AWAY),
        ({"Paused": "1", "PausedReason": "paused"}, AgentState.PAUSED),
        ({"Paused": "1", "PausedReason": "after_call"}, AgentState.RESTING),
        ({"Paused": "1", "PausedReason": "away"}, AgentState.AWAY),
        ({"LastCall": seconds_ago(2)}, AgentState.RESTING),
        ({"LastCall": seconds_ago(9)}, AgentState.READY),
        ({"Status": "nonsense", "LastCall": "-1"}, AgentState.READY),
    ],
)
def test_an_agent_is_as_their_telephone_and_their_word(
    told: dict[str, str], state: AgentState
) -> None:
    (agent,) = read_queue(TellingLine({**MEMBER, **told}), NOW).agents

    assert (agent.name, agent.state) == ("101", state)


def test_callers_stand_in_their_order_with_the_moment_they_came() -> None:
    def entry(place: int, wait_s: int) -> dict[str, str]:
        event = {"Event": "QueueEntry", "Uniqueid": f"1.{place}"}
        return {**event, "Position": str(place), "Wait": str(wait_s)}

    found = read_queue(TellingLine(entry(2, 5), {"Event": "QueueParams"}, entry(1, 65)), NOW)

    assert [each.driver_call_id for each in found.waiting] == ["1.1", "1.2"]
    assert found.waiting[0].since == NOW - timedelta(seconds=65)
