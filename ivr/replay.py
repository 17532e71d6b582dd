"""A stored call once more, answer by answer: what was heard, what was answered, what it did.

`ivr.session` replays to go on; this replays to look, and tells where today's code would not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ivr.errors import FlowDiverged, FlowFailed, UnknownFlow
from ivr.facts import CallFacts
from ivr.flows.registry import find_flow
from ivr.session import CallSession, Entry, Turn
from ivr.steps import Do, Manner, step_name


@dataclass(frozen=True)
class Answered:
    """A turn and the journal's answer to it; `command` is what a `Do` asked for."""

    position: int
    turn: Turn
    entry: Entry
    command: object | None


@dataclass(frozen=True)
class Replay:
    """`standing` is the turn after the last answer that fits.

    `divergence` tells why the journal goes no further; None where all of it fits.
    """

    answered: tuple[Answered, ...]
    standing: Turn | None
    divergence: str | None


def replay(flow: tuple[str, int], facts: CallFacts, journal: Iterable[Entry]) -> Replay:
    """Run `journal` against the flow as it is today."""
    answered: list[Answered] = []
    standing: Turn | None = None
    try:
        function = find_flow(*flow)
        session = CallSession(lambda: function(facts), Manner(facts.language))
        for position, entry in enumerate(journal):
            standing = session.turn
            if entry.step != step_name(standing.wait):
                raise FlowDiverged(
                    f"journal has {entry.step}, flow is at {step_name(standing.wait)}"
                )
            session.resume(entry.result)
            command = standing.wait.command if isinstance(standing.wait, Do) else None
            answered.append(Answered(position, standing, entry, command))
        return Replay(tuple(answered), session.turn, None)
    except (FlowDiverged, FlowFailed, UnknownFlow) as error:
        cause = f": {error.__cause__}" if error.__cause__ else ""
        where = f"position {len(answered)}: "
        return Replay(tuple(answered), standing, f"{where}{error}{cause}")
