"""The telephone as its page shows it at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.users import emails_of
from console.phone.phones import Phones
from ivr.call_story import CallStory, call_story
from ivr.errors import AmiRefused, AsteriskAway
from ivr.queue_members import Duty
from ivr.seats import user_of
from ivr.talks import Talk
from reports.models import Report


@dataclass(frozen=True)
class Colleague:
    """Somebody else at the telephones; `name` is a user's address or a telephone on a desk."""

    interface: str
    name: str
    talk: Talk | None


@dataclass(frozen=True)
class Now:
    """`away`: Asterisk does not answer. `story` is of the caller, `report` what we ring about; both
    stay after the talk until the operator is ready again. `about` tells them from others."""

    duty: Duty = Duty.AWAY
    talk: Talk | None = None
    away: bool = False
    story: CallStory | None = None
    report: Report | None = None
    colleagues: Sequence[Colleague] = ()

    @property
    def about(self) -> str:
        return (self.story.id if self.story else "") or (self.report.id if self.report else "")


def look(session: Session, phones: Phones, interface: str) -> Now:
    """How that telephone stands, with the story of whoever is on it, and who else is there."""
    try:
        seen = phones.switchboard.look(interface)
    except (AsteriskAway, AmiRefused):
        return Now(away=True)
    talk = seen.talk
    call_id = talk.call_id if talk else seen.last_call
    reference = talk.report if talk else seen.last_report
    story = call_story(session, call_id) if call_id else None
    report = _report(session, reference) if reference else None
    others = [each for each in seen.present if each != interface]
    names = _names(session, others)
    by_interface = {each.interface: each for each in seen.talks if each.answered}
    colleagues = [Colleague(each, names[each], by_interface.get(each)) for each in others]
    return Now(
        seen.duty, talk, story=story, report=report, colleagues=sorted(colleagues, key=_by_name)
    )


def _by_name(colleague: Colleague) -> str:
    return colleague.name


def _names(session: Session, interfaces: Sequence[str]) -> Mapping[str, str]:
    ids = {each: user_of(each) for each in interfaces}
    emails = emails_of(session, filter(None, ids.values()))
    return {
        each: emails.get(user_id or "", each.removeprefix("PJSIP/"))
        for each, user_id in ids.items()
    }


def _report(session: Session, reference: str) -> Report | None:
    return session.scalar(select(Report).where(Report.reference == reference))
