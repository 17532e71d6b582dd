"""What a journal tells to nobody: digits that are a secret or somebody's number."""

from typing import Any

from ivr.codec import encode
from ivr.steps import Digits, Result

# By the key of the step at which they are keyed in.
PRIVATE_KEYS = frozenset({"enter_pin", "other_number"})
# By their name in what a command returned.
PRIVATE_VALUES = frozenset({"pin"})
HIDDEN = "•••"


def is_private(step: str) -> bool:
    """Whether the step, as the journal names it, asks for something private."""
    return step.partition(":")[2] in PRIVATE_KEYS


def shown(step: str, result: dict[str, Any]) -> dict[str, Any]:
    """An encoded result as people may see it: what is private is hidden, its length too."""
    if is_private(step) and "value" in result:
        return result | {"value": HIDDEN}
    if isinstance(value := result.get("value"), dict):
        told = {name: HIDDEN if name in PRIVATE_VALUES else each for name, each in value.items()}
        return result | {"value": told}
    return result


def wiped(result: Result) -> dict[str, Any] | None:
    """Keyed-in digits made unreadable in a way that a replay takes like the true ones.

    The first digit and the length stay: flows look at nothing else before they read back.
    """
    if not isinstance(result, Digits) or not result.value:
        return None
    return encode(Digits(result.value[0] + "0" * (len(result.value) - 1)))
