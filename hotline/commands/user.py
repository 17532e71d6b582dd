"""`hotline user`: who may sign in, and tokens for programs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
from sqlalchemy.orm import Session

from accounts.audit import record
from accounts.errors import AccountsError
from accounts.passwords import new_password
from accounts.permissions import Permission
from accounts.roles import Role
from accounts.tokens import MAX_NAME_LENGTH, issue_token
from accounts.users import create_user, find_user
from hotline.clock import utc_now
from hotline.commands.databases import told_plainly
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
@click.option("--agency", help="Of the role agency: whose reports, such as ubnd_xa@2025:31942.")
@click.option("--ask", is_flag=True, help="Ask for a password instead of making one up.")
@_as_json
def add(email: str, role: str, agency: str | None, ask: bool, as_json: bool) -> None:
    """Let EMAIL sign in. The password is made up and shown once, here."""
    if agency is not None:
        _check_agency(agency)
    password = _asked() if ask else new_password()
    with _database() as session:
        made = create_user(session, email, password, Role(role), utc_now(), agency)
        record(session, "cli", "user.added", "user", made.id, utc_now(), role=made.role)
    told = {"email": made.email, "role": made.role} | ({"agency": agency} if agency else {})
    told |= {} if ask else {"password": password}
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
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([each.value for each in Permission]),
    help="What it opens, once for each; all that EMAIL may do, if left out.",
)
@_as_json
def token(email: str, name: str, days: int, scopes: tuple[str, ...], as_json: bool) -> None:
    """Give EMAIL a token for programs that use the API; it is shown once, here."""
    if not 0 < len(name) <= MAX_NAME_LENGTH:
        raise click.BadParameter(
            f"expected 1 to {MAX_NAME_LENGTH} characters, found {len(name)}", param_hint="--name"
        )
    now = utc_now()
    with _database() as session:
        owner = find_user(session, email, now)
        issued = issue_token(session, owner, name, timedelta(days=days), now, scopes or None)
        record(session, "cli", "token.issued", "token", issued.id, now)
    if as_json:
        moment = issued.expires_at.isoformat().replace("+00:00", "Z")
        told = {"token": issued.secret, "expires_at": moment, "scopes": list(scopes) or None}
        click.echo(json.dumps(told))
        return
    click.echo(f"token    {issued.secret}   (shown once: note it now)")
    click.echo(f"expires  {issued.expires_at:%Y-%m-%d}")


def _check_agency(agency: str) -> None:
    from hotline.wiring import the_province
    from reports.routing import find_agency

    province = the_province(read_settings())
    today = utc_now().astimezone(province.timezone).date()
    if find_agency(province, agency, today) is None:
        raise click.BadParameter(
            "expected an agency of today such as so_xay_dung, or with its commune such as "
            f"ubnd_xa@2025:31942; found {agency!r}",
            param_hint="--agency",
        )


def _asked() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


@contextmanager
def _database() -> Iterator[Session]:
    from hotline.wiring import database
    from storage.database import transaction

    with (
        told_plainly(AccountsError),
        database(read_settings()) as engine,
        transaction(engine) as session,
    ):
        yield session
