"""How the speech service is; without it calls go on by key, so it keeps nobody from answering."""

from dataclasses import dataclass
from enum import StrEnum

from hotline.settings import Settings
from hotline.telephony.wanted import NONE


class SpeechState(StrEnum):
    """`away`: wanted, and not there or without a recogniser."""

    READY = "ready"
    OFF = "off"
    AWAY = "away"


@dataclass(frozen=True)
class SpeechHealth:
    """The state, what was found in a line, and what mends it where it is away.

    Of one that is ready: its engine, and how many of its places are used.
    """

    state: SpeechState
    found: str
    mend: str = ""
    engine: str = ""
    used: int = 0
    places: int = 0


def speech_health(settings: Settings) -> SpeechHealth:
    """How the service that these settings name is now; asks it, for less than a second."""
    if settings.speech == NONE:
        return SpeechHealth(SpeechState.OFF, "off (HOTLINE_SPEECH=none): callers press keys")
    # The websocket library is for those who ask.
    from ivr.drivers.listening import SpeechService
    from ivr.errors import SpeechGone

    try:
        state = SpeechService(settings.speech_bind).state()
    except SpeechGone:
        return SpeechHealth(
            SpeechState.AWAY,
            "does not answer: callers press keys",
            "start the hotline; var/logs/speech.log says more",
        )
    if not state.engine:
        return SpeechHealth(
            SpeechState.AWAY,
            "no recogniser is loaded: callers press keys",
            "run `hotline models fetch`, or see var/logs/speech.log",
        )
    places = state.used + state.free
    heard = f"{state.engine}, listens to {state.used} of {places} callers"
    return SpeechHealth(SpeechState.READY, heard, "", state.engine, state.used, places)
