"""Whether calls over Twilio can come in, as far as that is seen from here."""

from urllib.parse import urlsplit

from hotline.doctor import Check, NotReady, State, check
from hotline.settings import Settings
from hotline.speech_health import SpeechState, speech_health
from hotline.telephony.wanted import NONE

NAME = "twilio"
_WANTED = ("HOTLINE_TWILIO_ACCOUNT_SID", "HOTLINE_TWILIO_AUTH_TOKEN", "HOTLINE_PUBLIC_URL")


def check_twilio(settings: Settings) -> Check:
    """Who does not want Twilio has nothing to mend; nothing is asked of it."""
    return check(NAME, lambda: _found(settings), "see docs/twilio.md")


def _found(settings: Settings) -> str:
    token = settings.twilio_auth_token.get_secret_value()
    if not settings.twilio_account_sid and not token:
        return "not set up: no calls come by it"
    given = (settings.twilio_account_sid, token, settings.public_url)
    missing = [name for name, value in zip(_WANTED, given, strict=True) if not value]
    if missing:
        raise NotReady(
            f"no calls come by it: {', '.join(missing)} not set", f"set {missing[0]}", State.WARN
        )
    url = settings.public_url or ""
    if urlsplit(url).scheme != "https":
        raise NotReady(
            f"calls come to {url}: what callers key in passes unencrypted",
            "put TLS in front, and https:// into HOTLINE_PUBLIC_URL",
            State.WARN,
        )
    return f"calls come to {url}; {_hearing(settings)}"


def _hearing(settings: Settings) -> str:
    match settings.twilio_words:
        case "twilio":
            return "its recogniser listens"
        case "own" if settings.speech == NONE:
            raise NotReady(
                "callers press keys: HOTLINE_TWILIO_WORDS=own, but HOTLINE_SPEECH=none",
                "choose HOTLINE_SPEECH=auto, or HOTLINE_TWILIO_WORDS=none",
                State.WARN,
            )
        case "own":
            health = speech_health(settings)
            if health.state is SpeechState.AWAY:
                found = f"our recogniser should listen, but {health.found}"
                raise NotReady(found, health.mend, State.WARN)
            return "our recogniser listens"
        case _:
            return "callers press keys"
