"""Who does something to a report, and in what part."""

from dataclasses import dataclass
from enum import StrEnum


class Party(StrEnum):
    """The parts that people and programs play in the life of a report."""

    CITIZEN = "citizen"
    SYSTEM = "system"
    STAFF = "staff"  # of the call centre and the operations centre
    AGENCY = "agency"  # an officer of the agency that handles it


@dataclass(frozen=True)
class Actor:
    """`id` is what updates name as their author: a user's id, `caller` or `system`.

    `agency` is the code of an officer's agency; officers act on its reports alone.
    """

    id: str
    party: Party
    agency: str | None = None


CITIZEN = Actor("caller", Party.CITIZEN)
SYSTEM = Actor("system", Party.SYSTEM)
