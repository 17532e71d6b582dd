"""An SMS is kept first, then is one of a few things; whoever wrote is answered, once."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from stdnum import damm

from notifications.inbox import MOST_CHARACTERS, Incoming, store_incoming
from notifications.inbox_models import IncomingMessage, IncomingStatus
from notifications.models import Message, SmsOptOut
from reports.actors import Actor, Party
from reports.alarms import Watch
from reports.change import Change
from reports.changes import change_report
from reports.inbound import MOST_ANSWERS_DAY, handle_incoming
from reports.inbound_rules import Inbox
from reports.models import Alarm, Report, ReportStatus, Update
from reports.tries import TryLimits
from reports.web_filing import Alert, WebReport, file_from_web
from storage.database import reading, transaction
from storage.jobs import prepare_queue
from tests.builders import NOON
from tests.provinces.packs import bac_lieu

ME, ANOTHER = "0912 345 678", "+84987654321"
GIA_RAI, GANH_HAO = "2025:31942", "2025:31972"
STAFF = Actor("u1", Party.STAFF)
FLOOD = "Duong truoc truong bi ngap ca tuan nay"


def units_of(text: str) -> Sequence[str]:
    """The words of these tests name two places."""
    plain = text.lower()
    known = {"gia rai": GIA_RAI, "ganh hao": GANH_HAO}
    return [unit for name, unit in known.items() if name in plain]


CALM = Alert(lambda words: None, Watch())
INBOX = Inbox(bac_lieu(), CALM, units_of, TryLimits(3, 10))


@pytest.fixture
def house(database: Engine) -> Engine:
    prepare_queue(database.url.render_as_string(hide_password=False))
    return database


def write(
    engine: Engine,
    text: str,
    sender: str = ME,
    provider_id: str | None = None,
    inbox: Inbox = INBOX,
    now: datetime = NOON,
) -> IncomingMessage:
    """The message as it was stored and handled."""
    with transaction(engine) as session:
        many = len(session.scalars(select(IncomingMessage.id)).all())
        incoming = Incoming("log", provider_id or f"SM{many}", sender, text)
        message_id = store_incoming(session, incoming, now)
    handle_incoming(engine, inbox, message_id, now)
    with reading(engine) as session:
        return session.get_one(IncomingMessage, message_id)


def answers(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return [
            one.text_key
            for one in session.scalars(select(Message).order_by(Message.queued_at, Message.id))
        ]


def reports(engine: Engine) -> Sequence[Report]:
    with reading(engine) as session:
        return session.scalars(select(Report).order_by(Report.requested_at)).all()


def file(engine: Engine, number: str = ME, pin: bool = False) -> tuple[Report, str]:
    """A report of that number, and its PIN."""
    with transaction(engine) as session:
        told = WebReport(FLOOD, "NG01", GIA_RAI, number=number)
        filed = file_from_web(session, bac_lieu(), told, CALM, NOON)
        return session.get_one(Report, filed["report"]), filed["pin"]


def test_words_become_a_report_and_its_place_is_asked_for(house: Engine) -> None:
    told = write(house, FLOOD)
    where = write(house, "cho gia rai, ap 3")

    (report,) = reports(house)
    assert (told.rule, told.report_id, where.rule) == ("new_report", report.id, "place")
    assert (report.source, report.description, report.place) == ("sms", FLOOD, GIA_RAI)
    assert report.version == 2
    assert answers(house) == ["report_received", "sms_where", "sms_place_noted"]


def test_a_place_in_the_words_is_not_asked_for(house: Engine) -> None:
    write(house, f"{FLOOD} o Ganh Hao")

    assert [report.place for report in reports(house)] == [GANH_HAO]
    assert answers(house) == ["report_received"]


def test_an_answer_that_names_no_place_is_kept_with_the_report(house: Engine) -> None:
    write(house, FLOOD)
    told = write(house, "gan nha ong Ba")

    (report,) = reports(house)
    assert (told.rule, told.report_id, report.place) == ("place_in_words", report.id, None)
    with reading(house) as session:
        assert "gan nha ong Ba" in session.scalars(select(Update.text)).all()


def test_a_long_text_after_the_question_is_another_report(house: Engine) -> None:
    write(house, FLOOD)
    write(
        house,
        "Ngoai ra con mot viec nua la rac chat dong truoc cong truong hoc da hai tuan nay roi",
    )

    assert len(reports(house)) == 2


def test_danger_in_an_sms_alerts(house: Engine) -> None:
    alert = Alert(lambda words: "fire", Watch(["+84900000001"]))
    write(house, "nha toi dang chay", inbox=Inbox(bac_lieu(), alert, units_of, TryLimits(3, 10)))

    with reading(house) as session:
        assert session.scalars(select(Alarm.danger)).all() == ["fire"]


@pytest.mark.parametrize("form", ["{0}-{1}-{2}", "{0}{1}{2}", "Ma {0} {1} {2} ?", "{0}.{1}.{2}"])
def test_a_reference_asks_for_the_state(house: Engine, form: str) -> None:
    report, _ = file(house)
    reference = report.reference
    told = write(house, form.format(reference[:3], reference[3:6], reference[6:]), sender=ANOTHER)

    assert (told.rule, told.report_id) == ("status", report.id)
    assert answers(house)[-1] == "sms_status_new"


@pytest.mark.slow
def test_every_state_has_its_answer(house: Engine) -> None:
    for state in ReportStatus:
        report, _ = file(house, number=ANOTHER)  # each has its own reference
        with transaction(house) as session:
            session.get_one(Report, report.id).status = state
        write(house, report.reference)
        assert answers(house)[-1] == f"sms_status_{state}"


DANGER = Inbox(
    bac_lieu(),
    Alert(lambda words: "fire" if "chay" in words.lower() else None, Watch(["+84900000001"])),
    units_of,
    TryLimits(3, 10),
)


@pytest.mark.parametrize(
    "text", ["Chay nha!", "482-173-924 nha toi dang chay lon", "chay o gia rai"]
)
def test_danger_alerts_whatever_the_message_is_taken_for(house: Engine, text: str) -> None:
    write(house, FLOOD)
    write(house, text, inbox=DANGER)

    with reading(house) as session:
        assert session.scalars(select(Alarm.danger)).all() == ["fire"]


@pytest.mark.parametrize(
    "text", ["can bo phuong doi 100.000.000 dong moi lam giay", "cmnd 385123456 cua toi bi giu lai"]
)
def test_nine_digits_that_are_no_reference_swallow_no_report(house: Engine, text: str) -> None:
    told = write(house, text)

    assert told.rule == "new_report" and [one.description for one in reports(house)] == [text]


def test_a_second_report_that_names_a_place_is_not_the_answer_to_where(house: Engine) -> None:
    write(house, FLOOD)
    write(house, "Rac chat dong truoc cong truong hoc o Gia Rai da hai tuan nay khong ai don dep")

    assert [one.place for one in reports(house)] == [None, GIA_RAI]


def test_a_pin_that_came_by_sms_is_kept_nowhere(house: Engine) -> None:
    report, pin = file(house)
    write(house, f"{report.reference} {pin} toi cung bi ngap nha", sender=ANOTHER)

    with reading(house) as session:
        texts = session.scalars(select(Update.text).where(Update.text.is_not(None))).all()
    told = " ".join(text or "" for text in texts)
    assert pin not in told and "ngap nha" in told


def test_stop_start_stop_means_stop(house: Engine) -> None:
    for minutes, text in enumerate(("TC", "DK", "TC")):
        write(house, text, now=NOON + timedelta(minutes=minutes))

    with reading(house) as session:
        assert len(session.scalars(select(SmsOptOut)).all()) == 1


def test_a_reference_with_one_digit_wrong_is_told_and_costs_no_try(house: Engine) -> None:
    report, _ = file(house)
    wrong = report.reference[:-1] + str((int(report.reference[-1]) + 1) % 10)
    told = write(house, wrong)

    assert (told.rule, told.report_id) == ("reference_malformed", None)
    assert answers(house)[-1] == "sms_reference_malformed"


def test_who_guesses_references_is_locked_out(house: Engine) -> None:
    known = random.Random(7)
    rules = [
        write(house, eight + damm.calc_check_digit(eight), sender=ANOTHER).rule
        for eight in (f"{known.randrange(10**8):08d}" for _ in range(12))
    ]

    assert rules == ["reference_unknown"] * 10 + ["reference_locked"] * 2


def test_words_beside_ones_own_reference_are_added(house: Engine) -> None:
    report, _ = file(house)
    told = write(house, f"{report.reference} hom nay nuoc len cao hon")

    assert (told.rule, told.report_id) == ("added_by_reference", report.id)
    assert answers(house)[-1] == "sms_added"


def test_words_beside_anothers_reference_need_its_pin_and_go_to_staff(house: Engine) -> None:
    report, pin = file(house)
    without = write(house, f"{report.reference} toi cung bi ngap nha", sender=ANOTHER)
    wrong = write(house, f"{report.reference} {int(pin) ^ 1:04d} toi cung bi ngap", sender=ANOTHER)
    right = write(house, f"{report.reference} {pin} toi cung bi ngap nha", sender=ANOTHER)

    assert (without.rule, without.status) == ("words_of_another", IncomingStatus.FOR_STAFF)
    assert (wrong.rule, right.rule) == ("pin_wrong", "added_by_pin")
    assert answers(house)[-3:] == ["sms_needs_pin", "sms_pin_wrong", "sms_added"]


def test_the_answer_to_our_question_lets_the_report_go_on(house: Engine) -> None:
    report, _ = file(house)
    with transaction(house) as session:
        ask = Change(status=ReportStatus.WAITING_CITIZEN, text="Nước sâu bao nhiêu?")
        change_report(session, bac_lieu(), report.id, ask, STAFF, NOON)
    told = write(house, "khoang nua met")

    (now,) = reports(house)
    assert (told.rule, now.status) == ("answer", ReportStatus.NEW)


def test_more_is_added_to_the_newest_open_report(house: Engine) -> None:
    report, _ = file(house)
    told = write(house, "BS nuoc da rut mot phan")

    assert (told.rule, told.report_id, len(reports(house))) == ("added_by_word", report.id, 1)


@pytest.mark.parametrize("stop", ["TC", "tc.", "Từ chối", "STOP!", "  dung "])
def test_who_wants_no_sms_gets_one_more_and_no_other(house: Engine, stop: str) -> None:
    told = write(house, stop)
    with reading(house) as session:
        gone = session.scalars(select(SmsOptOut)).all()
    back = write(house, "DK")

    assert (told.rule, back.rule, len(gone)) == ("opt_out", "opt_in", 1)
    assert answers(house) == ["sms_opted_out", "sms_opted_in"]
    with reading(house) as session:
        assert session.scalars(select(SmsOptOut)).all() == []


def test_what_is_unclear_goes_to_staff_and_help_is_sent_once_a_day(house: Engine) -> None:
    first, second = write(house, "alo"), write(house, "xin chao")
    later = write(house, "alo", now=NOON + timedelta(days=1, minutes=1))

    assert {one.status for one in (first, second, later)} == {IncomingStatus.FOR_STAFF}
    assert answers(house) == ["sms_help", "sms_help"]


@pytest.mark.parametrize("sender", ["VIETTEL", "191", "anonymous", "", "+"])
def test_who_has_no_telephone_is_not_answered(house: Engine, sender: str) -> None:
    told = write(house, "Khuyen mai 50% hom nay nhe", sender=sender)

    assert (told.rule, told.status, told.from_number) == (
        "no_telephone",
        IncomingStatus.FOR_STAFF,
        None,
    )
    assert answers(house) == [] and reports(house) == []


def test_the_same_sms_delivered_twice_files_one_report(house: Engine) -> None:
    once = write(house, FLOOD, provider_id="SMabc")
    again = write(house, FLOOD, provider_id="SMabc")
    handle_incoming(house, INBOX, once.id, NOON)

    assert once.id == again.id
    assert len(reports(house)) == 1 and answers(house) == ["report_received", "sms_where"]


@pytest.mark.parametrize(
    "text",
    [
        "😀😀😀",
        "ទឹកជំនន់ នៅផ្លូវ មុខសាលា",
        "a" * 5000,
        "\0\0",
        "   ",
        "'; DROP TABLE reports; --",
        "<b>x",
    ],
)
def test_whatever_comes_is_kept_and_breaks_nothing(house: Engine, text: str) -> None:
    told = write(house, text)

    assert told.status != IncomingStatus.WAITING
    assert len(told.text) <= MOST_CHARACTERS


def test_the_same_words_a_moment_later_are_the_same_message(house: Engine) -> None:
    first, again = write(house, FLOOD), write(house, FLOOD, now=NOON + timedelta(minutes=1))
    later = write(house, "rac chat dong truoc cong truong hoc")

    assert (again.rule, again.report_id) == ("said_before", first.report_id)
    assert later.rule == "place_in_words"
    assert answers(house) == ["report_received", "sms_where", "sms_added"]


@pytest.mark.slow
def test_machines_that_answer_each_other_come_to_an_end(house: Engine) -> None:
    report, _ = file(house)
    for minute in range(MOST_ANSWERS_DAY + 5):
        write(house, report.reference, now=NOON + timedelta(minutes=6 * minute))

    assert len([key for key in answers(house) if key.startswith("sms_")]) == MOST_ANSWERS_DAY
