"""What a member of the staff may be."""

from enum import StrEnum


class Role(StrEnum):
    """`operator` works with calls and reports; `supervisor` also overrules and sees figures;
    `agency` works on the reports of one agency; `auditor` reads the audit log and changes
    nothing; `administrator` also looks after the system.
    """

    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"
    AGENCY = "agency"
    AUDITOR = "auditor"
