"""What words propose is kept beside them, and goes with them."""

from sqlalchemy import Engine, text

from reports.models import Recording, Transcript
from reports.proposals import Proposal, ProposedCategory, keep_proposal, one_after_another
from storage.database import reading, transaction
from tests.builders import NOON, a_recording, a_report

WASTE = Proposal((ProposedCategory("MT01", 0.6, ("đống rác",)),), False, ())


def with_words(database: Engine) -> None:
    with transaction(database) as session:
        session.add(a_report([a_recording(name="c1-1", call_id="c1")], id="r1"))
        session.flush()
        session.add(
            Transcript(recording_name="c1-1", status="done", language="vi", requested_at=NOON)
        )


def test_a_proposal_stands_beside_its_words_and_is_sealed(database: Engine) -> None:
    with_words(database)

    with transaction(database) as session:
        recording = session.get_one(Recording, "c1-1")
        keep_proposal(lambda words: WASTE)(session, recording, "đống rác", NOON)

    with reading(database) as session:
        kept = session.get_one(Transcript, "c1-1").proposed
        raw = session.execute(text("SELECT proposed FROM transcripts")).scalar_one()
    assert kept == {
        "categories": [{"category": "MT01", "score": 0.6, "words": ["đống rác"]}],
        "urgent": False,
        "urgent_words": [],
        "danger": None,
        "danger_words": "",
    }
    assert "rác".encode() not in bytes(raw)


def test_several_may_be_told_of_the_words(database: Engine) -> None:
    with_words(database)
    told: list[str] = []

    with transaction(database) as session:
        recording = session.get_one(Recording, "c1-1")
        one_after_another(
            lambda session, recording, words, now: told.append(words),
            lambda session, recording, words, now: told.append(recording.name),
        )(session, recording, "rác", NOON)

    assert told == ["rác", "c1-1"]
