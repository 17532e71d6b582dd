"""What an SMS from a citizen is. The rules are tried in order; the first that fits decides.

Staff see the name of the rule beside the message (docs/sms.md tells them all). A rule either does
the whole thing in the letter's transaction or leaves no trace.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.inbox_models import IncomingMessage
from notifications.opt_outs import opt_in, opt_out_hash
from provinces.schema import Province
from reports.actors import CITIZEN
from reports.changes import note_change
from reports.errors import BadChange, Diverted
from reports.lifecycle import ENDED
from reports.locked import locked
from reports.lookup import find_report, open_report
from reports.models import Report, ReportStatus, Update, UpdateKind
from reports.reference import spoken_reference
from reports.search import index_report
from reports.tries import Asker, TryLimits
from reports.web_filing import Alert, WebReport, file_from_web
from reports.written_additions import Written, add_in_writing
from understanding.fold import fold

SOURCE: Literal["sms"] = "sms"
# Nobody knows after a day which question they are answering.
ANSWERS_WITHIN = timedelta(days=1)
MOST_WORDS_OF_A_PLACE = 12
SAME_WITHIN = timedelta(minutes=5)
LEAST_WORDS = 3  # of a report: "xin chào" is none
_REFERENCE = re.compile(r"(?<!\d)(\d{3})[ .-]?(\d{3})[ .-]?(\d{3})(?!\d)")
_PIN = re.compile(r"(?<!\d)\d{4}(?!\d)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_NONE: Mapping[str, str] = MappingProxyType({})


def added_as(message_id: str) -> str:
    """The id under which an SMS is added to a report, once."""
    return f"{SOURCE} {message_id}"


FindUnits = Callable[[str], Sequence[str]]
"""Units that words name, `edition:code`: one where it is clear, several where it is not."""


@dataclass(frozen=True)
class Inbox:
    """What is needed to make sense of a message."""

    province: Province
    alert: Alert
    find_units: FindUnits
    limits: TryLimits


@dataclass(frozen=True)
class Outcome:
    """What a message was. Its answer is the text `text_key`, filled in with `values`."""

    rule: str
    text_key: str | None = None
    values: Mapping[str, str] = field(default_factory=lambda: _NONE)
    language: str = "vi"
    report_id: str | None = None
    for_staff: bool = False


@dataclass(frozen=True)
class Letter:
    """A message before the rules. Its sender's number may be forged: it never reads words out."""

    session: Session
    inbox: Inbox
    message: IncomingMessage
    now: datetime

    @property
    def text(self) -> str:
        return self.message.text.strip()

    @property
    def person(self) -> str:
        """The keyed hash of the sender's number; '' where the sender has none."""
        return self.message.person_hash or ""

    @cached_property
    def plain(self) -> str:
        """Folded words with single spaces, nothing else."""
        return " ".join(re.findall(r"\w+", fold(self.text)))

    @cached_property
    def own(self) -> Sequence[Report]:
        """The sender's reports, the newest first; those that became anonymous are nobody's."""
        query = select(Report).where(
            Report.caller_hash == self.person,
            Report.anonymous.is_(False),
            Report.partial.is_(False),
        )
        return self.session.scalars(query.order_by(Report.requested_at.desc()).limit(20)).all()

    @property
    def open(self) -> Sequence[Report]:
        return [report for report in self.own if report.status not in ENDED]

    @property
    def client_id(self) -> str:
        """Under which it is added to a report: once."""
        return added_as(self.message.id)

    @cached_property
    def danger(self) -> str | None:
        """What it tells of that cannot wait."""
        return self.inbox.alert.find_danger(self.text)

    def is_one_of(self, words: Sequence[str]) -> bool:
        return self.plain in {fold(each) for each in words}


def from_no_telephone(letter: Letter) -> Outcome | None:
    """A bank's name, a short code: nobody to answer."""
    return None if letter.person else Outcome("no_telephone", for_staff=True)


def nothing_said(letter: Letter) -> Outcome | None:
    return None if letter.plain else Outcome("nothing_said")


def said_before(letter: Letter) -> Outcome | None:
    """Sent twice by an impatient thumb, or delivered twice by a carrier that gives it no id."""
    received = letter.message.received_at
    latest = (
        select(IncomingMessage)
        .where(
            IncomingMessage.person_hash == letter.person,
            IncomingMessage.received_at <= received,
            IncomingMessage.received_at > received - SAME_WITHIN,
            IncomingMessage.id != letter.message.id,
            IncomingMessage.handled_at.is_not(None),
        )
        .order_by(IncomingMessage.received_at.desc(), IncomingMessage.handled_at.desc())
        .limit(1)
    )
    # Only the one just before: "stop", "start", "stop" mean what they say.
    before = letter.session.scalar(latest)
    if before is None or before.text.strip() != letter.text:
        return None
    return Outcome("said_before", report_id=before.report_id)


def wants_no_more(letter: Letter) -> Outcome | None:
    if not letter.is_one_of(letter.inbox.province.sms.words.opt_out):
        return None
    opt_out_hash(letter.session, letter.person, "sms", letter.now)
    return Outcome("opt_out", "sms_opted_out")


def wants_more(letter: Letter) -> Outcome | None:
    if not letter.is_one_of(letter.inbox.province.sms.words.opt_in):
        return None
    opt_in(letter.session, letter.message.from_number or "")
    return Outcome("opt_in", "sms_opted_in")


def names_a_report(letter: Letter) -> Outcome | None:
    """A reference asks for the state. Words beside it are added, to one's own or by its PIN."""
    found = _REFERENCE.search(letter.text)
    if found is None:
        return None
    asker = Asker("", letter.person)
    answer = find_report(
        letter.session, "".join(found.groups()), asker, letter.inbox.limits, letter.now
    )
    rest = letter.text[: found.start()] + " " + letter.text[found.end() :]
    pin = _PIN.search(rest)
    words = _PIN.sub(" ", rest)
    told = len(_WORD.findall(words)) >= LEAST_WORDS
    if problem := answer.get("problem"):
        if told and problem != "locked":
            return None  # an amount of money, a number of a paper: what it says is a report
        key = f"sms_reference_{problem}"
        return Outcome(f"reference_{problem}", key, for_staff=told)
    report = letter.session.get_one(Report, answer["report"])
    if not told:
        return _status(letter, report)
    if report.caller_hash == letter.person and not report.anonymous:
        return _added(letter, report, "added_by_reference", words)
    if pin is None:
        return Outcome("words_of_another", "sms_needs_pin", for_staff=True, report_id=report.id)
    opened = open_report(
        letter.session,
        report.id,
        pin.group(),
        asker,
        letter.inbox.limits,
        letter.inbox.province.timezone,
        letter.now,
    )
    if problem := opened.get("problem"):
        return Outcome(f"pin_{problem}", f"sms_pin_{problem}", report_id=report.id)
    return _added(letter, report, "added_by_pin", words)


def asks_for_state(letter: Letter) -> Outcome | None:
    """ "Kết quả?" by who has one report, or several: of the newest that is open."""
    if not letter.is_one_of(letter.inbox.province.sms.words.status):
        return None
    reports = letter.open or letter.own
    if not reports:
        return Outcome("state_of_nothing", "sms_help")
    return _status(letter, reports[0])


def answers_where(letter: Letter) -> Outcome | None:
    """We asked where it is: of a report by SMS that has no place yet."""
    asked = next(
        (
            report
            for report in letter.open
            if report.source == SOURCE
            and report.place is None
            and report.requested_at > letter.now - ANSWERS_WITHIN
        ),
        None,
    )
    if asked is None:
        return None
    if len(_WORD.findall(letter.text)) > MOST_WORDS_OF_A_PLACE:
        return None  # not the answer to "where?", but something else
    units = letter.inbox.find_units(letter.text)
    if len(units) != 1:
        return _added(letter, asked, "place_in_words")
    report = locked(letter.session, asked.id)
    assert report is not None, "it was read in this transaction, and reports are not deleted"
    report.place = units[0]
    update = Update(
        kind=UpdateKind.ADDITION,
        internal=True,
        text=letter.text,
        changes={"place": [None, units[0]]},
    )
    note_change(letter.session, report, update, CITIZEN, letter.now)
    index_report(letter.session, letter.inbox.province, report)
    unit = letter.inbox.province.unit(units[0])
    named = unit.full_name if unit is not None else ""
    values = {"reference": spoken_reference(report.reference), "place": named}
    return Outcome("place", "sms_place_noted", values, report.language, report.id)


def answers_us(letter: Letter) -> Outcome | None:
    """One of their reports waits for them: this is the answer."""
    waiting = [one for one in letter.open if one.status == ReportStatus.WAITING_CITIZEN]
    return _added(letter, waiting[0], "answer") if len(waiting) == 1 else None


def adds_to_newest(letter: Letter) -> Outcome | None:
    """It begins with the word for "more"."""
    if not letter.open:
        return None
    begins = (fold(word) for word in letter.inbox.province.sms.words.add)
    if not any(letter.plain.startswith(f"{word} ") for word in begins):
        return None
    return _added(letter, letter.open[0], "added_by_word")


def reports_something(letter: Letter) -> Outcome | None:
    """Words enough to be a new report, or of danger; its place is asked for if they tell none."""
    if len(_WORD.findall(letter.text)) < LEAST_WORDS and letter.danger is None:
        return None
    units = letter.inbox.find_units(letter.text)
    told = WebReport(
        description=letter.text,
        place=units[0] if len(units) == 1 else None,
        number=letter.message.from_number,
        source=SOURCE,
        sender=SOURCE,
        client_id=letter.message.id,
    )
    try:
        filed = file_from_web(
            letter.session, letter.inbox.province, told, letter.inbox.alert, letter.now
        )
    except (BadChange, Diverted):
        return None
    where = None if told.place else "sms_where"
    values = {"reference": filed["reference"]}
    return Outcome("new_report", where, values, report_id=filed["report"])


def unclear(letter: Letter) -> Outcome:
    """For staff. How it is done is told once a day: whoever asks again has understood it."""
    told = letter.session.scalar(
        select(IncomingMessage.id).where(
            IncomingMessage.person_hash == letter.person,
            IncomingMessage.rule == "unclear",
            IncomingMessage.handled_at > letter.now - ANSWERS_WITHIN,
        )
    )
    return Outcome("unclear", None if told else "sms_help", for_staff=True)


Rule = Callable[[Letter], Outcome | None]

RULES: Sequence[Rule] = (
    from_no_telephone,
    nothing_said,
    said_before,
    wants_no_more,
    wants_more,
    names_a_report,
    asks_for_state,
    answers_us,
    answers_where,
    adds_to_newest,
    reports_something,
    unclear,
)


def _status(letter: Letter, report: Report) -> Outcome:
    values = {"reference": spoken_reference(report.reference)}
    key = f"sms_status_{report.status}"
    return Outcome("status", key, values, report.language, report.id)


def _added(letter: Letter, report: Report, rule: str, words: str | None = None) -> Outcome:
    """`words`: those without reference and PIN, where the letter has any: a PIN is kept nowhere."""
    add_in_writing(
        letter.session,
        letter.inbox.province,
        report.id,
        Written(letter.client_id, words or letter.text),
        letter.inbox.alert,
        letter.now,
    )
    values = {"reference": spoken_reference(report.reference)}
    return Outcome(rule, "sms_added", values, report.language, report.id)
