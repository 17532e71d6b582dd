"""`hotline audit`: whether the audit log is whole, and what it says."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from sqlalchemy.orm import Session

from hotline.clock import utc_now
from hotline.settings import read_settings

if TYPE_CHECKING:
    from accounts.models import AuditEntry

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def audit() -> None:
    """The audit log: who did or saw what."""


@audit.command()
@_as_json
def verify(as_json: bool) -> None:
    """Check every entry and every checkpoint. Exit code 1 where the chain is broken."""
    from accounts.checkpoints import read_checkpoints, verify_with

    checkpoints = read_checkpoints(read_settings().checkpoints)
    with _reading() as session:
        found = verify_with(session, checkpoints)
    told = {
        "whole": found.broken is None,
        "entries": found.count,
        "first": found.first,
        "last": found.head.number,
        "hash": found.head.hash,
        "checkpoints": len(checkpoints),
        "broken": None
        if found.broken is None
        else {"number": found.broken.number, "why": found.broken.why},
    }
    if as_json:
        click.echo(json.dumps(told))
    elif found.broken is None:
        click.echo(
            f"{found.count} entries are whole, up to {found.head.number} "
            f"({found.head.hash[:16]}…); {len(checkpoints)} checkpoints agree"
        )
    else:
        click.echo(f"entry {found.broken.number}: {found.broken.why}", err=True)
    if found.broken is not None:
        raise click.exceptions.Exit(1)


@audit.command(name="list")
@click.option("--actor", help="A user's id, or `caller`, `system`, `cli`.")
@click.option("--report", help="A report's id.")
@click.option("--before", type=click.IntRange(1), help="Only entries before that number.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@_as_json
def show(
    actor: str | None, report: str | None, before: int | None, limit: int, as_json: bool
) -> None:
    """Print the newest entries first; with --json one object a line."""
    from accounts.audit import entries

    with _reading() as session:
        found = entries(
            session,
            actor=actor,
            object_type="report" if report else None,
            object_id=report,
            before=before,
            limit=limit,
        )
    for entry in found:
        click.echo(_as_object(entry) if as_json else _as_line(entry))


@audit.command()
def checkpoint() -> None:
    """Note outside the database where the log ends; the worker does so every hour."""
    from accounts.checkpoints import write_checkpoint

    with _reading() as session:
        made = write_checkpoint(session, read_settings().checkpoints, utc_now())
    click.echo("nothing new" if made is None else f"{made.number} {made.hash}")


def _as_object(entry: "AuditEntry") -> str:
    return json.dumps(
        {
            "number": entry.number,
            "at": entry.at.isoformat().replace("+00:00", "Z"),
            "actor": entry.actor,
            "action": entry.action,
            "object_type": entry.object_type,
            "object_id": entry.object_id,
            "details": json.loads(entry.details),
            "hash": entry.hash,
        }
    )


def _as_line(entry: "AuditEntry") -> str:
    moment = f"{entry.at:%Y-%m-%d %H:%M:%S}"
    subject = f"{entry.object_type} {entry.object_id}"
    return f"{entry.number:>8}  {moment}  {entry.actor}  {entry.action}  {subject}  {entry.details}"


@contextmanager
def _reading() -> Iterator[Session]:
    from accounts.errors import AccountsError
    from hotline.commands.databases import told_plainly
    from hotline.wiring import database
    from storage.database import reading

    with (
        told_plainly(AccountsError),
        database(read_settings()) as engine,
        reading(engine) as session,
    ):
        yield session
