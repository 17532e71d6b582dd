"""What is asked of Twilio about calls and recordings, over a real connection."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ivr.errors import ProviderAway, SoundGone
from notifications.providers.twilio_client import TwilioAccount
from tests.builders import NOON
from tests.fake_twilio.account import Account
from tests.fake_twilio.recordings import routes_of
from tests.fake_twilio.rest import ACCOUNT_SID, AUTH_TOKEN, FakeTwilio, Fault
from webhooks.twilio_rest import TwilioRecordings

ABSENT = "RE" + "f" * 32


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def twilio(account: Account, tmp_path: Path) -> Iterator[FakeTwilio]:
    fake = FakeTwilio(tmp_path / "twilio", routes_of(account))
    yield fake
    fake.close()


@pytest.fixture
def remote(twilio: FakeTwilio) -> TwilioRecordings:
    return TwilioRecordings(TwilioAccount(ACCOUNT_SID, AUTH_TOKEN, twilio.url, timeout_s=1.0))


def test_a_call_and_its_recordings_are_found(remote: TwilioRecordings, account: Account) -> None:
    call = account.new_call("+84912345678", "+842913819120")
    other = account.new_call("anonymous", "+842913819120")
    account.new_recording(other.sid, NOON, 1, 0)
    second = account.new_recording(call.sid, NOON + timedelta(seconds=9), 2, 1)
    first = account.new_recording(call.sid, NOON, 1, 1)
    second.status = "processing"

    there = remote.call(call.sid)
    found = remote.of_call(call.sid)

    assert there is not None
    assert (there.over, there.caller, there.called) == (False, call.caller, call.called)
    assert [(each.remote_id, each.made_at, each.ready) for each in found] == [
        (first.sid, NOON, True),
        (second.sid, NOON + timedelta(seconds=9), False),
    ]
    assert len(remote.made_since(NOON - timedelta(days=1))) == 3


def test_a_sound_comes_as_it_lies_there_and_is_deleted_once(
    remote: TwilioRecordings, account: Account
) -> None:
    recording = account.new_recording("CA" + "1" * 32, NOON, 3, 1)

    assert remote.sound(recording.sid) == recording.content
    for _ in range(2):
        remote.forget(recording.sid)

    assert account.forgotten == [recording.sid]
    with pytest.raises(SoundGone):
        remote.sound(recording.sid)


def test_what_twilio_does_not_know_is_no_error(remote: TwilioRecordings) -> None:
    assert remote.call("CA" + "f" * 32) is None
    assert remote.of_call("CA" + "f" * 32) == []
    remote.forget(ABSENT)


@pytest.mark.parametrize("kind", ["429", "500", "drop", "drop_after"])
def test_each_way_of_not_answering_is_one_error(
    remote: TwilioRecordings, twilio: FakeTwilio, kind: str
) -> None:
    for ask in (
        lambda: remote.sound(ABSENT),
        lambda: remote.call("CA" + "f" * 32),
        lambda: remote.of_call("CA" + "f" * 32),
        lambda: remote.forget(ABSENT),
    ):
        # The library tries a dropped connection once more.
        twilio.faults[:] = [Fault(kind)] * 4  # type: ignore[arg-type]
        with pytest.raises(ProviderAway):
            ask()


@pytest.mark.slow
def test_who_says_nothing_is_not_waited_for(remote: TwilioRecordings, twilio: FakeTwilio) -> None:
    for ask in (lambda: remote.sound(ABSENT), lambda: remote.call("CA" + "f" * 32)):
        twilio.faults[:] = [Fault("hang", 2.0)]
        with pytest.raises(ProviderAway):
            ask()


def test_a_wrong_token_is_told_without_it(twilio: FakeTwilio) -> None:
    remote = TwilioRecordings(TwilioAccount(ACCOUNT_SID, "another token", twilio.url))

    with pytest.raises(ProviderAway, match="401") as told:
        remote.sound(ABSENT)

    assert "another token" not in repr(told.value) + repr(remote._account)
