"""What staff make of the words stands beside the draft, and tells what to listen for."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from reports.corrections import (
    MOST_CHARACTERS,
    Correction,
    Edit,
    EditKind,
    best_words,
    correct,
    corrections_of,
    word_edits,
    words_put_in,
)
from reports.errors import NoWords, WordsChanged, WordsTooLong
from reports.models import Recording, Transcript
from reports.transcription import erase_recording
from storage.database import reading, transaction
from tests.builders import NOON, a_recording, a_transcript

DRAFT = "đường ngập nước ở phong tân"
RIGHT = "đường ngập nước ở Phong Tân"
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def heard(database: Engine) -> Engine:
    """A database with one recording that a recogniser has read."""
    with transaction(database) as session:
        session.add(a_recording(a_transcript(text=DRAFT), name="c1-1", call_id="c1"))
    return database


def corrected(engine: Engine, before: str, after: str, name: str = "c1-1") -> Correction | None:
    with transaction(engine) as session:
        return correct(session, name, before, after, "lan", LATER)


def test_a_correction_is_kept_with_who_when_and_the_difference(heard: Engine) -> None:
    corrected(heard, DRAFT, RIGHT)

    with reading(heard) as session:
        (found,) = corrections_of(session, "c1-1")
        transcript = session.get_one(Transcript, "c1-1")
    assert (found.number, found.by, found.at) == (1, "lan", LATER)
    assert (found.before, found.after) == (DRAFT, RIGHT)
    assert found.edits == (Edit(EditKind.REPLACED, 4, ("phong", "tân"), ("Phong", "Tân")),)
    assert (transcript.text, transcript.draft) == (DRAFT, False)


def test_the_last_correction_holds_and_the_earlier_ones_stay(heard: Engine) -> None:
    corrected(heard, DRAFT, RIGHT)
    corrected(heard, RIGHT, RIGHT + " sáng nay")

    with reading(heard) as session:
        assert [one.number for one in corrections_of(session, "c1-1")] == [1, 2]
        assert best_words(session, "c1-1") == RIGHT + " sáng nay"


def test_words_that_were_right_are_read_and_not_corrected(heard: Engine) -> None:
    assert corrected(heard, DRAFT, f"  {DRAFT}\n") is None

    with reading(heard) as session:
        assert corrections_of(session, "c1-1") == ()
        assert session.get_one(Transcript, "c1-1").draft is False
        assert best_words(session, "c1-1") == DRAFT


def test_a_colleagues_correction_is_not_overwritten_unseen(heard: Engine) -> None:
    corrected(heard, DRAFT, RIGHT)

    with pytest.raises(WordsChanged, match="corrected in the meantime"):
        corrected(heard, DRAFT, "cầu sập")


def test_what_was_not_transcribed_cannot_be_corrected(heard: Engine) -> None:
    with transaction(heard) as session:
        waiting = a_transcript(status="pending", text=None)
        session.add(a_recording(waiting, name="c2-1", call_id="c2"))

    with pytest.raises(NoWords):
        corrected(heard, "", "cầu sập", name="c2-1")
    with pytest.raises(NoWords):
        corrected(heard, "", "cầu sập", name="c9-1")


@pytest.mark.slow
def test_what_no_recogniser_could_read_may_be_written_by_hand(heard: Engine) -> None:
    with transaction(heard) as session:
        failed = a_transcript(status="failed", text=None)
        session.add(a_recording(failed, name="c2-1", call_id="c2"))

    corrected(heard, "", "cầu sập", name="c2-1")

    with reading(heard) as session:
        assert best_words(session, "c2-1") == "cầu sập"


def test_nothing_that_was_said_lies_open_in_the_table(heard: Engine) -> None:
    corrected(heard, DRAFT, RIGHT)

    with heard.connect() as connection:
        rows = connection.execute(text("SELECT before, after, edits FROM transcript_corrections"))
        (row,) = rows.all()
    assert not any("ngập".encode() in bytes(value) or b"Phong" in bytes(value) for value in row)


def test_a_recording_that_is_taken_back_takes_its_corrections_along(
    heard: Engine, tmp_path: Path
) -> None:
    corrected(heard, DRAFT, RIGHT)
    with transaction(heard) as session:
        session.get_one(Recording, "c1-1").discarded_at = LATER

    erase_recording(heard, tmp_path, "c1-1")

    with reading(heard) as session:
        assert corrections_of(session, "c1-1") == ()
        assert best_words(session, "c1-1") is None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a b c", "a c", [("left_out", 1, ("b",), ())]),
        ("a c", "a b c", [("added", 1, (), ("b",))]),
        ("", "a b", [("added", 0, (), ("a", "b"))]),
        ("a b", "", [("left_out", 0, ("a", "b"), ())]),
        ("a b", "a  b ", []),
        ("hòa bình", "hoà bình", [("replaced", 0, ("hòa",), ("hoà",))]),
        ("nga\u0302\u0323p", "ngập", []),  # the same letters, composed in other ways
    ],
)
def test_the_difference_is_told_word_by_word(
    before: str, after: str, expected: list[tuple[str, int, tuple[str, ...], tuple[str, ...]]]
) -> None:
    found = [(edit.kind, edit.at, edit.before, edit.after) for edit in word_edits(before, after)]

    assert found == expected


def test_only_words_of_several_callers_are_learnt_and_no_numbers(database: Engine) -> None:
    said = {"c1": "tại Ninh Quới 0912345678", "c2": "ở Ninh Quới 0912345678", "c3": "Ninh Thị Mận"}
    with transaction(database) as session:
        for call in said:
            row = a_recording(a_transcript(text="ờ"), name=f"{call}-1", call_id=call)
            session.add(row)
    for call, words in said.items():
        corrected(database, "ờ", words, name=f"{call}-1")
    # Twice in one recording counts once.
    corrected(database, said["c3"], "Ninh Thị Mận Mận", name="c3-1")

    with reading(database) as session:
        assert words_put_in(session, 2) == ("ninh", "quới")
        assert words_put_in(session, 3) == ("ninh",)


def test_what_nobody_can_have_said_is_refused_and_the_longest_is_compared_at_once(
    heard: Engine,
) -> None:
    longest = "a b " * (MOST_CHARACTERS // 4)

    with pytest.raises(WordsTooLong, match="10002"):
        corrected(heard, DRAFT, longest + "ab")
    corrected(heard, DRAFT, longest)
    began = time.process_time()
    found = corrected(heard, longest, "b b a " * (MOST_CHARACTERS // 6))

    assert found is not None and found.edits[0].at == 0
    assert time.process_time() - began < 2
