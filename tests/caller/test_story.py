from typing import Any

from hotline.caller.hearing import Span
from hotline.caller.story import Event, What, asked, heard, in_words, timeline

JOURNAL = [
    {
        "position": 0,
        "step": "Gather:category",
        "wording_key": "category",
        "result": {"type": "digits", "value": "2"},
        "after_s": 12.5,
    },
    {
        "position": 1,
        "step": "Record:statement",
        "wording_key": "statement",
        "result": {"type": "recorded", "length_s": 4.9},
        "after_s": 25.5,
    },
    {
        "position": 2,
        "step": "Do:file",
        "wording_key": "file",
        "result": {"type": "done", "value": "482173905"},
        "after_s": 25.6,
    },
]


def test_a_question_stands_where_it_was_asked_with_what_the_hotline_took_for_the_answer() -> None:
    events = [event.as_json() for event in asked(JOURNAL, answered_s=0.1)]

    assert [(event["at_s"], event["what"], event["step"]) for event in events] == [
        (0.1, "asked", "Gather:category"),
        (12.6, "asked", "Record:statement"),
        (25.7, "done", "Do:file"),
    ]
    assert [event["result"] for event in events] == [entry["result"] for entry in JOURNAL]


def test_the_callers_events_and_the_journal_become_one_time_line() -> None:
    own = [Event(0.0, What.DIALLED), Event(0.1, What.ANSWERED), Event(12.4, What.PRESSED)]
    ear = heard([Span(0.2, 11.3)], [Span(20.0, 20.3)])

    merged = timeline(own, ear, asked(JOURNAL, 0.1))

    assert [event.what for event in merged] == [
        What.DIALLED,
        What.ANSWERED,
        What.ASKED,
        What.HEARD,
        What.PRESSED,
        What.ASKED,
        What.BEEP,
        What.DONE,
    ]


def test_an_event_as_json_has_its_second_its_kind_and_its_details() -> None:
    event = Event(12.3456, What.PRESSED, {"digits": "2"})

    assert event.as_json() == {"at_s": 12.35, "what": "pressed", "digits": "2"}


def test_every_kind_of_event_has_a_line_for_a_reader() -> None:
    details: dict[What, dict[str, Any]] = {
        What.HEARD: {"length_s": 1.0},
        What.BEEP: {"length_s": 0.3},
        What.SAID: {"sound": "a.wav", "length_s": 4.0},
        What.ASKED: {"step": "Gather:category", "result": JOURNAL[0]["result"]},
        What.DONE: {"step": "Do:file", "result": {"type": "done", "value": None}},
    }
    for what in What:
        line = in_words(Event(1.5, what, details.get(what, {})))

        assert line.startswith("   1.50 s  ")
        assert what.replace("_", " ") in line
    assert in_words(Event(0, What.ASKED, details[What.ASKED])).endswith("category → digits 2")
