"""How the parts of the hotline are, as the live view tells."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, create_engine

from console.live.facts import Health
from hotline.clock import utc_now
from hotline.live_health import LiveHealth, the_live_services
from hotline.settings import Settings
from ivr.ami import Manager
from ivr.models import AgiServerRow
from ivr.queue_watch import QueueWatch
from notifications.models import MessageStatus
from storage.database import transaction
from tests.builders import a_message, a_report


def states(engine: Engine, data: Path, **given: object) -> dict[str, Health]:
    values = {"data": data, "asterisk": "none", "speech": "none", **given}
    settings = Settings(_env_file=None, **values)  # type: ignore[call-arg, arg-type]
    return {part.name: part.state for part in the_live_services(settings, engine).health()}


def test_each_part_is_told_and_what_is_missing_is_not_well(engine: Engine, tmp_path: Path) -> None:
    report = a_report()
    waits = a_message(report, status=MessageStatus.QUEUED, queued_at=utc_now() - timedelta(hours=1))
    with transaction(engine) as session:
        session.add(report)
        session.flush()
        session.add_all([waits, AgiServerRow(name="one", beat_at=utc_now())])
        session.add(AgiServerRow(name="dead", beat_at=utc_now() - timedelta(minutes=1)))

    found = states(engine, tmp_path, disk_alarm_mb=10**9)

    assert found == {
        "asterisk": Health.OFF,
        "agi": Health.LOW,  # one of two
        "speech": Health.OFF,
        "jobs": Health.AWAY,  # its tables are not there
        "messages": Health.LOW,
        "disk": Health.LOW,
    }


def test_a_speech_service_that_does_not_answer_is_away(engine: Engine, tmp_path: Path) -> None:
    found = states(engine, tmp_path, speech="scripted", speech_bind="127.0.0.1:9")

    assert found["speech"] is Health.AWAY and found["agi"] is Health.AWAY


def test_what_was_not_looked_at_is_unknown_and_hides_nothing_else(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data=tmp_path, speech="none")  # type: ignore[call-arg]
    away = create_engine(f"sqlite:///{tmp_path}/no/such/folder.sqlite3")
    watch = QueueWatch(Manager("127.0.0.1:9", "no secret"), utc_now)
    health = LiveHealth(settings, away, watch)

    before = {part.name: part.state for part in health()}
    watch.look()
    after = {part.name: part.state for part in health()}

    assert before["asterisk"] is before["agi"] is before["messages"] is Health.UNKNOWN
    assert before["disk"] is not Health.UNKNOWN
    assert after["asterisk"] is Health.AWAY
