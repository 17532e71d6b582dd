"""What whoever takes a call is told of it."""

from sqlalchemy import Engine

from ivr.call_story import MOST_TOLD, call_story
from ivr.models import JournalEntry
from storage.database import reading, transaction
from tests.builders import NOON, a_call


def test_of_a_long_call_the_end_is_told_and_not_the_beginning(engine: Engine) -> None:
    call = a_call()
    call_id = call.id
    with transaction(engine) as session:
        session.add(call)
        session.flush()
        session.add_all(
            JournalEntry(
                call_id=call_id,
                position=at,
                step="Gather:main_menu",
                result={"type": "digits", "value": str(at % 10)},
                entered_at=NOON,
            )
            for at in range(MOST_TOLD + 5)
        )

    with reading(engine) as session:
        story = call_story(session, call_id)

    assert story is not None
    told = [one.answer.text for one in story.told]
    assert told == [str(at % 10) for at in range(5, MOST_TOLD + 5)]
