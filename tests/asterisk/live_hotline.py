"""The whole hotline behind a real Asterisk, in this process, with callers to hold transcripts.

Servers, handlers, database, sweep and dialplan are the real ones. Watched is only where each call
stands, so that its caller knows when to act; stood in for are the recogniser, the operators'
telephones and the carrier.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from hotline.calls import the_hotline
from hotline.settings import Settings
from hotline.telephony.installation import Installation
from hotline.voices import the_voices
from hotline.wiring import the_province
from ivr.drivers.agi_server import AgiServer, Hotline
from ivr.drivers.agi_sweep import Spool, Sweep
from ivr.engine import Arrival, Handlers, Pending, Setting
from ivr.models import Call
from ivr.steps import Hear, Json
from provinces.loader import find_province, load_province
from reports.transcription import transcribe_recording
from speech.scripted import ScriptedRecogniser
from storage.crypto import use_key
from storage.database import open_engine, reading
from storage.migrations import upgrade
from tests.asterisk.caller_sounds import CallerSounds
from tests.asterisk.carrier import Carrier
from tests.asterisk.fake_agi import FakeAgi, Visit
from tests.asterisk.listening import speech_process
from tests.asterisk.live_calls import Arranged, Caller, Line, Plan
from tests.asterisk.operators import Operators
from tests.asterisk.running import RunningAsterisk, free_ports, running_asterisk, until
from tests.asterisk.watched import (
    CuedVoices,
    MorningClock,
    WatchedConversations,
    lay_short_sounds,
    prepares,
    spoken_prompts,
)
from tests.conftest import TEST_KEY
from tests.ivr.golden import read_script
from tests.serving import serving

TRANSCRIPTS = Path(__file__).parents[1] / "transcripts"
OPERATORS = ("101", "102")
OUTSIDE = "127.0.0.2"  # the carrier is known by its address, which must be nobody else's
LONGEST_CALL_S = 75.0
DIALPLAN = """
[test-line]
exten => _X.,1,AGI(agi://127.0.0.1:{port}/line)
 same => n,Goto(hotline-incoming,19009120,1)
[test-caller]
exten => _X.,1,AGI(agi://127.0.0.1:{port}/caller)
 same => n,Hangup()
[test-waiting]
exten => s,1,Answer()
 same => n,Queue(hotline,,,,60)
"""

Before = Callable[["LiveHotline", Line], Arranged]


class LiveHotline:
    """Callers ring it by `hold`; several may at once."""

    def __init__(
        self,
        database: Engine,
        settings: Settings,
        asterisk: RunningAsterisk,
        before: Mapping[str, Before],
    ) -> None:
        self.database = database
        self.asterisk = asterisk
        self.clock = MorningClock()
        self.province = load_province(find_province(settings.province))
        self._recordings = settings.recordings
        self._before = before
        self._lock = threading.Lock()
        self._lines: dict[int, Line] = {}
        self._of_channel: dict[str, Line] = {}
        self._of_call: dict[str, Line] = {}
        self._sounds = CallerSounds(settings.data / "caller")
        self._prepares = prepares(settings, self.province)
        real = the_hotline(settings, database, the_province(settings))
        self._voices = CuedVoices(
            the_voices(settings, self.province),
            spoken_prompts(settings, self.province),
            self.province,
        )
        self.handlers = real.conversations.handlers
        self.hotline: Hotline = replace(
            real,
            conversations=WatchedConversations(
                database, self._noted(self.handlers), self._prepare, self.clock, self._stands
            ),
            voices=self._voices,
        )
        self.operators: Operators
        self.carrier: Carrier

    def hold(self, plan: Plan) -> Line:
        """The call of `plan` from the first ring to its end in the database."""
        script = read_script(TRANSCRIPTS / f"{plan.transcript}.txt")
        with self._lock:
            index = 100 + len(self._lines)
            line = Line(plan, script, plan.number or f"0912{index:06}")
            self._lines[index] = line
        if plan.before:
            line.arranged = self._before[plan.before](self, line)
        said = self.asterisk.rx(
            f"channel originate Local/{index}@test-line/n extension {index}@test-caller"
        )
        assert "not found" not in said.lower(), said
        if not line.over.wait(LONGEST_CALL_S):
            line.failure = f"not over after {LONGEST_CALL_S} s; it was at {line.waits[-1:]}"
        else:
            until(lambda: self.is_over(line))
        return line

    @property
    def recordings(self) -> Path:
        return self._recordings

    def is_over(self, line: Line) -> bool:
        with reading(self.database) as session:
            return session.get_one(Call, line.call_id).ended_at is not None

    @contextmanager
    def others_waiting(self, count: int) -> Iterator[None]:
        """`count` callers are in the queue, and nobody answers them."""
        for _ in range(count):
            self.asterisk.rx("channel originate Local/s@test-waiting/n application Wait 60")
        try:
            until(lambda: self.asterisk.rx("queue show hotline").count("test-waiting") == count)
            yield
        finally:
            for channel in self.asterisk.channels():
                if "test-waiting" in channel and ";1" in channel:
                    self.asterisk.rx(f"channel request hangup {channel.partition('!')[0]}")

    def visit(self, visit: Visit) -> None:
        """Asterisk asks what is to be done at either end of the line."""
        line = self._lines[int(visit.environment["agi_extension"])]
        if visit.environment["agi_network_script"] == "caller":
            Caller(line, visit, self, self._sounds, self.province.spoken["vi"]).hold()
            return
        line.unique_id = visit.environment["agi_uniqueid"]
        line.channel = visit.environment["agi_channel"]
        self._of_channel[line.unique_id] = line
        visit.command(f'SET VARIABLE "CALLERID(num)" "{line.number}"')
        if line.withheld:
            visit.command('SET VARIABLE "CALLERID(num-pres)" "prohib"')
        if line.arranged.outgoing:
            visit.command(f'SET VARIABLE "HOTLINE_OUTGOING" "{line.arranged.outgoing}"')

    def operator_answers(self, talk_s: float) -> None:
        self.operators.answer(talk_s)

    def outside_hangs_up(self, talk_s: float) -> None:
        until(lambda: self.carrier.invited)
        threading.Event().wait(talk_s)
        self.carrier.hang_up()

    def show_channel(self, channel: str) -> str:
        return self.asterisk.rx(f"core show channel {channel}")

    def _prepare(self, session: Session, arrival: Arrival, now: datetime) -> Setting:
        line = self._of_channel[arrival.driver_call_id]
        return self._prepares[line.plan.situation](session, arrival, now)

    def _stands(self, unique_id: str | None, at: Pending) -> None:
        if unique_id is not None:
            line = self._of_call[at.call_id] = self._of_channel[unique_id]
            line.call_id = at.call_id
            self._voices.speaks_for(line)
        line = self._of_call[at.call_id]
        if isinstance(at.turn.wait, Hear) and line.plan.words is not None:
            self._transcribe(at.turn.wait.recording, line.plan.words)
        line.come_to(at)

    def _transcribe(self, recording: str, words: str) -> None:
        """What the worker does meanwhile."""
        recogniser = ScriptedRecogniser([words])
        arguments = (self.database, recogniser, self.recordings, recording, self.clock)
        threading.Thread(target=transcribe_recording, args=arguments).start()

    def _noted(self, handlers: Handlers) -> Handlers:
        """`handlers` that keep what was asked and what came of it."""

        def noted(handler: Any) -> Any:
            def handle(
                session: Session, call: Call, position: int, command: object, now: datetime
            ) -> Json:
                value: Json = handler(session, call, position, command, now)
                self._commands(call)[position] = (command, value)
                return value

            return handle

        return {kind: noted(handler) for kind, handler in handlers.items()}

    def _commands(self, call: Call) -> dict[int, tuple[object, Json]]:
        return self._of_channel[call.driver_call_id].commands


@contextmanager
def live_hotline(
    installation: Installation, data: Path, before: Mapping[str, Before]
) -> Iterator[LiveHotline]:
    """A hotline that takes calls; two servers, two operators not yet signed in, a carrier.

    Calls in the situation `hears_words` are listened to by the speech service of `marked_words`.
    """
    use_key(TEST_KEY)
    port, speech_port = free_ports(2)
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        data=data,
        operators=OPERATORS,
        emergency_dial=True,
        speech="scripted",
        speech_bind=f"127.0.0.1:{speech_port}",
    )
    province = load_province(find_province(settings.province))
    lay_short_sounds(the_voices(settings, province))
    database = open_engine(settings.database)
    upgrade(database)

    def extend(etc: Path) -> None:
        with (etc / "extensions.conf").open("a") as dialplan:
            dialplan.write(DIALPLAN.format(port=port))
        with (etc / "modules.conf").open("a") as modules:
            modules.write("load = app_senddtmf.so\n")
        # Each call here is two to Asterisk, and none needs RTP ports.
        core = etc / "asterisk.conf"
        core.write_text(re.sub(r"(?m)^maxcalls *=.*$", "maxcalls = 200", core.read_text()))

    with ExitStack() as stack:
        stack.callback(database.dispose)
        program = ("-m", "tests.asterisk.marked_words", settings.speech_bind)
        stack.enter_context(speech_process(data, speech_port, program=program))
        carrier = stack.enter_context(Carrier(host=OUTSIDE))
        asterisk = stack.enter_context(
            running_asterisk(
                installation,
                data,
                weaken=extend,
                operators=OPERATORS,
                speech_server=settings.speech_bind,
                trunk_addresses=(OUTSIDE,),
                trunk_server=carrier.address,
                emergency_numbers=tuple(danger.number for danger in province.dangers),
            )
        )
        live = LiveHotline(database, settings, asterisk, before)
        live.carrier = carrier
        for agi_port in asterisk.agi_ports:
            stack.enter_context(serving(AgiServer(("127.0.0.1", agi_port), live.hotline)))
        stack.enter_context(_sweeping(live.hotline, asterisk))
        stack.enter_context(FakeAgi(port, live.visit))
        live.operators = stack.enter_context(Operators(asterisk, OPERATORS))
        yield live


@contextmanager
def _sweeping(hotline: Hotline, asterisk: RunningAsterisk) -> Iterator[None]:
    telephony, stop = asterisk.telephony, threading.Event()
    spool = Spool(
        ended=telephony.ended_calls,
        last_resort=telephony.last_resort,
        unreached=telephony.unreached,
        asterisk_pid=Path(telephony.socket_folder, "asterisk.pid"),
    )
    sweep = Sweep(hotline.conversations, hotline.recorder, spool, hotline.not_reached)
    thread = threading.Thread(target=sweep.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def call_of(live: LiveHotline, line: Line) -> Call:
    """The call's row."""
    with reading(live.database) as session:
        return session.scalars(select(Call).where(Call.id == line.call_id)).one()
