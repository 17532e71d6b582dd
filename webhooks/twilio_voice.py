"""What Twilio asks of us in a call: /webhooks/twilio.

Each request is answered with TwiML. Where the database is away, that is a last resort which needs
none; where we fail otherwise, an error sends Twilio to the fallback address, on another instance.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import structlog
from flask import Blueprint, Flask, Response, request

from ivr.drivers.twiml import document
from ivr.drivers.twiml_calls import WORD, KnownCall, TwimlCalls
from ivr.drivers.twiml_form import OVER
from ivr.errors import BadForm
from ivr.remote_calls import caller_of
from storage.errors import DATABASE_AWAY
from webhooks.errors import BadPost, TooLate
from webhooks.refusal import refuse_plainly
from webhooks.services import VoiceServices
from webhooks.trust import needed

log = structlog.get_logger()

PREFIX = "/webhooks/twilio"
CALL_SID = re.compile(r"CA[0-9a-f]{32}")
RECORDING_SID = re.compile(r"RE[0-9a-f]{32}")
# The longest that Twilio tries again. What comes later is somebody else's copy of a request.
REPLAY_WINDOW = timedelta(hours=1)
MAX_CALLED = 40
MAX_ADDRESS = 4000

Form = Mapping[str, str]
Answer = Callable[..., str | None]
"""TwiML from a form and the address's parts; None where nothing is to be said."""


def register_twilio_voice(app: Flask, services: VoiceServices) -> None:
    """Serve Twilio's calls."""
    blueprint = Blueprint("twilio_voice", __name__, url_prefix=PREFIX)
    views = _Views(services)
    for path, answer, rescued in (
        ("/voice", views.arrive, True),
        ("/voice/fallback", views.fall_back, True),
        ("/calls/<call_id>/turns/<int:position>", views.answer, True),
        ("/calls/status", views.status, False),
        ("/recordings", views.recording, False),
        ("/last-resort", views.last_resort, False),
    ):
        view = views.posted(answer, rescued)
        blueprint.add_url_rule(path, answer.__name__, view, methods=["POST"])
    blueprint.add_url_rule("/sounds/<voice>/<name>.wav", "sound", views.sound)
    refuse_plainly(blueprint)
    app.register_blueprint(blueprint)


@dataclass(frozen=True)
class _Views:
    services: VoiceServices

    @property
    def _calls(self) -> TwimlCalls:
        return self.services.calls

    def posted(self, answer: Answer, rescued: bool) -> Callable[..., Response]:
        """A view of signed forms of our account; `rescued`: by the last resort, where the database
        is away."""

        def view(**path: object) -> Response:
            form = self.services.trust.form(request)
            try:
                return _twiml(answer(form, **path))
            except BadForm as error:
                raise BadPost(str(error)) from error
            except DATABASE_AWAY as error:
                if not rescued:
                    raise
                log.error("database away", error=type(error).__name__)
                carried = {**_failed_address(form), **request.args.to_dict()}
                return _twiml(self._calls.last_resort(carried))

        return view

    def arrive(self, form: Form) -> str:
        """An incoming call; asked again, it gives the turn at which the call stands."""
        call_sid, _ = _call_sid(form), needed(form, "To")
        self._refuse_replays(self._calls.known(call_sid))
        return self._begin(form, call_sid)

    def fall_back(self, form: Form) -> str:
        """Another instance failed, or took too long: the call goes on here."""
        log.warning("fallback", why=form.get("ErrorCode", "")[:10])
        call_sid = _call_sid(form)
        self._refuse_replays(self._calls.known(call_sid))
        return self._begin(form, call_sid)

    def answer(self, form: Form, call_id: str, position: int) -> str:
        """What the caller did at a turn."""
        call_sid = _call_sid(form)
        if "RecordingSid" in form:
            _recording_sid(form)
        known = self._calls.known(call_sid)
        if known is None:
            # The journal is gone (a backup was restored): the caller is still on the line.
            log.warning("call unknown, begun anew")
            return self._begin(form, call_sid)
        if known.id != call_id:
            raise BadPost("CallSid: expected that of the call in the address, found another call's")
        self._refuse_replays(known)
        text = self._calls.answer(call_id, position, request.args.to_dict(), form)
        return text if text is not None else document()

    def status(self, form: Form) -> None:
        """The call is over at Twilio."""
        call_sid, (state,) = _call_sid(form), needed(form, "CallStatus")
        known = self._calls.known(call_sid)
        if known is None:
            log.info("status of an unknown call")
        elif state in OVER and not self._is_long_over(known):
            self._calls.left(known.id)

    def recording(self, form: Form) -> None:
        """How a recording stands at Twilio."""
        call_sid, recording_sid = _call_sid(form), _recording_sid(form)
        if form.get("RecordingStatus") != "completed":
            return
        if WORD in request.args:
            self._calls.word_told(recording_sid)
            return
        self.services.recording_ready(recording_sid)
        known = self._calls.known(call_sid)
        if known is not None and known.ended_at is not None:
            self._calls.ask_provider(known.id)

    def last_resort(self, form: Form) -> str:
        """Words were left while nothing could be looked up; they are fetched and filed later."""
        return self._calls.last_resort_thanks(request.args.to_dict())

    def sound(self, voice: str, name: str) -> Response:
        """A prompt's sound: the same for everybody, so nobody has to sign for it."""
        return self.services.sounds.send(voice, name, request.args.get("v", ""))

    def _begin(self, form: Form, call_sid: str) -> str:
        if form.get("CallStatus") in OVER:
            return document()
        number, called = caller_of(form.get("From", "")), form.get("To", "")[:MAX_CALLED]
        return self._calls.arrive(call_sid, number, called)

    def _refuse_replays(self, known: KnownCall | None) -> None:
        if known is not None and self._is_long_over(known):
            raise TooLate("the call was over long ago")

    def _is_long_over(self, known: KnownCall) -> bool:
        return known.ended_at is not None and known.ended_at < (
            self.services.clock() - REPLAY_WINDOW
        )


def _call_sid(form: Form) -> str:
    (call_sid,) = needed(form, "CallSid")
    if not CALL_SID.fullmatch(call_sid):
        raise BadPost("CallSid: expected CA and 32 hexadecimal digits")
    return call_sid


def _recording_sid(form: Form) -> str:
    (recording_sid,) = needed(form, "RecordingSid")
    if not RECORDING_SID.fullmatch(recording_sid):
        raise BadPost("RecordingSid: expected RE and 32 hexadecimal digits")
    return recording_sid


def _failed_address(form: Form) -> Form:
    """What the address that failed was given to carry, where this is the fallback."""
    return dict(parse_qsl(urlsplit(form.get("ErrorUrl", "")[:MAX_ADDRESS]).query))


def _twiml(text: str | None) -> Response:
    if text is None:
        return Response(status=204)
    response = Response(text, content_type="text/xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
