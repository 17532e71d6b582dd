"""Hold transcripts without pytest; `--update` rewrites them, `--save FOLDER` keeps their journals.

python -m tests.ivr.transcripts [--update] [--save FOLDER] FILE …
"""

import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import click

from ivr.errors import BadAnswer
from ivr.saved_calls import save as saved
from provinces.loader import find_province, load_province
from tests.ivr.golden import hold, read_script, usual_facts


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--update", is_flag=True, help="Write what the hotline says into the files.")
@click.option("--save", "folder", type=click.Path(file_okay=False, path_type=Path))
def main(files: tuple[Path, ...], update: bool, folder: Path | None) -> None:
    """Exit code 1 if a call does not go as it is written."""
    province = load_province(find_province("bac_lieu"))
    usual = usual_facts(province)
    wrong = 0
    for path in files:
        try:
            script = read_script(path)
            held = hold(script, usual, province.wording, province.spoken)
        except (AssertionError, BadAnswer) as error:
            click.echo(f"{path}: {error}\n", err=True)
            wrong += 1
            continue
        if folder is not None:
            name = f"{script.flow[0]}_{script.flow[1]}_{path.parent.name}_{path.stem}.json"
            (folder / name).write_text(saved(script.flow, script.facts(usual), held.journal))
        if update:
            path.write_text(held.text)
        elif held.text != path.read_text():
            click.echo("".join(_difference(path, held.text)), err=True)
            wrong += 1
    sys.exit(1 if wrong else 0)


def _difference(path: Path, text: str) -> Iterator[str]:
    before = path.read_text().splitlines(keepends=True)
    return unified_diff(before, text.splitlines(keepends=True), str(path), "as it goes", n=2)


if __name__ == "__main__":
    main()
