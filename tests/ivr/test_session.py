"""The session on flows of three lines: what it keeps, replays and refuses."""

import pytest

from ivr.errors import FlowDiverged, FlowFailed
from ivr.session import MOST_ANSWERS, TOO_LONG, CallSession, Entry, Turn
from ivr.steps import CallerHungUp, Digits, Do, Done, Flow, Gather, HungUp, Manner, NoInput, Say

VI = Manner("vi")


def ask_twice() -> Flow[None]:
    yield Say("hello")
    first = yield Gather("first")
    yield Say("thanks")
    yield Do("note", first)
    yield Gather("second")
    yield Say("bye")


def test_a_turn_is_what_is_said_up_to_the_next_wait() -> None:
    session = CallSession(ask_twice, VI)

    assert session.turn == Turn((Say("hello"),), Gather("first"), VI)


def test_what_was_heard_is_not_said_again() -> None:
    session = CallSession(ask_twice, VI)

    session.resume(Digits("1"))
    session.resume(Done())

    assert session.turn == Turn((Say("thanks"),), Gather("second"), VI)


def test_words_before_a_command_wait_for_the_next_turn() -> None:
    session = CallSession(ask_twice, VI)

    session.resume(Digits("1"))

    assert session.turn == Turn((Say("thanks"),), Do("note", Digits("1")), VI)


def test_a_replayed_journal_gives_the_same_turn_at_every_position() -> None:
    session = CallSession(ask_twice, VI)
    for answer in (Digits("1"), Done(), NoInput()):
        session.resume(answer)

        assert CallSession(ask_twice, VI, session.journal).turn == session.turn


def test_a_journal_of_other_steps_is_refused_with_both_names() -> None:
    with pytest.raises(FlowDiverged, match="journal has Gather:other, flow is at Gather:first"):
        CallSession(ask_twice, VI, [Entry("Gather:other", NoInput())])


def test_a_journal_longer_than_the_flow_is_refused() -> None:
    answers = [
        Entry("Gather:first", NoInput()),
        Entry("Do:note", Done()),
        Entry("Gather:second", NoInput()),
        Entry("end", NoInput()),
    ]

    with pytest.raises(FlowDiverged, match="the flow has ended"):
        CallSession(ask_twice, VI, answers)


def test_after_a_hangup_a_flow_may_file_but_not_speak() -> None:
    def files_on_hangup() -> Flow[None]:
        try:
            yield Gather("first")
        except CallerHungUp:
            yield Say("nobody hears this")
            yield Do("file", "what there is")

    session = CallSession(files_on_hangup, VI)
    session.resume(HungUp())

    assert session.turn == Turn((), Do("file", "what there is"), VI)


def test_a_flow_that_asks_after_a_hangup_is_refused() -> None:
    def asks_on_hangup() -> Flow[None]:
        try:
            yield Gather("first")
        except CallerHungUp:
            yield Gather("still there?")

    with pytest.raises(FlowDiverged, match="after a hangup a flow may only Do"):
        CallSession(asks_on_hangup, VI).resume(HungUp())


def test_a_defect_in_a_flow_has_a_name() -> None:
    def broken() -> Flow[None]:
        yield Gather("first")
        raise KeyError("a slip")

    with pytest.raises(FlowFailed, match="KeyError in the flow"):
        CallSession(broken, VI).resume(NoInput())


def goes_round() -> Flow[None]:
    try:
        while True:
            yield Gather("again")
    except CallerHungUp:
        yield Do("file", "what there is")


def test_a_call_that_goes_round_for_ever_is_filed_and_led_to_the_end() -> None:
    session = CallSession(goes_round, VI)

    for _ in range(MOST_ANSWERS):
        session.resume(Digits("5"))

    assert session.turn == Turn(TOO_LONG, Do("file", "what there is"), VI)
    session.resume(Done())
    assert session.turn == Turn(TOO_LONG, None, VI)


def speaks_slowly() -> Flow[None]:
    yield Gather("first")
    yield Manner("en", slow=True)
    yield Gather("second")


def test_a_manner_holds_from_its_turn_on_and_after_a_replay() -> None:
    session = CallSession(speaks_slowly, VI)

    session.resume(NoInput())

    assert session.turn.manner == Manner("en", slow=True)
    assert CallSession(speaks_slowly, VI, session.journal).turn == session.turn
