"""What the dialplan is told to do, and what its words about it mean."""

import pytest

from ivr.drivers.handover import orders, outcome_of
from ivr.engine import Pending
from ivr.session import Turn
from ivr.steps import Dial, DialEnded, Enqueue, Gather, Manner, QueueEnded, Result, Wait

ENQUEUE = Enqueue("queue", 60, waited_s=120, leave_keys="12")
DIAL = Dial("danger_line", "115", 300)


def standing_at(wait: Wait, position: int = 7) -> Pending:
    return Pending("c0ffee", Turn((), wait, Manner("vi")), position, "server-1")


def test_the_order_that_starts_it_comes_last() -> None:
    assert list(orders(standing_at(ENQUEUE)).items())[-1] == ("HOTLINE_NEXT", "queue")
    assert list(orders(standing_at(DIAL)).items())[-1] == ("HOTLINE_NEXT", "dial")


def test_who_comes_back_to_the_queue_keeps_their_place() -> None:
    told = orders(standing_at(ENQUEUE))

    assert (told["QUEUE_PRIO"], told["HOTLINE_WAIT_S"], told["HOTLINE_AT"]) == ("120", "60", "7")


def test_nothing_but_digits_is_dialled() -> None:
    assert orders(standing_at(Dial("line", "113@x&PJSIP/9", 60)))["HOTLINE_DIAL"] == "1139"


@pytest.mark.parametrize(
    ("wait", "told", "result"),
    [
        (ENQUEUE, "7:CONTINUE:30:", QueueEnded("answered", 30)),
        (ENQUEUE, "7:CONTINUE:30::95", QueueEnded("answered", 30, talked_s=95)),
        (ENQUEUE, "7:CONTINUE:30::", QueueEnded("answered", 30)),
        (ENQUEUE, "7:TIMEOUT:60::5", QueueEnded("timeout", 60)),
        (ENQUEUE, "7:TIMEOUT:60:", QueueEnded("timeout", 60)),
        (ENQUEUE, "7:KEY:12:2", QueueEnded("key", 12, "2")),
        (ENQUEUE, "7:KEY:12:5", QueueEnded("timeout", 12)),
        (ENQUEUE, "7:KEY:12:", QueueEnded("timeout", 12)),
        (ENQUEUE, "7:JOINEMPTY:0:", QueueEnded("unavailable", 0)),
        (ENQUEUE, "7:LEAVEEMPTY:9:", QueueEnded("unavailable", 9)),
        (ENQUEUE, "7::0:", QueueEnded("unavailable", 0)),
        (ENQUEUE, "7:SOMETHING NEW:0:", QueueEnded("unavailable", 0)),
        (DIAL, "7:ANSWER:65:", DialEnded("answered", 65)),
        (DIAL, "7:BUSY::", DialEnded("busy")),
        (DIAL, "7:NOANSWER::", DialEnded("no_answer")),
        (DIAL, "7:CHANUNAVAIL::", DialEnded("failed")),
        (DIAL, "7:CONGESTION::", DialEnded("failed")),
        (DIAL, "7:ANSWER:x:", DialEnded("answered", 0)),
        # Words about another wait, or none, are no answer to this one.
        (ENQUEUE, "6:CONTINUE:30:", None),
        (ENQUEUE, "77:CONTINUE:30:", None),
        (ENQUEUE, "", None),
        (ENQUEUE, "ended", None),
        (ENQUEUE, "7", None),
        (ENQUEUE, "7:CONTINUE", None),
        (Gather("main_menu"), "7:CONTINUE:30:", None),
    ],
)
def test_the_dialplans_word_answers_the_wait_at_its_position(
    wait: Wait, told: str, result: Result | None
) -> None:
    assert outcome_of(told, standing_at(wait)) == result


def test_a_wait_of_ours_is_no_order_for_the_dialplan() -> None:
    with pytest.raises(ValueError, match="expected a wait in the dialplan, found Gather"):
        orders(standing_at(Gather("main_menu")))
