"""What the scripts of maps say."""

from collections.abc import Mapping

from console.wording import WORDING

_SCRIPT_WORDS = (
    "region",
    "box_how",
    "polygon_how",
    "selected",
    "to_list",
    "forget",
    "here",
    "unit_told",
    "no_webgl",
    "lost",
    "absent",
    "two_fingers",
    "ctrl_scroll",
)


def script_words(language: str) -> Mapping[str, str]:
    """What the map's script says, by its keys without `map_`."""
    return {key: WORDING[f"map_{key}"][language] for key in _SCRIPT_WORDS}
