"""What was typed on the pages that follow a report."""

import unicodedata
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict


@dataclass(frozen=True)
class Typed:
    """The fields of all forms there; those that a form does not have are empty."""

    reference: str = ""
    pin: str = field(default="", repr=False)
    words: str = field(default="", repr=False)
    score: str = ""
    number: str = field(default="", repr=False)
    client_id: str = ""


def read_typed(sent: MultiDict[str, str]) -> Typed:
    def text(name: str) -> str:
        return unicodedata.normalize("NFC", sent.get(name, "")).replace("\r\n", "\n").strip()

    return Typed(
        reference=text("reference"),
        pin=text("pin"),
        words=text("words"),
        score=text("score"),
        number=text("number"),
        client_id=text("client_id"),
    )
