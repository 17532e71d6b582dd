"""Holding a transcript's call over what really carries calls; each gives the call's journal."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import ivr.commands
import monitoring.commands
import reports.commands
from ivr.call_script import CallScript
from ivr.conversation import Conversations
from ivr.drivers.agi_server import DRIVER, Hotline
from ivr.drivers.listening import Asked, Quiet, SpeechService, Words
from ivr.drivers.recorder import Recorder
from ivr.drivers.short_words import ShortWords
from ivr.drivers.simulator import SimulatedClock, Simulator
from ivr.drivers.twiml_calls import DRIVER as TWIML
from ivr.drivers.twiml_calls import TwimlCalls
from ivr.engine import Handlers, Prepare, Setting
from ivr.facts import CallFacts
from ivr.models import Call
from ivr.remote_calls import Settling
from ivr.session import Entry
from ivr.short_recordings import ShortRecordings
from ivr.steps import Do, Json, Result, Wait
from ivr.stored_calls import stored_call
from ivr.voices import Voices
from provinces.schema import Province
from storage.database import reading
from tests.builders import CALLER_NUMBER, NOON
from tests.fake_twilio.account import Account
from tests.fake_twilio.rest import ACCOUNT_SID, AUTH_TOKEN
from tests.fake_twilio.voice import PUBLIC_URL, PhoneCall, Post
from tests.ivr.golden import Handled, Held
from tests.ivr.scripted_caller import ScriptedCaller
from tests.ivr.scripted_line import ScriptedLine
from webhooks.services import VoiceServices
from webhooks.sounds import PublicSounds
from webhooks.trust import Trust
from webhooks.twilio_voice import PREFIX, register_twilio_voice

SETTLE_S = 10.0

COMMANDS = tuple(
    kind
    for module in (ivr.commands, monitoring.commands, reports.commands)
    for kind in vars(module).values()
    if isinstance(kind, type) and kind.__module__ == module.__name__
)


def handlers_of(script: CallScript) -> Handlers:
    """Handlers that answer as the script says."""
    handled = Handled(script.gives)

    def handle(session: Session, call: Call, position: int, command: object, now: datetime) -> Json:
        return handled(command)

    return dict.fromkeys(COMMANDS, handle)


def prepare_of(script: CallScript, usual: CallFacts) -> Prepare:
    setting = Setting(script.flow, script.facts(usual))
    return lambda session, arrival, now: setting


def by_simulator(
    script: CallScript, usual: CallFacts, province: Province, database: Engine, folder: Path
) -> tuple[Entry, ...]:
    """The journal of the script's call in the simulator.

    Raises:
        AssertionError: the script does not fit the call.
    """
    simulator = Simulator(
        database,
        handlers_of(script),
        prepare_of(script, usual),
        Recorder(folder),
        province.wording,
        SimulatedClock(NOON),
        province.spoken,
        shows_effects=False,
    )
    shown = simulator.begin(CALLER_NUMBER if script.facts(usual).number_known else None)
    for line in script.told:
        assert shown.expects, f"the call is over, but the script goes on with {line!r}"
        shown = simulator.answer(line)
    assert shown.expects is None, f"the script ends; expected {shown.expects}"
    return tuple(Entry(noted.step, noted.result) for noted in simulator.journal)


def by_twilio(
    script: CallScript,
    usual: CallFacts,
    held: Held,
    voices: Voices,
    database: Engine,
    folder: Path,
    hearer: Literal["twilio", "own"] = "twilio",
) -> tuple[Entry, ...]:
    """The journal of the same call over Twilio's webhooks, from a caller who does as in `held`.

    `hearer`: who listens at questions that have words.

    Raises:
        AssertionError: our server asked for something else, or for something that Twilio refuses.
    """
    clock = SimulatedClock(NOON)
    caller = ScriptedCaller(_answers_of(held), clock)
    account = Account()
    conversations = Conversations(database, handlers_of(script), prepare_of(script, usual), clock)
    calls = TwimlCalls(
        conversations=conversations,
        voices=voices,
        recorder=Recorder(folder),
        root=PREFIX,
        sound_address=lambda sound: f"{PREFIX}/sounds/vi/{Path(sound).name}.wav?v=1",
        words_ready=caller.words_ready,
        look_at_queue=caller.look_at_queue,
        operators=("+84912345001", "sip:agent@example.vn"),
        can_dial=True,
        hears=hearer == "twilio",
        words=ScriptedWords(caller, account, database, clock) if hearer == "own" else None,
    )
    number = CALLER_NUMBER if script.facts(usual).number_known else "anonymous"
    line = PhoneCall(posting_to(app_of(calls, clock)), caller, account, clock, number)

    line.hold()
    clock.pass_by(SETTLE_S)
    Settling(conversations, Recorder(folder), account).once()

    if hearer == "own":
        assert set(account.forgotten) >= caller.words_in, "short recordings were kept"
    assert not caller.left, f"the call is over, but there were answers left: {caller.left}"
    with reading(database) as session:
        call_id = session.scalars(select(Call.id).where(Call.driver == TWIML)).one()
        return stored_call(session, call_id).journal


class ScriptedWords(ShortWords):
    """Our own recogniser, which hears what the script says."""

    def __init__(
        self, caller: ScriptedCaller, account: Account, database: Engine, clock: SimulatedClock
    ) -> None:
        recordings = ShortRecordings(database, account, clock)
        super().__init__(recordings, SpeechService("127.0.0.1:9"))
        self._caller = caller

    def listens(self) -> bool:
        return True

    def forget(self, remote_id: str) -> None:
        self.recordings.forget(remote_id)

    def heard(self, remote_id: str, asked: Asked) -> Words | Quiet:
        assert self.recordings.remote.sound(remote_id)
        return self._caller.word(remote_id)


def app_of(calls: TwimlCalls, clock: SimulatedClock) -> Flask:
    """A web application with nothing but Twilio's webhooks."""
    app = Flask(__name__)
    sounds = PublicSounds(Voices({}), f"{PREFIX}/sounds")
    trust = Trust(AUTH_TOKEN, PUBLIC_URL, ACCOUNT_SID)
    services = VoiceServices(calls, trust, sounds, clock, lambda remote_id: None)
    register_twilio_voice(app, services)
    return app


def posting_to(app: Flask) -> Post:
    """Twilio's requests, handed to `app`."""
    client = app.test_client()

    def post(path: str, form: Mapping[str, str], headers: Mapping[str, str]) -> str:
        answer = client.post(path, data=dict(form), headers=dict(headers))
        assert answer.status_code in (200, 204), f"{answer.status}: {answer.text}"
        return answer.text

    return post


def _answers_of(held: Held) -> list[tuple[Wait, Result]]:
    return [
        (wait, entry.result)
        for wait, entry in zip(held.waits, held.journal, strict=True)
        if not isinstance(wait, Do)
    ]


def by_agi(
    script: CallScript,
    usual: CallFacts,
    held: Held,
    voices: Voices,
    database: Engine,
    folder: Path,
) -> tuple[Entry, ...]:
    """The journal of the same call over AGI, against a peer that answers as in `held`.

    Raises:
        AssertionError: our server asked for something else.
    """
    number = CALLER_NUMBER if script.facts(usual).number_known else ""
    line = ScriptedLine(_answers_of(held), number)
    clock = SimulatedClock(NOON)
    hotline = Hotline(
        conversations=Conversations(
            database, handlers_of(script), prepare_of(script, usual), clock
        ),
        voices=voices,
        recorder=Recorder(folder),
        words_ready=line.words_ready,
        handling_s=line.handling_s,
        can_dial=True,
    )

    line.call(hotline)

    with reading(database) as session:
        call_id = session.scalars(select(Call.id).where(Call.driver == DRIVER)).one()
        return stored_call(session, call_id).journal
