"""How well short answers are heard: `python -m benchmarks.spoken_answers MODEL_FOLDER`.

Each answer is a telephone call's worth of sound: a second and a half of the line, the words, and
the line again, fed to a stream in packets of 20 ms. Two kinds of speakers: espeak-ng's voices say
every phrase of a province's questions, and with --recorded FOLDER (wav + manifest.jsonl) people say
short sentences, each listened for among eleven others. Counted by what the phrase stands for:
right (confidence 0.7 and above), right in doubt, nothing heard, wrong in doubt, wrong.
"""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from ivr.dialogue import SURE
from provinces.loader import find_province, load_province
from speech.degraded import coded, quieter, with_noise
from speech.phrases import checked
from speech.sound import TELEPHONE_HZ, Sound, padded, read_wav
from speech.streaming import Final, Listening, StreamingRecogniser
from speech.synthesis import Synthesiser
from speech.voices import Voice
from speech.whisper_phrases import WhisperPhrases

VOICES = (
    Voice("vi", 130, 45),
    Voice("vi-vn-x-south+f2", 150, 60),
    Voice("vi-vn-x-south", 130, 40),
    Voice("vi+f3", 150, 60),
    Voice("vi-vn-x-central", 140, 50),
)
BEFORE_S, AFTER_S = 1.5, 1.6
PACKET_BYTES = 320
OTHERS = 11
MOST_WORDS = 5
OUTCOMES = ("right", "right in doubt", "nothing", "wrong in doubt", "wrong")


@dataclass(frozen=True)
class Answer:
    """Somebody's words, the list that is listened for, and what each phrase stands for."""

    sound: Sound
    said: str
    meanings: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """What became of one answer: `text` is the phrase that was heard, "" where none was.

    `cpu_s` is all its processor time, `wait_s` the last part: from the end of the pause to the
    result, on this machine as busy as it was.
    """

    kind: str
    text: str
    cpu_s: float
    wait_s: float


def rendered(province: str, questions: tuple[str, ...], voices: int) -> Iterator[Answer]:
    """The phrases of the questions, each once a voice and question."""
    spoken = load_province(find_province(province)).spoken["vi"]
    with Synthesiser() as synthesiser:
        for voice in VOICES[:voices]:
            for question in questions or tuple(spoken):
                for phrase in spoken[question]:
                    sound = synthesiser.speak(phrase, voice)
                    yield Answer(sound, phrase, dict(spoken[question]))


def recorded(folder: Path) -> Iterator[Answer]:
    """The short sentences of a folder, each among others of it."""
    entries = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    sounds: dict[str, Path] = {}
    for entry in entries:
        words = re.findall(r"[^\W\d_]+", entry["text"].lower())
        if 1 <= len(words) <= MOST_WORDS:
            sounds.setdefault(checked([" ".join(words)], "vi")[0], folder / entry["file"])
    chance = np.random.default_rng(19009120)
    for said, path in sounds.items():
        others = [phrase for phrase in sounds if phrase != said]
        chosen = [*chance.permutation(others)[:OTHERS], said]
        yield Answer(read_wav(path), said, {str(phrase): str(phrase) for phrase in chosen})


def called(answer: Answer, noise: Sound | None, ratio_db: float, seed: int, quiet: bool) -> Sound:
    """The answer as a call brings it."""
    sound = padded(quieter(answer.sound) if quiet else answer.sound, BEFORE_S, AFTER_S)
    return coded(sound if noise is None else with_noise(sound, noise, ratio_db, seed))


def heard(recogniser: StreamingRecogniser, answer: Answer, sound: Sound, known: bool) -> Outcome:
    """The stream's judgement of one answer; `known`: it is told what phrases mean."""
    phrases = tuple(answer.meanings)
    meanings = tuple(answer.meanings.values()) if known else ()
    stream = recogniser.open(Listening(TELEPHONE_HZ, "vi", phrases, meanings=meanings))
    content = sound.samples.astype("<i2").tobytes()
    began, final, wait_s = time.process_time(), None, 0.0
    for begin in range(0, len(content), PACKET_BYTES):
        before = time.monotonic()
        events = stream.feed(content[begin : begin + PACKET_BYTES])
        final = next((event for event in events if isinstance(event, Final)), final)
        wait_s = max(wait_s, time.monotonic() - before)
        if final is not None:
            break
    final = final or stream.finish()
    stream.close()
    return Outcome(_kind(answer, final), final.text, time.process_time() - began, wait_s)


def _kind(answer: Answer, final: Final) -> str:
    if not final.text:
        return "nothing"
    right = answer.meanings[final.text] == answer.meanings.get(answer.said)
    return ("right" if right else "wrong") + ("" if final.confidence >= SURE else " in doubt")


@click.command()
@click.argument("model_folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--recorded", "folder", type=click.Path(exists=True, path_type=Path))
@click.option("--noise", type=click.Path(exists=True, path_type=Path), help="A wav to mix in.")
@click.option("--ratio-db", default=10.0, help="Speech above the noise.")
@click.option("--quiet", is_flag=True, help="Callers 20 dB below the usual.")
@click.option("--question", "questions", multiple=True, help="Only these questions.")
@click.option("--voices", default=2, help="How many of espeak-ng's voices speak.")
@click.option("--province", default="bac_lieu")
@click.option("--without-meanings", is_flag=True, help="The engine is not told what phrases mean.")
@click.option("--foreign", is_flag=True, help="The list lacks what is said: nothing is right.")
@click.option("--show-wrong", is_flag=True)
def main(
    model_folder: Path,
    folder: Path | None,
    noise: Path | None,
    ratio_db: float,
    quiet: bool,
    questions: tuple[str, ...],
    voices: int,
    province: str,
    without_meanings: bool,
    foreign: bool,
    show_wrong: bool,
) -> None:
    """Print how many answers were heard right, and what one costs."""
    recogniser = WhisperPhrases(model_folder)
    recogniser.load()
    background = read_wav(noise) if noise else None
    answers = recorded(folder) if folder else rendered(province, questions, voices)
    outcomes = []
    for number, answer in enumerate(answers):
        sound = called(answer, background, ratio_db, number, quiet)
        if foreign:
            own = answer.meanings.get(answer.said)
            others = {p: m for p, m in answer.meanings.items() if m != own}
            answer = Answer(answer.sound, answer.said, others)
        outcome = heard(recogniser, answer, sound, not without_meanings)
        outcomes.append(outcome)
        if show_wrong and outcome.kind != "right":
            click.echo(f"{answer.said}: {outcome.kind}", err=True)
    counts = Counter(outcome.kind for outcome in outcomes)
    costs = np.array([outcome.cpu_s for outcome in outcomes])
    waits = np.array([outcome.wait_s for outcome in outcomes])
    figures = ", ".join(f"{kind} {counts[kind]}" for kind in OUTCOMES)
    click.echo(f"{len(outcomes)} answers: {figures}")
    click.echo(
        f"processor seconds an answer: median {np.median(costs):.2f}, "
        f"p95 {np.quantile(costs, 0.95):.2f}; longest step: median {np.median(waits):.2f} s, "
        f"p95 {np.quantile(waits, 0.95):.2f} s"
    )


if __name__ == "__main__":
    main()
