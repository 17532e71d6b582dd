"""The talks that Asterisk carries: its channels, by what our dialplan has noted on them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ivr.ami import Line
from ivr.seats import user_of

CALL, CALLER, REPORT = "HOTLINE_CALL", "HOTLINE_CALLER", "HOTLINE_REPORT"
SPIED = "HOTLINE_SPIED"
_NAMES = (CALL, CALLER, REPORT, SPIED)
_UNSET = "(null)"


@dataclass(frozen=True)
class Talk:
    """An operator's call: `interface` is their telephone, `call_id` the call in our database.

    `call_id` is empty for a call that we made; `report` is then what it is about. `answered` is
    False while it rings.
    """

    interface: str
    channel: str
    caller: str
    call_id: str
    report: str
    answered: bool
    seconds: int

    @property
    def user_id(self) -> str | None:
        """Whose seat it is; None for a telephone on a desk."""
        return user_of(self.interface)


def channels_of(line: Line) -> Iterator[tuple[Mapping[str, str], Mapping[str, str]]]:
    """Every channel, and what we have noted on it."""
    for event in line.ask("Status", Variables=",".join(_NAMES)).events:
        if event.get("Event") == "Status":
            pairs = (text.partition("=")[::2] for text in event.get("Variable", "").splitlines())
            yield event, {name: value for name, value in pairs if value not in ("", _UNSET)}


def talks_of(line: Line) -> list[Talk]:
    """Every operator's call, ringing or answered."""
    found: list[Talk] = []
    for event, told in channels_of(line):
        caller, report = told.get(CALLER, ""), told.get(REPORT, "")
        if not caller and not report:
            continue
        found.append(
            Talk(
                interface=interface_of(event.get("Channel", "")),
                channel=event.get("Channel", ""),
                caller=caller,
                call_id=told.get(CALL, ""),
                report=report,
                answered=event.get("ChannelStateDesc") == "Up",
                seconds=int(event.get("Seconds", "0") or 0),
            )
        )
    return found


def talks_at(interface: str, talks: Iterable[Talk]) -> list[Talk]:
    """Those of one telephone."""
    return [each for each in talks if each.interface == interface]


def interface_of(channel: str) -> str:
    """`PJSIP/101` of `PJSIP/101-0000002a`."""
    return channel.rpartition("-")[0]
