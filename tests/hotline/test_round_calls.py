"""From a round that was opened to the figure: whom we ring, what they hear, what is kept."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from hotline.call_facts import prepare_calls
from hotline.commands.monitoring import monitoring
from hotline.handlers import command_handlers
from hotline.round_facts import plausible, round_facts
from hotline.settings import Settings
from hotline.wiring import open_database
from ivr.conversation import Conversations
from ivr.engine import Arrival, Pending
from ivr.facts import CallFacts
from ivr.flow_check.limits import MOST_WORDS
from ivr.models import Call
from ivr.outgoing import not_reached, place_rounds
from ivr.steps import Digits, HungUp
from ivr.steps import Result as Heard
from monitoring.commands import LONGEST_FIGURE
from monitoring.models import Observation
from monitoring.respondents import add_respondent
from monitoring.round_calls import Asking
from monitoring.round_views import question_views, round_views
from monitoring.rounds import open_round
from provinces.loader import find_province, load_province
from provinces.schema import Province
from provinces.spoken_names import question_key
from storage.database import reading, transaction

MORNING = datetime(2026, 11, 23, 3, tzinfo=UTC)  # 10:00 of a Monday in Việt Nam
YESTERDAY = datetime(2026, 11, 21, 17, tzinfo=UTC)
NUMBER = "+84912000001"
UNIT = "2025:31840"
FIRES = "security.fires"


@pytest.fixture(scope="module")
def province() -> Province:
    return load_province(find_province("bac_lieu"))


class Line:
    """An officer's telephone: rung by what is due, answered key by key."""

    def __init__(self, engine: Engine, province: Province, data: Path) -> None:
        settings = Settings(data=data, _env_file=None)  # type: ignore[call-arg]
        self.engine, self.province, self.now = engine, province, MORNING
        self.rung: list[tuple[str, str]] = []
        self.away = False
        self._conversations = Conversations(
            engine,
            command_handlers(settings, province),
            prepare_calls(settings, province),
            lambda: self.now,
        )

    def ring(self, outgoing: str, number: str) -> bool:
        if self.away:
            raise OSError("no such folder")
        self.rung.append((outgoing, number))
        return True

    def place(self) -> int:
        return place_rounds(self.engine, self.province, 2, self.ring, self.now)

    def pick_up(self) -> Pending:
        outgoing, number = self.rung[-1]
        arrival = Arrival("agi", outgoing, number, "19009120", "s-1", outgoing=outgoing)
        return self._conversations.begin(arrival, lambda *_: None)

    def answer(self, *heard: Heard) -> Pending:
        at = self.pick_up()
        for each in heard:
            at = self._conversations.advance(at, each)
        return at


@pytest.fixture
def line(sqlite: Engine, province: Province, tmp_path: Path) -> Line:
    with transaction(sqlite) as session:
        add_respondent(session, province, "Chị Hai", UNIT, NUMBER, "vi", MORNING)
        indicator = province.indicator(FIRES)
        open_round(session, province, indicator, YESTERDAY, "cli", MORNING)
    return Line(sqlite, province, tmp_path)


def figures(engine: Engine) -> Sequence[float]:
    with reading(engine) as session:
        return session.scalars(select(Observation.value)).all()


def question(engine: Engine) -> Any:
    with reading(engine) as session:
        [view] = round_views(session)
        [only] = question_views(session, view.id)
    return only


def test_an_officer_who_is_rung_keys_in_the_figure(line: Line) -> None:
    assert [line.place(), line.place()] == [1, 0]
    assert [number for _, number in line.rung] == [NUMBER]

    at = line.answer(Digits("1"), Digits("8"), Digits("1"))

    assert at.turn.wait is None and at.turn.says[-1].key == "goodbye"
    assert figures(line.engine) == [8.0]
    with reading(line.engine) as session:
        [call] = session.scalars(select(Call))
    assert call.flow == "outgoing" and question(line.engine).call_id == call.id


def test_the_call_tells_whose_figure_of_when_is_wanted(line: Line) -> None:
    line.place()

    at = line.pick_up()

    said = {say.key: dict(say.values) for say in at.turn.says}
    assert said["round_about_day"] == {
        "place": "@unit_31840",
        "day": "@number_22",
        "month": "@number_11",
    }
    assert "question_security_fires" in said


def test_who_hangs_up_or_does_not_answer_is_rung_again_and_keeps_nothing(line: Line) -> None:
    line.place()
    line.answer(Digits("1"), Digits("8"), HungUp())
    assert figures(line.engine) == [] and line.place() == 0

    line.now += timedelta(minutes=45)
    assert line.place() == 1
    not_reached(line.engine, line.province, line.rung[-1][0], line.now)

    assert question(line.engine).state == "waiting"
    line.now += timedelta(minutes=45)
    assert line.place() == 1
    assert [outgoing[-2:] for outgoing, _ in line.rung] == ["-1", "-2", "-3"]


def test_a_telephone_that_is_away_costs_a_try_and_nothing_else(line: Line) -> None:
    line.away = True
    line.place()

    assert (question(line.engine).state, question(line.engine).tries) == ("waiting", 1)


def asking(indicator: str, phenomenon_at: datetime, unit: str | None = UNIT) -> Asking:
    return Asking("round-q1-1", indicator, unit, phenomenon_at, "vi")


@pytest.mark.parametrize(
    ("indicator", "at", "about", "span"),
    [
        ("traffic.jams", datetime(2026, 11, 22, 7, tzinfo=UTC), "hour", (14, 22, 11)),
        (FIRES, YESTERDAY, "day", (22, 11)),
        ("health.dengue", datetime(2026, 12, 27, 17, tzinfo=UTC), "span", (28, 12, 3, 1)),
        ("health.vaccinations", datetime(2026, 1, 31, 17, tzinfo=UTC), "span", (1, 2, 28, 2)),
    ],
)
def test_the_days_of_a_period_are_those_of_the_province(
    province: Province, indicator: str, at: datetime, about: str, span: tuple[int, ...]
) -> None:
    facts = round_facts(CallFacts(), province, asking(indicator, at))

    assert facts.purpose is not None and facts.purpose["about"] == about
    assert tuple(facts.purpose["span"].values()) == span
    assert json.loads(json.dumps(facts.purpose)) == facts.purpose


def test_what_is_no_longer_asked_is_not_asked(province: Province) -> None:
    gone = asking("security.nothing", YESTERDAY)
    unasked = asking("hotline.calls_in", YESTERDAY)

    for each in (None, gone, unasked):
        assert round_facts(CallFacts(), province, each).purpose == {"kind": "round"}


def test_every_question_is_a_prompt_that_can_be_said_in_one_breath(province: Province) -> None:
    asked = [each for each in province.indicators.values() if each.question is not None]

    assert len(asked) > 10
    for language, texts in province.wording.items():
        for each in asked:
            words = texts[question_key(each.code)].split()
            assert 1 < len(words) <= MOST_WORDS, (language, each.code)
            assert not any(sign.isdigit() for word in words for sign in word), each.code


def test_every_figure_that_is_asked_for_can_be_keyed_in(province: Province) -> None:
    for each in province.indicators.values():
        if each.question is not None:
            lowest, highest = plausible(each)
            assert 0 <= lowest < highest < 10**LONGEST_FIGURE, each.code


class Command:
    """`hotline monitoring` on a database of its own."""

    def __init__(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOTLINE_DATA", str(settings.data))

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(monitoring, [*arguments])


@pytest.fixture
def command(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("HOTLINE_DATABASE_URL", sqlite_url)
    settings = Settings(data=tmp_path, _env_file=None)  # type: ignore[call-arg]
    open_database(settings).dispose()
    return Command(settings, monkeypatch)


def test_a_round_is_run_from_the_command_line(command: Command) -> None:
    added = command("respondent", "add", "Chị Hai", "0912 000 001", "--unit", UNIT, "--json")
    opened = command("round", "open", FIRES, "--json")
    told = json.loads(opened.output)

    shown = json.loads(command("round", "show", told["id"][:8], "--json").output)
    listed = command("respondent", "list").output

    assert added.exit_code == opened.exit_code == 0
    assert (told["asked"], len(told["unasked"])) == (1, 24)
    assert [each["state"] for each in shown["questions"]] == ["waiting"]
    assert "…001" in listed and "0912" not in listed
    assert command("round", "close", told["id"]).exit_code == 0
    assert json.loads(command("round", "list", "--open", "--json").output) == {"rounds": []}
    respondent = json.loads(added.output)["id"]
    assert command("respondent", "remove", respondent).exit_code == 0
    assert "nobody is asked" in command("respondent", "list").output


@pytest.mark.parametrize(
    ("arguments", "exit_code", "says"),
    [
        (("round", "open", "security.nothing"), 2, "no indicator"),
        (("round", "open", "hotline.calls_in"), 1, "with a question"),
        (("round", "open", FIRES), 1, "found nobody"),
        (("round", "open", FIRES, "--for", "2126-01-01"), 2, "that is over"),
        (("round", "open", FIRES, "--for", "0001-01-01"), 1, "that is over"),
        (("round", "open", FIRES, "--for", "yesterday"), 2, "local time such as"),
        (("round", "open", FIRES, "--until", "2026-01-01"), 1, "in the future"),
        (("round", "show", "zz"), 1, "found none"),
        (("respondent", "add", "Hai", "113"), 1, "ordinary number"),
        (("respondent", "remove", ""), 1, "found nobody"),
    ],
)
def test_what_makes_no_sense_is_one_line(
    command: Command, arguments: Sequence[str], exit_code: int, says: str
) -> None:
    result = command(*arguments)

    assert result.exit_code == exit_code and says in result.output
    assert "Traceback" not in result.output
