"""References that can be said, keyed in and checked, and not guessed.

Eight random digits and a Damm check digit: Damm's table catches every single wrong
digit and every swap of neighbours, the two slips people make when they key numbers in.
"""

import secrets

from stdnum import damm
from stdnum.exceptions import ValidationError

RANDOM_DIGITS = 8
LENGTH = RANDOM_DIGITS + 1
GROUP = 3


def new_reference() -> str:
    """Nine digits: eight of chance, one to check them."""
    digits = f"{secrets.randbelow(10**RANDOM_DIGITS):0{RANDOM_DIGITS}d}"
    return digits + damm.calc_check_digit(digits)


def parse_reference(text: str) -> str | None:
    """The nine digits in `text`, however grouped; None when they cannot be a reference."""
    digits = "".join(character for character in text if character not in " -.")
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return str(damm.validate(digits))
    except ValidationError:
        return None


def spoken_reference(reference: str) -> str:
    """The reference in groups, as it is printed and read aloud: `482-173-905`."""
    return "-".join(reference[i : i + GROUP] for i in range(0, len(reference), GROUP))
