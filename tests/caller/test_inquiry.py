import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from hotline.caller.errors import InquiryFailed
from hotline.caller.inquiry import Inquiry, Outcome

SIP_CALL_ID = "4135f08abd4e8baf"


class FakeApi:
    """Answers as the web API does; each list gives one answer a request, the last one stays."""

    def __init__(self, calls: list[list[dict[str, Any]]], words: list[str] | None = None) -> None:
        self.calls = calls
        self.words = words or ["done"]
        self.asked: list[str] = []
        self.tokens: set[str] = set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(path)
        self.tokens.add(request.headers["Authorization"])
        if path == "/api/v1/calls":
            assert request.url.params["carrier_call_id"] == SIP_CALL_ID
            return httpx.Response(200, json={"calls": self._next(self.calls), "next_before": None})
        if path.startswith("/api/v1/calls/"):
            return httpx.Response(200, json={**self.calls[0][0], "journal": []})
        transcript = {"status": self._next(self.words), "text": None}
        return httpx.Response(
            200, json={"reference": path.rpartition("/")[2], "transcript": transcript}
        )

    @staticmethod
    def _next(answers: list[Any]) -> Any:
        return answers.pop(0) if len(answers) > 1 else answers[0]


def a_call(status: str = "completed", *references: str) -> dict[str, Any]:
    return {"id": "c1", "status": status, "reports": list(references)}


def outcome(answer: Callable[[httpx.Request], httpx.Response], wait_s: float = 5.0) -> Outcome:
    async def ask() -> Outcome:
        transport = httpx.MockTransport(answer)
        asking = Inquiry(
            "http://127.0.0.1:8000", "hl_secret", transport=transport, pause_s=0.0, call_wait_s=0.2
        )
        async with asking:
            return await asking.outcome(SIP_CALL_ID, wait_s)

    return asyncio.run(ask())


def test_the_report_is_awaited_until_its_words_are_there() -> None:
    api = FakeApi([[a_call("completed", "482173905")]], ["pending", "pending", "done"])

    found = outcome(api)

    assert found.report is not None
    assert found.report["transcript"]["status"] == "done"
    assert api.asked.count("/api/v1/reports/482173905") == 3
    assert api.tokens == {"Bearer hl_secret"}


@pytest.mark.parametrize("status", ["done", "failed", "none"])
def test_a_report_without_words_to_come_is_not_awaited(status: str) -> None:
    api = FakeApi([[a_call("completed", "482173905")]], [status])

    outcome(api)

    assert api.asked.count("/api/v1/reports/482173905") == 1


def test_words_that_are_late_leave_the_report_as_it_is() -> None:
    api = FakeApi([[a_call("completed", "482173905")]], ["pending"])

    found = outcome(api, wait_s=0.0)

    assert found.report is not None
    assert found.report["transcript"]["status"] == "pending"


def test_a_call_that_is_not_yet_stored_or_not_yet_ended_is_asked_for_again() -> None:
    ended = a_call("completed", "482173905")
    api = FakeApi([[], [a_call("in-progress")], [ended]])

    assert outcome(api).call["reports"] == ["482173905"]


def test_of_several_reports_the_newest_is_told() -> None:
    found = outcome(FakeApi([[a_call("completed", "111111111", "482173905")]]))

    assert found.report is not None and found.report["reference"] == "482173905"


def test_a_call_without_a_report_has_none() -> None:
    assert outcome(FakeApi([[a_call("completed")]])).report is None


def test_an_unknown_call_is_an_error_with_its_id() -> None:
    with pytest.raises(InquiryFailed, match=f"knows no call with the SIP Call-ID {SIP_CALL_ID}"):
        outcome(FakeApi([[]]))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(401), "refused the token"),
        (httpx.Response(500), "found status 500"),
        (httpx.Response(200, text="<html>"), "expected JSON"),
        (httpx.Response(200, json=[1]), "expected an object, found a list"),
    ],
)
def test_an_answer_that_is_no_use_is_an_error_that_says_what_was_found(
    answer: httpx.Response, told: str
) -> None:
    with pytest.raises(InquiryFailed, match=told):
        outcome(lambda request: answer)


def test_a_web_side_that_is_not_running_is_an_error_with_the_mend() -> None:
    def refused(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused")

    with pytest.raises(InquiryFailed, match="connection refused; is it running"):
        outcome(refused)
