"""A folder of spoken answers to menus, for `hotline models bench`, as synthetic voices give them.

    python -m benchmarks.speech_answers FOLDER --question confirm_place
    hotline models bench whisper-base FOLDER --noise NOISES

Every phrase that a province listens for at a question, in several voices and paces of espeak-ng.
Synthetic speech is clearer in one way and stranger in another than a caller's: it compares
engines and conditions, it does not say what callers will get.
"""

import json
from pathlib import Path

import click

from provinces.loader import find_province, load_province
from speech.sound import write_wav
from speech.spoken_folder import MANIFEST
from speech.synthesis import Synthesiser
from speech.voices import Voice

NAMES = ("vi", "vi-vn-x-central", "vi-vn-x-south")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--province", default="bac_lieu", show_default=True)
@click.option("--language", default="vi", show_default=True)
@click.option("--question", "questions", multiple=True, help="Only these; without: every one.")
@click.option("--voice", "names", multiple=True, default=NAMES, show_default=True)
@click.option("--speed", "speeds", multiple=True, type=int, default=(120, 160), show_default=True)
def main(
    folder: Path,
    province: str,
    language: str,
    questions: tuple[str, ...],
    names: tuple[str, ...],
    speeds: tuple[int, ...],
) -> None:
    """Writes the answers to FOLDER, with the manifest that tells what is right."""
    lists = load_province(find_province(province)).spoken[language]
    unknown = set(questions) - set(lists)
    if unknown:
        raise click.BadParameter(
            f"expected some of {', '.join(lists)}; found {', '.join(sorted(unknown))}"
        )
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    with Synthesiser() as synthesiser:
        for name in names:
            for speed_wpm in speeds:
                voice = Voice(name, speed_wpm, 45)
                files = {}
                for question in questions or tuple(lists):
                    for phrase, key in lists[question].items():
                        if phrase not in files:
                            files[phrase] = f"{name}-{speed_wpm}-{len(files)}.wav"
                            write_wav(folder / files[phrase], synthesiser.speak(phrase, voice))
                        entry = {
                            "file": files[phrase],
                            "text": phrase,
                            "region": f"synthetic {question}",
                            "phrases": dict(lists[question]),
                            "answer": key,
                        }
                        lines.append(json.dumps(entry, ensure_ascii=False))
    (folder / MANIFEST).write_text("\n".join(lines) + "\n", encoding="utf-8")
    click.echo(f"{len(lines)} answers in {folder}")


if __name__ == "__main__":
    main()
