"""What a reporter does with a report that is open before them, and what a neighbour may do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from citizens.form import is_broken, is_client_id
from citizens.pages import language
from citizens.services import CitizensServices
from citizens.typed import Typed
from provinces.schema import Province
from reports.attachments import Kept
from reports.errors import BadChange, BadScore, NotAllowed, TooManyAttachments
from reports.models import Update, UpdateKind
from reports.supporting import Voice, support
from reports.web_filing import MOST_WORDS, Alert
from reports.written_additions import Written, add_in_writing, rate_in_writing, reopen_in_writing
from understanding.phone_number import mobile_number


@dataclass(frozen=True)
class Said:
    """What came of it: the wording's key, whether it went wrong, and what the wording names."""

    key: str
    wrong: bool = False
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """What came in about the report, in the transaction in which it is acted on."""

    session: Session
    services: CitizensServices
    report_id: str
    typed: Typed
    photos: tuple[Kept, ...]
    now: datetime


Act = Callable[[Sent], Said]


def _add(sent: Sent) -> Said:
    if not (sent.typed.words or sent.photos):
        return _problem(sent.typed) or Said("problem_nothing", wrong=True)
    said = _wrote(sent, add_in_writing)
    return said if isinstance(said, Said) else Said("added")


def _reopen(sent: Sent) -> Said:
    said = _wrote(sent, reopen_in_writing)
    if isinstance(said, Said):
        return said
    return Said("reopened" if said.kind == UpdateKind.REOPENED else "not_reopened")


def _wrote(
    sent: Sent,
    write: Callable[[Session, Province, str, Written, Alert, datetime], Update],
) -> Update | Said:
    """What became of words and photos, or what is wrong with them."""
    if problem := _problem(sent.typed):
        return problem
    services, typed = sent.services, sent.typed
    written = Written(typed.client_id, typed.words, sent.photos)
    try:
        return write(
            sent.session, services.province, sent.report_id, written, services.alert, sent.now
        )
    except TooManyAttachments:
        return Said("problem_photos_full", wrong=True)
    except BadChange:
        # Other words under the id of a page that has sent some: shown once more, with an id anew.
        return Said("problem_again", wrong=True)


def _rate(sent: Sent) -> Said:
    typed = sent.typed
    if problem := _problem(typed):
        return problem
    score = int(typed.score) if typed.score in ("1", "2", "3", "4", "5") else 0
    try:
        rate_in_writing(sent.session, sent.report_id, score, Written(typed.client_id), sent.now)
    except NotAllowed:
        return Said("not_ratable", wrong=True)
    except BadScore:
        return Said("problem_score", wrong=True)
    return Said("rated")


def me_too_by(browser: str) -> Act:
    """ "Me too" of whoever uses that browser; it is counted once."""

    def act(sent: Sent) -> Said:
        number = mobile_number(sent.typed.number)
        if sent.typed.number and number is None:
            return Said("problem_number", wrong=True)
        try:
            voice = Voice(browser, "web", language(), number)
            count = support(sent.session, sent.report_id, voice, sent.now)
        except NotAllowed:
            return Said("me_too_ended", wrong=True)
        return Said("me_too_done", values={"count": count})

    return act


def _problem(typed: Typed) -> Said | None:
    if is_broken(typed.words):
        return Said("problem_broken", wrong=True)
    if len(typed.words) > MOST_WORDS:
        return Said("problem_long", wrong=True)
    if not is_client_id(typed.client_id):
        return Said("problem_again", wrong=True)
    return None


ACTIONS: Mapping[str, Act] = {"add": _add, "reopen": _reopen, "rate": _rate}
