"""What can go wrong with the database.

StorageError
├── BadDatabaseUrl   the URL names no database that we support
├── BadKey           a secret key is missing or damaged
└── NaiveMoment      a time without a zone was about to be stored
"""


class StorageError(Exception):
    """Root of this package's errors."""


class BadDatabaseUrl(StorageError):
    """The URL names no database that we support."""


class BadKey(StorageError):
    """A secret key is missing or damaged."""


class NaiveMoment(StorageError):
    """A time without a zone was about to be stored."""
