"""`hotline user`: who may sign in, and tokens for programs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from accounts.errors import AccountsError
from accounts.passwords import new_password
from accounts.roles import Role
from accounts.tokens import MAX_NAME_LENGTH, issue_token
from accounts.users import create_user, find_user
from hotline.clock import utc_now
from hotline.settings import read_settings

_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def user() -> None:
    """People who sign in, and tokens for programs."""


@user.command()
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.OPERATOR.value,
    show_default=True,
)
@click.option("--ask", is_flag=True, help="Ask for a password instead of making one up.")
@_as_json
def add(email: str, role: str, ask: bool, as_json: bool) -> None:
    """Let EMAIL sign in. The password is made up and shown once, here."""
    password = _asked() if ask else new_password()
    with _database() as session:
        made = create_user(session, email, password, Role(role), utc_now())
    told = {"email": made.email, "role": made.role} | ({} if ask else {"password": password})
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"{made.email} may sign in as {made.role}")
    if not ask:
        click.echo(f"password  {password}   (shown once: note it now)")


@user.command()
@click.argument("email")
@click.option("--name", default="api", show_default=True, help="To tell tokens apart.")
@click.option(
    "--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="Valid for so long."
)
@_as_json
def token(email: str, name: str, days: int, as_json: bool) -> None:
    """Give EMAIL a token for programs that use the API; it is shown once, here."""
    if not 0 < len(name) <= MAX_NAME_LENGTH:
        raise click.BadParameter(
            f"expected 1 to {MAX_NAME_LENGTH} characters, found {len(name)}", param_hint="--name"
        )
    now = utc_now()
    with _database() as session:
        owner = find_user(session, email, now)
        issued = issue_token(session, owner, name, timedelta(days=days), now)
    if as_json:
        moment = issued.expires_at.isoformat().replace("+00:00", "Z")
        click.echo(json.dumps({"token": issued.secret, "expires_at": moment}))
        return
    click.echo(f"token    {issued.secret}   (shown once: note it now)")
    click.echo(f"expires  {issued.expires_at:%Y-%m-%d}")


def _asked() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


@contextmanager
def _database() -> Iterator[Session]:
    from hotline.wiring import database
    from storage.database import transaction

    try:
        with database(read_settings()) as engine, transaction(engine) as session:
            yield session
    except AccountsError as error:
        raise click.ClickException(str(error)) from error
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            f"the database does not answer or has no tables ({type(error.orig).__name__}): "
            "run `hotline migrate`"
        ) from error
