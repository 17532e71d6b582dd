"""TwiML as Twilio reads it: what its documentation does not allow is an error of ours."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

MAX_DOCUMENT_BYTES = 64 * 1024
MAX_ADDRESS = 4000
_NUMBER = r"[1-9][0-9]*"
_ADDRESS = r"/\S*"
_KEYS = r"[0-9*#]+"
_TRUTH = "true|false"

# https: Twilio's pages on each verb; only what we use.
VERBS: Mapping[str, Mapping[str, str]] = {
    "Play": {},
    "Hangup": {},
    "Redirect": {"method": "POST"},
    "Gather": {
        "action": _ADDRESS,
        "actionOnEmptyResult": _TRUTH,
        "finishOnKey": r"[0-9*#]?",
        "hints": ".+",
        "input": "dtmf|dtmf speech|speech",
        "language": r"[a-z]{2}-[A-Z]{2}",
        "numDigits": _NUMBER,
        "speechTimeout": rf"auto|{_NUMBER}",
        "timeout": _NUMBER,
    },
    "Record": {
        "action": _ADDRESS,
        "finishOnKey": _KEYS,
        "maxLength": _NUMBER,
        "playBeep": _TRUTH,
        "recordingStatusCallback": _ADDRESS,
        "recordingStatusCallbackEvent": "[a-z -]+",
        "timeout": _NUMBER,
        "trim": "trim-silence|do-not-trim",
    },
    "Dial": {"action": _ADDRESS, "timeLimit": _NUMBER, "timeout": _NUMBER},
}
NESTED = {"Gather": {"Play"}, "Dial": {"Number", "Sip"}}
MOST_NOUNS = 10


def read_document(text: str) -> list[ET.Element]:
    """The verbs of a document.

    Raises:
        AssertionError: Twilio would refuse it.
    """
    assert len(text.encode()) <= MAX_DOCUMENT_BYTES, "the document is too long"
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    response = ET.fromstring(text)
    assert response.tag == "Response", response.tag
    verbs = list(response)
    for found in verbs:
        _check(found)
    return verbs


def _check(found: ET.Element) -> None:
    assert found.tag in VERBS, f"no verb of ours: {found.tag}"
    allowed = VERBS[found.tag]
    for name, value in found.attrib.items():
        assert name in allowed, f"{found.tag} has no attribute {name}"
        assert re.fullmatch(allowed[name], value), f"{found.tag} {name}={value!r}"
        assert len(value) <= MAX_ADDRESS
    nested = NESTED.get(found.tag, set())
    assert {each.tag for each in found} <= nested, f"{found.tag} holds {[e.tag for e in found]}"
    if found.tag == "Dial":
        assert 1 <= len(found) <= MOST_NOUNS, f"{len(found)} are dialled"
    for text in (found.text or "", *(each.text or "" for each in found)):
        assert len(text) <= MAX_ADDRESS
