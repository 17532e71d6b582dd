"""What can go wrong with accounts.

AccountsError
├── BadEmail        the text is not an e-mail address
├── EmailTaken      a user with that address exists
├── UnknownUser     no user that may sign in has that address
├── WeakPassword    a chosen password is too short, or too long to hash
├── DamagedHash     a stored password hash cannot be read
├── UnknownScope    a token shall have a scope that is none, or none of its user's role
├── UnknownToken    there is no such token, or none of this user
├── BadAuditEntry   what was to be written down holds more than ids and codes
├── BadCheckpoints  the file of the audit log's checkpoints cannot be read
├── UnknownVisit    there is no such visit that goes on, or none that one may end
├── LastAdministrator  nobody could look after the users any more
└── WrongAgency     an officer without an agency, or somebody else with one
"""


class AccountsError(Exception):
    """Root of this package's errors; the message is one line for whoever asked."""


class BadEmail(AccountsError):
    """The text is not an e-mail address."""


class EmailTaken(AccountsError):
    """A user with that address exists."""


class UnknownUser(AccountsError):
    """No user that may sign in has that address."""


class WeakPassword(AccountsError):
    """A chosen password is too short, or too long to hash."""


class DamagedHash(AccountsError):
    """A stored password hash cannot be read."""


class UnknownScope(AccountsError):
    """A token shall have a scope that is none, or none of its user's role."""


class UnknownToken(AccountsError):
    """There is no such token, or none of this user."""


class UnknownVisit(AccountsError):
    """There is no such visit that goes on, or none that one may end."""


class LastAdministrator(AccountsError):
    """Nobody could look after the users any more."""


class WrongAgency(AccountsError):
    """An officer without an agency, or somebody else with one."""


class BadAuditEntry(AccountsError):
    """What was to be written down holds more than ids and codes."""


class BadCheckpoints(AccountsError):
    """The file of the audit log's checkpoints cannot be read."""
