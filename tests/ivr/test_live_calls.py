"""A call's session is kept in memory between turns: it must never know more than the journal."""

import threading
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from ivr.conversation import Conversations
from ivr.engine import Arrival, Pending, Setting
from ivr.errors import CallTaken
from ivr.facts import CallFacts
from ivr.flows import registry
from ivr.models import Call, CallStatus, JournalEntry
from ivr.steps import Digits, Do, Done, Flow, Gather, HungUp, NoInput, Say
from storage.database import reading
from storage.errors import CommitAbandoned
from tests.builders import NOON

FLOW = ("three_questions", 1)


@dataclass(frozen=True)
class Count:
    """Have the handler note this call; it returns a tuple, which JSON does not know."""

    key: str


def three_questions(facts: CallFacts) -> Flow[None]:
    yield Say("welcome")
    pressed = yield Gather("first")
    noted = yield Do("count", Count(pressed.value if isinstance(pressed, Digits) else ""))
    assert isinstance(noted, Done)
    yield Say("noted", {"kind": type(noted.value).__name__})
    yield Gather("second")
    yield Gather("third")
    yield Say("goodbye")


class Trouble(CommitAbandoned):
    """What the handler runs into when a caller presses 9: the database is not there for it."""


class Ledger:
    """A handler that writes to the database, and fails for those who press 9."""

    def __call__(
        self, session: Session, call: Call, position: int, command: Any, now: datetime
    ) -> Any:
        session.execute(
            text("INSERT INTO ledger (call_id) VALUES (:call_id)"), {"call_id": call.id}
        )
        if command.key == "9":
            raise Trouble
        return ("noted", position)


@pytest.fixture
def conversations(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Conversations]:
    flows = cast(MutableMapping[Any, Any], registry.FLOWS)
    monkeypatch.setitem(flows, FLOW, three_questions)
    with database.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE ledger (call_id TEXT)")
    yield another_server(database)
    with database.begin() as connection:
        connection.exec_driver_sql("DROP TABLE ledger")


def another_server(database: Engine) -> Conversations:
    def prepare(session: Session, arrival: Arrival, now: datetime) -> Setting:
        return Setting(FLOW, CallFacts())

    return Conversations(database, {Count: Ledger()}, prepare, lambda: NOON)


def arrival(holder: str = "a-1", call: str = "1795000000.1") -> Arrival:
    return Arrival("agi", call, None, "19009120", holder)


def journal(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(
            session.scalars(
                select(JournalEntry.step).order_by(JournalEntry.call_id, JournalEntry.position)
            )
        )


def the_call(engine: Engine) -> Call:
    with reading(engine) as session:
        return session.scalars(select(Call)).one()


def ledger(engine: Engine) -> int:
    with reading(engine) as session:
        return len(session.scalars(text("SELECT call_id FROM ledger")).all())


def without_memory(at: Pending) -> Pending:
    return Pending(at.call_id, at.turn, at.position, at.holder)


def test_what_is_kept_in_memory_says_what_a_replay_says(conversations: Conversations) -> None:
    at = conversations.begin(arrival())
    for answer in (Digits("1"), NoInput(), Digits("3")):
        other = another_server(conversations.database).begin(arrival())
        assert other == at and other.turn == at.turn

        at = conversations.advance(at, answer)

    assert at.turn.wait is None
    assert another_server(conversations.database).begin(arrival()) == at


def test_an_answer_is_not_taken_twice_though_the_session_was_used_up(
    conversations: Conversations,
) -> None:
    at = conversations.begin(arrival())
    further = conversations.advance(at, Digits("1"))

    again = conversations.advance(at, Digits("1"))

    assert again == further
    assert journal(conversations.database) == ["Gather:first", "Do:count"]


def test_a_session_that_the_journal_has_overtaken_is_not_believed(
    conversations: Conversations,
) -> None:
    at = conversations.begin(arrival())
    further = conversations.advance(without_memory(at), Digits("1"))

    late = conversations.advance(at, Digits("2"))  # its session still stands at the first question

    assert late == further
    assert journal(conversations.database) == ["Gather:first", "Do:count"]
    assert ledger(conversations.database) == 1


def test_whoever_lost_the_call_cannot_write_from_memory(conversations: Conversations) -> None:
    at = conversations.begin(arrival("a-1"))
    taken = another_server(conversations.database).begin(arrival("b-1"))

    with pytest.raises(CallTaken):
        conversations.advance(at, Digits("1"))

    assert journal(conversations.database) == [] and ledger(conversations.database) == 0
    further = conversations.advance(taken, Digits("1"))
    assert further.position == 2 and further.holder == "b-1"


def test_an_answer_that_found_no_database_can_be_given_again(conversations: Conversations) -> None:
    at = conversations.begin(arrival())
    with pytest.raises(Trouble):
        conversations.advance(at, Digits("9"))
    assert journal(conversations.database) == [] and ledger(conversations.database) == 0

    further = conversations.advance(at, Digits("1"))

    assert further.position == 2
    assert ledger(conversations.database) == 1


@pytest.mark.slow
def test_one_bad_call_among_many_spoils_none(conversations: Conversations) -> None:
    calls = [conversations.begin(arrival(f"a-{number}", f"c-{number}")) for number in range(12)]
    together = threading.Barrier(12)
    further: list[Pending] = []
    broken: list[Trouble] = []

    def answer(number: int) -> None:
        together.wait()
        try:
            key = "9" if number == 5 else "1"
            further.append(conversations.advance(calls[number], Digits(key)))
        except Trouble as trouble:
            broken.append(trouble)

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(further) == 11 and len(broken) == 1
    assert journal(conversations.database) == ["Gather:first", "Do:count"] * 11
    assert ledger(conversations.database) == 11
    assert all(at.position == 2 for at in further)
    assert conversations.advance(calls[5], Digits("1")).position == 2


@pytest.mark.parametrize("last", [Digits("3"), HungUp()])
def test_the_end_of_a_call_is_stored_with_its_last_answer(
    conversations: Conversations, last: Digits | HungUp
) -> None:
    at = conversations.begin(arrival())
    for answer in (Digits("1"), Digits("2"), last):
        at = conversations.advance(at, answer)

    call = the_call(conversations.database)

    assert at.turn.wait is None
    assert (call.status, call.ended_at) == (CallStatus.COMPLETED, NOON)


def test_two_servers_that_hear_of_a_call_at_once_begin_it_once(
    conversations: Conversations,
) -> None:
    servers = [another_server(conversations.database) for _ in range(4)]
    together = threading.Barrier(4)
    begun: list[Pending] = []

    def begin(number: int) -> None:
        together.wait()
        begun.append(servers[number].begin(arrival(f"{number}-1")))

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({at.call_id for at in begun}) == 1
    holder = the_call(conversations.database).holder
    for at in begun:
        if at.holder == holder:
            assert servers[int(holder[0])].advance(at, Digits("1")).position == 2
        else:
            with pytest.raises(CallTaken):
                servers[int(at.holder[0])].advance(at, Digits("1"))
    assert ledger(conversations.database) == 1


def test_a_call_that_was_ended_from_outside_asks_nothing_more(
    conversations: Conversations,
) -> None:
    at = conversations.begin(arrival())
    conversations.end(at.call_id)

    again = conversations.begin(arrival("b-1"))

    assert again.turn.wait is None and again.turn.says == ()
