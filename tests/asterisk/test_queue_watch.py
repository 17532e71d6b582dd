"""What Asterisk tells of its queue, seen by the live view."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.telephony.installation import Installation
from hotline.telephony.kept_secrets import manager_secret
from ivr.ami import Manager
from ivr.errors import AmiRefused
from ivr.queue_watch import AgentState, QueueState, QueueWatch
from tests.asterisk.fake_agi import FakeAgi
from tests.asterisk.operators import Operators
from tests.asterisk.running import free_ports, running_asterisk, until
from tests.asterisk.test_queue import Waits

pytestmark = [pytest.mark.asterisk, pytest.mark.slow]


def now() -> datetime:
    return datetime.now(UTC)


def test_waiting_callers_and_agents_are_seen_and_asterisks_death_is_told(
    installation: Installation, tmp_path: Path
) -> None:
    (port,) = free_ports(1)
    bind = f"127.0.0.1:{port}"
    stop = threading.Event()
    with running_asterisk(
        installation, tmp_path, agi_servers=1, operators=("101",), manager_bind=bind
    ) as asterisk:
        manager = Manager(bind, manager_secret(asterisk.data))
        watch = QueueWatch(manager, now)
        watching = threading.Thread(target=watch.run, args=(stop,))
        watching.start()
        try:
            until(lambda: watch.state()[0])
            assert agents(watch) == {"101": AgentState.AWAY}
            with FakeAgi(asterisk.agi_port, Waits()), Operators(asterisk, ["101"]) as people:
                people.sign_in(1)
                until(lambda: agents(watch) == {"101": AgentState.READY})
                asterisk.call()
                until(lambda: agents(watch) == {"101": AgentState.RINGING})
                (waiting,) = state(watch).waiting
                assert waiting.place == 1 and waiting.driver_call_id
                assert abs((now() - waiting.since).total_seconds()) < 5
                people.answer(talk_s=1.0)
                until(lambda: agents(watch)["101"] is not AgentState.TALKING)
                assert state(watch).waiting == () and state(watch).agents[0].taken == 1
            with manager.line() as line:
                line.ask("QueuePause", Interface="PJSIP/101", Paused="true", Reason="after_call")
            with pytest.raises(AmiRefused), manager.line() as line:
                line.ask("Command", Command="core show version")
        except BaseException:
            stop.set()
            raise
    assert until(lambda: watch.state()[1]) is not None and state(watch).agents
    stop.set()
    watching.join()


def state(watch: QueueWatch) -> QueueState:
    found = watch.state()[0]
    return found if found is not None else QueueState(now())


def agents(watch: QueueWatch) -> dict[str, AgentState]:
    return {each.name: each.state for each in state(watch).agents}
