"""Telephone numbers as staff may see them without a reason to see them whole."""

_HIDDEN = "•••••"
_SHOWN_END = 4
_SHOWN_START = 3  # `+84`
_SHORTEST_MASKED = 10


def masked_number(number: str | None) -> str | None:
    """`+84•••••5678`; None for a withheld number, bullets only for a very short one."""
    if number is None:
        return None
    if len(number) < _SHORTEST_MASKED:
        return _HIDDEN
    return number[:_SHOWN_START] + _HIDDEN + number[-_SHOWN_END:]
