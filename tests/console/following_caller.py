"""A program that holds calls and runs on: `python -m tests.console.following_caller MOMENT`.

It follows what is published as the AGI server does, with its preparation, handlers and engine, on
the configured database. For each line it reads it prints one of JSON: `begin` leaves a call
standing and tells what it knows of the hours, `end` reports in that call and tells when an answer
is due, `version` tells what it follows.
"""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from hotline.call_facts import prepare_calls
from hotline.handlers import command_handlers
from hotline.logs import configure_logs
from hotline.settings import read_settings
from hotline.wiring import follow_province, open_database
from ivr.drivers.recorder import Recorder
from ivr.drivers.simulator import SimulatedClock, Simulator
from ivr.models import Call
from reports.models import Report
from storage.database import reading

# A pothole, said and placed by keys; nobody is to be rung back.
KEYS = ("1", "1", "1", "speaks 12 s", "1", "1", "1", "2", "hangs up")


def main(moment: str) -> None:
    configure_logs()
    settings = read_settings()
    engine = open_database(settings)
    published = follow_province(settings, engine)
    published.start()
    province = published.province
    handlers, prepare = command_handlers(settings, province), prepare_calls(settings, province)
    recordings = Path(settings.data, "recordings")
    recordings.mkdir(parents=True, exist_ok=True)
    calls: list[Simulator] = []
    for line in sys.stdin:
        told: dict[str, object] = {}
        match line.strip():
            case "begin":
                begins_at = datetime.fromisoformat(moment) + timedelta(minutes=len(calls))
                clock = SimulatedClock(begins_at)
                call = Simulator(
                    engine,
                    handlers,
                    prepare,
                    Recorder(recordings),
                    province.wording,
                    clock,
                    shows_effects=False,
                )
                call.begin(None)
                calls.append(call)
            case "end":
                for key in KEYS:
                    if calls[-1].answer(key).expects is None:
                        break
        with reading(engine) as session:
            if line.strip() in ("begin", "end"):
                query = select(Call).order_by(Call.started_at.desc(), Call.id.desc())
                found = session.scalars(query).first()
                assert found is not None
                told["closed_why"] = found.facts["closed_why"]
                report = session.scalar(select(Report).where(Report.call_id == found.id))
                told["expected_at"] = (
                    report.expected_at.isoformat() if report and report.expected_at else None
                )
        print(json.dumps({**told, "version": published.number}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
