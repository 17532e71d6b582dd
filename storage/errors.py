"""What can go wrong with the database.

StorageError
├── BadDatabaseUrl   the URL names no database that we support
├── BadKey           a secret key is missing or damaged
├── CommitAbandoned  work that waited to be committed with others' was not
├── DatabaseBusy     something is to be done alone, and others are at work
└── NaiveMoment      a time without a zone was about to be stored
"""

from sqlalchemy.exc import InterfaceError, OperationalError


class StorageError(Exception):
    """Root of this package's errors."""


class BadDatabaseUrl(StorageError):
    """The URL names no database that we support."""


class BadKey(StorageError):
    """A secret key is missing or damaged."""


class CommitAbandoned(StorageError):
    """Work that waited to be committed together with others' was not: do it again."""


# The database itself is out of reach, locked or full: nothing that asks it would fare better.
DATABASE_AWAY = (OperationalError, InterfaceError, CommitAbandoned)


class DatabaseBusy(StorageError):
    """Something is to be done alone, and others are at work: try again."""


class NaiveMoment(StorageError):
    """A time without a zone was about to be stored."""
