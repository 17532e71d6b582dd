"""A folder of rendered answers to menus, for `hotline models bench`.

    python -m benchmarks.rendered_answers FOLDER --question confirm_place
    hotline models bench whisper-base FOLDER --noise NOISES

The voices and phrases of `benchmarks.spoken_answers`, as files. Synthetic speech is clearer in one
way and stranger in another than a caller's: it compares engines and conditions, it does not say
what callers will get.
"""

import json
from pathlib import Path

import click

from benchmarks.spoken_answers import rendered
from provinces.loader import find_province, load_province
from speech.sound import write_wav
from speech.spoken_folder import MANIFEST


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--province", default="bac_lieu", show_default=True)
@click.option("--question", "questions", multiple=True, help="Only these; without: every one.")
@click.option("--voices", default=2, show_default=True, help="How many voices speak.")
def main(folder: Path, province: str, questions: tuple[str, ...], voices: int) -> None:
    """Writes the answers to FOLDER, with the manifest that tells what is right."""
    known = load_province(find_province(province)).spoken["vi"]
    if unknown := set(questions) - set(known):
        raise click.BadParameter(
            f"expected some of {', '.join(known)}; found {', '.join(sorted(unknown))}"
        )
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for number, answer in enumerate(rendered(province, questions, voices)):
        name = f"{number}.wav"
        write_wav(folder / name, answer.sound)
        entry = {
            "file": name,
            "text": answer.said,
            "region": "synthetic",
            "phrases": answer.meanings,
            "answer": answer.meanings[answer.said],
        }
        lines.append(json.dumps(entry, ensure_ascii=False))
    (folder / MANIFEST).write_text("\n".join(lines) + "\n", encoding="utf-8")
    click.echo(f"{len(lines)} answers in {folder}")


if __name__ == "__main__":
    main()
