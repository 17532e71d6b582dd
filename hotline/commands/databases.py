"""What commands say when a database, or what they are asked for, is not there: one line."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import click
import structlog
from sqlalchemy.exc import OperationalError, ProgrammingError


def quiet_logs() -> None:
    """What is printed is for a person or a program; log lines would stand in between."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


@contextmanager
def told_plainly(*expected: type[Exception]) -> Iterator[None]:
    """Turn `expected` errors, and a database without tables, into one line and exit code 1."""
    quiet_logs()
    try:
        yield
    except expected as error:
        raise click.ClickException(str(error)) from error
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            f"the database does not answer or has no tables ({type(error.orig).__name__}): "
            "run `hotline migrate`"
        ) from error
