"""`hotline province boundaries`: take the boundaries of units that an operator has."""

import json
from pathlib import Path

import click

from hotline.errors import HotlineError
from hotline.settings import read_settings
from hotline.wiring import the_province
from provinces.boundaries import keep_boundaries, read_boundaries
from provinces.errors import BoundariesBroken, ProvinceError

_NAMED = 5


class _BadInput(click.ClickException):
    exit_code = 2


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--edition", help="The edition of the map the boundaries are of. [today's]")
@click.option("--code", "code_property", help="The property with the unit's code. [found]")
@click.option("--remove", is_flag=True, help="Forget the boundaries of that edition.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def boundaries(
    file: Path | None, edition: str | None, code_property: str | None, remove: bool, as_json: bool
) -> None:
    """Have the console's map draw units as areas.

    FILE is GeoJSON in degrees (WGS 84) with a Polygon or MultiPolygon for each unit, told by its
    code. Units of other provinces are left out. What was taken before is replaced; without
    boundaries the map draws units as circles at their middle.
    """
    try:
        settings = read_settings()
        province = the_province(settings)
    except (HotlineError, ProvinceError) as error:
        raise _BadInput(str(error)) from error
    wanted = edition or province.current_edition
    if wanted not in province.editions:
        known = ", ".join(province.editions)
        raise _BadInput(f"--edition: expected one of {known}, found {wanted!r}")
    if (file is None) != remove:
        raise _BadInput("expected FILE, or --remove without one")
    if file is None:
        try:
            (settings.boundaries / f"{wanted}.geojson").unlink(missing_ok=True)
        except OSError as error:
            raise click.ClickException(f"{settings.boundaries}: {error.strerror}") from error
        click.echo(json.dumps({"edition": wanted, "units": 0}) if as_json else "removed")
        return
    try:
        found = read_boundaries(file, province, wanted, code_property)
    except BoundariesBroken as error:
        raise click.ClickException(f"{file}: {error}") from error
    try:
        kept = keep_boundaries(found, settings.boundaries)
    except OSError as error:
        raise click.ClickException(f"{settings.boundaries}: {error.strerror}") from error
    told = {
        "edition": wanted,
        "units": len(found.geometries),
        "missing": [unit.key.code for unit in found.missing],
        "left_out": found.strange,
        "points": found.points,
        "file": str(kept),
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"{len(found.geometries)} units of edition {wanted}, {found.points} points")
    if found.strange:
        click.echo(f"{found.strange} features are of no unit of this province and were left out")
    if found.missing:
        named = ", ".join(f"{unit.key.code} {unit.full_name}" for unit in found.missing[:_NAMED])
        more = ", …" if len(found.missing) > _NAMED else ""
        click.echo(f"{len(found.missing)} units have none and are circles: {named}{more}")
