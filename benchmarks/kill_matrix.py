"""What a caller notices when the server that holds their call is killed, wait by wait.

    python -m benchmarks.kill_matrix [--database sqlite|postgresql|both] [--lanes N] [--only TEXT]

Through a real Asterisk and the real `hotline agi`, killed with SIGKILL at four instants of every
wait of "report a problem" and "what became of my report". Each lane is an Asterisk, two servers
and a database of its own; its calls come one after the other. Exit code 1 if any promise broke.
"""

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import click

from hotline.settings import read_settings
from hotline.telephony.fetch import provide_asterisk
from hotline.telephony.installation import Installation
from storage.crypto import use_key
from storage.database import open_engine
from storage.migrations import upgrade
from tests.conftest import TEST_KEY
from tests.databases.postgresql import Postgres, running_postgres
from tests.whole.dying_agi import Instant
from tests.whole.kill_matrix import Case, Outcome, all_cases, run_cases
from tests.whole.lane import running_lane

AIM_S, STRETCH_S = 2.0, 0.5
KINDS = ("sqlite", "postgresql")


@click.command()
@click.option("--database", type=click.Choice([*KINDS, "both"]), default="both")
@click.option("--lanes", default=4, show_default=True, help="Asterisks beside each other.")
@click.option("--only", default="", help="Only cases whose name holds this text.")
def main(database: str, lanes: int, only: str) -> None:
    """Kill, and print the table."""
    use_key(TEST_KEY)
    settings = read_settings()
    installation = provide_asterisk(settings.asterisk, settings.cache)
    cases = [case for case in all_cases() if only in str(case)]
    broken = 0
    for kind in KINDS if database == "both" else (database,):
        began = time.monotonic()
        with ExitStack() as stack:
            postgres = (
                stack.enter_context(running_postgres(durable=True))
                if kind == "postgresql"
                else None
            )
            named = f"PostgreSQL {postgres.version()}" if postgres else "SQLite"
            outcomes = _run(installation, postgres, cases, lanes)
        print(f"\n{named}, {lanes} lanes, {time.monotonic() - began:.0f} s\n")
        broken += _table(outcomes)
    sys.exit(1 if broken else 0)


def _run(
    installation: Installation, postgres: Postgres | None, cases: Sequence[Case], lanes: int
) -> list[Outcome]:
    """The outcomes of all cases, dealt out to the lanes."""

    # Neither free ports nor migrations are made for two at a time.
    starting = threading.Lock()

    def one(number: int) -> list[Outcome]:
        with ExitStack() as stack:
            with starting:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="kill-"))
                url = f"sqlite:///{folder}/hotline.sqlite3"
                if postgres is not None:
                    url = postgres.create(f"lane_{number}")
                engine = open_engine(url)
                upgrade(engine)
                engine.dispose()
                lane = stack.enter_context(running_lane(installation, Path(folder), url))
            return run_cases(lane, cases[number::lanes], _tell)

    with ThreadPoolExecutor(lanes) as pool:
        return [outcome for found in pool.map(one, range(lanes)) for outcome in found]


def _tell(outcome: Outcome) -> None:
    print(f"{outcome.case}: {'; '.join(outcome.wrong) or 'ok'}", file=sys.stderr, flush=True)


def _table(outcomes: Iterable[Outcome]) -> int:
    """Print what was measured; the number of cases in which a promise was broken."""
    found = {outcome.case: outcome for outcome in outcomes if outcome.case.instant is not None}
    steps = dict.fromkeys((case.conversation, case.step) for case in all_cases())
    print(f"{'takeover in ms, at':36}" + "".join(f"{instant:>11}" for instant in Instant))
    for conversation, step in steps:
        of_step = [found.get(Case(conversation, step, instant)) for instant in Instant]
        if any(of_step):
            print(
                f"{conversation + ' ' + step:36}" + "".join(f"{_cell(one):>11}" for one in of_step)
            )
    times = sorted(one.takeover_s for one in found.values() if one.takeover_s is not None)
    wrong = [outcome for outcome in found.values() if outcome.wrong]
    if len(times) > 1:
        p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
        print(
            f"\n{len(times)} deaths: takeover p50 {1000 * statistics.median(times):.0f} ms, "
            f"p95 {1000 * p95:.0f} ms, longest {1000 * times[-1]:.0f} ms "
            f"(aim {1000 * AIM_S:.0f}, stretch {1000 * STRETCH_S:.0f})"
        )
    print(
        f"prompts repeated at most {max((one.repeated for one in found.values()), default=0)}; "
        f"calls that lost a promise: {len(wrong)}"
    )
    for outcome in wrong:
        print(f"  {outcome.case}: {'; '.join(outcome.wrong)}")
    return len(wrong)


def _cell(outcome: Outcome | None) -> str:
    if outcome is None:
        return "–"
    if outcome.takeover_s is None:
        return "none"
    return f"{1000 * outcome.takeover_s:.0f}{'!' if outcome.wrong else ''}"


if __name__ == "__main__":
    main()
