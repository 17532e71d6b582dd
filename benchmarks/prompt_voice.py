"""Which synthetic voice is understood best over the telephone: the one for prompts.

    python -m benchmarks.prompt_voice var/models/whisper-base

Speaks every prompt of a province in each voice and speed, sends it through 8 kHz G.711 A-law and
has Whisper write down what it heard. A recogniser is a stand-in for ears: it compares voices, it
does not say how pleasant they are.
"""

import json
import tomllib
from pathlib import Path

import click

from speech.error_rates import error_rates
from speech.sound import telephone
from speech.synthesis import Synthesiser
from speech.voices import Voice
from speech.whisper import WhisperRecogniser

WORDING = Path(__file__).parents[1] / "provinces" / "bac_lieu" / "wording" / "vi.toml"
NAMES = ("vi", "vi-vn-x-central", "vi-vn-x-south")


@click.command()
@click.argument("model", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--wording", type=click.Path(exists=True, path_type=Path), default=WORDING)
@click.option("--voice", "names", multiple=True, default=NAMES, show_default=True)
@click.option("--speed", "speeds", multiple=True, type=int, default=(120, 140, 160))
@click.option("--pitch", "pitches", multiple=True, type=int, default=(45,))
@click.option("--json", "as_json", is_flag=True)
def main(
    model: Path,
    wording: Path,
    names: tuple[str, ...],
    speeds: tuple[int, ...],
    pitches: tuple[int, ...],
    as_json: bool,
) -> None:
    """Prints word and character error rates for each voice, speed and pitch."""
    worded = tomllib.loads(wording.read_text())
    # Single words (the digits) are not fair to a recogniser that lives on context.
    texts = [t for t in worded.values() if "{" not in t and len(t.split()) > 3]
    recogniser = WhisperRecogniser(model)
    rows = []
    with Synthesiser() as synthesiser:
        for name in names:
            for speed_wpm in speeds:
                for pitch in pitches:
                    voice = Voice(name, speed_wpm, pitch)
                    sounds = [telephone(synthesiser.speak(text, voice)) for text in texts]
                    heard = [recogniser.transcribe(sound, "vi").text for sound in sounds]
                    found = error_rates(texts, heard)
                    words = sum(len(text.split()) for text in texts)
                    length_s = sum(sound.length_s for sound in sounds)
                    rows.append(
                        {
                            "voice": name,
                            "speed_wpm": speed_wpm,
                            "pitch": pitch,
                            "syllables_per_s": round(words / length_s, 2),
                            "word_error_rate": round(found.word_error_rate, 3),
                            "character_error_rate": round(found.character_error_rate, 3),
                        }
                    )
                    if not as_json:
                        line = "  ".join(f"{key} {value}" for key, value in rows[-1].items())
                        click.echo(line)
    if as_json:
        click.echo(json.dumps({"prompts": len(texts), "voices": rows}))


if __name__ == "__main__":
    main()
