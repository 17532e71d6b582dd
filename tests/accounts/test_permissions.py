"""The table of permissions and roles, and the scopes that cut a token down."""

import pytest

from accounts.errors import UnknownScope
from accounts.permissions import PERMISSIONS, Permission, permissions_of, written_scopes
from accounts.roles import Role

P = Permission


def test_each_role_has_its_line_and_the_administrator_has_everything() -> None:
    assert PERMISSIONS.keys() == set(Role)
    assert PERMISSIONS[Role.ADMINISTRATOR] == set(Permission)


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (P.REPORTS_FILE, {Role.OPERATOR, Role.SUPERVISOR}),
        (P.REPORTS_CHANGE, {Role.OPERATOR, Role.SUPERVISOR}),
        (P.REPORTS_WORK, {Role.OPERATOR, Role.SUPERVISOR, Role.AGENCY}),
        # An agency is to mend the road, not to ring who complained of it.
        (P.NUMBERS_SEE, {Role.OPERATOR, Role.SUPERVISOR}),
        (P.CALLS_READ, {Role.OPERATOR, Role.SUPERVISOR}),
        (P.EXPORT, {Role.SUPERVISOR}),
        (P.AUDIT_READ, {Role.AUDITOR}),
        (P.USERS_MANAGE, set[Role]()),
        (P.TOKENS_MANAGE, set[Role]()),
        (P.WEBHOOKS_MANAGE, set[Role]()),
        (P.SETTINGS_READ, {Role.SUPERVISOR}),
        (P.SETTINGS_MANAGE, set[Role]()),
        (P.PERSONS_MANAGE, set[Role]()),
        (P.MONITORING_SEE, {Role.OPERATOR, Role.SUPERVISOR, Role.AGENCY, Role.AUDITOR}),
        (P.OBSERVATIONS_WRITE, {Role.SUPERVISOR}),
        (P.ALERTS_HANDLE, {Role.OPERATOR, Role.SUPERVISOR}),
        (P.ALERTS_MUTE, {Role.SUPERVISOR}),
    ],
)
def test_what_beside_the_administrator_a_role_may(permission: P, roles: set[Role]) -> None:
    may = {role for role in Role if permission in PERMISSIONS[role]}

    assert may == roles | {Role.ADMINISTRATOR}


def test_an_auditor_sees_nothing_of_anybody() -> None:
    assert permissions_of(Role.AUDITOR) == {P.AUDIT_READ, P.STATISTICS, P.MONITORING_SEE}


@pytest.mark.parametrize(
    ("role", "scopes", "left"),
    [
        (Role.OPERATOR, "reports.read", {P.REPORTS_READ}),
        (Role.OPERATOR, "reports.read export", {P.REPORTS_READ}),  # was a supervisor once
        (Role.AUDITOR, "reports.read", set[P]()),
        (Role.OPERATOR, "", set[P]()),
        (Role.OPERATOR, "reports", set[P]()),
        ("janitor", None, set[P]()),
    ],
)
def test_a_token_opens_what_its_scopes_name_and_its_users_role_still_has(
    role: str, scopes: str | None, left: set[P]
) -> None:
    assert permissions_of(role, scopes) == left


@pytest.mark.parametrize("names", [["export"], ["reports.read", "nothing"], ["REPORTS.READ"], []])
def test_a_token_is_not_made_with_a_scope_that_its_user_does_not_have(names: list[str]) -> None:
    with pytest.raises(UnknownScope):
        written_scopes(Role.OPERATOR, names)


def test_all_scopes_together_fit_in_their_column() -> None:
    assert len(written_scopes(Role.ADMINISTRATOR, Permission)) <= 400
