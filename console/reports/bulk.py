"""Several reports changed alike: each on its own, so that one which cannot be keeps back no other.

A transaction a report: calls are let in between. What was done is undone the same way.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from console.errors import BadForm
from reports.errors import ChangedMeanwhile, ReportsError
from reports.reference import parse_reference
from storage.database import transaction

log = structlog.get_logger()

MOST = 100
# The fields of the form that each of its buttons sends.
FIELDS_OF: Mapping[str, Sequence[str]] = {
    "assign": ("agency",),
    "category": ("category",),
    "status": ("status", "reason", "text"),
    "urgent": ("urgent",),
}


@dataclass(frozen=True)
class Picked:
    """A report as it was when somebody picked it from the list."""

    reference: str
    version: int


@dataclass
class Outcome:
    """`done` are the reports that were changed, at their new version; `same` had nothing to change;
    `overtaken` were changed by somebody else meanwhile; `refused` with the reason."""

    done: list[Picked] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    overtaken: list[str] = field(default_factory=list)
    refused: list[tuple[str, Exception]] = field(default_factory=list)


Work = Callable[[Session, Picked], int | None]
"""Changes one report; its new version, None where there was nothing to change."""


def read_picked(values: Iterable[str]) -> list[Picked]:
    """The reports that were picked, each once, in the order of the list.

    Raises:
        BadForm: none were, or too many, or one as the list never writes it.
    """
    found: dict[str, Picked] = {}
    for value in values:
        reference, _, version = value.partition(":")
        digits = parse_reference(reference)
        if digits is None or not version.isdecimal() or len(version) > 9:
            raise BadForm("wrong_input")
        found[digits] = Picked(digits, int(version))
        if len(found) > MOST:
            raise BadForm("bulk_many")
    if not found:
        raise BadForm("bulk_none")
    return list(found.values())


def for_each(engine: Engine, picked: Sequence[Picked], work: Work) -> Outcome:
    """Have each of them changed by `work`, in a transaction of its own.

    Where the database is locked or away the rest is not tried: each would wait as long.
    """
    outcome = Outcome()
    for number, one in enumerate(picked):
        try:
            with transaction(engine) as session:
                version = work(session, one)
        except ChangedMeanwhile:
            outcome.overtaken.append(one.reference)
        except (ReportsError, BadForm, NotFound) as error:
            outcome.refused.append((one.reference, error))
        except SQLAlchemyError as error:
            log.error(
                "bulk change broke off", at=number, of=len(picked), error=type(error).__name__
            )
            locked = BadForm("bulk_locked")
            outcome.refused.extend((each.reference, locked) for each in picked[number:])
            break
        else:
            if version is None:
                outcome.same.append(one.reference)
            else:
                outcome.done.append(Picked(one.reference, version))
    return outcome
