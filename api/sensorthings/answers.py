"""Answers as JSON."""

import json
from typing import Any

from flask import Response


def as_json(content: Any, status: int = 200, location: str | None = None) -> Response:
    """The content, always UTF-8; `location` is where what was made is found."""
    # What cannot be written so, half a character of somebody's, is told as a question mark.
    text = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    response = Response(text, status, content_type="application/json; charset=utf-8")
    if location is not None:
        response.headers["Location"] = location
    return response
