"""What is asked of Twilio about calls and recordings.

Addresses in what Twilio posts are never followed: a recording is asked for by its id, at the
address that the settings give.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
from twilio.base.exceptions import TwilioException, TwilioRestException

from ivr.drivers.twiml_form import OVER
from ivr.errors import ProviderAway, SoundGone
from ivr.remote_recordings import RemoteCall, RemoteRecording
from notifications.providers.twilio_client import (
    TwilioAccount,
    TwilioSilent,
    TwilioUnreachable,
    twilio_client,
)

T = TypeVar("T")

NOT_FOUND = 404
API_VERSION = "2010-04-01"
MAX_SOUND_BYTES = 20_000_000
MOST_LISTED = 1000
# A recording of this state has no sound and will have none.
SOUNDLESS = frozenset({"absent", "failed"})
_GONE = object()


class TwilioRecordings:
    """`ivr.remote_recordings.RemoteRecordings` by Twilio's REST API; safe to share."""

    def __init__(self, account: TwilioAccount) -> None:
        self._account = account
        self._client = twilio_client(account)

    def sound(self, remote_id: str) -> bytes:
        """The WAV file. Raises: SoundGone, ProviderAway."""
        account = self._account
        path = f"{API_VERSION}/Accounts/{account.account_sid}/Recordings/{remote_id}.wav"
        content = bytearray()
        try:
            with httpx.stream(
                "GET",
                f"{account.api_url.rstrip('/')}/{path}",
                auth=(account.account_sid, account.auth_token),
                timeout=account.timeout_s,
                follow_redirects=True,  # to where the files lie; the password stays behind
            ) as answer:
                if answer.status_code == NOT_FOUND:
                    raise SoundGone("Twilio has no such recording, or not yet")
                if answer.status_code != httpx.codes.OK:
                    raise ProviderAway(f"asked for a recording, found status {answer.status_code}")
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > MAX_SOUND_BYTES:
                        raise ProviderAway(f"expected at most {MAX_SOUND_BYTES} bytes of sound")
        except httpx.HTTPError as error:
            raise ProviderAway(type(error).__name__) from error
        return bytes(content)

    def forget(self, remote_id: str) -> None:
        """Delete it at Twilio. Raises: ProviderAway."""
        self._asked(lambda: self._client.recordings(remote_id).delete())

    def of_call(self, driver_call_id: str) -> Sequence[RemoteRecording]:
        """Those of a call, the oldest first. Raises: ProviderAway."""
        return self._listed(call_sid=driver_call_id)

    def made_since(self, since: datetime) -> Sequence[RemoteRecording]:
        """Those of the account, the oldest first. Raises: ProviderAway."""
        return self._listed(date_created_after=since)

    def call(self, driver_call_id: str) -> RemoteCall | None:
        """The call; None where Twilio knows none. Raises: ProviderAway."""
        found: Any = self._asked(lambda: self._client.calls(driver_call_id).fetch())
        if found is _GONE:
            return None
        return RemoteCall(found.status in OVER, str(found._from or ""), str(found.to or ""))

    def _listed(self, **criteria: Any) -> Sequence[RemoteRecording]:
        found: Any = self._asked(
            lambda: self._client.recordings.list(limit=MOST_LISTED, **criteria)
        )
        recordings = [] if found is _GONE else found
        listed = [
            RemoteRecording(
                each.sid,
                each.call_sid,
                (each.date_created or datetime.now(UTC)).astimezone(UTC),
                each.status == "completed",
            )
            for each in recordings
            if each.status not in SOUNDLESS
        ]
        return sorted(listed, key=lambda each: each.made_at)

    def _asked(self, ask: Callable[[], T]) -> T | object:
        """The answer; `_GONE` where Twilio knows no such thing."""
        try:
            return ask()
        except TwilioRestException as error:
            if error.status == NOT_FOUND:
                return _GONE
            raise ProviderAway(f"Twilio answered {error.status}, error {error.code}") from error
        # ValueError: an answer that is no JSON, as proxies and load balancers give them.
        except (TwilioException, TwilioUnreachable, TwilioSilent, ValueError) as error:
            raise ProviderAway(type(error).__name__) from error
