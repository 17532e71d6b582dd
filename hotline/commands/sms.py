"""`hotline sms`: what SMS look like and cost, which were not sent, and whether sending works."""

import json
import time
import uuid
from dataclasses import asdict
from datetime import datetime

import click
from sqlalchemy import select

from hotline.clock import utc_now
from hotline.settings import read_settings
from hotline.texting import the_texts
from hotline.wiring import database, the_province
from notifications.kinds import KINDS
from notifications.models import Message, MessageStatus
from notifications.preview import Previewed, preview, preview_one
from notifications.service import masked, queue_message
from provinces.schema import Province
from storage.database import reading, transaction
from understanding.phone_number import read_phone_number

WAIT_S = 30.0
LOOK_EVERY_S = 0.3
UNDER_WAY = (MessageStatus.QUEUED, MessageStatus.SENDING)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def sms() -> None:
    """SMS: preview the texts, send one to try, list what was sent and what was not."""


@sms.command("preview")
@click.option("--key", type=click.Choice(sorted(KINDS)), help="Only this kind.")
@click.option("--language", help="Only this language of the province.")
@click.option("--markdown", is_flag=True, help="Print the table of docs/sms.md.")
@_as_json
def preview_texts(key: str | None, language: str | None, markdown: bool, as_json: bool) -> None:
    """Show each text as it would be sent: characters, parts and cost, without and with accents."""
    settings = read_settings()
    province = the_province(settings)
    the_texts(settings, province)
    if language is not None and language not in province.languages:
        known = ", ".join(province.languages)
        raise click.UsageError(f"expected a language of the province ({known}), found {language!r}")
    found = [
        each
        for each in preview(province, utc_now())
        if key in (None, each.key) and language in (None, each.language)
    ]
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1))
    elif markdown:
        click.echo(preview_table(province))
    else:
        currency = province.sms.rules.currency
        for each in found:
            form = "accents" if each.accents else "plain"
            click.echo(
                f"{each.key:20} {each.language:3} {form:8} {each.encoding:5} "
                f"{each.characters:4} chars {each.parts} part(s) {each.cost:8.0f} {currency}"
            )
            if key is not None:
                click.echo(f"    {each.body}")


def preview_table(province: Province) -> str:
    """A table of every kind in both forms, as docs/sms.md has it."""
    day = datetime.fromisoformat("2026-11-27T10:00:00+00:00")
    lines = [
        "| text | language | plain: characters, parts, cost | with accents |",
        "|---|---|---|---|",
    ]

    def shown(each: Previewed) -> str:
        return f"{each.characters}, {each.parts}, {each.cost:.0f}"

    for key in KINDS:
        for language in province.languages:
            plain, accents = (
                shown(preview_one(province, key, language, form, day)) for form in (False, True)
            )
            lines.append(f"| `{key}` | {language} | {plain} | {accents} |")
    return "\n".join(lines)


@sms.command("send-test")
@click.argument("number")
@click.option("--wait", "wait_s", type=float, default=WAIT_S, show_default=True, help="Seconds.")
@_as_json
def send_test(number: str, wait_s: float, as_json: bool) -> None:
    """Send a text to NUMBER the way every SMS goes, and tell what became of it.

    A worker has to be running. Exit code 0: the provider has it, 1: it has not.
    """
    read = read_phone_number(number)
    if read is None or not read.mobile:
        raise click.UsageError(f"expected a mobile number such as 0912345678, found {number!r}")
    settings = read_settings()
    province = the_province(settings)
    with database(settings) as engine:
        key = f"test:{uuid.uuid4().hex}"
        with transaction(engine) as session:
            queue_message(
                session,
                idempotency_key=key,
                to_number=read.e164,
                text_key="test",
                values={},
                language=province.languages[0],
                report_id=None,
                now=utc_now(),
            )
        deadline = time.monotonic() + wait_s
        while True:
            with reading(engine) as session:
                message = session.scalars(
                    select(Message).where(Message.idempotency_key == key)
                ).one()
            if message.status not in UNDER_WAY or time.monotonic() >= deadline:
                break
            time.sleep(LOOK_EVERY_S)
    _show([message], as_json)
    if message.status in UNDER_WAY:
        click.echo(f"not sent within {wait_s:g} s: is a worker running?", err=True)
    if message.status in (*UNDER_WAY, MessageStatus.FAILED, MessageStatus.CANCELLED):
        raise click.exceptions.Exit(1)


@sms.command("list")
@click.option("--status", type=click.Choice([str(each) for each in MessageStatus]))
@click.option("--doubtful", is_flag=True, help="Those that may have arrived twice.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@_as_json
def list_messages(status: str | None, doubtful: bool, limit: int, as_json: bool) -> None:
    """List SMS, the newest first: state, kind, and why one failed. Numbers are masked."""
    query = select(Message).order_by(Message.queued_at.desc(), Message.id.desc()).limit(limit)
    if status is not None:
        query = query.where(Message.status == status)
    if doubtful:
        query = query.where(Message.doubts > 0)
    with database(read_settings()) as engine, reading(engine) as session:
        _show(list(session.scalars(query)), as_json)


def _show(messages: list[Message], as_json: bool) -> None:
    rows = [
        {
            "id": each.id,
            "text_key": each.text_key,
            "to": masked(each.to_number),
            "status": each.status,
            "problem": each.problem,
            "attempts": each.attempts,
            "doubts": each.doubts,
            "parts": each.parts,
            "provider": each.provider,
            "queued_at": each.queued_at.isoformat(),
            "sent_at": each.sent_at.isoformat() if each.sent_at else None,
        }
        for each in messages
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        why = f"  {row['problem']}" if row["problem"] else ""
        twice = f"  sent again {row['doubts']} time(s) in doubt" if row["doubts"] else ""
        click.echo(
            f"{row['queued_at']}  {row['status']:11} {row['text_key']:20} "
            f"{row['to'] or '-':6}{why}{twice}"
        )
