"""What schemathesis cannot know: what exists, at which version, and the token it shows itself."""

import json
import os
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.generation.meta import TestPhase

from tests.photos import PDF, picture

KNOWN: dict[str, Any] = json.loads(Path(os.environ["HOTLINE_KNOWN"]).read_text())
KEY, IF_MATCH = "Idempotency-Key", "If-Match"

# What is said to be a file is one: whatever else comes as a picture is refused.
schemathesis.openapi.format("binary", st.sampled_from([picture(), picture("PNG"), PDF]))
FIGURES = (
    "phenomenon_time,indicator,value\n",
    "phenomenon_time;indicator;unit;value\n20/11/2026;security.cases;Phường Bạc Liêu;3\nx;;;\n",
)
schemathesis.openapi.media_type("text/csv", st.sampled_from([each.encode() for each in FIGURES]))


@schemathesis.serializer("text/csv")
def _csv(context: Any, value: Any) -> bytes:
    """Schemathesis knows how to send JSON and plain text, not what else a body may be."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Every other well-formed case is about something that exists."""
    path, headers = case.path_parameters or {}, case.headers or {}
    if path.get("token_id") == KNOWN["own_token"]:
        path["token_id"] = "0" * 32  # all later requests would be refused
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if KEY in headers:
        headers[KEY] = uuid.uuid4().hex  # one key for two requests is an error of its own
    if isinstance(case.body, dict) and case.body.get("number"):
        case.body["number"] = "0912345678"  # which numbers exist no pattern tells
    if case.meta.phase.name is TestPhase.STATEFUL or not _chance():
        return
    for name in path.keys() & KNOWN["path"].keys():
        path[name] = _one_of(KNOWN["path"][name])
    if IF_MATCH in headers and "reference" in path:
        headers[IF_MATCH] = _version(f"reports/{path['reference']}")
    elif IF_MATCH in headers and "alert_id" in path:
        headers[IF_MATCH] = _version(f"alerts/{path['alert_id']}")


def _version(where: str) -> str:
    asked = urllib.request.Request(
        f"{KNOWN['url']}/{where}",
        headers={"Authorization": f"Bearer {KNOWN['secret']}"},
    )
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return str(answer.headers["ETag"])
    except urllib.error.HTTPError:  # another agency's
        return '"1"'


def _chance() -> bool:
    return bool(uuid.uuid4().int % 2)


def _one_of(values: list[str]) -> str:
    return values[uuid.uuid4().int % len(values)]
