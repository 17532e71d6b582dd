"""What a flow knows of its call from the start. Stored with it: a replay knows the same."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class CallFacts:
    """`menu` maps a key of the phone's menu to a category or group code of the province.

    `can_text`: the caller's number is one that an SMS can reach.
    """

    language: str
    menu: Mapping[str, str]
    can_text: bool
