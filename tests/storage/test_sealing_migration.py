"""What lay open in the tables of the first release is sealed, and can be opened again."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Connection, text

from storage.crypto import Sealed, current_box
from storage.database import open_engine
from storage.migrations import downgrade, upgrade

AT = "2026-11-22 05:00:00"
ROWS: Mapping[str, Mapping[str, Any]] = {
    "calls": {
        "id": "c1", "driver": "agi", "driver_call_id": "1", "called_number": "19009120",
        "language": "vi", "flow": "report_problem", "flow_version": 1, "facts": "{}",
        "status": "completed", "recording_declined": False, "started_at": AT, "advanced_at": AT,
    },
    "journal_entries": {
        "call_id": "c1", "position": 0, "step": "Gather:category",
        "result": '{"type": "digits", "value": "2"}', "entered_at": AT,
    },
    "reports": {
        "id": "r1", "reference": "482173908", "status": "new", "source": "phone",
        "partial": False, "call_id": "c1", "call_position": 1, "requested_at": AT,
        "updated_at": AT,
    },
    "messages": {
        "id": "m1", "idempotency_key": "k", "to_number": b"sealed", "text_key": "report_received",
        "text_values": '{"reference": "482-173-908"}', "language": "vi", "report_id": "r1",
        "status": "sent", "queued_at": AT,
    },
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("step", ["forth", "forth and back"])
def test_rows_of_the_first_release_survive(new_database_url: str, step: str) -> None:
    engine = open_engine(new_database_url)
    upgrade(engine, "0001")
    with engine.begin() as connection:
        for table, row in ROWS.items():
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)

    upgrade(engine, "0002")
    with engine.connect() as connection:
        sealed = [bytes(value) for value in _kept(connection)]
    opened = [current_box().open(Sealed(value)) for value in sealed]
    assert opened == ['{"type": "digits", "value": "2"}', '{"reference": "482-173-908"}']
    if step == "forth and back":
        downgrade(engine, "0001")
        with engine.connect() as connection:
            found = [str(value) for value in _kept(connection)]
        assert "482-173-908" in found[1] and "digits" in found[0]
        upgrade(engine, "0002")
    engine.dispose()


def _kept(connection: Connection) -> tuple[Any, Any]:
    result = connection.scalar(text("SELECT result FROM journal_entries"))
    values = connection.scalar(text("SELECT text_values FROM messages"))
    return result, values
