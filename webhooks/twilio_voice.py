"""What Twilio asks of us in a call: /webhooks/twilio.

Each request is answered with TwiML. Where the database is away, that is a last resort which needs
none; where we fail otherwise, an error sends Twilio to the fallback address, on another instance.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from urllib.parse import parse_qsl, urlsplit

import structlog
from flask import Blueprint, Flask, Response, request

from ivr.drivers.twiml import document
from ivr.drivers.twiml_form import OVER
from ivr.errors import BadForm
from ivr.remote_calls import caller_of
from storage.errors import DATABASE_AWAY
from webhooks.errors import BadPost, NotTrusted, TooLate, WebhookError
from webhooks.services import VoiceServices
from webhooks.trust import needed

log = structlog.get_logger()

PREFIX = "/webhooks/twilio"
CALL_SID = re.compile(r"CA[0-9a-f]{32}")
RECORDING_SID = re.compile(r"RE[0-9a-f]{32}")
# The longest that Twilio tries again. What comes later is somebody else's copy of a request.
REPLAY_WINDOW = timedelta(hours=1)
READY = frozenset({"completed"})

View = Callable[..., Response]
Form = Mapping[str, str]


def register_twilio_voice(app: Flask, services: VoiceServices) -> None:
    """Serve Twilio's calls."""
    blueprint = Blueprint("twilio_voice", __name__, url_prefix=PREFIX)
    calls, trust = services.calls, services.trust

    def posted(view: Callable[..., str | None]) -> View:
        """A route for signed forms of our account; it gives TwiML, or None for an empty answer."""

        @wraps(view)
        def checked(**path: object) -> Response:
            form = trust.form(request)
            _of_account(form, services.account_sid)
            try:
                text = view(form, **path)
            except BadForm as error:
                raise BadPost(str(error)) from error
            return _twiml(text) if text is not None else Response(status=204)

        return checked

    def or_last_resort(view: Callable[..., str]) -> Callable[..., str]:
        @wraps(view)
        def rescued(form: Form, **path: object) -> str:
            try:
                return view(form, **path)
            except DATABASE_AWAY as error:
                log.error("database away", error=type(error).__name__)
                return calls.last_resort({**_failed_address(form), **request.args.to_dict()})

        return rescued

    @blueprint.post("/voice")
    @posted
    @or_last_resort
    def arrive(form: Form) -> str:
        """An incoming call; asked again, it gives the turn at which the call stands."""
        call_sid, called = _call_sid(form), *needed(form, "To")
        if (known := calls.known(call_sid)) is not None:
            _refuse_replays(services, known)
        return calls.arrive(call_sid, caller_of(form.get("From", "")), called[:40])

    @blueprint.post("/voice/fallback")
    @posted
    @or_last_resort
    def fall_back(form: Form) -> str:
        """Another instance failed, or took too long: the call goes on here."""
        log.warning("fallback", why=form.get("ErrorCode", "")[:10])
        return begun_anew(form, _call_sid(form))

    @blueprint.post("/calls/<call_id>/turns/<int:position>")
    @posted
    @or_last_resort
    def answer(form: Form, call_id: str, position: int) -> str:
        """What the caller did at a turn."""
        call_sid = _call_sid(form)
        recording = form.get("RecordingSid")
        if recording is not None and not RECORDING_SID.fullmatch(recording):
            raise BadPost("RecordingSid: expected RE and 32 hexadecimal digits")
        known = calls.known(call_sid)
        if known is not None and known != call_id:
            raise BadPost("CallSid: expected that of the call in the address, found another call's")
        _refuse_replays(services, call_id)
        text = calls.answer(call_id, position, request.args.to_dict(), form) if known else None
        if text is None:
            # The journal is gone (a backup was restored): the caller is still on the line.
            log.warning("call unknown, begun anew")
            return begun_anew(form, call_sid)
        return text

    def begun_anew(form: Form, call_sid: str) -> str:
        if form.get("CallStatus") in OVER:
            return document()
        return calls.arrive(call_sid, caller_of(form.get("From", "")), form.get("To", "")[:40])

    @blueprint.post("/calls/status")
    @posted
    def status(form: Form) -> None:
        """The call is over at Twilio."""
        call_sid, state = _call_sid(form), *needed(form, "CallStatus")
        if state not in OVER:
            return
        call_id = calls.known(call_sid)
        if call_id is None:
            log.info("status of an unknown call")
        elif not calls.ended_before(call_id, services.clock() - REPLAY_WINDOW):
            calls.left(call_sid)

    @blueprint.post("/recordings")
    @posted
    def recording(form: Form) -> None:
        """How a recording stands at Twilio."""
        call_sid, recording_sid = _call_sid(form), *needed(form, "RecordingSid")
        if not RECORDING_SID.fullmatch(recording_sid):
            raise BadPost("RecordingSid: expected RE and 32 hexadecimal digits")
        if form.get("RecordingStatus") in READY:
            services.recording_ready(recording_sid)
            call_id = calls.known(call_sid)
            if call_id and calls.ended_before(call_id, services.clock()):
                calls.ask_provider(call_id)

    @blueprint.post("/last-resort")
    @posted
    def last_resort(form: Form) -> str:
        """Words were left while nothing could be looked up; they are fetched and filed later."""
        return calls.last_resort_thanks(request.args.to_dict())

    @blueprint.get("/sounds/<voice>/<name>.wav")
    def sound(voice: str, name: str) -> Response:
        return services.sounds.send(voice, name, request.args.get("v", ""))

    @blueprint.errorhandler(WebhookError)
    def refuse(error: WebhookError) -> Response:
        route = request.url_rule.rule if request.url_rule else ""
        log.warning("webhook refused", route=route, status=error.status, why=type(error).__name__)
        said = str(error) if not isinstance(error, NotTrusted) else "not signed by Twilio"
        return Response(said + "\n", error.status, content_type="text/plain; charset=utf-8")

    app.register_blueprint(blueprint)


def _refuse_replays(services: VoiceServices, call_id: str) -> None:
    if services.calls.ended_before(call_id, services.clock() - REPLAY_WINDOW):
        raise TooLate("the call was over long ago")


def _of_account(form: Form, account_sid: str) -> None:
    if needed(form, "AccountSid")[0] != account_sid:
        raise BadPost("AccountSid: expected our own, found another")


def _call_sid(form: Form) -> str:
    (call_sid,) = needed(form, "CallSid")
    if not CALL_SID.fullmatch(call_sid):
        raise BadPost("CallSid: expected CA and 32 hexadecimal digits")
    return call_sid


def _failed_address(form: Form) -> Form:
    """What the address that failed was given to carry, where this is the fallback."""
    return dict(parse_qsl(urlsplit(form.get("ErrorUrl", "")[:4000]).query))


def _twiml(text: str) -> Response:
    response = Response(text, content_type="text/xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
