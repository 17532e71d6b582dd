"""Callers, hangups, deaths and late answers in any order, on the real engine and database."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.ivr.any_caller import AnyCall

# In CI so many; ANY_CALLS=400 looks further.
CALLS = int(os.environ.get("ANY_CALLS", "40"))
ANY = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    max_examples=CALLS,
    stateful_step_count=40,
)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_whatever_a_caller_does_and_whatever_dies_nobody_leaves_empty_handed() -> None:
    run_state_machine_as_test(AnyCall, settings=ANY)
