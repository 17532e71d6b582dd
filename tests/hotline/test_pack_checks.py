"""Before a pack is published, everything that calls and SMS make of it is looked at."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from hotline.call_facts import prepare_calls
from hotline.names_spoken import NamesSpoken
from hotline.pack_checks import check_province, walked
from hotline.settings import Settings
from ivr.engine import Arrival
from provinces.errors import Problem, ProvinceBroken
from provinces.loader import find_province
from provinces.published.files import Pack
from provinces.published.live import Published
from provinces.published.versions import Publication, check_candidate, publish
from provinces.schema import Province
from provinces.toml_edit import set_value
from provinces.toml_scan import Location
from storage.database import transaction
from tests.builders import NOON

PACK = Pack(find_province("bac_lieu"), {})


def changed(file: str, where: Location, value: object) -> Pack:
    return PACK.with_text(file, set_value(PACK.text(file), where, value))


def test_flows_are_walked_only_where_callers_hear_the_change() -> None:
    walked: list[Province] = []

    def walk(province: Province, texts: Mapping[str, str]) -> Sequence[Problem]:
        walked.append(province)
        return ()

    for file, where, value in (
        ("limits.toml", ("resume_minutes",), 45),
        ("agencies.toml", ("agency", 0, "name", "vi"), "Trung tâm"),
        ("categories.toml", ("category", 0, "name", "vi"), "Đường hư hỏng nặng"),
    ):
        pack = changed(file, where, value)
        check_province(PACK.province(), pack.province(), pack.texts, walk)

    assert [each.categories["GT01"].names["vi"] for each in walked] == ["Đường hư hỏng nặng"]


def test_a_text_without_its_values_is_a_problem() -> None:
    pack = changed("sms/vi.toml", ("report_received",), "Đã nhận.")

    found = check_province(PACK.province(), pack.province(), pack.texts)

    assert found[0].file == "sms/vi.toml" and "{pin}" in str(found)


@pytest.mark.slow
def test_a_name_that_callers_hear_is_walked_with_all_flows() -> None:
    pack = changed("categories.toml", ("category", 0, "name", "vi"), "Đường hư hỏng nặng")

    assert check_province(PACK.province(), pack.province(), pack.texts) == ()


def test_what_calls_are_told_is_of_the_version_that_holds(engine: Engine, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, _env_file=None)  # type: ignore[call-arg]
    published = Published(engine, PACK.province())
    prepare = prepare_calls(settings, published.province)
    arrival = Arrival("simulator", "1", None, "", "test")
    with transaction(engine) as session:
        assert prepare(session, arrival, NOON).facts.closed_why is None
    week = [{"days": ["mon"], "open": ["06:00-22:00"]}]
    candidate = check_candidate(
        published.now, changed("hours.toml", ("operators", "weekly"), week), check_province
    )

    with transaction(engine) as session:
        publish(session, Publication(candidate, 0, "cli", "Chỉ thứ hai"), NOON)
    published.look()

    with transaction(engine) as session:
        assert prepare(session, arrival, NOON).facts.closed_why == "closed_hours"


def test_names_are_left_alone_before_set_up(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, _env_file=None)  # type: ignore[call-arg]

    assert NamesSpoken(settings, PACK.province()).once() == 0


def test_a_walk_that_broke_is_told_apart_from_one_that_took_too_long() -> None:
    broke = [sys.executable, "-c", "import sys; sys.exit('no model')"]
    slow = [sys.executable, "-c", "import time; time.sleep(5)"]
    with capture_logs() as logged:
        (first,), (second,) = walked(broke, 5), walked(slow, 0.05)

    assert "exit code 1" in first.message and "took longer" in second.message
    assert logged[0]["exit_code"] == 1 and logged[0]["said"] == "no model"


def test_a_name_that_cannot_be_said_is_no_name() -> None:
    pack = changed("categories.toml", ("category", 0, "name", "vi"), "(…)")

    with pytest.raises(ProvinceBroken, match="GT01: expected a name"):
        pack.province()
