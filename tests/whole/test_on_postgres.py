"""The whole hotline on PostgreSQL, as an operator starts it: one setting makes the difference."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from hotline.caller.placing import CallPlan
from hotline.caller.script import HangUp, KeepSilent, PressAtOnce, Speak
from hotline.telephony.installation import Installation
from notifications.models import Message, MessageStatus
from reports.models import Report
from storage.database import open_engine, reading
from tests.asterisk.running import until
from tests.caller.sounds import voice
from tests.whole.speech import PLACE_WAS_SAID, RING_THIS_NUMBER, STREET_LIGHT
from tests.whole.system import running_system

pytestmark = [
    pytest.mark.asterisk,
    pytest.mark.postgres,
    pytest.mark.model,
    pytest.mark.timeout(300),
]

SCRIPT = (
    *STREET_LIGHT,
    Speak(voice(3.0), "a voice"),
    PressAtOnce("#"),
    *PLACE_WAS_SAID,
    *RING_THIS_NUMBER,
    *(KeepSilent(1.0), PressAtOnce("1")),
    *(KeepSilent(2.0), HangUp()),
)


def test_a_call_becomes_a_report_and_its_sms_is_sent(
    installation: Installation, empty_postgres_url: str, tmp_path: Path, spoken: Path
) -> None:
    database = {"HOTLINE_DATABASE_URL": empty_postgres_url}
    with running_system(tmp_path / "data", spoken, **database) as system:
        placed = asyncio.run(system.call([CallPlan(SCRIPT, "0987654321", "19009120")]))

        report = system.report_of(placed[0])
        assert placed[0].problem is None
        assert report["partial"] is False
        assert report["recordings"][0]["length_s"] == pytest.approx(3.0, abs=0.4)
        assert not (tmp_path / "data" / "hotline.sqlite3").exists()
        engine = open_engine(empty_postgres_url)
        until(lambda: _sent(engine), 30)
        with reading(engine) as session:
            assert len(session.scalars(select(Report.id)).all()) == 1
        engine.dispose()


def _sent(engine: Engine) -> bool:
    with reading(engine) as session:
        return session.scalars(select(Message.status)).all() == [MessageStatus.SENT]
