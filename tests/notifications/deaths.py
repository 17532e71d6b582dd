"""Many SMS through one provider, while its process and the sender's are killed at random.

What came of it is read from what the provider kept and from the outbox: both have to agree.
"""

import json
import os
import random
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sqlalchemy import func, select

from hotline.clock import utc_now
from hotline.settings import Settings
from hotline.texting import TAKEN
from hotline.wiring import open_database
from notifications.models import Message, MessageStatus
from notifications.service import queue_message
from storage.database import reading, transaction
from storage.migrations import upgrade
from tests.asterisk.running import free_ports
from tests.fake_twilio.messages import FILE as TWILIO_FILE
from tests.fake_twilio.rest import ACCOUNT_SID, AUTH_TOKEN
from tests.notifications import smsc
from tests.processes import end_with_parent

Kind = Literal["log", "twilio", "smpp"]
KINDS: tuple[Kind, ...] = ("log", "twilio", "smpp")
PEOPLE = 40
WAITING = (MessageStatus.QUEUED, MessageStatus.SENDING)
# What goes wrong at Twilio beside the deaths.
FAULTS = ("429", "500", "503", "drop", "drop_after")
Taken = tuple[str, int, float]
"""Whom it went to, which of theirs it was, and when (Unix time, seconds)."""


@dataclass(frozen=True)
class Outcome:
    """What became of the messages; `order` are numbers whose messages came in another one."""

    kind: Kind
    queued: int
    kills: int
    arrived: int
    duplicates: int
    explained: int  # of the duplicates: those that the outbox lists with a reason
    lost: int
    out_of_order: tuple[str, ...]
    took_s: float
    states: dict[str, int] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        allowed = self.kills if self.kind == "smpp" else 0
        return (
            self.lost == 0
            and self.out_of_order == ()
            and self.duplicates <= allowed
            and self.explained == self.duplicates
        )


class Scene:
    """A database, the provider's process and the sender's, in a folder of their own."""

    def __init__(self, folder: Path, kind: Kind, parts_s: float) -> None:
        self.kind = kind
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (self.port,) = free_ports(1)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name[:8] != "HOTLINE_"},
            "HOTLINE_DATA": str(folder / "data"),
            "HOTLINE_SMS_PROVIDER": kind,
            "HOTLINE_SMS_SENDER": "19009120",
            "HOTLINE_SMS_PARTS_S": str(parts_s),
            "HOTLINE_TWILIO_API_URL": f"http://127.0.0.1:{self.port}",
            "HOTLINE_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "HOTLINE_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "HOTLINE_SMPP_SERVER": f"127.0.0.1:{self.port}",
            "HOTLINE_SMPP_SYSTEM_ID": "hotline",
            "HOTLINE_SMPP_PASSWORD": "secret",
        }
        self.settings = Settings(data=folder / "data", _env_file=None)  # type: ignore[call-arg]
        self.engine = open_database(self.settings)
        upgrade(self.engine)
        self.log = (folder / "sender.log").open("ab")
        self.sender: subprocess.Popen[bytes] | None = None
        self.provider: subprocess.Popen[bytes] | None = None

    def queue(self, count: int) -> None:
        """`count` messages, one after the other, to `PEOPLE` in turn."""
        with transaction(self.engine) as session:
            for number in range(count):
                queue_message(
                    session,
                    idempotency_key=f"k{number}",
                    to_number=f"+8491{number % PEOPLE:07}",
                    text_key="report_overdue",
                    values={"reference": f"{number:09}"},
                    language="vi",
                    report_id=None,
                    now=utc_now(),
                )

    def start_sender(self) -> None:
        self.sender = subprocess.Popen(
            [sys.executable, "-m", "tests.notifications.sender_process"],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=self.log,
            stderr=self.log,
            preexec_fn=end_with_parent(),
        )

    def start_provider(self) -> None:
        if self.kind == "smpp":
            self.provider = smsc.start(self.folder, self.port, "plain")
        elif self.kind == "twilio":
            self.provider = subprocess.Popen(
                [sys.executable, "-m", "tests.fake_twilio", str(self.folder), str(self.port)],
                stdout=subprocess.PIPE,
                preexec_fn=end_with_parent(),
            )
            assert self.provider.stdout is not None
            assert self.provider.stdout.readline() == b"ready\n"

    def kill(self, who: "subprocess.Popen[bytes] | None", restart: Callable[[], None]) -> None:
        assert who is not None
        who.kill()
        who.wait()
        for stream in (who.stdin, who.stdout):
            if stream is not None:
                stream.close()
        restart()

    def waiting(self) -> int:
        with reading(self.engine) as session:
            count = select(func.count()).where(Message.status.in_(WAITING))
            return session.scalar(count) or 0

    def taken(self) -> list[Taken]:
        """What the provider has, in its order."""
        if self.kind == "smpp":
            return [("+" + p["to"], number_in(p["text"]), p["at"]) for p in smsc.taken(self.folder)]
        if self.kind == "twilio":
            path = self.folder / TWILIO_FILE
            lines = path.read_text().splitlines(keepends=True) if path.exists() else []
            rows = [json.loads(line) for line in lines if line.endswith("\n")]
            return [(row["to"], number_in(row["body"]), row["at"]) for row in rows]
        with reading(self.engine) as session:
            rows_of = {row.id: row for row in session.scalars(select(Message))}
        ids = (self.settings.data / "logs" / TAKEN).read_text().split()
        return [
            (
                rows_of[each].to_number or "",
                int(rows_of[each].idempotency_key[1:]),
                (rows_of[each].attempted_at or utc_now()).timestamp(),
            )
            for each in ids
        ]

    def close(self) -> None:
        for process in (self.sender, self.provider):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
            for stream in (process.stdin, process.stdout) if process else ():
                if stream is not None:
                    stream.close()
        self.engine.dispose()
        self.log.close()


@contextmanager
def scene(folder: Path, kind: Kind, parts_s: float) -> Iterator[Scene]:
    found = Scene(folder, kind, parts_s)
    try:
        yield found
    finally:
        found.close()


def survive(
    folder: Path, kind: Kind, count: int, kills: int, parts_s: float, seed: int, limit_s: float
) -> Outcome:
    """Send `count` messages and kill `kills` times meanwhile; what became of it."""
    chance = random.Random(seed)
    begun_s = time.monotonic()
    with scene(folder, kind, parts_s) as here:
        here.queue(count)
        here.start_provider()
        here.start_sender()
        for number in range(kills):
            # Spread over the sending: each death falls into work that is under way.
            goal = count * (number + 1) // (kills + 1)
            until(lambda goal=goal: count - here.waiting() >= goal, limit_s)  # type: ignore[misc]
            time.sleep(chance.random() * 2 / parts_s)
            if kind != "log" and chance.random() < 0.5:
                here.kill(here.provider, here.start_provider)
            else:
                here.kill(here.sender, here.start_sender)
            if kind == "twilio":
                break_things(here.port, chance)
        until(lambda: here.waiting() == 0, limit_s)
        time.sleep(1.0)  # whatever is on its way twice has time to arrive
        return judge(here, count, kills, time.monotonic() - begun_s)


def judge(here: Scene, count: int, kills: int, took_s: float) -> Outcome:
    taken = here.taken()
    times = Counter(number for _, number, _ in taken)
    with reading(here.engine) as session:
        rows = {int(m.idempotency_key[1:]): m for m in session.scalars(select(Message))}
    doubled = {number: many - 1 for number, many in times.items() if many > 1}
    return Outcome(
        kind=here.kind,
        queued=count,
        kills=kills,
        arrived=len(times),
        duplicates=sum(doubled.values()),
        explained=sum(min(many, rows[number].doubts) for number, many in doubled.items()),
        lost=count - len(times),
        out_of_order=tuple(sorted(_disordered(taken))),
        took_s=took_s,
        states=dict(Counter(row.status for row in rows.values())),
    )


def _disordered(taken: Sequence[Taken]) -> set[str]:
    last: dict[str, int] = {}
    wrong = set()
    for to, number, _ in taken:
        if number < last.get(to, -1):
            wrong.add(to)
        last[to] = number
    return wrong


def break_things(port: int, chance: random.Random) -> None:
    """Of the next answers of the stand-in for Twilio, one goes wrong."""
    fault = [{"kind": chance.choice(FAULTS), "seconds": 1.0}]
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/_faults", json.dumps(fault).encode(), method="POST"
    )
    with suppress(OSError):  # it was just killed
        urllib.request.urlopen(request, timeout=2).close()


def number_in(text: str) -> int:
    """Which message it is: the reference in "Phan anh 000000017 da qua han…"."""
    return int(next(word for word in text.split() if word.isdigit() and len(word) == 9))


def until(holds: Callable[[], bool], limit_s: float) -> None:
    end = time.monotonic() + limit_s
    while not holds():
        if time.monotonic() >= end:
            raise TimeoutError(f"did not come true within {limit_s} s")
        time.sleep(0.05)
