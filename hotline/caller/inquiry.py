"""What became of a call, asked of the hotline's web API; the only file here that imports httpx."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from hotline.caller.errors import InquiryFailed

ANSWER_LIMIT_S = 10.0
PAUSE_S = 0.5
# The journal is written while the call runs; what a hangup sets off follows within moments.
CALL_WAIT_S = 10.0
IN_PROGRESS = "in-progress"
WORDS_AWAITED = "pending"

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """The call with its journal, and the newest report it led to, each as the API gives it."""

    call: Json
    report: Json | None


class Inquiry:
    """Asks the API with a token; use with `async with`."""

    def __init__(
        self,
        api: str,
        token: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        pause_s: float = PAUSE_S,
        call_wait_s: float = CALL_WAIT_S,
    ) -> None:
        """`api` is the URL of the web side; `call_wait_s` bounds the wait for a call to end."""
        self._pause_s = pause_s
        self._call_wait_s = call_wait_s
        self._client = httpx.AsyncClient(
            base_url=api.rstrip("/") + "/api/v1/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=ANSWER_LIMIT_S,
            transport=transport,
            trust_env=False,  # a proxy that the environment names has no business with this token
        )

    async def __aenter__(self) -> "Inquiry":
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._client.aclose()

    async def outcome(self, sip_call_id: str, words_wait_s: float) -> Outcome:
        """The call of this SIP Call-ID, as soon as the words of its report are there.

        After `words_wait_s` seconds the report comes back as it is then.

        Raises:
            InquiryFailed: the API cannot be reached, refuses, or does not know the call.
        """
        call = await self._ended_call(sip_call_id)
        if not call["reports"]:
            return Outcome(call, None)
        reference = quote(str(call["reports"][-1]), safe="")
        limit_at = time.monotonic() + words_wait_s
        while True:
            report = await self._get(f"reports/{reference}")
            waiting = report["transcript"]["status"] == WORDS_AWAITED
            if not waiting or time.monotonic() >= limit_at:
                return Outcome(call, report)
            await asyncio.sleep(self._pause_s)

    async def _ended_call(self, sip_call_id: str) -> Json:
        limit_at = time.monotonic() + self._call_wait_s
        while True:
            found = await self._get("calls", {"carrier_call_id": sip_call_id})
            late = time.monotonic() >= limit_at
            if found["calls"] and (late or found["calls"][0]["status"] != IN_PROGRESS):
                return await self._get(f"calls/{quote(found['calls'][0]['id'], safe='')}")
            if late:
                raise InquiryFailed(f"the web API knows no call with the SIP Call-ID {sip_call_id}")
            await asyncio.sleep(self._pause_s)

    async def _get(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        try:
            answer = await self._client.get(path, params=query)
        except httpx.HTTPError as error:
            why = str(error) or type(error).__name__
            raise InquiryFailed(f"{self._client.base_url}: {why}; is it running?") from error
        if answer.status_code == 401:
            raise InquiryFailed(f"{self._client.base_url} refused the token (401)")
        try:
            content = answer.raise_for_status().json()
        except (httpx.HTTPStatusError, ValueError) as error:
            raise InquiryFailed(
                f"{answer.url}: expected JSON with status 200, found status {answer.status_code}"
            ) from error
        if not isinstance(content, dict):
            raise InquiryFailed(
                f"{answer.url}: expected an object, found a {type(content).__name__}"
            )
        return content
