"""Callers, hangups, deaths and late answers in any order, on the real engine and database."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.ivr.any_caller import AnyCall

_ANY = settings(deadline=None, suppress_health_check=list(HealthCheck))
FEW = settings(_ANY, max_examples=12, stateful_step_count=20)
MANY = settings(_ANY, max_examples=120, stateful_step_count=40)


@pytest.mark.slow
def test_whatever_a_caller_does_and_whatever_dies_nobody_leaves_empty_handed() -> None:
    run_state_machine_as_test(AnyCall, settings=FEW)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_same_for_many_more_callers() -> None:
    run_state_machine_as_test(AnyCall, settings=MANY)
