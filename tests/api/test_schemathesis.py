"""The whole OpenAPI document against the API: all checks, all phases, as three roles."""

import json
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import Engine
from werkzeug.serving import make_server

from accounts.roles import Role
from accounts.tokens import find_token
from api.limits import Allowance
from monitoring.alert_kinds import Rule
from monitoring.mutes import mute
from monitoring.observing import Reading, store
from monitoring.streams import stream_of
from notifications.webhooks import Wanted, publish, subscribe
from provinces.schema import Province
from storage.database import reading, transaction
from tests.api.conftest import Api, make_api
from tests.builders import NOON, a_call, a_recording, a_report, a_transcript
from tests.monitoring.alarms import an_alert

HERE = Path(__file__).parent
AGENCY = "so_xay_dung"
EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "2")  # of each operation, beside the coverage
ALL = "1000000/second"
EVERYTHING = Allowance("memory://", ALL, ALL, ALL, ALL, ALL, ALL)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


# All three on both databases take six minutes: by SCHEMATHESIS_EXAMPLES, as many as wished.
WHOLE = "SCHEMATHESIS_EXAMPLES" in os.environ
ROLES = [Role.OPERATOR, Role.AGENCY, Role.ADMINISTRATOR]
PHASES = "examples,coverage,fuzzing,stateful"


@pytest.mark.parametrize("role", ROLES if WHOLE else ROLES[2:])
def test_every_operation_is_as_described_for_every_role(
    database: Engine, tmp_path: Path, the_province: Province, role: Role
) -> None:
    api = make_api(database, tmp_path, the_province, EVERYTHING)
    api.app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    path = _fill(api, the_province)
    user = api.enter(role, AGENCY if role is Role.AGENCY else None)
    with reading(database) as session:
        token = find_token(session, api.secret, NOON)
    assert token is not None
    with serving(api) as port:
        known = {
            "url": f"http://127.0.0.1:{port}/api/v1",
            "secret": api.secret,
            "own_token": token.id,
            "path": path,
        }
        # What is wrong with a value, the second database need not hear again each time.
        again = database.dialect.name == "postgresql" and not WHOLE
        phases = PHASES.replace("coverage,", "") if again else PHASES
        code, told = run(port, api.secret, known, tmp_path, phases)

    operations = re.search(r"Operations:\s+(\d+) selected / (\d+) total", told)
    assert operations and operations[1] == operations[2], told  # none is left out
    assert code == 0, told
    assert api.client.get("/api/v1/me", headers=api.headers).json["user"] == user, "signed out"


def run(
    port: int, secret: str, known: Mapping[str, object], folder: Path, phases: str
) -> tuple[int, str]:
    file = folder / "known.json"
    file.write_text(json.dumps(known))
    done = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli",
            "--config-file", str(HERE / "schemathesis.toml"),
            "run", f"http://127.0.0.1:{port}/api/v1/openapi.json",
            "--checks", "all",
            "--phases", phases,
            "--max-examples", EXAMPLES,
            "--header", f"Authorization: Bearer {secret}",
            "--request-timeout", "60",
            "--generation-deterministic",
            "--suppress-health-check", "all",
            "--wait-for-schema", "60",
        ],
        cwd=folder,
        env=os.environ
        | {
            "SCHEMATHESIS_HOOKS": "tests.api.schemathesis_hooks",
            "HOTLINE_KNOWN": str(file),
            "PYTHONPATH": str(HERE.parents[1]),
            "NO_COLOR": "1",
            "COLUMNS": "300",
        },
        capture_output=True,
        text=True,
        timeout=3500,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@contextmanager
def serving(api: Api) -> Iterator[int]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with structlog.testing.capture_logs():
        server = make_server("127.0.0.1", 0, api.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            server.server_close()
            thread.join(10)


def _fill(api: Api, province: Province) -> dict[str, list[str]]:
    """Something of everything, and where it is."""
    call = a_call()
    recording = a_recording(a_transcript(), call_id=call.id)
    given: dict[str, Any] = {
        "agency": AGENCY,
        "status": "assigned",
        "category": "GT01",
        "place": "2025:31825",
    }
    reports = [
        a_report([recording], call_id=call.id, **given),
        *(a_report(**given) for _ in range(3)),
        *(a_report(latitude=9.29, longitude=105.72) for _ in range(3)),
    ]
    api.add(call, *reports)
    (api.recordings / f"{recording.name}.wav").write_bytes(b"RIFF" + bytes(1000))
    wanted = Wanted("http://127.0.0.1:9/", ("report.created",), "map")
    with transaction(api.engine) as session:
        hook = subscribe(session, wanted, api.destinations, "u1", NOON)
        publish(session, "report.created", reports[0].id, {}, NOON)
    alerts = [an_alert(api.engine, subject=each) for each in ("YT01", "KM01", "GT01")]
    with transaction(api.engine) as session:
        stream = stream_of(session, "security.cases", "2025:31825", "cong_an_tinh", NOON)
        held = mute(session, province, "u1", "x", NOON + timedelta(days=1), NOON, Rule.SCAN)
    with transaction(api.engine) as session:
        store(session, province, [Reading(stream.id, NOON, 3)], NOON)
    return {
        "alert_id": [each.id for each in alerts],
        "mute_id": [str(held.id)],
        "reference": [each.reference for each in reports],
        "name": [recording.name],
        "call_id": [call.id],
        "webhook_id": [hook.id],
    }
