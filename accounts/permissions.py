"""Who may what: one table of permissions and roles. Everything that asks, asks this table.

A token carries scopes, which are permissions: it opens what they name and its user's role still
has at the moment of use.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from accounts.errors import UnknownScope
from accounts.roles import Role


class Permission(StrEnum):
    """What somebody may do; the value is what a token's scope is called."""

    REPORTS_READ = "reports.read"
    REPORTS_FILE = "reports.file"
    REPORTS_CHANGE = "reports.change"  # sort, correct, assign, reject, merge
    REPORTS_WORK = "reports.work"  # take up, ask, answer, hand back, attach
    WORDS_READ = "words.read"  # transcripts, and what citizens wrote
    WORDS_CORRECT = "words.correct"
    RECORDINGS_LISTEN = "recordings.listen"
    NUMBERS_SEE = "numbers.see"  # whole; each look is in the audit log
    CALLS_READ = "calls.read"
    CALLS_TAKE = "calls.take"  # of the queue; ring people back
    CALLS_SUPERVISE = "calls.supervise"  # listen, whisper, take over: noted, and announced
    EXPORT = "export"
    STATISTICS = "statistics"
    AUDIT_READ = "audit.read"
    USERS_MANAGE = "users.manage"
    TOKENS_MANAGE = "tokens.manage"  # of others: everybody looks after their own
    WEBHOOKS_MANAGE = "webhooks.manage"
    PROMPTS_LISTEN = "prompts.listen"
    PROMPTS_PUBLISH = "prompts.publish"  # record them too
    SETTINGS_READ = "settings.read"
    SETTINGS_MANAGE = "settings.manage"  # change and publish them
    PERSONS_MANAGE = "persons.manage"  # what is kept of one person: told, given, erased
    MONITORING_SEE = "monitoring.see"  # modules, series, alerts, the board
    OBSERVATIONS_WRITE = "observations.write"
    ALERTS_HANDLE = "alerts.handle"  # acknowledge, comment, escalate, close
    ALERTS_MUTE = "alerts.mute"


P = Permission
_OPERATOR = frozenset(
    {
        P.REPORTS_READ,
        P.REPORTS_FILE,
        P.REPORTS_CHANGE,
        P.REPORTS_WORK,
        P.WORDS_READ,
        P.WORDS_CORRECT,
        P.RECORDINGS_LISTEN,
        P.NUMBERS_SEE,
        P.CALLS_READ,
        P.PROMPTS_LISTEN,
        P.CALLS_TAKE,
        P.MONITORING_SEE,
        P.ALERTS_HANDLE,
    }
)
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OPERATOR: _OPERATOR,
    Role.SUPERVISOR: _OPERATOR
    | {
        P.CALLS_SUPERVISE,
        P.EXPORT,
        P.STATISTICS,
        P.PROMPTS_PUBLISH,
        P.SETTINGS_READ,
        P.OBSERVATIONS_WRITE,
        P.ALERTS_MUTE,
    },
    # Of the reports of their agency alone, figures too, and without the number of who reported.
    Role.AGENCY: frozenset(
        {
            P.REPORTS_READ,
            P.REPORTS_WORK,
            P.WORDS_READ,
            P.RECORDINGS_LISTEN,
            P.STATISTICS,
            P.MONITORING_SEE,
        }
    ),
    Role.AUDITOR: frozenset({P.AUDIT_READ, P.STATISTICS, P.MONITORING_SEE}),
    Role.ADMINISTRATOR: frozenset(Permission),
}
assert PERMISSIONS.keys() == set(Role)


def permissions_of(role: str, scopes: str | None = None) -> frozenset[Permission]:
    """What the role may; with a token's scopes, what both name. Nothing for an unknown role."""
    try:
        allowed = PERMISSIONS[Role(role)]
    except ValueError:
        return frozenset()
    if scopes is None:
        return allowed
    named = set(scopes.split())
    return frozenset(each for each in allowed if each in named)


def written_scopes(role: str, names: Iterable[str]) -> str:
    """The scopes as a token keeps them.

    Raises:
        UnknownScope: one is no permission, or none that the role has; or there are none at all.
    """
    wanted = sorted(set(names))
    allowed = permissions_of(role)
    for name in wanted:
        if name not in allowed:
            known = ", ".join(sorted(allowed))
            raise UnknownScope(f"expected scopes of the role {role} ({known}), found {name!r}")
    if not wanted:
        raise UnknownScope("expected at least one scope, found none")
    return " ".join(wanted)
