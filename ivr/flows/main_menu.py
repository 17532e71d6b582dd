"""What is it about? At most five choices; the extras of the first menu: recording, language."""

from collections.abc import Mapping

from ivr.commands import DeclineRecording, SetLanguage
from ivr.dialogue import do, menu
from ivr.flows.call import Call, Part
from ivr.steps import Flow, Say

DECLINE_KEY, ENGLISH_KEY, KHMER_KEY = "9", "6", "7"
EXTRA_KEYS: Mapping[str, str] = {DECLINE_KEY: "decline", ENGLISH_KEY: "en", KHMER_KEY: "km"}
_CHOICES: Mapping[str, str] = {"1": Part.REPORT, "2": Part.FOLLOW_UP, "3": Part.INFORMATION}


def main_menu(call: Call) -> Flow[Part]:
    """Report, what became of my report, information, a person. Silence leads to speaking:
    who cannot press a key can still say what it is about."""
    choices = {**_CHOICES, **extra_keys(call)}
    if call.talk.by_word:
        yield Say("say_or_press")
    while True:
        spoken = (Say("main_choices"), *say_extras(call))
        choice = yield from menu(call.talk, "main_menu", choices, spoken, may_hold=True)
        if choice is None and call.recorded:
            call.draft.kind_asked = True
            yield Say("just_speak")
        if choice is None:
            return Part.REPORT
        if choice not in EXTRA_KEYS.values():
            return Part(choice)
        if (part := (yield from extra_choice(call, choice))) is not None:
            return part


def extra_keys(call: Call) -> Mapping[str, str]:
    """Khmer leads to a person where no voice speaks it; English is offered only where one does."""
    spoken = call.facts.languages
    return {key: extra for key, extra in EXTRA_KEYS.items() if extra != "en" or "en" in spoken}


def say_extras(call: Call) -> tuple[Say, ...]:
    """The offers that stand beside the first question of a call."""
    says = []
    if call.recorded:
        says.append(Say("no_recording_offer"))
    if call.talk.language == call.facts.language:
        if "en" in call.facts.languages:
            says.append(Say("english_offer", language="en"))
        says.append(Say("khmer_offer"))
    return tuple(says)


def extra_choice(call: Call, choice: str | None) -> Flow[Part | None]:
    """Carry out an extra; the part to go to, or None where the question is put again."""
    match choice:
        case "decline":
            if call.recorded:
                call.recorded = False
                yield from do("decline_recording", DeclineRecording())
            yield Say("recording_declined")
        case "en" | "km" as language:
            yield from do("set_language", SetLanguage(language))
            if language not in call.facts.languages:
                # No voice speaks it here: a person may, and a message waits for one who does.
                yield Say(f"{language}_to_person")
                return Part.PERSON
            call.talk.language = language
            yield call.talk.manner
    return None
