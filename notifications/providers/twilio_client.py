"""Twilio's REST API: the one place that makes its client.

The library writes requests, and with them numbers, into its log; that is switched off here.
"""

import logging
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from notifications.errors import BadProvider

API_URL = "https://api.twilio.com"
TIMEOUT_S = 15.0
TOO_MANY = 429
_SILENT = logging.getLogger("notifications.twilio")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False
_SILENT.setLevel(logging.CRITICAL)
# Addresses of requests hold the number that a message is looked for by.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


@dataclass(frozen=True)
class TwilioAccount:
    """How Twilio knows us. `api_url` is for a stand-in of it; `timeout_s` is of one request."""

    account_sid: str
    auth_token: str = field(repr=False)
    api_url: str = API_URL
    timeout_s: float = TIMEOUT_S


class TwilioUnreachable(Exception):
    """No request was made: there was no connection."""


class TwilioSilent(Exception):
    """A request was made, and no answer came."""


def twilio_client(account: TwilioAccount) -> Client:
    """The client of `twilio.rest`, for one thread or many.

    Its requests raise TwilioRestException for answers that are none, TwilioUnreachable and
    TwilioSilent where there was no answer. `retry_after_s()` tells what the last 429 asked for.

    Raises:
        BadProvider: account or token is missing.
    """
    if not account.account_sid or not account.auth_token:
        raise BadProvider("expected HOTLINE_TWILIO_ACCOUNT_SID and HOTLINE_TWILIO_AUTH_TOKEN")
    return Client(
        account.account_sid,
        account.auth_token,
        http_client=_HttpClient(account.api_url, account.timeout_s),
    )


def retry_after_s(error: TwilioRestException) -> float | None:
    """How long the answer that became this error asks to wait; None where it says nothing.

    Only to be asked by the thread that made the request, right after it.
    """
    if error.status != TOO_MANY:
        return None
    found = getattr(_last, "retry_after", None)
    return float(found) if found and found.isascii() and found.isdigit() else None


_last = threading.local()


class _HttpClient(TwilioHttpClient):  # type: ignore[misc]  # the library has no types
    """Asks `api_url`, wherever the library would ask."""

    def __init__(self, api_url: str, timeout_s: float) -> None:
        super().__init__(timeout=timeout_s, logger=_SILENT)
        self._base = urlsplit(api_url)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        parts = urlsplit(url)
        if self._base.netloc:
            parts = parts._replace(scheme=self._base.scheme, netloc=self._base.netloc)
        try:
            answer = super().request(method, urlunsplit(parts), *args, **kwargs)
        except (requests.ConnectTimeout, requests.exceptions.SSLError) as error:
            raise TwilioUnreachable from error
        except requests.ConnectionError as error:
            # Refused and unknown hosts come as the same class as a connection cut in mid-answer.
            if _was_connected(error):
                raise TwilioSilent from error
            raise TwilioUnreachable from error
        except requests.RequestException as error:
            raise TwilioSilent from error
        _last.retry_after = (answer.headers or {}).get("Retry-After")
        return answer

    def __repr__(self) -> str:
        return "TwilioHttpClient"


def _was_connected(error: BaseException) -> bool:
    """Whether the request may have arrived, by the names that urllib3 gives to what failed."""
    reasons = [error, *error.args, *(getattr(each, "reason", None) for each in error.args)]
    names = {type(each).__name__ for each in reasons if each is not None}
    return not names & {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}
