"""What was typed on the pages that follow a report."""

import unicodedata
from dataclasses import dataclass, field, fields

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
    return Typed(**{each.name: field_of(sent, each.name) for each in fields(Typed)})


def field_of(sent: MultiDict[str, str], name: str) -> str:
    """What was typed there, composed as Vietnamese keyboards do it, line ends as ours are."""
    return unicodedata.normalize("NFC", sent.get(name, "")).replace("\r\n", "\n").strip()
