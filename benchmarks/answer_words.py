"""Which words of a province's lists are heard: `python -m benchmarks.answer_words MODEL_FOLDER`.

Each phrase of a question is said by every voice of espeak-ng's that we use and, with --recorded
FOLDER, by the people of a folder wherever its sentences hold it: cut out at the times that Whisper
itself gives, so shorter and more slurred than an answer would be. Each is heard clean and, with
--noise FOLDER, 10 dB above rain, street or whatever lies there, in turn. Printed is a row for each
phrase: right, right in doubt, nothing heard, wrong in doubt, wrong, and what was heard instead.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from benchmarks.spoken_answers import OUTCOMES, VOICES, Answer, Outcome, called, heard
from provinces.loader import find_province, load_province
from speech.measuring import read_noises
from speech.sound import Sound, read_wav
from speech.spoken_folder import read_folder
from speech.synthesis import Synthesiser
from speech.whisper_phrases import WhisperPhrases

RATIO_DB = 10.0
# Whisper's times are of 20 ms, and the first sound of a word is often given to the one before.
AROUND_S = 0.08
USUAL = ("confirm_place", "main_menu", "danger_menu", "danger_connect", "confirm_report", "contact")
PEOPLE, VOICED = "people", "voices"


@dataclass(frozen=True)
class Saying:
    """One phrase said by somebody."""

    phrase: str
    by: str
    sound: Sound


@dataclass
class Tally:
    """What became of one phrase in one condition."""

    kinds: Counter[str] = field(default_factory=Counter)
    instead: Counter[str] = field(default_factory=Counter)

    def cells(self) -> str:
        return " / ".join(str(self.kinds[kind]) for kind in OUTCOMES)


def voiced(phrases: Sequence[str], voices: int) -> Iterator[Saying]:
    with Synthesiser() as synthesiser:
        for voice in VOICES[:voices]:
            for phrase in phrases:
                yield Saying(phrase, VOICED, synthesiser.speak(phrase, voice))


def cut_out(recogniser: WhisperPhrases, folder: Path, phrases: Sequence[str]) -> Iterator[Saying]:
    """The phrases wherever the sentences of a folder hold them."""
    for one in read_folder(folder):
        words = re.findall(r"[^\W\d_]+", one.said.lower())
        wanted = [phrase for phrase in phrases if f" {phrase} " in f" {' '.join(words)} "]
        if not wanted:
            continue
        sound = read_wav(one.path)
        (aligned,) = recogniser.scores(sound, [" ".join(words)], "vi")
        for phrase in wanted:
            length = len(phrase.split())
            first = next(
                at for at in range(len(words)) if words[at : at + length] == phrase.split()
            )
            begin_s = aligned.words[first].start_s - AROUND_S
            end_s = aligned.words[first + length - 1].end_s + AROUND_S
            begin = max(0, round(begin_s * sound.rate_hz))
            cut = sound.samples[begin : round(end_s * sound.rate_hz)]
            yield Saying(phrase, PEOPLE, Sound(cut, sound.rate_hz))


def split_tried(also: Sequence[str]) -> dict[str, dict[str, str]]:
    """QUESTION:KEY=PHRASE by question, as phrases with what they stand for."""
    tried: dict[str, dict[str, str]] = defaultdict(dict)
    for text in also:
        question, colon, rest = text.partition(":")
        key, equals, phrase = rest.partition("=")
        if not (colon and equals and phrase):
            raise click.BadParameter(f"expected QUESTION:KEY=PHRASE, found {text!r}")
        tried[question][phrase] = key
    return tried


@click.command()
@click.argument("model_folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--question", "questions", multiple=True, default=USUAL, show_default=True)
@click.option("--recorded", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--noise", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--voices", default=len(VOICES), show_default=True, help="How many speak.")
@click.option("--also", multiple=True, help="QUESTION:KEY=PHRASE: a phrase to try as well.")
@click.option("--without", multiple=True, help="QUESTION:PHRASE: said, but not on the list.")
@click.option("--province", default="bac_lieu", show_default=True)
@click.option("--threads", default=1, show_default=True)
def main(
    model_folder: Path,
    questions: tuple[str, ...],
    recorded: Path | None,
    noise: Path | None,
    voices: int,
    also: tuple[str, ...],
    without: tuple[str, ...],
    province: str,
    threads: int,
) -> None:
    """Print a table for each question."""
    recogniser = WhisperPhrases(model_folder, threads=threads)
    recogniser.load()
    noises: list[Sound] = list(read_noises(noise).values()) if noise else []
    lists = load_province(find_province(province)).spoken["vi"]
    tried = split_tried(also)
    left_out = {tuple(text.split(":", 1)) for text in without}
    for question in questions:
        said = {**lists[question], **tried[question]}
        meanings = {p: key for p, key in said.items() if (question, p) not in left_out}
        sayings = list(voiced(list(said), voices))
        if recorded:
            sayings += cut_out(recogniser, recorded, list(said))
        click.echo(f"\n{question} ({len(meanings)} phrases): {' / '.join(OUTCOMES)}\n")
        _print(said, _tallies(recogniser, said, meanings, sayings, noises), bool(noises))


def _tallies(
    recogniser: WhisperPhrases,
    said: Mapping[str, str],
    meanings: dict[str, str],
    sayings: Sequence[Saying],
    noises: Sequence[Sound],
) -> dict[tuple[str, str, bool], Tally]:
    """By phrase, who said it, and whether in noise."""
    tallies: dict[tuple[str, str, bool], Tally] = defaultdict(Tally)
    for number, saying in enumerate(sayings):
        answer = Answer(saying.sound, saying.phrase, meanings)
        for noisy in (False, True) if noises else (False,):
            background = noises[number % len(noises)] if noisy else None
            sound = called(answer, background, RATIO_DB, number, quiet=False)
            outcome = heard(recogniser, answer, sound, known=True)
            tally = tallies[saying.phrase, saying.by, noisy]
            kind = _kind(said[saying.phrase], meanings, outcome)
            tally.kinds[kind] += 1
            if kind.startswith("wrong"):
                tally.instead[outcome.text] += 1
    return tallies


def _kind(key: str, meanings: Mapping[str, str], outcome: Outcome) -> str:
    """As for phrases of the list, also of one that was left out of it."""
    if not outcome.text:
        return outcome.kind
    right = "right" if meanings[outcome.text] == key else "wrong"
    return right + (" in doubt" if outcome.kind.endswith("in doubt") else "")


def _print(
    meanings: Mapping[str, str], tallies: Mapping[tuple[str, str, bool], Tally], noisy: bool
) -> None:
    for by in (VOICED, PEOPLE):
        total = {False: Tally(), True: Tally()}
        phrases = [phrase for phrase in meanings if (phrase, by, False) in tallies]
        if not phrases:
            continue
        conditions = (False, True) if noisy else (False,)
        names = ("clean", f"noise {RATIO_DB:.0f} dB")[: len(conditions)]
        click.echo(f"| {by} | {' | '.join(names)} | instead |")
        click.echo("|---|" + "---|" * (len(names) + 1))
        for phrase in phrases:
            rows = [tallies[phrase, by, noise] for noise in conditions]
            instead: Counter[str] = Counter()
            for noise, row in zip(conditions, rows, strict=True):
                instead += row.instead
                total[noise].kinds += row.kinds
            told = ", ".join(f"{text} {times}" for text, times in instead.most_common())
            cells = " | ".join(row.cells() for row in rows)
            click.echo(f"| {meanings[phrase]} {phrase} | {cells} | {told} |")
        cells = " | ".join(total[noise].cells() for noise in conditions)
        click.echo(f"| **all** | {cells} | |")


if __name__ == "__main__":
    main()
