"""One document in two forms. JSON drops the root element and turns lists into arrays (the "Spark
convention" of the specification); XML has no namespace and no attributes."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from xml.sax.saxutils import escape

from flask import Response

Value: TypeAlias = "str | int | float | bool | Sequence[Value] | Mapping[str, Value] | None"
Record = Mapping[str, Value]

JSON, XML = "json", "xml"
MEDIA_TYPES = {XML: "text/xml", JSON: "application/json"}

# What the elements of a list are called.
_EACH = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Document:
    """`root` is the name that XML's outermost element has."""

    root: str
    content: Sequence[Record] | Record


def respond(document: Document, form: str, status: int = 200) -> Response:
    """The document as a response, always UTF-8."""
    if form == JSON:
        body = json.dumps(document.content, ensure_ascii=False)
    else:
        body = '<?xml version="1.0" encoding="utf-8"?>\n' + _element(
            document.root, document.content
        )
    kind = f"{MEDIA_TYPES[form]}; charset=utf-8"
    return Response(body.encode("utf-8", "replace"), status, content_type=kind)


def _element(name: str, value: Value) -> str:
    inside = _inside(name, value)
    return f"<{name}>{inside}</{name}>" if inside else f"<{name}/>"


def _inside(name: str, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return escape(_NOT_XML.sub("", value).replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return "".join(_element(key, each) for key, each in value.items())
    return "".join(_element(_EACH[name], each) for each in value)
