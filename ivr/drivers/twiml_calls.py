"""Calls over TwiML: each answer comes in a request of its own, and the journal is all there is.

Which turn an answer belongs to stands in its address. One for an earlier turn came late or twice:
the call's own turn is rendered and nothing else happens; two at once are told apart where the call
is locked (`ivr.engine.advance`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

import structlog
from sqlalchemy import bindparam, select, update

from ivr.conversation import Conversations, recording_name
from ivr.drivers.listening import Asked, Quiet, Words
from ivr.drivers.recorder import Recorder
from ivr.drivers.short_words import ShortWords
from ivr.drivers.turns import PAUSE_MS
from ivr.drivers.twiml import WHOLE, Part, Scene, document, render, verb
from ivr.drivers.twiml_answers import (
    Again,
    Answer,
    KeyAlone,
    LookWanted,
    ShortRecording,
    Spoken,
    WordsWanted,
)
from ivr.drivers.twiml_form import listened, read, short_recording
from ivr.engine import Arrival, Pending
from ivr.errors import SpeechGone
from ivr.models import Call
from ivr.phrases import Phrases, key_of
from ivr.published_prompts import PublishedPrompts, voices_of_call
from ivr.session import Turn
from ivr.steps import (
    Dial,
    Enqueue,
    Gather,
    Heard,
    HungUp,
    Manner,
    NoInput,
    QueueSeen,
    Record,
    Recorded,
    Result,
    Said,
    Say,
)
from ivr.voices import Voices
from storage.database import transaction

log = structlog.get_logger()

DRIVER = "twiml"
# No visits compete for such a call: whichever server is asked answers.
HOLDER = "twiml"
NO_PHRASES: Phrases = {}
# What an address says beside the verb, for the case that nothing can be looked up.
UNRECORDED, LANGUAGE = "unrecorded", "language"
# What the address says under which the provider tells of a short recording.
WORD = "word"
LAST_RESORT_S = 120
SETTLE_AFTER = timedelta(seconds=3)
LAST_RESORT_SILENCE_S = 8


# Every request begins with it.
_CALLS = Call.__table__.c
_KNOWN = select(_CALLS.id, _CALLS.ended_at).where(
    _CALLS.driver == DRIVER, _CALLS.driver_call_id == bindparam("of_call")
)


@dataclass(frozen=True)
class KnownCall:
    """Our id of a call, and when it ended here."""

    id: str
    ended_at: datetime | None


@dataclass(frozen=True)
class TwimlCalls:
    """What calls over TwiML need.

    `root` is the path under which answers are taken, `sound_address` gives a sound's address from
    its path without extension. `hears`: the provider's recogniser listens at questions that have
    words; `words`: ours does, in short recordings. `words_ready` says whether a recording's words
    are there, without waiting. `published` knows what was recorded of the voices.
    """

    conversations: Conversations
    voices: Voices
    recorder: Recorder
    root: str
    sound_address: Callable[[str], str]
    words_ready: Callable[[str], bool]
    look_at_queue: Callable[[], QueueSeen]
    operators: Sequence[str] = ()
    can_dial: bool = False
    hears: bool = False
    words: ShortWords | None = None
    published: PublishedPrompts | None = None

    def arrive(self, driver_call_id: str, caller_number: str | None, called_number: str) -> str:
        """The document of the call's first turn, or of the one that it stands at: so a call goes
        on at another server, and a repeated arrival is none."""
        arrival = Arrival(DRIVER, driver_call_id, caller_number, called_number, HOLDER)
        return self.rendered(self.conversations.begin(arrival))

    def answer(
        self, call_id: str, position: int, carried: Mapping[str, str], form: Mapping[str, str]
    ) -> str | None:
        """The next document after what `form` says about the turn `position`; None where there is
        no such call.

        Raises:
            BadForm: a value of the form is none that can be; nothing has changed.
        """
        words, kept = self.words, ""
        short = short_recording(carried, form) if words else ""
        try:
            if words and short:
                words.note(short)
            at = self.conversations.standing(call_id)
            if at is None:
                return None
            if position != at.position:
                if position > at.position:
                    ahead = {"position": position, "at": at.position}
                    log.warning("turn from the future", call=call_id, **ahead)
                if "RecordingSid" in form and not short:
                    self.ask_provider(call_id)  # should it be one that nobody knows
                return self.rendered(at)
            for came in read(at.turn, carried, form, self._asked(at.turn), self._now_s()):
                result = self._result(at, came)
                if isinstance(result, Part):
                    kept = result.recording
                    return self.rendered(at, result)
                if isinstance(result, HungUp):
                    self.conversations.hang_up(at)
                    return document()
                at = self.conversations.advance(at, result)
            return self.rendered(at)
        finally:
            if words and short != kept:
                words.forget(short)  # while the call goes on

    def left(self, call_id: str) -> None:
        """The provider says that the call is over.

        Where it stood at a recording, that may be told after this or never: then the provider is
        asked first (`ivr.remote_calls`), and the words count before the hangup. How a talk ended
        is told at the same moment, and counts if it comes within these seconds.
        """
        at = self.conversations.standing(call_id)
        if at is not None and not isinstance(at.turn.wait, Record | Enqueue | Dial):
            self.conversations.hang_up(at)
        self.ask_provider(call_id)

    def known(self, driver_call_id: str) -> KnownCall | None:
        """The call that the provider names; None for one that we never had."""
        database = self.conversations.database.execution_options(read_only=True)
        with database.connect() as connection:
            found = connection.execute(_KNOWN, {"of_call": driver_call_id}).one_or_none()
        return KnownCall(found.id, found.ended_at) if found is not None else None

    def word_told(self, remote_id: str) -> None:
        """The provider has a short recording. Should its caller's answer never come, it is deleted
        in a minute all the same."""
        if self.words:
            self.words.note(remote_id)

    def ask_provider(self, call_id: str) -> None:
        """Have the provider asked about the call, and for recordings that we do not know.

        A moment later: it may be about to tell by itself, and be slower to answer than to tell.
        """
        with transaction(self.conversations.database) as session:
            asked = update(Call).where(Call.id == call_id)
            session.execute(asked.values(settle_at=self.conversations.clock() + SETTLE_AFTER))

    def rendered(self, at: Pending, part: Part = WHOLE) -> str:
        """The document of the turn at which a call stands."""
        facts = {LANGUAGE: at.turn.manner.language}
        voices = voices_of_call(self.published, self.voices, at)
        if at.recording_declined:
            facts[UNRECORDED] = "1"

        def action(carried: Mapping[str, str]) -> str:
            query = urlencode({**carried, **facts})
            return f"{self.root}/calls/{at.call_id}/turns/{at.position}?{query}"

        def phrases(key: str, manner: Manner) -> Phrases:
            # Who declines recording is not recorded for a moment either: keys answer.
            if self.words and (at.recording_declined or not self.words.listens()):
                return NO_PHRASES
            return self._phrases(key, manner)

        scene = Scene(
            action=action,
            sounds=lambda say, manner: self._addresses(say, manner, voices),
            recording_told=f"{self.root}/recordings",
            word_told=f"{self.root}/recordings?{urlencode({WORD: '1'})}",
            phrases=phrases,
            records_words=self.words is not None,
            operators=self.operators,
            can_dial=self.can_dial,
            now_s=self._now_s(),
        )
        return render(at.turn, scene, part)

    def last_resort(self, carried: Mapping[str, str]) -> str:
        """What is said while nothing can be looked up: whoever may be recorded can leave words."""
        language = carried.get(LANGUAGE, "")
        if (language, False) not in self.voices:
            language = self.voices.languages[0]
        manner = Manner(language)
        if carried.get(UNRECORDED):
            says = self._addresses(Say("last_resort_no_recording"), manner, self.voices)
            return document(*(verb("Play", sound) for sound in says), verb("Hangup"))
        says = self._addresses(Say("last_resort"), manner, self.voices)
        after = f"{self.root}/last-resort?{urlencode({LANGUAGE: language})}"
        return document(
            *(verb("Play", sound) for sound in says),
            verb(
                "Record",
                None,
                action=after,
                max_length=str(LAST_RESORT_S),
                timeout=str(LAST_RESORT_SILENCE_S),
                finish_on_key="#",
                play_beep="true",
                trim="do-not-trim",
            ),
            verb("Hangup"),
        )

    def last_resort_thanks(self, carried: Mapping[str, str]) -> str:
        """The end of a call of which nothing but a recording at the provider is left."""
        language = carried.get(LANGUAGE, "")
        if (language, False) not in self.voices:
            language = self.voices.languages[0]
        says = self._addresses(Say("last_resort_thanks"), Manner(language), self.voices)
        return document(*(verb("Play", sound) for sound in says), verb("Hangup"))

    def _result(self, at: Pending, came: Answer) -> Result | Part:
        match came:
            case Again(part):
                return part
            case Spoken(remote_id, length_s, silent, key):
                name = recording_name(at)
                return Recorded(name, float(length_s), 0, "", silent, key, remote_id)
            case KeyAlone(key):
                return replace(self.recorder.take_nothing(recording_name(at)), key=key)
            case WordsWanted(recording, part):
                return Heard() if self.words_ready(recording) else part
            case LookWanted():
                return self.look_at_queue()
            case ShortRecording():
                return self._word(at, came)
            case result:
                return result

    def _word(self, at: Pending, came: ShortRecording) -> Result | Part:
        """What our own recogniser makes of it. Who cannot be listened to has missed nothing: they
        are asked for a moment, and then for a key."""
        phrases = self._asked(at.turn)
        meanings = tuple(phrases.values())
        asked = Asked(tuple(phrases), at.turn.manner.language, 0, PAUSE_MS, meanings)
        try:
            if self.words is None:
                raise SpeechGone("nobody listens here")
            heard = self.words.heard(came.remote_id, asked)
        except SpeechGone as gone:
            log.warning("word not heard", call=at.call_id, position=at.position, why=str(gone))
            if came.again:
                return Part(keys_only=True)
            return Part(speaks=False, recording=came.remote_id, waited_s=came.waited_s)
        match heard:
            case Words(words, confidence):
                return Said(key_of(phrases, words), words, confidence)
            case Quiet(spoke=True):
                return NoInput()
            case Quiet():
                silent = listened(at.turn, came.waited_s)
                return silent.part if isinstance(silent, Again) else silent

    def _asked(self, turn: Turn) -> Phrases:
        if isinstance(turn.wait, Gather) and turn.wait.by_word:
            return self._phrases(turn.wait.key, turn.manner)
        return NO_PHRASES

    def _phrases(self, key: str, manner: Manner) -> Phrases:
        return self.voices.of(manner).phrases(key) if self.hears or self.words else NO_PHRASES

    def _addresses(self, say: Say, manner: Manner, voices: Voices) -> list[str]:
        prompts = voices[say.language or manner.language, manner.slow]
        return [self.sound_address(sound) for sound in prompts.sounds(say.key, say.values)]

    def _now_s(self) -> int:
        return int(self.conversations.clock().timestamp())
