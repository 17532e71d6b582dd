"""Two servers at one call, on both databases: one place decides, and one of them wins."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from ivr.conversation import Conversations
from ivr.engine import Arrival, Pending, Setting
from ivr.errors import CallTaken
from ivr.facts import CallFacts
from ivr.flows.registry import INCOMING
from ivr.models import Call, JournalEntry
from ivr.steps import Digits
from storage.database import open_engine, reading, transaction
from tests.at_once import at_once
from tests.builders import NOON

FACTS = CallFacts(menu={"1": "road", "2": "power"})
SERVERS = 8


def prepare(session: Session, arrival: Arrival, now: datetime) -> Setting:
    return Setting(INCOMING, FACTS)


def a_server(database: Engine) -> Conversations:
    return Conversations(database, {}, prepare, lambda: NOON)


def arriving(holder: str, call: str = "c-1") -> Arrival:
    return Arrival("agi", call, None, "19009120", holder)


def journal(database: Engine) -> Sequence[int]:
    with reading(database) as session:
        query = select(JournalEntry.position).order_by(JournalEntry.position)
        return session.scalars(query).all()


def test_servers_that_hear_of_a_call_at_once_begin_it_once(database: Engine) -> None:
    deeds = [
        lambda number=number: a_server(database).begin(arriving(f"s{number}-1"))
        for number in range(SERVERS)
    ]

    found = at_once(*deeds)

    with reading(database) as session:
        assert session.scalar(select(func.count()).select_from(Call)) == 1
        holder = session.scalars(select(Call.holder)).one()
    assert not [each for each in found if isinstance(each, Exception)]
    assert holder in {each.holder for each in found if isinstance(each, Pending)}


def test_a_server_that_lost_a_call_cannot_advance_it(database: Engine) -> None:
    former, later = a_server(database), a_server(database)
    lost = former.begin(arriving("former-1"))
    held = later.begin(arriving("later-1"))

    with pytest.raises(CallTaken):
        former.advance(lost, Digits("1"))
    advanced = later.advance(held, Digits("1"))

    assert journal(database) == [0]
    assert advanced.position == 1


def test_while_a_call_is_taken_over_either_the_old_server_answers_or_the_new_one(
    database: Engine,
) -> None:
    former, later = a_server(database), a_server(database)
    before = former.begin(arriving("former-1"))

    answered, taken = at_once(
        lambda: former.advance(before, Digits("1")),
        lambda: later.begin(arriving("later-1")),
    )

    assert isinstance(taken, Pending)
    if isinstance(answered, Pending):
        assert taken.position in (0, 1) and journal(database) == [0]
    else:
        assert isinstance(answered, CallTaken)
        assert taken.position == 0 and list(journal(database)) == []


def test_an_answer_that_comes_many_times_at_once_counts_once(database: Engine) -> None:
    server = a_server(database)
    at = server.begin(arriving("server-1"))

    found = at_once(*[lambda: server.advance(at, Digits("1")) for _ in range(SERVERS)])

    assert journal(database) == [0]
    assert {each.position for each in found if isinstance(each, Pending)} == {1}
    assert not [each for each in found if isinstance(each, Exception)]


@pytest.mark.postgres
def test_a_row_that_a_hung_program_holds_is_waited_for_a_little_while_only(
    postgres_url: str,
) -> None:
    hung, other = open_engine(postgres_url), open_engine(postgres_url, wait_s=0.5)
    at = a_server(hung).begin(arriving("server-1"))

    with transaction(hung) as holding:
        holding.execute(select(Call).where(Call.id == at.call_id).with_for_update())
        with pytest.raises(OperationalError, match="lock timeout"):
            a_server(other).advance(at, Digits("1"))

    assert a_server(other).advance(at, Digits("1")).position == 1
    hung.dispose()
    other.dispose()


def test_a_locked_database_is_waited_for_as_long_as_was_said(sqlite_url: str) -> None:
    writer, other = open_engine(sqlite_url), open_engine(sqlite_url, wait_s=0.3)

    with transaction(writer) as session:
        session.execute(text("UPDATE calls SET status = status"))
        with pytest.raises(OperationalError, match="locked"):
            a_server(other).begin(arriving("server-1"))

    assert a_server(other).begin(arriving("server-1")).position == 0
    writer.dispose()
    other.dispose()
