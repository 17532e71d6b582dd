"""Two workers that look after one call, and a provider that tells more while one of them looks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ivr.errors import SoundGone
from ivr.remote_calls import Settling
from ivr.remote_recordings import LEASE, RemoteCall, RemoteRecording
from tests.fake_twilio.account import Account
from tests.webhooks.callers import KnowsTheMenu
from tests.webhooks.conftest import Desk

RECORDINGS = "/webhooks/twilio/recordings"


@dataclass
class Slow:
    """An account that does something else before it answers; `gone` are sounds that it has not."""

    account: Account
    before_sound: Callable[[], None] = lambda: None
    before_list: Callable[[], None] = lambda: None
    gone: Sequence[str] = ()

    def sound(self, remote_id: str) -> bytes:
        self.before_sound()
        if remote_id in self.gone:
            raise SoundGone(remote_id)
        return self.account.sound(remote_id)

    def of_call(self, driver_call_id: str) -> Sequence[RemoteRecording]:
        found = self.account.of_call(driver_call_id)
        self.before_list()
        return found

    def forget(self, remote_id: str) -> None:
        self.account.forget(remote_id)

    def made_since(self, since: object) -> Sequence[RemoteRecording]:
        raise NotImplementedError

    def call(self, driver_call_id: str) -> RemoteCall | None:
        return self.account.call(driver_call_id)


def worker(desk: Desk, remote: Slow) -> Settling:
    return Settling(desk.settling.conversations, desk.settling.recorder, remote)


def test_workers_never_write_over_what_another_found(desk: Desk) -> None:
    call = desk.phone(KnowsTheMenu(stays=True))
    call.hold()
    first = desk.account.new_recording(call.call.sid, desk.clock(), 5, 0)
    second = Slow(desk.account, gone=[first.sid])
    desk.clock.pass_by(10)

    def outlive_the_lease() -> None:
        slow.before_sound = lambda: None
        desk.account.new_recording(call.call.sid, desk.clock(), 7, 0)
        desk.clock.pass_by(LEASE.total_seconds() + 1)
        worker(desk, second).once()

    slow = Slow(desk.account, outlive_the_lease)
    worker(desk, slow).once()
    second.gone = ()
    desk.clock.pass_by(LEASE.total_seconds() + 1)
    worker(desk, second).once()
    desk.fetching.once()

    rows = desk.recordings()
    assert len({row.remote_id for row in rows}) == len(rows) == 4
    assert {5.0, 7.0} <= {row.length_s for row in rows}
    for row in rows:
        taken = desk.settling.recorder.take(row.name)
        assert taken is not None and taken.sha256 == row.sha256


def test_what_is_told_while_a_call_is_settled_is_looked_at_afterwards(desk: Desk) -> None:
    call = desk.phone(KnowsTheMenu(stays=True))
    call.hold()
    desk.clock.pass_by(10)

    def tell() -> None:
        slow.before_list = lambda: None
        late = desk.account.new_recording(call.call.sid, desk.clock(), 5, 0)
        told = {"CallSid": call.call.sid, "RecordingSid": late.sid}
        desk.post(RECORDINGS, told | {"RecordingStatus": "completed"})

    slow = Slow(desk.account, before_list=tell)
    worker(desk, slow).once()
    desk.settle()

    assert 5 in [row.length_s for row in desk.recordings()]
