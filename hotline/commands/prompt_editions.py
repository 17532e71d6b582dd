"""`hotline prompts editions`, `restore`, `forget`: what the console has published, without it."""

import json

import click

from hotline.clock import utc_now
from hotline.settings import read_settings
from hotline.voices import spoken_languages, the_voices
from hotline.wiring import database, the_province

MOST = 20
BY = "cli"

_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_language = click.option("--language", help="Language tag; without it the first of the province.")


@click.command("editions")
@_language
@_as_json
def list_editions(language: str | None, as_json: bool) -> None:
    """Show what was recorded in the console and published, and how much people speak."""
    from ivr.prompt_editions import editions
    from ivr.prompt_overview import overview
    from storage.database import reading

    settings = read_settings()
    province = the_province(settings)
    spoken = _spoken(language, spoken_languages(province))
    prompts = the_voices(settings, province)[spoken, False]
    with database(settings) as engine, reading(engine) as session:
        found = overview(session, prompts, False, settings.prompt_takes)
        rows = [
            {
                "number": row.number,
                "published_at": row.published_at.isoformat(),
                "recordings": count,
                "restores": row.restores,
            }
            for row, count in editions(session, spoken, MOST)
        ]
    counts = {
        "prompts": len(found.rows),
        "recorded": sum(row.recorded for row in found.rows),
        "drafts": sum(row.draft is not None for row in found.rows),
        "stale": sum(row.stale is not None for row in found.rows),
    }
    if as_json:
        click.echo(json.dumps({"language": spoken, **counts, "editions": rows}))
        return
    for row in rows:
        again = f"  those of {row['restores']}" if row["restores"] is not None else ""
        click.echo(
            f"{row['number']:4}  {row['published_at']}  {row['recordings']} recordings{again}"
        )
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    click.echo(f"{spoken}: {told}")


@click.command("restore")
@click.argument("number", type=click.IntRange(min=0))
@_language
@_as_json
def restore_edition(number: int, language: str | None, as_json: bool) -> None:
    """Publish the recordings of edition NUMBER again; 0 takes all of them back."""
    from ivr.errors import UnknownEdition
    from ivr.prompt_editions import current_edition, restore
    from storage.database import transaction

    settings = read_settings()
    spoken = _spoken(language, spoken_languages(the_province(settings)))
    with database(settings) as engine:
        try:
            with transaction(engine) as session:
                seen = current_edition(session, spoken).number
                made = restore(session, spoken, number, seen, BY, utc_now)
        except UnknownEdition as error:
            raise click.ClickException(
                f"expected a number that `hotline prompts editions` shows, found {number}"
            ) from error
    if as_json:
        click.echo(json.dumps({"number": made.number, "recordings": len(made.takes)}))
    else:
        click.echo(f"{spoken}: edition {made.number} with {len(made.takes)} recordings")


@click.command("forget")
@click.argument("take")
def forget_recording(take: str) -> None:
    """Erase the sound of recording TAKE, also one that callers once heard.

    For a speaker who takes their consent back. Refused while callers hear it: withdraw it first.
    TAKE stands in the address under which the console plays it.
    """
    from ivr.errors import TakeInUse, UnknownTake
    from ivr.prompt_takes import forget_take

    settings = read_settings()
    with database(settings) as engine:
        try:
            forget_take(engine, settings.prompt_takes, take, BY, utc_now())
        except (UnknownTake, TakeInUse) as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            raise click.ClickException(f"the file could not be erased: {error.strerror}") from error
    click.echo(f"{take}: erased; it is still in earlier backups")


def _spoken(language: str | None, spoken: tuple[str, ...]) -> str:
    if language is None:
        return spoken[0]
    if language not in spoken:
        known = ", ".join(spoken)
        raise click.BadParameter(f"expected a spoken language ({known}), found {language!r}")
    return language
