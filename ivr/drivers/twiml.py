"""A turn as TwiML: its prompts and the one wait, as verbs. Pure: it knows no web and no provider.

The address of each verb carries what its answer will need: `part`, the verb that was meant, and
for waits of several verbs how long they have lasted. `ivr.drivers.twiml_form` reads it back.

Where our own recogniser hears a question's words, they are recorded: prompts and keys, then a short
recording, and again a short one while nobody speaks.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

from ivr.phrases import Phrases
from ivr.session import Turn
from ivr.steps import Dial, Enqueue, Gather, Hear, LookAtQueue, Manner, Record, Say

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
SLOW_FACTOR = 2
ANY_KEY = ""  # TwiML's way to say that no key ends an entry: each is one
# Who knows what comes presses before the beep; TwiML counts no shorter time than a second.
AFTER_PROMPT_S = 1
POLL_S = 1
PLEASE_WAIT = Say("please_wait")
PLEASE_WAIT_EVERY_S = 3
RING_S = 30  # a single number that is not answered by then is not going to be
SHORTEST_RING_S, LONGEST_RING_S = 5, 600
MOST_RUNG = 10
MOST_HINTS = 500
RECORDING_EVENTS = "completed absent"
ALL_KEYS = "0123456789*#"
# Silence that ends a short recording; whoever begins within it has time for the longest phrase.
WORD_SILENCE_S, WORD_S = 2, 5

Verb = Literal["prompt", "empty", "poll", "look", "dial", "refused", "words", "later"]
"""What an address was given for; a plain `Gather`, and a recording, need no word."""


@dataclass(frozen=True)
class Part:
    """How much of a turn is still to be rendered.

    `speaks`: its prompts, too. `since_s` is the moment (Unix) at which a wait for a person began,
    `waited_s` how long words have been waited for. `recording` is the short one whose words are
    not known yet; `keys_only`: nobody listens for any.
    """

    speaks: bool = True
    since_s: int | None = None
    waited_s: int = 0
    recording: str = ""
    keys_only: bool = False


WHOLE = Part()


@dataclass(frozen=True)
class Scene:
    """What rendering needs to know beside the turn.

    `action` gives the address for an answer, from what it shall carry; `sounds` those of a
    prompt; `recording_told` is where recordings' states are told, `word_told` those of short ones.
    `phrases` are the words that may be said at a question, none where only keys count;
    `records_words`: they are recorded for us, else the provider's recogniser listens. `operators`
    are telephone numbers and `sip:` addresses; `can_dial`: outside numbers may be connected.
    """

    action: Callable[[Mapping[str, str]], str]
    sounds: Callable[[Say, Manner], Sequence[str]]
    recording_told: str
    word_told: str = ""
    phrases: Callable[[str, Manner], Phrases] = lambda key, manner: {}
    records_words: bool = False
    operators: Sequence[str] = ()
    can_dial: bool = False
    now_s: int = 0


def render(turn: Turn, scene: Scene, part: Part = WHOLE) -> str:
    """The TwiML document of `turn`, or of what is left of it."""
    return _Document(turn, scene, part).text()


def document(*verbs: ET.Element) -> str:
    """A document of these verbs."""
    response = ET.Element("Response")
    response.extend(verbs)
    return DECLARATION + ET.tostring(response, encoding="unicode")


def verb(name: str, text: str | None = None, **attributes: str) -> ET.Element:
    """A verb; its attributes are written as in Python's own names (`num_digits`)."""
    element = ET.Element(name, {_camel(key): value for key, value in attributes.items()})
    element.text = text
    return element


@dataclass(frozen=True)
class _Document:
    turn: Turn
    scene: Scene
    part: Part

    def text(self) -> str:
        match self.turn.wait:
            case Gather() as gather:
                verbs = self._gather(gather)
            case Record() as record:
                verbs = self._record(record)
            case Hear():
                verbs = self._hear()
            case LookAtQueue():
                verbs = [*self._plays(), self._redirect("look")]
            case Enqueue() as enqueue:
                verbs = self._enqueue(enqueue)
            case Dial() as dial:
                verbs = [*self._plays(), self._dial_outside(dial)]
            case _:
                verbs = [*self._plays(), verb("Hangup")]
        return document(*verbs)

    def _gather(self, gather: Gather) -> list[ET.Element]:
        hears = gather.by_word and not self.part.keys_only
        phrases = self.scene.phrases(gather.key, self.turn.manner) if hears else {}
        if self.part.recording:
            return self._until_known(self.part.recording)
        if phrases and self.scene.records_words:
            return self._word(gather)
        # One time for the first key and for those between: TwiML knows no second one.
        attributes = {
            "action": self._action(),
            "num_digits": str(gather.max_digits),
            "finish_on_key": gather.finish_on[:1],
            "timeout": self._seconds(gather.timeout_s),
            "action_on_empty_result": "true",
        }
        if phrases:
            attributes |= {
                "input": "dtmf speech",
                "language": _tag(self.turn.manner.language),
                "hints": ", ".join(list(phrases)[:MOST_HINTS]),
                "speech_timeout": "auto",
            }
        found = verb("Gather", None, **attributes)
        found.extend(self._plays(gather))
        return [found]

    def _word(self, gather: Gather) -> list[ET.Element]:
        """Prompts during which keys count, then a short recording that any key ends."""
        verbs = [self._prompt_with_keys(gather)] if self.part.speaks else []
        silence_s = WORD_SILENCE_S + (AFTER_PROMPT_S if self.part.speaks else 0)
        carried = {"waited_s": str(self.part.waited_s + silence_s)}
        recorder = verb(
            "Record",
            None,
            action=self._action("words", **carried),
            max_length=str(WORD_S),
            timeout=str(WORD_SILENCE_S),
            finish_on_key=ALL_KEYS,
            play_beep="false",
            trim="do-not-trim",
            recording_status_callback=self.scene.word_told,
            recording_status_callback_event=RECORDING_EVENTS,
        )
        return [*verbs, recorder, self._redirect("empty", **carried)]

    def _until_known(self, recording: str) -> list[ET.Element]:
        """A moment in which keys count, then the question whether the words are known by now."""
        carried = {"recording": recording, "waited_s": str(self.part.waited_s)}
        pause = self._keys("prompt", self._play(PLEASE_WAIT), **carried)
        return [pause, self._redirect("later", **carried)]

    def _record(self, record: Record) -> list[ET.Element]:
        verbs = [self._prompt_with_keys(record)] if self.part.speaks else []
        recorder = verb(
            "Record",
            None,
            action=self._action(),
            max_length=str(record.max_length_s),
            timeout=self._seconds(record.silence_s),
            finish_on_key=record.end_keys,
            play_beep="true",
            # Silence tells how the recording ended; and the record is what was on the line.
            trim="do-not-trim",
            recording_status_callback=self.scene.recording_told,
            recording_status_callback_event=RECORDING_EVENTS,
        )
        # Nobody is told of an empty recording: the next verb comes then.
        return [*verbs, recorder, self._redirect("empty")]

    def _hear(self) -> list[ET.Element]:
        waited_s = self.part.waited_s
        poll = verb(
            "Gather",
            None,
            action=self._action("poll", waited_s=str(waited_s + POLL_S)),
            num_digits="1",
            finish_on_key=ANY_KEY,
            timeout=str(POLL_S),
            action_on_empty_result="true",
        )
        if self.part.speaks:
            poll.extend(self._plays())
        elif waited_s % PLEASE_WAIT_EVERY_S == 0:
            poll.extend(self._play(PLEASE_WAIT))
        return [poll]

    def _enqueue(self, enqueue: Enqueue) -> list[ET.Element]:
        since_s = self.scene.now_s if self.part.since_s is None else self.part.since_s
        since = {"since_s": str(since_s)}
        if not self.scene.operators:
            return [*self._plays(), self._redirect("refused", **since)]
        verbs = []
        if self.part.speaks:
            verbs = [self._prompt_with_keys(None, **since)] if enqueue.leave_keys else self._plays()
        ring_s = max(SHORTEST_RING_S, min(enqueue.wait_s, LONGEST_RING_S))
        dial = verb("Dial", None, action=self._action("dial", **since), timeout=str(ring_s))
        for operator in self.scene.operators[:MOST_RUNG]:
            dial.append(verb("Sip" if operator.startswith("sip") else "Number", operator))
        return [*verbs, dial]

    def _dial_outside(self, dial: Dial) -> ET.Element:
        if not self.scene.can_dial:
            return self._redirect("refused")
        found = verb(
            "Dial",
            None,
            action=self._action("dial"),
            timeout=str(RING_S),
            time_limit=str(dial.limit_s),
        )
        found.append(verb("Number", dial.number))
        return found

    def _prompt_with_keys(self, last: Gather | Record | None, **carried: str) -> ET.Element:
        """The prompts of a wait that is more than keys: one cuts them short and is told."""
        return self._keys("prompt", self._plays(last), **carried)

    def _keys(self, part: Verb, plays: Sequence[ET.Element], **carried: str) -> ET.Element:
        found = verb(
            "Gather",
            None,
            action=self._action(part, **carried),
            num_digits="1",
            finish_on_key=ANY_KEY,
            timeout=str(AFTER_PROMPT_S),
        )
        found.extend(plays)
        return found

    def _plays(self, last: Gather | Record | None = None) -> list[ET.Element]:
        says = [*self.turn.says]
        if last is not None:
            says.append(Say(last.key, last.values))
        return [play for say in says for play in self._play(say)] if self.part.speaks else []

    def _play(self, say: Say) -> list[ET.Element]:
        return [verb("Play", address) for address in self.scene.sounds(say, self.turn.manner)]

    def _redirect(self, part: Verb, **carried: str) -> ET.Element:
        return verb("Redirect", self._action(part, **carried), method="POST")

    def _action(self, part: Verb | None = None, **carried: str) -> str:
        return self.scene.action({"part": part, **carried} if part else carried)

    def _seconds(self, seconds: float) -> str:
        return str(max(1, math.ceil(seconds * (SLOW_FACTOR if self.turn.manner.slow else 1))))


def _tag(language: str) -> str:
    """The language as recognisers of telephone companies name it."""
    return {"vi": "vi-VN", "en": "en-US"}.get(language, language)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
