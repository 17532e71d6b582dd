"""Who wants to be erased is gone: from rows, from files, byte by byte. Everybody else stays."""

import json
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, Engine, delete, event, select, text

from accounts.audit import entries, verify
from hotline.cli import hotline
from hotline.erasures import erase_since, finish_erasures
from hotline.persons import erase_by_law, hand_out, look_at
from hotline.purge import folders_of
from hotline.settings import Settings
from ivr.anonymity import become_anonymous, erase_expired_hashes
from ivr.erasure import Erased, erase_person
from ivr.errors import BadNumber
from ivr.models import Block, Call
from ivr.persons import Person
from monitoring.round_models import Respondent
from notifications.inbox import Incoming, store_incoming
from notifications.inbox_models import IncomingMessage, IncomingStatus
from notifications.models import Message
from reports.alarms import Watch
from reports.models import Report, ReportSearch, Supporter, Update
from reports.threads import index_after, settle
from reports.web_filing import Alert
from reports.written_additions import Written, add_in_writing
from storage.crypto import current_box
from storage.database import open_engine, reading, transaction
from storage.migrations import upgrade
from tests.builders import NOON
from tests.databases.postgresql import running_postgres
from tests.hotline.somebody import (
    ADDRESS,
    NAME,
    NUMBER,
    OTHER,
    WORD,
    leave_traces,
    settings_in,
)
from tests.ivr.databases import jobs_of
from tests.provinces.packs import bac_lieu
from understanding.fold import fold


@pytest.fixture
def place(database: Engine, database_url: str, tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path, database_url)
    leave_traces(database, settings)
    leave_traces(database, settings, "b", OTHER, "ổ gà lớn ở ngã tư")
    return settings


def sealed(engine: Engine) -> Iterator[bytes]:
    """Every ciphertext that holds the number or one of the words."""
    columns = (
        ("calls", "caller_number"),
        ("messages", "to_number"),
        ("messages", "text_values"),
        ("incoming_messages", "from_number"),
        ("incoming_messages", "text"),
        ("callbacks", "number"),
        ("reports", "contact_number"),
        ("reports", "text_number"),
        ("reports", "reporter"),
        ("supporters", "number"),
        ("respondents", "number"),
        ("journal_entries", "result"),
        ("updates", "changes"),
        ("transcript_corrections", "before"),
        ("transcript_corrections", "after"),
        ("transcript_corrections", "edits"),
    )
    with reading(engine) as session:
        for table, column in columns:
            for (value,) in session.execute(text(f'SELECT "{column}" FROM {table}')):
                opened = "" if value is None else current_box().open(bytes(value))  # type: ignore[arg-type]
                if any(each in opened for each in ("911222333", WORD, json.dumps(NAME)[1:-1])):
                    yield bytes(value)


def needles() -> set[bytes]:
    """Number, name, word and address in every form in which bytes may hold them."""
    digest = current_box().keyed_hash(NUMBER)
    texts = {"911222333", digest, NAME, WORD, ADDRESS}
    texts |= {fold(each) for each in (NAME, WORD, ADDRESS)}
    forms = {unicodedata.normalize(form, each) for each in texts for form in ("NFC", "NFD")}
    forms |= {each.lower() for each in forms}
    forms |= {json.dumps(each)[1:-1] for each in forms}
    return {each.encode(code) for each in forms for code in ("utf-8", "utf-16-le", "utf-16-be")}


def bytes_under(*folders: Path) -> bytes:
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return b"\0".join(path.read_bytes() for path in paths)


def files_with(wanted: set[bytes], *folders: Path) -> set[str]:
    """Files below `folders` in which any of that stands."""
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    found = set()
    for path in paths:
        try:
            content = path.read_bytes()
        except FileNotFoundError:  # PostgreSQL makes and deletes some all the time
            continue
        if any(needle in content for needle in wanted):
            found.add("/".join(path.parts[-3:]))
    return found


def test_everything_of_a_number_is_found_in_any_form_of_it(
    database: Engine, place: Settings
) -> None:
    found = look_at(database, "0911 222 333", "u1", NOON)

    assert len(found.messages) >= 1  # what staff do tells people, too
    assert found.counts() | {"messages": 1} == {
        "calls": 1,
        "reports": 1,
        "recordings": 1,
        "attachments": 1,
        "messages": 1,
        "incoming": 1,
        "callbacks": 1,
        "supports": 1,
        "lookups": 1,
        "blocks": 1,
        "respondents": 1,
    }
    assert not look_at(database, "0999888777", "u1", NOON)
    with pytest.raises(BadNumber):
        look_at(database, "xin chào", "u1", NOON)


@pytest.mark.slow
def test_the_export_holds_it_all_and_nothing_of_others(
    database: Engine, place: Settings, tmp_path: Path
) -> None:
    found, exported = hand_out(database, place, NUMBER, tmp_path / "out", "u1", NOON)

    told = json.loads((tmp_path / "out" / "person.json").read_text("utf-8"))
    assert found and exported.files == 3 and exported.missing == ()
    assert told["number"] == NUMBER
    assert told["reports"][0]["description"].endswith(WORD)
    assert told["recordings"][0]["corrections"][0]["after"].endswith("ạ")
    assert [each["status"] for each in told["reports"][0]["updates"]][-1] == "closed"
    assert told["messages"][0]["to_number"] == NUMBER
    files = bytes_under(tmp_path / "out")
    assert b"sound of" in files and b"photo of" in files
    assert OTHER.encode() not in files and "gọi lại".encode() not in files
    with pytest.raises(FileExistsError):
        hand_out(database, place, NUMBER, tmp_path / "out", "u1", NOON)


def test_no_row_and_no_file_tells_of_the_erased(database: Engine, place: Settings) -> None:
    assert len(list(sealed(database))) > 8

    erased = erase_by_law(database, place, NUMBER, "u1", NOON)

    assert list(sealed(database)) == [] and not look_at(database, NUMBER, "u1", NOON)
    assert [path.name[:1] for path in place.recordings.iterdir()] == ["b"]
    assert [path.name for path in place.attachments.iterdir()] == ["photob"]
    with reading(database) as session:
        case = session.get_one(Report, "report-a")
        assert (case.category, case.place, case.status) == ("GT01", "2025:31942", "closed")
        assert case.erased_at == NOON and case.anonymous and case.pin_hash is None
        assert (case.description, case.address, case.latitude) == (None, None, None)
        assert session.get_one(Call, "a" * 32).ended_at is not None
        assert session.get_one(Supporter, "sa").person_hash.startswith("erased:")
        other = session.get_one(Report, "report-b")
        assert other.description == "ổ gà lớn ở ngã tư" and other.contact_number == OTHER
        assert session.get_one(Call, "b" * 32).caller_number == OTHER
        assert verify(session).broken is None
        assert entries(session, object_type="report", object_id="report-a")[0].details == (
            f'{{"erasure":"{erased.id}"}}'
        )


def test_to_erase_twice_or_nobody_does_no_harm(database: Engine, place: Settings) -> None:
    erase_by_law(database, place, NUMBER, "u1", NOON)

    again = erase_by_law(database, place, NUMBER, "u1", NOON)
    nobody = erase_by_law(database, place, "0999888777", "u1", NOON)

    assert not again.person and not nobody.person


class Killed(BaseException):
    """The process ends here."""


@contextmanager
def killed_at_commit(engine: Engine, number: int) -> Iterator[list[bool]]:
    """The transaction of that number is rolled back, and nothing is done after it."""
    left, was_killed = [number], [False]

    def count(_: Connection) -> None:
        left[0] -= 1
        if left[0] <= 0:
            was_killed[0] = True
            raise Killed

    event.listen(engine, "commit", count)
    try:
        yield was_killed
    except Killed:
        pass
    finally:
        event.remove(engine, "commit", count)


@pytest.mark.slow
def test_an_erasure_that_is_killed_at_any_moment_is_ended_later(
    database: Engine, place: Settings
) -> None:
    erase_by_law(database, place, NUMBER, "u1", NOON)
    kills = 0
    for number, key in enumerate("cdefghijklmnopqrs", 1):
        leave_traces(database, place, key)
        with killed_at_commit(database, number) as was_killed:
            erase_by_law(database, place, NUMBER, "u1", NOON)
        if not was_killed[0]:
            break
        kills += 1

        # By ids, though some of what led to them may be gone.
        finish_erasures(database, place.erasures, folders_of(place), NOON)

        assert list(sealed(database)) == [] and not look_at(database, NUMBER, "u1", NOON)
        assert finish_erasures(database, place.erasures, folders_of(place), NOON) == 0
        assert [path.name for path in place.attachments.iterdir()] == ["photob"]
        with reading(database) as session:
            told = entries(session, object_type="report", object_id=f"report-{key}")
            assert [each.action for each in told].count("report.erased") == 1
            assert verify(session).broken is None
    assert kills > 8


def test_what_comes_in_while_somebody_is_erased_is_erased_too(
    database: Engine, place: Settings
) -> None:
    first: list[Person] = []

    def note(erased: Erased) -> None:
        if not first:
            leave_traces(database, place, "c")
        first.append(erased.person)

    erased = erase_person(database, NUMBER, folders_of(place), "u1", NOON, note)

    assert [len(person.reports) for person in first] == [1, 1]
    assert set(erased.person.reports) == {"report-a", "report-c"}
    assert list(sealed(database)) == []


def test_an_sms_that_staff_laid_to_anothers_report_says_nothing_there_any_more(
    database: Engine, place: Settings
) -> None:
    calm = Alert(lambda words: None, Watch())
    with transaction(database) as session:
        message = store_incoming(session, Incoming("smpp", "1", NUMBER, f"cạnh {WORD}"), NOON)
        session.get_one(IncomingMessage, message).status = IncomingStatus.FOR_STAFF
        session.flush()
        report = session.get_one(Report, "report-b")
        settle(session, bac_lieu(), calm, message, report, "u1", NOON)
        add_in_writing(session, bac_lieu(), report.id, Written("x" * 32, "bến đò"), calm, NOON)

    erase_by_law(database, place, NUMBER, "u1", NOON)

    assert ("index_after_message", message) in jobs_of(database)
    index_after(database, bac_lieu(), message)
    with reading(database) as session:
        texts = session.scalars(select(Update.text).where(Update.report_id == "report-b")).all()
        row = select(ReportSearch).where(ReportSearch.report_id == "report-b")
        words = " ".join(session.scalars(row).one().words)
    assert "bến đò" in texts and f"cạnh {WORD}" not in texts
    assert "ben" in words and fold(WORD) not in words


def test_who_wrote_with_an_address_is_found_exported_and_erased_by_it(
    database: Engine, place: Settings, tmp_path: Path
) -> None:
    with transaction(database) as session:
        for report, email in (("report-a", "Tuyet@Example.vn"), ("report-b", "an@example.vn")):
            session.get_one(Report, report).reporter = {"name": NAME, "email": email}

    found, exported = hand_out(database, place, " tuyet@example.VN", tmp_path / "out", "u1", NOON)
    erased = erase_by_law(database, place, "tuyet@example.vn", "u1", NOON)

    told = json.loads((tmp_path / "out" / "person.json").read_text("utf-8"))
    assert (told["email"], exported.files) == ("tuyet@example.vn", 3)
    assert (found.reports, found.calls) == (("report-a",), ("a" * 32,))
    assert len(found.messages) >= 1 and len(found.callbacks) == 1
    assert erased.person == found
    assert not look_at(database, "tuyet@example.vn", "u1", NOON)
    assert look_at(database, "an@example.vn", "u1", NOON).reports == ("report-b",)
    with reading(database) as session:
        assert session.get_one(Report, "report-a").reporter is None
        everything = " ".join(each.details for each in entries(session))
    assert "example" not in everything


def test_sqlite_files_hold_no_byte_of_the_erased(
    sqlite: Engine, sqlite_url: str, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path, sqlite_url)
    leave_traces(sqlite, settings)
    leave_traces(sqlite, settings, "b", OTHER, "ổ gà lớn")
    wiped = list(sealed(sqlite))
    before = bytes_under(tmp_path)
    assert sum(needle in before for needle in needles()) > 2
    assert all(value in before for value in wiped)

    erase_by_law(sqlite, settings, NUMBER, "u1", NOON, clean_up=True)
    sqlite.dispose()

    left = bytes_under(tmp_path)
    assert [needle for needle in needles() if needle in left] == []
    assert [value for value in wiped if value[16:48] in left] == []


def test_sqlite_files_hold_nothing_even_before_they_are_written_anew(
    sqlite: Engine, sqlite_url: str, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path, sqlite_url)
    leave_traces(sqlite, settings)

    erase_by_law(sqlite, settings, NUMBER, "u1", NOON)
    sqlite.dispose()

    left = bytes_under(tmp_path)
    assert [needle for needle in needles() if needle in left] == []


@pytest.mark.slow
@pytest.mark.postgres
def test_postgresql_files_hold_no_byte_of_the_erased(tmp_path: Path) -> None:
    """On a server of its own, set as docs/personal-data.md tells operators: old pieces of the
    write-ahead log are deleted, not reused with what stood in them."""
    with running_postgres() as server:
        url = server.create("erasing")
        _tell(url, "ALTER SYSTEM SET wal_recycle = off", "SELECT pg_reload_conf()")
        engine = open_engine(url)
        upgrade(engine)
        settings = settings_in(tmp_path, url)
        leave_traces(engine, settings)
        data = server.folder / "data"
        _tell(url, "CHECKPOINT")
        assert len(files_with(needles(), data)) > 2

        erase_by_law(engine, settings, NUMBER, "u1", NOON, clean_up=True)
        engine.dispose()
        _tell(url, "SELECT pg_switch_wal()", "CHECKPOINT")

        assert files_with(needles(), data, tmp_path) == set()


def _tell(url: str, *statements: str) -> None:
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_nobody_is_found_exported_or_told_of(
    database: Engine, place: Settings, tmp_path: Path
) -> None:
    """Who chose to be nobody in a call, once the hash of the number has gone too."""
    with transaction(database) as session:
        session.execute(delete(Message).where(Message.call_id.is_(None)))
        session.execute(delete(Block))  # a block knows the number until it ends
        session.execute(delete(Respondent))  # who answers in rounds does so openly
        become_anonymous(session, session.get_one(Call, "a" * 32), timedelta(0), NOON)
    with transaction(database) as session:
        erase_expired_hashes(session, NOON)

    found = look_at(database, NUMBER, "u1", NOON)
    hand_out(database, place, NUMBER, tmp_path / "out", "u1", NOON)

    assert not found
    assert set(found.counts().values()) == {0}
    told = json.loads((tmp_path / "out" / "person.json").read_text("utf-8"))
    assert not any(told[kind] for kind in told if kind not in ("number", "exported_at"))
    with reading(database) as session:
        everything = " ".join(each.details for each in entries(session))
    assert "911222333" not in everything


def test_a_restored_copy_is_erased_again_by_ids(database: Engine, place: Settings) -> None:
    erased = look_at(database, NUMBER, "u1", NOON)
    erase_by_law(database, place, NUMBER, "u1", NOON)
    noted = place.erasures.read_bytes()

    assert [needle for needle in needles() if needle in noted] == []
    assert all(each.encode() in noted for each in erased.reports)
    count = erase_since(database, place.erasures, NOON, folders_of(place), NOON)

    assert count == 1
    with reading(database) as session:
        assert session.scalars(select(Report.erased_at).where(Report.id == "report-a")).one()


def test_the_command_says_what_it_expects(tmp_path: Path) -> None:
    told = CliRunner().invoke(
        hotline, ["person", "find", "xin chào"], env={"HOTLINE_DATA": str(tmp_path)}
    )

    assert told.exit_code == 1 and "expected a telephone number" in told.output
