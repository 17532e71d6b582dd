"""`hotline province show|diff|export|take-back`: what was published in the console."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from accounts.audit import record
from hotline.clock import utc_now
from hotline.pack_checks import check_province
from hotline.settings import read_settings
from hotline.wiring import database, pack_on_disk
from provinces.changes import Difference
from provinces.errors import (
    BadReason,
    NothingChanged,
    ProvinceBroken,
    PublishedMeanwhile,
    UneditableText,
    UnknownVersion,
)
from provinces.published.files import Pack, beneath, changed
from provinces.published.versions import (
    FILES,
    Publication,
    check_candidate,
    exported,
    first_broken,
    history,
    newest,
    publish,
    texts_of,
    with_all_agencies,
)
from storage.database import reading, transaction

CLI = "cli"
_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.command()
@_as_json
def show(as_json: bool) -> None:
    """Which version holds, all versions, and what was changed on the disk beneath.

    Exit code 1 where a version is not as it was published.
    """
    settings = read_settings()
    folder = pack_on_disk(settings).folder
    with database(settings) as engine, reading(engine) as session:
        last, broken = newest(session), first_broken(session)
        rows: list[dict[str, Any]] = [
            {
                "number": each.number,
                "at": each.at.isoformat(),
                "author": each.author,
                "reason": each.reason,
                "files": sorted(each.files),
                "restored": each.restored,
                "checksum": each.checksum,
            }
            for each in history(session)
        ]
        under = beneath(folder, last.files, last.basis) if last else ()
    told: dict[str, Any] = {
        "folder": str(folder),
        "version": last.number if last else FILES,
        "versions": rows,
        "changed_on_disk": _told(under),
        "broken": broken,
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{folder}: version {told['version']} holds")
        for row in rows:
            files = ", ".join(row["files"]) or "the files as they are"
            click.echo(
                f"{row['number']:>4}  {row['at']}  {row['author']}  {files}: {row['reason']}"
            )
        _print(under, "changed on the disk beneath:")
        if broken is not None:
            click.echo(f"version {broken} is not as it was published", err=True)
    if broken is not None:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("number", type=click.IntRange(min=0), required=False)
@_as_json
def diff(number: int | None, as_json: bool) -> None:
    """What a version has otherwise than the pack's files; without NUMBER, the one that holds."""
    found = _pack(number)
    lines = changed(Pack(found.folder, {}), found)
    if as_json:
        click.echo(json.dumps({"changes": _told(lines)}, ensure_ascii=False))
    else:
        _print(lines, "otherwise than in the files:")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--version", "number", type=click.IntRange(min=0), help="Default: the one that holds."
)
def export(folder: Path, number: int | None) -> None:
    """Write the files of a version into FOLDER, to be kept with the pack.

    Files that nobody changed are not written. Into the pack's own folder: what was published and
    what the files say are then the same.
    """
    found = _pack(number)
    folder.mkdir(parents=True, exist_ok=True)
    written = exported(folder, found.texts)
    for file in written:
        click.echo(folder / file)
    if not written:
        click.echo("nothing was published: the pack's files are what holds")


@click.command("take-back")
@click.argument("number", type=click.IntRange(min=0))
@click.option("--reason", required=True, help="Why; kept with the new version.")
def take_back(number: int, reason: str) -> None:
    """Publish again what version NUMBER had; 0: what the pack's files say.

    It becomes a new version; nothing is deleted. Programs that run follow within seconds.
    """
    settings = read_settings()
    base = pack_on_disk(settings)
    with database(settings) as engine:
        try:
            with reading(engine) as session:
                today = utc_now().astimezone(base.timezone).date()
                pack = with_all_agencies(
                    session, Pack(base.folder, texts_of(session, number)), today
                )
                last = newest(session)
            candidate = check_candidate(base, pack, check_province)
            with transaction(engine) as session:
                wanted = Publication(candidate, last.number if last else FILES, CLI, reason, number)
                made = publish(session, wanted, utc_now())
                record(
                    session,
                    CLI,
                    "settings.published",
                    "settings",
                    str(made.number),
                    made.at,
                    files=sorted(made.files),
                    restored=number,
                )
                click.echo(f"version {made.number} holds, as version {number} did")
        except (
            *(UnknownVersion, NothingChanged, BadReason, PublishedMeanwhile, UneditableText),
        ) as error:
            raise click.ClickException(str(error)) from error
        except ProvinceBroken as error:
            raise click.ClickException(f"version {number} is not sound now:\n{error}") from error


def _pack(number: int | None) -> Pack:
    settings = read_settings()
    folder = pack_on_disk(settings).folder
    with database(settings) as engine, reading(engine) as session:
        last = newest(session)
        wanted = number if number is not None else last.number if last else FILES
        try:
            return Pack(folder, texts_of(session, wanted))
        except UnknownVersion as error:
            raise click.ClickException(str(error)) from error


def _told(lines: Iterable[Difference]) -> list[dict[str, Any]]:
    return [
        {
            "file": each.file,
            "where": list(each.where),
            "before": json.loads(json.dumps(each.before, default=str)),
            "after": json.loads(json.dumps(each.after, default=str)),
        }
        for each in lines
    ]


def _print(lines: Iterable[Difference], title: str) -> None:
    lines = list(lines)
    if lines:
        click.echo(title)
    for each in lines:
        click.echo(f"  {each.file} {'.'.join(each.where)}: {each.before!s} → {each.after!s}")
