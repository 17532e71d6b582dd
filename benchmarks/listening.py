"""How many callers the speech service listens to at once, in real time.

    python -m benchmarks.listening --engine whisper --callers 1,2,4

Callers speak one answer after another at their own pace into the real service with one real worker.
Held are as many as have nobody dropped and 95 of 100 answers understood within 1.2 s of the end of
the pause (0.8 s) that ends them. The worker may use the cores of --cores only.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import click
import psutil

from benchmarks.listening_callers import (
    PAUSE_S,
    Heard,
    Outcome,
    Question,
    counted,
    one_answer,
    recorded,
    rendered,
)
from benchmarks.listening_service import Serving, engine_choice, serving

BEYOND_PAUSE_S = 1.2
APART_S = 0.37  # people do not speak in chorus
UNDERSTOOD = (Heard.RIGHT, Heard.WRONG, Heard.NOTHING)


async def callers(address: str, question: Question, count: int, seconds: float) -> list[Outcome]:
    until = time.monotonic() + seconds
    outcomes: list[Outcome] = []

    async def call(index: int) -> None:
        await asyncio.sleep(index * APART_S)
        while time.monotonic() < until:
            saying = question.sayings[index % len(question.sayings)]
            outcomes.append(await one_answer(address, question, saying))
            index += 1

    await asyncio.gather(*(call(index) for index in range(count)))
    return outcomes


def cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def line(served: Serving, outcomes: list[Outcome], used_s: tuple[float, float], count: int) -> str:
    waits = sorted(o.wait_s for o in outcomes if o.heard in UNDERSTOOD) or [float("nan")]
    p95 = waits[min(len(waits) - 1, round(0.95 * len(waits)))]
    dropped = sum(o.heard not in UNDERSTOOD for o in outcomes)
    held = not dropped and p95 <= PAUSE_S + BEYOND_PAUSE_S
    listened_s = sum(o.listened_s for o in outcomes)
    return (
        f"{count:3} callers: {counted(outcomes)}; text after p50 {statistics.median(waits):.2f} "
        f"p95 {p95:.2f} s: {'held' if held else 'NOT HELD'}; CPU for a second of listening: "
        f"worker {used_s[1] / listened_s * 1000:.0f}, service {used_s[0] / listened_s * 1000:.0f} "
        f"ms; worker {served.worker.memory_info().rss / 1e6:.0f} MB; our callers at most "
        f"{max(o.late_s for o in outcomes):.2f} s late"
    )


@click.command()
@click.option("--engine", default="whisper", show_default=True, help="whisper, vosk or scripted.")
@click.option("--callers", "counts", default="1,2,4", show_default=True, help="In turn.")
@click.option("--seconds", default=20.0, show_default=True, help="For each of them.")
@click.option("--threads", default=1, show_default=True, help="Of the worker.")
@click.option("--cores", default="", help="Numbers of those that the worker may use, with commas.")
@click.option(
    "--recorded",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="People's short sentences instead of a synthesiser's yes and no.",
)
def main(
    engine: str,
    counts: str,
    seconds: float,
    threads: int,
    cores: str,
    folder: Path | None,
) -> None:
    """Print one line for each number of callers."""
    question = recorded(folder) if folder else rendered("ko" if engine == "vosk" else "vi")
    with tempfile.TemporaryDirectory() as data:
        choice = engine_choice(engine, Path(data), threads)
        with serving(choice, [int(core) for core in cores.split(",") if core]) as served:
            # Phrases are rated once when they are first asked for.
            asyncio.run(callers(served.address, question, 1, 8.0))
            for count in map(int, counts.split(",")):
                before = cpu_s(served.service), cpu_s(served.worker)
                outcomes = asyncio.run(callers(served.address, question, count, seconds))
                used_s = cpu_s(served.service) - before[0], cpu_s(served.worker) - before[1]
                click.echo(line(served, outcomes, used_s, count))


if __name__ == "__main__":
    main()
