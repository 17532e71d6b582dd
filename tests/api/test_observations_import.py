"""POST /observations/import: a file is read while it comes in."""

import io
from typing import Any

import pytest
from sqlalchemy import func, select

from accounts.roles import Role
from monitoring.models import Observation
from storage.database import reading
from tests.api.conftest import Api

HEADER = "phenomenon_time,indicator,unit,value\n"
GOOD = "2026-11-20T00:00:00+07:00,security.cases,2025:31825,{}\n"


@pytest.fixture
def writer(api: Api) -> Api:
    api.enter(Role.SUPERVISOR)
    return api


def sent(api: Api, text: str, query: str = "", kind: str = "text/csv", **more: Any) -> Any:
    # As a stream of unknown length, larger than other bodies may be.
    return api.client.post(
        f"/api/v1/observations/import{query}",
        input_stream=io.BytesIO(text.encode()),
        headers=api.headers | {"Content-Type": kind, "Content-Length": str(len(text.encode()))},
        **more,
    )


def test_good_lines_are_stored_and_faulty_ones_told(writer: Api) -> None:
    text = HEADER + "".join(GOOD.format(n) for n in (1, 1, 2, "x", -1)) + "\n" * 20_000

    looked = sent(writer, text, "?dry_run=true")
    with reading(writer.engine) as session:
        before = session.scalar(select(func.count()).select_from(Observation))
    stored = sent(writer, text, kind="text/csv; charset=utf-8")

    assert (looked.status_code, stored.status_code, before) == (200, 200, 0), stored.text
    assert looked.json["new"] == 3
    told = stored.json
    assert (told["lines"], told["new"], told["repeated"], told["corrected"]) == (5, 1, 1, 1)
    assert [(each["line"], each["reason"]) for each in told["first_faults"]] == [
        (5, "number"), (6, "too_low"),
    ]  # fmt: skip


def test_what_is_no_table_or_not_allowed_is_refused(writer: Api) -> None:
    wrong = sent(writer, "a,b\n")
    json = sent(writer, "{}", kind="application/json")
    odd = sent(writer, HEADER, "?dryrun=1")
    writer.enter(Role.OPERATOR)
    operator = sent(writer, HEADER)

    assert [each.status_code for each in (wrong, json, odd, operator)] == [422, 415, 422, 403]
    assert "phenomenon_time" in wrong.json["detail"]
