"""What typed answers mean at each kind of step."""

import pytest

from ivr.answers import Answer, Keys, Speech, read_answer, take_keys, write_answer
from ivr.call_script import plain, read_transcript
from ivr.errors import BadAnswer
from ivr.flows.registry import INCOMING, OUTGOING
from ivr.steps import (
    Dial,
    DialEnded,
    Digits,
    Do,
    Enqueue,
    Gather,
    Hear,
    Heard,
    HungUp,
    LookAtQueue,
    NoInput,
    QueueEnded,
    QueueSeen,
    Record,
    Recorded,
    Result,
    Wait,
    step_name,
)

MENU = Gather("menu")
RECORD = Record("statement", max_length_s=120, end_keys="#0*8")
HEAR = Hear("words", "call-3")
LOOK = LookAtQueue("seen")
QUEUE = Enqueue("queue", wait_s=60, leave_keys="12")
DIAL = Dial("connect", "113", 300)


@pytest.mark.parametrize(
    ("wait", "text", "meant"),
    [
        (MENU, "2", Keys("2")),
        (MENU, "caller   presses 482193#", Keys("482193#")),
        (MENU, "presses * during the prompt", Keys("*")),
        (MENU, "", NoInput()),
        (MENU, "caller says nothing", NoInput()),
        (MENU, "silence", NoInput()),
        (MENU, "hangup", HungUp()),
        (MENU, "Caller hangs up", HungUp()),
        (RECORD, "speaks 12 s", Speech(12.0)),
        (RECORD, "say 5", Speech(5.0)),
        (RECORD, "speaks 500 s", Speech(120)),
        (RECORD, "caller speaks 5 s and presses 0", Speech(5.0, key="0")),
        (RECORD, '"đường ngập nước"', Speech(1.2, words="đường ngập nước")),
        (
            RECORD,
            'caller "Phường 7 ngập" and presses #',
            Speech(1.2, key="#", words="Phường 7 ngập"),
        ),
        (RECORD, '"nhà số 8"', Speech(1.2, words="nhà số 8")),
        (RECORD, "presses 8", Speech(1.0, silent=True, key="8")),
        (RECORD, "#", Speech(1.0, silent=True, key="#")),
        (RECORD, "says nothing", Speech(4.0, silent=True)),
        (RECORD, "recording fails", NoInput()),
        (RECORD, "hangs up", HungUp()),
        (HEAR, "words    found", Heard()),
        (HEAR, "words", Heard()),
        (HEAR, "no words", NoInput()),
        (LOOK, "queue    3 waiting, 2 agents, 4 min", QueueSeen(3, 2, 240)),
        (LOOK, "queue 1 waiting, 1 agent, 90 s", QueueSeen(1, 1, 90)),
        (LOOK, "queue 3 2 4", QueueSeen(3, 2, 240)),
        (LOOK, "queue nobody on duty", QueueSeen(0, 0, 0)),
        (QUEUE, "agent answers after 20 s", QueueEnded("answered", 20)),
        (QUEUE, "agent talks 60 s", QueueEnded("answered", 0, talked_s=60)),
        (QUEUE, "answered 60", QueueEnded("answered", 60)),
        (QUEUE, "caller presses 1 after 30 s", QueueEnded("key", 30, "1")),
        (QUEUE, "key 2", QueueEnded("key", 0, "2")),
        (QUEUE, "queue times out", QueueEnded("timeout", 60)),
        (QUEUE, "timeout after 1 min", QueueEnded("timeout", 60)),
        (QUEUE, "queue is unavailable", QueueEnded("unavailable", 0)),
        (QUEUE, "hangup", HungUp()),
        (DIAL, "dial answered 60 s", DialEnded("answered", 60)),
        (DIAL, "dial     busy", DialEnded("busy")),
        (DIAL, "no answer", DialEnded("no_answer")),
        (DIAL, "dial failed", DialEnded("failed")),
    ],
)
def test_an_answer_means_what_it_says(wait: Wait, text: str, meant: Answer) -> None:
    assert read_answer(text, wait) == meant


@pytest.mark.parametrize(
    ("wait", "text"),
    [
        (MENU, "speaks 5 s"),
        (MENU, "2a"),
        (RECORD, "presses 5"),  # a key that does not end this recording
        (RECORD, "speaks 5 s and presses 5"),
        (RECORD, "speaks"),
        (HEAR, "2"),
        (LOOK, "queue is long"),
        (QUEUE, "presses 3"),  # no key to leave by
        (DIAL, "answered by mistake"),
        (Do("file", object()), "2"),
        (MENU, "1" * 201),
    ],
)
def test_an_answer_that_cannot_be_given_is_refused_with_what_can(wait: Wait, text: str) -> None:
    with pytest.raises(BadAnswer, match="expected"):
        read_answer(text, wait)


@pytest.mark.parametrize(
    ("wait", "result"),
    [
        (MENU, Digits("482")),
        (MENU, NoInput()),
        (MENU, HungUp()),
        (RECORD, Recorded("call-1", 12.5, 80_044, "0" * 64, False, "0")),
        (RECORD, Recorded("call-1", 12.0, 80_044, "0" * 64, False)),
        (RECORD, Recorded("call-1", 1.0, 80_044, "0" * 64, True, "8")),
        (RECORD, Recorded("call-1", 4.0, 80_044, "0" * 64, True)),
        (RECORD, NoInput()),
        (HEAR, Heard()),
        (HEAR, NoInput()),
        (LOOK, QueueSeen(3, 2, 250)),
        (QUEUE, QueueEnded("key", 30, "2")),
        (QUEUE, QueueEnded("answered", 30)),
        (QUEUE, QueueEnded("timeout", 30)),
        (QUEUE, QueueEnded("unavailable", 2)),
        (DIAL, DialEnded("answered", 42)),
        (DIAL, DialEnded("no_answer")),
    ],
)
def test_a_result_is_written_as_it_would_be_typed(wait: Wait, result: Result) -> None:
    read: Answer = read_answer(write_answer(result, step_name(wait)), wait)

    if isinstance(result, Recorded):
        assert read == Speech(result.length_s, result.silent, result.key)
    else:
        assert read == (Keys(result.value) if isinstance(result, Digits) else result)


@pytest.mark.parametrize(
    ("step", "keys", "result", "left"),
    [
        (Gather("a"), "2", Digits("2"), ""),
        (Gather("a"), "234", Digits("2"), "34"),
        (Gather("a"), "#", NoInput(), ""),
        (Gather("a", max_digits=9), "482#7", Digits("482"), "7"),
        (Gather("a", max_digits=4), "48", Digits("48"), ""),
        (Gather("a", max_digits=4), "4711", Digits("4711"), ""),
        (Gather("a", finish_on=""), "#", Digits("#"), ""),
    ],
)
def test_keys_go_to_a_step_as_a_telephone_driver_gives_them(
    step: Gather, keys: str, result: Result, left: str
) -> None:
    assert take_keys(step, keys) == (result, left)


def test_a_transcript_is_read_without_what_the_test_writes() -> None:
    script = read_transcript(
        "A title\nfacts open_now=no, closed_why=closed_hours\ngives  FindReport problem=unknown\n"
        "gives FindReport status=new, due=[24, 11]\n\nhotline  caller presses 9\n"
        "caller   presses 1\n         (beep)\nno words\nends\n"
    )

    assert script.told == ("caller   presses 1", "no       words")
    assert script.unusual == {"open_now": False, "closed_why": "closed_hours"}
    assert script.gives == {
        "FindReport": [{"problem": "unknown"}, {"status": "new", "due": [24, 11]}]
    }
    assert script.flow == INCOMING


def test_a_title_can_say_that_the_number_is_withheld_and_a_header_the_flow() -> None:
    script = read_transcript("With the number withheld\nflow outgoing\n")

    assert script.unusual == {"can_text": False, "number_known": False}
    assert script.flow == OUTGOING


@pytest.mark.parametrize("line", ["callers press 1", "facts hour=3", "facts open_now", "flow in"])
def test_a_line_that_belongs_in_no_transcript_is_refused(line: str) -> None:
    with pytest.raises(BadAnswer, match="expected"):
        read_transcript(f"A title\n{line}\n")


def test_values_are_written_as_they_are_read() -> None:
    value = {"status": "new", "due": [24, 11], "update": None, "urgent": True}

    assert plain(value) == "status=new, due=[24, 11], update=none, urgent=yes"
