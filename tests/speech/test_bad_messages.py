"""What clients of the speech service may send: taken or refused in one line, never a crash."""

import json

import pytest

from speech import aeap
from speech.errors import SpeechError
from speech.pool_messages import listening_of, open_frame
from speech.service_asked import Listen, read_asked
from tests.speech.bad_messages import LISTEN, SETUP, bad_messages

MESSAGES = tuple(bad_messages(1000))


def test_each_of_a_thousand_messages_is_read_or_refused_in_one_line() -> None:
    refused = 0
    for text in MESSAGES:
        for read in (aeap.read_message, read_asked):
            try:
                read(text)
            except SpeechError as error:
                refused += 1
                assert "\n" not in str(error)

    assert refused > 1000


def test_whatever_asterisk_is_read_to_say_can_be_answered() -> None:
    answered = 0
    for text in MESSAGES:
        try:
            message = aeap.read_message(text)
        except SpeechError:
            continue
        if not isinstance(message, aeap.Answered):
            aeap.refused(message, "no").encode()
            answered += 1

    assert answered > 50


def test_whatever_is_to_be_listened_for_reaches_a_worker_as_it_is() -> None:
    handed_on = 0
    for text in MESSAGES:
        try:
            asked = read_asked(text)
        except SpeechError:
            continue
        if isinstance(asked, Listen):
            assert listening_of(open_frame(1, asked.listening).body) == asked.listening
            handed_on += 1

    assert handed_on > 5


@pytest.mark.parametrize(
    "changed",
    [{"pause_ms": 10**400}, {"pause_ms": True}, {"meanings": ["1", "\ud800"]},
     {"timeout_ms": True}, {"meanings": ["1", 2]}],
    ids=["vast", "no number", "half a letter", "no time", "no text"],
)  # fmt: skip
def test_numbers_and_meanings_that_are_none_are_refused(changed: dict[str, object]) -> None:
    with pytest.raises(SpeechError, match="expected"):
        read_asked(json.dumps({**LISTEN, **changed}))


@pytest.mark.parametrize("number", ["", "\ud800", "9" * 200, 7])
def test_an_id_that_could_not_be_repeated_is_refused(number: object) -> None:
    with pytest.raises(SpeechError, match="expected an id"):
        aeap.read_message(json.dumps({**SETUP, "id": number}))
