"""How many calls the hotline bears: `python -m benchmarks.capacity` (`--fake`: our side alone).

The same call is placed by sipp at the real Asterisk, once answered by its dialplan alone, once by
our flow with its journal. Both are asked for in turn, so that whatever else the machine does
disturbs both alike. `--call plain`: two prompts of 2 s, the second cut by a key, a goodbye of 2 s.
`--call paced`: the steps of a report at a caller's pace, 36 s. `--bare` puts in our place a server
that says the same and does nothing else: what FastAGI itself costs.
"""

import asyncio
import json
import math
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from benchmarks.bare_agi import bare_servers
from benchmarks.capacity_asterisk import (
    DIALPLAN_ALONE,
    OURS,
    PACED_DIALPLAN,
    LoadedAsterisk,
    loaded_asterisk,
)
from benchmarks.capacity_sipp import Load, Outcome, place_calls, sipp_version
from benchmarks.fake_peer import FakePeer
from benchmarks.plain_call import HELD_NUMBER, PACED_NUMBER, QUESTIONS, write_sounds
from benchmarks.processes import Servers, agi_servers, cpu_s, machine_cpu_s
from hotline.errors import HotlineError

STEP = 1.25
CLOSE_ENOUGH = 1.06
KEY_AFTER_S = 3.0
HELD_S = 30.0


@dataclass(frozen=True)
class Kind:
    """A call as it is placed at either number: its keys, each so many seconds after the last."""

    dialplan: str
    ours: str
    keys: tuple[tuple[float, str], ...]
    start_rate: float


KINDS = {
    "plain": Kind(DIALPLAN_ALONE, OURS, ((KEY_AFTER_S, "5"),), start_rate=50.0),
    # The welcome takes 4 s, each question 5; the statement's prompt 3, and 8 s are spoken.
    "paced": Kind(
        PACED_DIALPLAN,
        PACED_NUMBER,
        ((8.0, "5"), *((5.0, "5"),) * (QUESTIONS - 1), (11.5, "#")),
        start_rate=8.0,
    ),
}
HELD = ((HELD_S, "5"),)


@dataclass
class Search:
    """The highest rate without a failed call: upwards by a quarter, then halving the gap."""

    number: str
    start_rate: float
    good: float = 0.0
    bad: float = math.inf
    again: bool = False
    trials: list[dict[str, float]] = field(default_factory=list)

    @property
    def over(self) -> bool:
        return self.good > 0 and self.bad / self.good < CLOSE_ENOUGH

    def next_rate(self) -> float:
        if not self.good:
            return self.start_rate if math.isinf(self.bad) else self.bad / 2
        rate = self.good * STEP if math.isinf(self.bad) else (self.good + self.bad) / 2
        return round(rate, 1)

    def tell(self, rate: float, outcome: Outcome) -> None:
        """One failure may be the machine's mood, so each rate has a second try."""
        if not outcome.failed:
            self.good, self.again = rate, False
        elif not self.again:
            self.again = True
        else:
            self.bad, self.again = rate, False


@dataclass(frozen=True)
class Bench:
    """What is measured."""

    asterisk: LoadedAsterisk
    servers: Servers
    folder: Path
    media: bool

    def load(
        self, number: str, rate: float, calls: int, keys: Sequence[tuple[float, str]]
    ) -> dict[str, Any]:
        """Place the calls; what they cost each process, and how they ended."""
        began = self.servers.cpu_s(), cpu_s(self.asterisk.pid), machine_cpu_s()
        load = Load(number, rate, calls, keys, self.media)
        outcome = place_calls(load, self.asterisk.sip_port, self.folder)
        ours = self.servers.cpu_s() - began[0]
        asterisk = cpu_s(self.asterisk.pid) - began[1]
        machine = machine_cpu_s() - began[2]
        calls_ms = 1000 / max(1, outcome.ok)
        return {
            "outcome": outcome,
            "rate": rate,
            "ours_ms": ours * calls_ms,
            "asterisk_ms": asterisk * calls_ms,
            "sipp_ms": outcome.sipp_cpu_s * calls_ms,
            "other_cores": (machine - ours - asterisk - outcome.sipp_cpu_s) / outcome.lasted_s,
            "turn_ms": percentiles_ms(self.servers.times_s()),
        }


def percentiles_ms(times_s: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99 in milliseconds; nothing where there are no times."""
    ordered = sorted(times_s)
    if not ordered:
        return {}
    last = len(ordered) - 1
    return {
        f"p{share}": 1000 * ordered[min(last, len(ordered) * share // 100)]
        for share in (50, 95, 99)
    }


@click.command()
@click.option("--fake", is_flag=True, help="Without Asterisk: our servers and a stand-in peer.")
@click.option("--call", type=click.Choice(list(KINDS)), default="plain", show_default=True)
@click.option("--bare", is_flag=True, help="A server that only speaks, in place of ours.")
@click.option("--seconds", default=10.0, show_default=True, help="How long each rate is tried.")
@click.option("--servers", default=2, show_default=True, help="AGI server processes.")
@click.option("--held", default=500, show_default=True, help="Calls at once.")
@click.option("--no-media", is_flag=True, help="The callers send no sound.")
@click.option("--database", help="URL of an empty database instead of a new SQLite file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(
    fake: bool,
    call: str,
    bare: bool,
    seconds: float,
    servers: int,
    held: int,
    no_media: bool,
    database: str | None,
    as_json: bool,
) -> None:
    """Measure rate, cost, memory and latency; nothing of it leaves this machine."""
    # Ended from outside, it must leave no server, Asterisk or caller behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="capacity-") as name:
        folder = Path(name)
        write_sounds(folder)
        start = bare_servers(servers, folder) if bare else agi_servers(servers, folder, database)
        with start as ours:
            if fake:
                told = asyncio.run(measure_alone(ours, held, seconds, quiet=as_json))
            else:
                with _asterisk(folder, ours) as asterisk:
                    bench = Bench(asterisk, ours, folder, media=not no_media)
                    told = measure(bench, KINDS[call], seconds, held, quiet=as_json)
    if as_json:
        click.echo(json.dumps(told, default=vars))


@contextmanager
def _asterisk(folder: Path, ours: Servers) -> Iterator[LoadedAsterisk]:
    if sipp_version() is None:
        raise click.ClickException(
            "expected sipp on the PATH, found none: install it (Debian: sip-tester), "
            "or measure our side alone with --fake"
        )
    try:
        with loaded_asterisk(folder, folder, ours.ports) as asterisk:
            yield asterisk
    except HotlineError as error:
        raise click.ClickException(str(error)) from error


def measure(bench: Bench, kind: Kind, seconds: float, held: int, quiet: bool) -> dict[str, Any]:
    """Highest rates, turn times at half of ours, and calls at once (`held`: none where 0)."""

    def say(text: str) -> None:
        if not quiet:
            click.echo(text)

    say(f"Asterisk {bench.asterisk.version}, {len(bench.servers.pids)} AGI servers")
    searches = tuple(Search(number, kind.start_rate) for number in (kind.dialplan, kind.ours))
    while not all(search.over for search in searches):
        for search in searches:
            if search.over:
                continue
            rate = search.next_rate()
            trial = bench.load(search.number, rate, round(rate * seconds), kind.keys)
            search.tell(rate, trial["outcome"])
            search.trials.append(trial)
            say(_line(search.number, trial))
    plan, ours = searches
    ratio = ours.good / plan.good
    say(f"highest rate: dialplan {plan.good:g}/s, ours {ours.good:g}/s: ratio {ratio:.2f}")
    half = bench.load(kind.ours, ours.good / 2, round(ours.good / 2 * seconds), kind.keys)
    say(f"at half of ours: {_line(kind.ours, half)}")
    at_once = []
    for calls in (10, 100, held) if held else ():
        idle = bench.servers.memory_bytes()
        with _most_memory(bench.servers) as most:
            trial = bench.load(HELD_NUMBER, max(5.0, calls / 15), calls, HELD)
        trial["memory_bytes_each"] = max(0, most[0] - idle) / calls
        at_once.append(trial)
        say(
            f"{trial['outcome'].most_at_once} at once: "
            f"{trial['memory_bytes_each'] / 1000:.0f} kB each; {_line(HELD_NUMBER, trial)}"
        )
    return {
        "highest_rate": {"dialplan": plan.good, "ours": ours.good, "ratio": ratio},
        "trials": {search.number: search.trials for search in searches},
        "half_rate": half,
        "at_once": at_once,
    }


@contextmanager
def _most_memory(servers: Servers) -> Iterator[list[int]]:
    """The most memory the servers had meanwhile, in a list of one."""
    most, stop = [0], threading.Event()

    def watch() -> None:
        while not stop.wait(1.0):
            most[0] = max(most[0], servers.memory_bytes())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        stop.set()
        thread.join()


def _line(number: str, trial: dict[str, Any]) -> str:
    outcome: Outcome = trial["outcome"]
    turns = trial["turn_ms"]
    times = "".join(f" {name} {ms:.1f}" for name, ms in turns.items())
    return (
        f"{number:8} {trial['rate']:6.1f}/s  ok {outcome.ok:5} failed {outcome.failed:4}  "
        f"CPU ms a call: Asterisk {trial['asterisk_ms']:.1f} ours {trial['ours_ms']:.2f} "
        f"sipp {trial['sipp_ms']:.1f}; others {trial['other_cores']:.2f} cores"
        + (f"; key to prompt, ours, ms:{times}" if times else "")
    )


async def measure_alone(servers: Servers, held: int, seconds: float, quiet: bool) -> dict[str, Any]:
    """Our side alone, by a peer that plays nothing: no telephone call is this quick."""
    told: dict[str, Any] = {"fake": True, "closed": [], "open": [], "at_once": []}

    def say(text: str) -> None:
        if not quiet:
            click.echo(text)

    say("stand-in peer, no Asterisk, no sound: our side alone")
    for at_once in (1, 8):
        peer = FakePeer(servers.ports, f"closed-{at_once}")
        began = servers.cpu_s()
        rate = await peer.closed_loop(at_once, seconds / 2)
        each_ms = 1000 * (servers.cpu_s() - began) / max(1, peer.heard.finished)
        told["closed"].append({"callers": at_once, "rate": rate, "cpu_ms": each_ms})
        say(f"{at_once:3} callers in turn: {rate:.0f} calls/s, {each_ms:.2f} ms CPU a call")
    for rate in (30.0, 60.0):
        peer = FakePeer(servers.ports, f"open-{rate}")
        began = servers.cpu_s()
        await peer.open_loop(rate, seconds / 2, waits_s=KEY_AFTER_S)
        heard = peer.heard
        each_ms = 1000 * (servers.cpu_s() - began) / max(1, heard.finished)
        times = percentiles_ms(heard.key_to_prompt_s)
        told["open"].append(
            {"rate": rate, "failed": heard.failed, "cpu_ms": each_ms, "key_to_prompt_ms": times}
        )
        shown = " ".join(f"{name} {ms:.1f}" for name, ms in times.items())
        say(
            f"{rate:g}/s, each for {KEY_AFTER_S:g} s: failed {heard.failed}, {each_ms:.2f} ms CPU "
            f"a call; key to prompt as the peer sees it, ms: {shown}"
        )
    for calls in (10, 100, held):
        told["at_once"].append(await _hold(servers, calls, say))
    return told


async def _hold(servers: Servers, calls: int, say: Any) -> dict[str, Any]:
    """`calls` that wait, while others come and go."""
    idle = servers.memory_bytes()
    stay = asyncio.Event()
    peer = FakePeer(servers.ports, f"held-{calls}")
    waiting = []
    for _ in range(calls):
        waiting.append(asyncio.create_task(peer.call(stay=stay)))
        await asyncio.sleep(0.004)
    end = time.monotonic() + 10
    while len(peer.heard.first_prompt_s) < calls and time.monotonic() < end:
        await asyncio.sleep(0.05)
    memory = (servers.memory_bytes() - idle) / calls
    others = FakePeer(servers.ports, f"beside-{calls}")
    began = servers.cpu_s()
    await others.open_loop(40.0, 3.0, waits_s=0.5)
    each_ms = 1000 * (servers.cpu_s() - began) / max(1, others.heard.finished)
    stay.set()
    await asyncio.gather(*waiting)
    failed = peer.heard.failed + others.heard.failed
    say(
        f"{calls:4} at once: {memory / 1000:.0f} kB each, failed {failed}; "
        f"beside them {each_ms:.2f} ms CPU a call"
    )
    return {
        "calls": calls,
        "memory_bytes_each": memory,
        "failed": failed,
        "cpu_ms_beside": each_ms,
        "key_to_prompt_ms": percentiles_ms(others.heard.key_to_prompt_s),
    }


if __name__ == "__main__":
    main()
