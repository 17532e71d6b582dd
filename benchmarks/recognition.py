"""How well a model reads southern and other Vietnamese over the telephone, and what it costs.

    python -m benchmarks.recognition var/models/whisper-base

Every sentence goes through 8 kHz G.711 A-law first. `--gain-db -30` makes the callers quiet
before that; `--cut-close` removes the silence around the words, as when a caller begins to speak
with the beep; `--no-level` and `--padding-s 0` switch off what the recogniser does about both.
"""

import json
import resource
import time
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from benchmarks.speech_scores import scores
from speech.level import trimmed
from speech.sound import Sound, from_float, read_wav, telephone
from speech.whisper import PADDING_S, WhisperRecogniser

RECORDED = Path(__file__).parents[2] / "shared" / "audio" / "vi"


@dataclass(frozen=True)
class Sentence:
    sound: Sound
    said: str
    region: str


def sentences(folder: Path, gain_db: float, cut_close: bool) -> list[Sentence]:
    """The recorded sentences as a telephone gives them."""
    found = []
    for line in (folder / "manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        sound = read_wav(folder / entry["file"])
        if cut_close:
            sound = trimmed(sound, keep_s=0.0)
        quiet = from_float(sound.as_float() * np.float32(10 ** (gain_db / 20)), sound.rate_hz)
        found.append(Sentence(telephone(quiet), entry["text"], entry["region"]))
    return found


@click.command()
@click.argument("model", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--audio", type=click.Path(exists=True, path_type=Path), default=RECORDED)
@click.option("--threads", default=2, show_default=True)
@click.option("--gain-db", default=0.0, show_default=True)
@click.option("--cut-close", is_flag=True)
@click.option("--no-level", is_flag=True)
@click.option("--padding-s", default=PADDING_S, show_default=True)
@click.option("--show", is_flag=True, help="Print each sentence, said and heard.")
@click.option("--json", "as_json", is_flag=True)
def main(
    model: Path,
    audio: Path,
    threads: int,
    gain_db: float,
    cut_close: bool,
    no_level: bool,
    padding_s: float,
    show: bool,
    as_json: bool,
) -> None:
    """Prints error rates of the Whisper MODEL folder, real-time factor and memory."""
    spoken = sentences(audio, gain_db, cut_close)
    recogniser = WhisperRecogniser(
        model, model.name, threads, even_level=not no_level, padding_s=padding_s
    )
    began = time.monotonic()
    recogniser.load()
    load_s = time.monotonic() - began
    began, processor_s = time.monotonic(), time.process_time()
    heard = [recogniser.transcribe(sentence.sound, "vi") for sentence in spoken]
    took_s, processor_s = time.monotonic() - began, time.process_time() - processor_s
    length_s = sum(sentence.sound.length_s for sentence in spoken)
    groups = {"all": list(range(len(spoken)))}
    for region in sorted({sentence.region for sentence in spoken}):
        groups[region] = [i for i, sentence in enumerate(spoken) if sentence.region == region]
    table = {}
    for name, chosen in groups.items():
        found = scores([spoken[i].said for i in chosen], [heard[i].text for i in chosen])
        table[name] = {
            "sentences": len(chosen),
            "character_error_rate": round(found.character_error_rate, 3),
            "word_error_rate": round(found.word_error_rate, 3),
        }
    cost = {
        "load_s": round(load_s, 2),
        "sound_s": round(length_s, 1),
        "real_time_factor": round(took_s / length_s, 2),
        "processor_s_per_sound_s": round(processor_s / length_s, 2),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    if as_json:
        click.echo(json.dumps({"groups": table, "cost": cost}))
        return
    if show:
        for sentence, transcript in zip(spoken, heard, strict=True):
            click.echo(f"{transcript.confidence:.2f}  {sentence.said}\n      {transcript.text}")
    click.echo(f"{'group':10} {'sentences':>9} {'CER':>6} {'WER':>6}")
    for name, row in table.items():
        rates = f"{row['character_error_rate']:6.3f} {row['word_error_rate']:6.3f}"
        click.echo(f"{name:10} {row['sentences']:9} {rates}")
    click.echo("  ".join(f"{name} {figure}" for name, figure in cost.items()))


if __name__ == "__main__":
    main()
