"""What can go wrong with accounts.

AccountsError
├── BadEmail        the text is not an e-mail address
├── EmailTaken      a user with that address exists
├── UnknownUser     no user that may sign in has that address
├── WeakPassword    a chosen password is too short, or too long to hash
└── DamagedHash     a stored password hash cannot be read
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
