"""Whether listening leaks: `python -m benchmarks.listening_memory --engine whisper`.

Short answers, 2,000 of them, through the real service into one real worker, as Asterisk brings them
but faster than anybody speaks. Told of worker and service: resident and proportional memory and
open files, at 100, 500, 1,000 and 2,000.
"""

import asyncio
import itertools
import tempfile
from pathlib import Path

import click
import psutil

from benchmarks.listening_callers import (
    Heard,
    Outcome,
    Question,
    counted,
    one_answer,
    recorded,
    recordings_as_noise,
    rendered,
)
from benchmarks.listening_service import Serving, engine_choice, serving

AT_ONCE = 2


async def answers(address: str, question: Question, count: int, first: int) -> list[Outcome]:
    """`count` answers, two callers at a time, beginning with the saying number `first`."""
    numbers = iter(range(first, first + count))
    outcomes: list[Outcome] = []

    async def call() -> None:
        for number in numbers:
            saying = question.sayings[number % len(question.sayings)]
            outcomes.append(await one_answer(address, question, saying, hurried=True))
            if outcomes[-1].heard is Heard.REFUSED:
                raise click.ClickException("the worker is gone: the service's log says why")

    await asyncio.gather(*(call() for _ in range(AT_ONCE)))
    return outcomes


def held(process: psutil.Process) -> str:
    memory = process.memory_full_info()
    return (
        f"RSS {memory.rss / 1e6:.1f} MB, PSS {memory.pss / 1e6:.1f} MB, "
        f"{process.num_fds()} files, {process.num_threads()} threads"
    )


def told(served: Serving, count: int, outcomes: list[Outcome]) -> str:
    return (
        f"{count:5} answers: worker {held(served.worker)}; service {held(served.service)}; "
        f"{counted(outcomes)}"
    )


@click.command()
@click.option("--engine", default="whisper", show_default=True, help="whisper or vosk.")
@click.option("--at", "marks", default="100,500,1000,2000", show_default=True)
@click.option(
    "--recorded",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Recorded sentences: the short ones are the list; Vosk hears them beside its own words.",
)
def main(engine: str, marks: str, folder: Path | None) -> None:
    """Print a line at each of these numbers of answers."""
    question = rendered("ko" if engine == "vosk" else "vi")
    if folder:
        question = recordings_as_noise(folder, question) if engine == "vosk" else recorded(folder)
    outcomes: list[Outcome] = []
    with (
        tempfile.TemporaryDirectory() as data,
        serving(engine_choice(engine, Path(data))) as served,
    ):
        click.echo(told(served, 0, outcomes))
        for before, mark in itertools.pairwise([0, *map(int, marks.split(","))]):
            outcomes += asyncio.run(answers(served.address, question, mark - before, before))
            click.echo(told(served, mark, outcomes))


if __name__ == "__main__":
    main()
