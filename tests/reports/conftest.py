"""A migrated database."""

from tests.ivr.databases import database

__all__ = ["database"]
