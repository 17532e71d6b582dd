"""What members of staff write: as it is kept."""

import re

from monitoring.errors import BadWords

MOST_WORDS = 2000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def checked_words(words: str) -> str:
    """The words without signs that steer a terminal.

    Raises:
        BadWords: there are none, or too many.
    """
    told = _CONTROL.sub(" ", words.replace("\r\n", "\n")).strip()
    if not told or len(told) > MOST_WORDS:
        raise BadWords(f"expected 1 to {MOST_WORDS} characters, found {len(told)}")
    return told
