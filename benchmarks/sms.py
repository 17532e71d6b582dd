"""SMS through each provider: killed in mid-work, at the configured rate, and after an outage.

    python -m benchmarks.sms deaths [--messages 300] [--kills 30] [--only PROVIDER]
    python -m benchmarks.sms rate   [--rates 10,50] [--seconds 20] [--only PROVIDER]
    python -m benchmarks.sms outage [--minutes 10] [--messages 500] [--rate 20]

The sender is a process like the worker's; Twilio is the stand-in of the tests, the SMSC a server of
the SMPP library, each a process of its own on the loopback. Exit code 1 if any promise broke.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import select

from notifications.models import MessageSender
from storage.database import reading
from tests.notifications.deaths import KINDS, Kind, Outcome, Scene, scene, survive, until

WITHIN = 0.02
LIMIT_S = 1800.0

_only = click.option("--only", type=click.Choice(KINDS), multiple=True, help="These providers.")


@click.group()
def main() -> None:
    """Measure, and print tables."""


@main.command()
@click.option("--messages", default=300, show_default=True)
@click.option("--kills", default=30, show_default=True)
@click.option("--rate", default=20.0, show_default=True, help="Parts a second.")
@click.option("--seed", default=1, show_default=True)
@_only
def deaths(messages: int, kills: int, rate: float, seed: int, only: Sequence[Kind]) -> None:
    """Kill sender and provider at random while they work."""
    outcomes = []
    print("| provider | messages | kills | arrived | twice | listed | lost | order | took |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for kind in only or KINDS:
        with folder() as where:
            outcome = survive(where, kind, messages, kills, rate, seed, LIMIT_S)
        outcomes.append(outcome)
        print(_row(outcome), flush=True)
    sys.exit(0 if all(each.is_right for each in outcomes) else 1)


def _row(found: Outcome) -> str:
    order = "kept" if not found.out_of_order else f"broken for {len(found.out_of_order)}"
    return (
        f"| {found.kind} | {found.queued} | {found.kills} | {found.arrived} | {found.duplicates} "
        f"| {found.explained} | {found.lost} | {order} | {found.took_s:.0f} s |"
    )


@main.command()
@click.option("--rates", default="10,50", show_default=True, help="Parts a second.")
@click.option("--seconds", default=20.0, show_default=True)
@_only
def rate(rates: str, seconds: float, only: Sequence[Kind]) -> None:
    """Whether the configured rate is kept within 2 %, with more waiting than can go."""
    broken = False
    print("| provider | configured | measured | off by | busiest second |")
    print("|---|---|---|---|---|", flush=True)
    for kind in only or KINDS:
        for wanted in (float(each) for each in rates.split(",")):
            with folder() as where, scene(where, kind, wanted) as here:
                here.queue(round(wanted * seconds))
                here.start_provider()
                here.start_sender()
                until(lambda: here.waiting() == 0, LIMIT_S)
                moments = sorted(at for _, _, at in here.taken())
            measured = (len(moments) - 1) / (moments[-1] - moments[0])
            off = measured / wanted - 1
            busiest = max(sum(at <= each < at + 1 for each in moments) for at in moments)
            broken |= abs(off) > WITHIN
            print(
                f"| {kind} | {wanted:g}/s | {measured:.2f}/s | {off:+.1%} | {busiest} |", flush=True
            )
    sys.exit(1 if broken else 0)


@main.command()
@click.option("--minutes", default=10.0, show_default=True)
@click.option("--messages", default=500, show_default=True)
@click.option("--rate", "parts_s", default=20.0, show_default=True, help="Parts a second.")
def outage(minutes: float, messages: int, parts_s: float) -> None:
    """Twilio is away for a while, with messages waiting."""
    staff = "+84912999999"
    with folder() as where, scene(where, "twilio", parts_s) as here:
        here.environment["HOTLINE_ALERT_NUMBERS"] = staff
        here.queue(messages)
        here.start_sender()
        time.sleep(60 * minutes)
        alone = here.waiting()
        here.start_provider()
        back_s = time.time()
        until(lambda: here.waiting() == 0, LIMIT_S)
        rows = _twilio(here)
        moments = sorted(row["at"] for row in rows)
        alerts = [row for row in rows if row["to"] == staff]
        with reading(here.engine) as session:
            row = session.scalars(select(MessageSender)).one()
        over = row.failing_since is None
    measured = (len(moments) - 1) / (moments[-1] - moments[0])
    print(f"waiting when it came back: {alone}; first one {moments[0] - back_s:.1f} s after it")
    print(f"sent: {len(rows)} in {moments[-1] - moments[0]:.1f} s, {measured:.2f} parts/s")
    print(f"alerts to staff: {len(alerts)}; trouble noted as over: {over}")
    right = len(rows) == messages + 1 and len(alerts) == 1 and measured <= parts_s * (1 + WITHIN)
    sys.exit(0 if right and over else 1)


def _twilio(here: Scene) -> list[dict[str, object]]:
    lines = (here.folder / "messages.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="sms-") as name:
        yield Path(name)


if __name__ == "__main__":
    main()
