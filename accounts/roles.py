"""What a member of the staff may be."""

from enum import StrEnum


class Role(StrEnum):
    """`operator` works with calls and reports; `administrator` also looks after the system."""

    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
