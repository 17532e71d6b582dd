"""Turns as TwiML and forms as results, one row of the tables at a time."""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from ivr.drivers.twiml import WHOLE, Part, Scene, render
from ivr.drivers.twiml_answers import (
    Again,
    Answer,
    KeyAlone,
    LookWanted,
    ShortRecording,
    Spoken,
    WordsWanted,
)
from ivr.drivers.twiml_form import DIAL_OUTCOMES, OVER, QUEUE_OUTCOMES, read
from ivr.drivers.twiml_words import said
from ivr.errors import BadForm
from ivr.session import Turn
from ivr.steps import (
    Dial,
    DialEnded,
    Digits,
    Enqueue,
    Gather,
    Hear,
    HungUp,
    LookAtQueue,
    Manner,
    NoInput,
    QueueEnded,
    Record,
    Said,
    Say,
    Wait,
)
from tests.fake_twilio.documents import read_document

NOW_S = 1_795_000_000
PHRASES = {"phản ánh": "1", "một": "1", "hai": "2", "hải": "3"}
SID = "RE" + "0" * 32

MENU = Gather("menu", by_word=True)
NUMBER = Gather("number", max_digits=9, timeout_s=10)
STATEMENT = Record("statement", end_keys="#0*8")
HEAR = Hear("words", "call-3", limit_s=6)
QUEUE = Enqueue("queue", 60, leave_keys="12")
LINE = Dial("line", "114", 300)


def scene(**given: object) -> Scene:
    def action(carried: Mapping[str, str]) -> str:
        return "/turn?" + "&".join(f"{name}={value}" for name, value in carried.items())

    usual: dict[str, object] = {
        "action": action,
        "sounds": lambda say, manner: [f"/{manner.language}/{say.key}.wav"],
        "recording_told": "/recordings",
        "operators": ("+84912345001", "sip:agent@example.vn"),
        "can_dial": True,
        "now_s": NOW_S,
    }
    return Scene(**(usual | given))  # type: ignore[arg-type]


def turn(wait: Wait | None, slow: bool = False) -> Turn:
    return Turn((Say("before"),), wait, Manner("vi", slow))


def verbs(wait: Wait | None, part: Part = WHOLE, slow: bool = False, **given: object) -> list[str]:
    """Each verb with what it holds: `Gather(Play, Play)`."""
    return [_shown(each) for each in read_document(render(turn(wait, slow), scene(**given), part))]


def first(wait: Wait | None, name: str, slow: bool = False, **given: object) -> Mapping[str, str]:
    """The attributes of the first verb of that name."""
    document = ET.fromstring(render(turn(wait, slow), scene(**given)))
    found = document.find(f".//{name}")
    assert found is not None
    return found.attrib


def _shown(verb: ET.Element) -> str:
    inside = ", ".join(each.tag for each in verb)
    return f"{verb.tag}({inside})" if inside else verb.tag


def came(
    wait: Wait | None,
    form: Mapping[str, str],
    carried: Mapping[str, str] | None = None,
    slow: bool = False,
) -> tuple[Answer, ...]:
    return read(turn(wait, slow), carried or {}, form, PHRASES, NOW_S)


@pytest.mark.parametrize(
    ("wait", "part", "expected"),
    [
        (MENU, WHOLE, ["Gather(Play, Play)"]),
        (STATEMENT, WHOLE, ["Gather(Play, Play)", "Record", "Redirect"]),
        (STATEMENT, Part(speaks=False), ["Record", "Redirect"]),
        (HEAR, WHOLE, ["Gather(Play)"]),
        (HEAR, Part(speaks=False, waited_s=1), ["Gather"]),
        (HEAR, Part(speaks=False, waited_s=3), ["Gather(Play)"]),
        (LookAtQueue("look"), WHOLE, ["Play", "Redirect"]),
        (QUEUE, WHOLE, ["Gather(Play)", "Dial(Number, Sip)"]),
        (QUEUE, Part(speaks=False, since_s=1), ["Dial(Number, Sip)"]),
        (Enqueue("queue", 60), WHOLE, ["Play", "Dial(Number, Sip)"]),
        (LINE, WHOLE, ["Play", "Dial(Number)"]),
        (None, WHOLE, ["Play", "Hangup"]),
    ],
)
def test_each_wait_has_its_verbs(wait: Wait | None, part: Part, expected: list[str]) -> None:
    assert verbs(wait, part) == expected


def test_who_may_not_be_rung_is_not_dialled() -> None:
    assert verbs(QUEUE, operators=()) == ["Play", "Redirect"]
    assert verbs(LINE, can_dial=False) == ["Play", "Redirect"]


def test_nothing_but_a_recording_records() -> None:
    for wait in (MENU, NUMBER, HEAR, QUEUE, LINE, LookAtQueue("look"), None):
        assert "ecord" not in render(turn(wait), scene(recording_told="/")), wait


def test_times_are_whole_seconds_and_doubled_where_the_call_is_slow() -> None:
    assert first(Gather("menu", timeout_s=2.2), "Gather")["timeout"] == "3"
    assert first(MENU, "Gather", slow=True)["timeout"] == "14"
    assert first(STATEMENT, "Record", slow=True)["timeout"] == "8"
    assert first(STATEMENT, "Record")["maxLength"] == "120"
    assert first(LINE, "Dial") == {"action": "/turn?part=dial", "timeout": "30", "timeLimit": "300"}


def test_a_waiting_caller_is_rung_for_as_long_as_the_provider_allows() -> None:
    assert first(QUEUE, "Dial")["timeout"] == "60"
    assert first(Enqueue("queue", 1), "Dial")["timeout"] == "5"
    assert first(Enqueue("queue", 4000), "Dial")["timeout"] == "600"


def test_words_are_asked_for_where_the_question_has_some_and_somebody_listens() -> None:
    def listens(wait: Gather, phrases: Mapping[str, str]) -> Mapping[str, str]:
        return first(wait, "Gather", phrases=lambda key, manner: phrases)

    assert "input" not in listens(MENU, {})
    assert "input" not in listens(NUMBER, PHRASES)
    heard = listens(MENU, PHRASES)
    assert (heard["input"], heard["language"]) == ("dtmf speech", "vi-VN")
    assert heard["hints"] == "phản ánh, một, hai, hải"


OURS: dict[str, Any] = {
    "phrases": lambda key, manner: PHRASES,
    "records_words": True,
    "word_told": "/recordings?word=1",
}


@pytest.mark.parametrize(
    ("wait", "part", "expected"),
    [
        (MENU, WHOLE, ["Gather(Play, Play)", "Record", "Redirect"]),
        (MENU, Part(speaks=False, waited_s=3), ["Record", "Redirect"]),
        (MENU, Part(speaks=False, recording=SID), ["Gather(Play)", "Redirect"]),
        (MENU, Part(keys_only=True), ["Gather(Play, Play)"]),
        (NUMBER, WHOLE, ["Gather(Play, Play)"]),
    ],
)
def test_our_own_recogniser_hears_short_recordings(
    wait: Wait, part: Part, expected: list[str]
) -> None:
    assert verbs(wait, part, **OURS) == expected


def test_a_short_recording_is_ended_by_any_key_and_told_to_an_address_of_its_own() -> None:
    assert first(MENU, "Record", slow=True, **OURS) == {
        "action": "/turn?part=words&waited_s=3",
        "maxLength": "5",
        "timeout": "2",
        "finishOnKey": "0123456789*#",
        "playBeep": "false",
        "trim": "do-not-trim",
        "recordingStatusCallback": "/recordings?word=1",
        "recordingStatusCallbackEvent": "completed absent",
    }


def test_who_says_nothing_is_listened_to_for_as_long_as_over_asterisk() -> None:
    def rounds(slow: bool) -> list[Answer]:
        waited = [came(MENU, {}, {"part": "empty", "waited_s": str(s)}, slow) for s in range(16)]
        return [answer for (answer,) in waited]

    assert rounds(False).index(NoInput()) == 7
    assert rounds(True).index(NoInput()) == 14


@pytest.mark.parametrize(
    ("wait", "form", "carried", "expected"),
    [
        (MENU, {"Digits": "2"}, {}, Digits("2")),
        (MENU, {"Digits": "*"}, {}, Digits("*")),
        (MENU, {"Digits": ""}, {}, NoInput()),
        (MENU, {}, {}, NoInput()),
        (NUMBER, {"Digits": "2"}, {"part": "prompt"}, Again()),
        (MENU, {"Digits": "2"}, {"part": "prompt"}, Digits("2")),
        (MENU, {"Digits": "#"}, {"part": "prompt"}, NoInput()),
        (MENU, {}, {"part": "prompt"}, Again()),
        (MENU, {"RecordingSid": SID}, {"part": "words", "waited_s": "3"}, ShortRecording(SID, 3)),
        (MENU, {"RecordingSid": SID, "Digits": "2"}, {"part": "words"}, Digits("2")),
        (MENU, {"RecordingSid": SID, "Digits": "#"}, {"part": "words"}, NoInput()),
        (MENU, {"RecordingSid": SID, "Digits": "hangup"}, {"part": "words"}, HungUp()),
        (
            MENU,
            {},
            {"part": "later", "recording": SID, "waited_s": "3"},
            ShortRecording(SID, 3, again=True),
        ),
        (MENU, {}, {"part": "later", "recording": "../x"}, Again()),
        (MENU, {}, {"part": "empty", "waited_s": "5"}, Again(Part(speaks=False, waited_s=5))),
        (MENU, {}, {"part": "empty", "waited_s": "7"}, NoInput()),
        (NUMBER, {"Digits": "482173905"}, {}, Digits("482173905")),
        (MENU, {"SpeechResult": "Phản ánh.", "Confidence": "0.9"}, {}, Said("1", "phản ánh", 0.9)),
        (MENU, {"SpeechResult": "phan anh"}, {}, Said("1", "phản ánh", 0.0)),
        (MENU, {"SpeechResult": "tôi ở Bạc Liêu", "Confidence": "0.9"}, {}, NoInput()),
        (STATEMENT, {"Digits": "#"}, {"part": "prompt"}, Again(Part(speaks=False))),
        (STATEMENT, {"Digits": "5"}, {"part": "prompt"}, Again(Part(speaks=False))),
        (STATEMENT, {"Digits": "0"}, {"part": "prompt"}, KeyAlone("0")),
        (STATEMENT, {}, {"part": "empty"}, NoInput()),
        (STATEMENT, {}, {}, Again()),
        (HEAR, {}, {"part": "poll", "waited_s": "7"}, NoInput()),
        (HEAR, {"Digits": "3"}, {"part": "poll", "waited_s": "1"}, NoInput()),
        (HEAR, {"Digits": "3"}, {}, Again()),
        (LookAtQueue("look"), {}, {"part": "look"}, LookWanted()),
        (LookAtQueue("look"), {}, {}, Again()),
        (
            QUEUE,
            {"Digits": "2"},
            {"part": "prompt", "since_s": f"{NOW_S - 9}"},
            QueueEnded("key", 9, "2"),
        ),
        (
            QUEUE,
            {"Digits": "7"},
            {"part": "prompt", "since_s": "5"},
            Again(Part(speaks=False, since_s=5)),
        ),
        (
            QUEUE,
            {"DialCallStatus": "completed", "DialCallDuration": "50"},
            {"part": "dial", "since_s": f"{NOW_S - 62}"},
            QueueEnded("answered", 12, talked_s=50),
        ),
        (QUEUE, {}, {"part": "refused"}, QueueEnded("unavailable", 0)),
        (QUEUE, {}, {"part": "dial"}, QueueEnded("unavailable", 0)),
        (
            LINE,
            {"DialCallStatus": "completed", "DialCallDuration": "41"},
            {"part": "dial"},
            DialEnded("answered", 41),
        ),
        (LINE, {}, {"part": "refused"}, DialEnded("failed")),
        (LINE, {"DialCallStatus": "something new"}, {"part": "dial"}, DialEnded("failed")),
        (LINE, {}, {}, Again()),
        (None, {"Digits": "1"}, {}, Again()),
    ],
)
def test_each_form_is_one_answer(
    wait: Wait | None, form: Mapping[str, str], carried: Mapping[str, str], expected: Answer
) -> None:
    assert came(wait, form, carried) == (expected,)


def test_words_that_are_not_there_yet_are_waited_for_on() -> None:
    wanted = WordsWanted("call-3", Part(speaks=False, waited_s=2))

    assert came(HEAR, {}, {"part": "poll", "waited_s": "2"}) == (wanted,)


@pytest.mark.parametrize(
    ("seconds", "keys", "length_s", "silent"),
    [
        (16, "", 12, False),  # four of them are the silence that ended it
        (4, "", 0, True),
        (5, "", 1, False),
        (120, "", 120, False),  # the limit ended it
        (9, "#", 9, False),
        (1, "0", 1, True),
        (0, "0", 0, True),
        (7, "5", 3, False),  # no key that ends a recording
    ],
)
def test_a_recording_is_as_long_as_somebody_spoke(
    seconds: int, keys: str, length_s: int, silent: bool
) -> None:
    form = {"RecordingSid": SID, "RecordingDuration": str(seconds)}
    key = keys if keys in ("#", "0") else ""

    answer = came(STATEMENT, form | ({"Digits": keys} if keys else {}))

    assert answer == (Spoken(SID, length_s, silent, key),)


def test_slow_callers_have_twice_the_silence() -> None:
    form = {"RecordingSid": SID, "RecordingDuration": "16"}

    assert came(STATEMENT, form, slow=True) == (Spoken(SID, 8, False),)


def test_who_hangs_up_while_speaking_is_heard_first() -> None:
    form = {"RecordingSid": SID, "RecordingDuration": "6", "Digits": "hangup"}

    assert came(STATEMENT, form) == (Spoken(SID, 6, False), HungUp())


@pytest.mark.parametrize("status", sorted(OVER))
def test_a_call_that_is_over_is_left(status: str) -> None:
    over = {"CallStatus": status}

    assert came(MENU, over) == (HungUp(),)
    assert came(HEAR, over, {"part": "poll"}) == (HungUp(),)
    assert came(STATEMENT, over, {"part": "empty"}) == (HungUp(),)
    assert came(QUEUE, over | {"DialCallStatus": "no-answer"}, {"part": "dial"}) == (HungUp(),)
    talked = over | {"DialCallStatus": "completed", "DialCallDuration": "0"}
    assert came(QUEUE, talked, {"part": "dial"}) == (QueueEnded("answered", 0), HungUp())


def test_every_state_of_a_dialled_call_is_an_outcome() -> None:
    states = {"completed", "answered", "busy", "no-answer", "failed", "canceled"}

    assert set(QUEUE_OUTCOMES) == set(DIAL_OUTCOMES) == states


@pytest.mark.parametrize(
    ("wait", "form", "carried"),
    [
        (MENU, {"Digits": "1; DROP"}, {}),
        (MENU, {"Digits": "١"}, {}),
        (MENU, {"Digits": "1" * 41}, {}),
        (MENU, {"SpeechResult": "một", "Confidence": "much"}, {}),
        (STATEMENT, {"RecordingSid": SID, "RecordingDuration": "-1"}, {}),
        (STATEMENT, {"RecordingSid": SID, "RecordingDuration": "²"}, {}),
        (HEAR, {}, {"part": "poll", "waited_s": "now"}),
        (QUEUE, {"DialCallDuration": "1.5"}, {"part": "dial"}),
        (QUEUE, {}, {"part": "dial", "since_s": "9" * 30}),
    ],
)
def test_what_cannot_be_is_refused_without_repeating_it(
    wait: Wait, form: Mapping[str, str], carried: Mapping[str, str]
) -> None:
    with pytest.raises(BadForm) as told:
        came(wait, form, carried)

    assert not any(value in str(told.value) for value in (*form.values(), *carried.values()))


def test_words_without_tones_count_only_where_they_are_sure() -> None:
    assert said(PHRASES, "PHAN ANH!", 0.8) == Said("1", "phản ánh", 0.8)
    assert said(PHRASES, "hai", 0.8) == Said("2", "hai", 0.8)
    assert said(PHRASES, "hài", 0.8) is None  # "hai" or "hải"
    assert said(PHRASES, "", 0.8) is None
