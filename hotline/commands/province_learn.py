"""`hotline province learn`: rebuilds what a pack's examples tell of categories and dangers."""

import json

import click

from hotline.errors import HotlineError
from hotline.learnt_dangers import danger_examples, learn_dangers, write_dangers
from hotline.settings import read_settings
from hotline.weights import LEARNT, pack_examples
from provinces.errors import ProvinceBroken, ProvinceNotFound
from provinces.loader import find_province, load_province
from understanding import learning


class _BadInput(click.ClickException):
    exit_code = 2


@click.command()
@click.argument("name", metavar="[KEY|FOLDER]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def learn(name: str | None, as_json: bool) -> None:
    """Learn from a pack's cues and examples what callers' words tell, and keep it in the pack.

    Needed after a change of cues.toml or of examples/; the same examples give the same file.
    """
    try:
        folder = find_province(read_settings().province if name is None else name)
    except (ProvinceNotFound, HotlineError) as error:
        raise _BadInput(str(error)) from error
    try:
        pack = load_province(folder)
        examples, of_danger = pack_examples(pack), danger_examples(pack)
    except ProvinceBroken as error:
        raise click.ClickException(f"{error}\nsee: hotline province check {folder}") from error
    made = learning.learn(examples).as_bytes()
    file = folder / LEARNT
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(made)
    size_bytes = write_dangers(folder, learn_dangers(of_danger)) if of_danger else 0
    if as_json:
        told = {
            "file": str(file),
            "examples": len(examples),
            "size_bytes": len(made),
            "danger_examples": len(of_danger),
            "danger_size_bytes": size_bytes,
        }
        click.echo(json.dumps(told))
    else:
        click.echo(f"{len(examples)} examples: {file} ({len(made) / 1000:.0f} kB)")
        click.echo(f"{len(of_danger)} examples of dangers ({size_bytes / 1000:.0f} kB)")
