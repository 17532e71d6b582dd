"""(name, version) to flow. A call keeps the version that it began with."""

from collections.abc import Callable, Mapping

from ivr.errors import UnknownFlow
from ivr.facts import CallFacts
from ivr.flows import incoming, outgoing, rescued
from ivr.steps import Flow

FlowFunction = Callable[[CallFacts], Flow[None]]

FLOWS: Mapping[tuple[str, int], FlowFunction] = {
    (incoming.NAME, incoming.VERSION): incoming.incoming,
    (outgoing.NAME, outgoing.VERSION): outgoing.outgoing,
    (rescued.NAME, rescued.VERSION): rescued.rescued,
}
# What a new call gets.
INCOMING = (incoming.NAME, incoming.VERSION)
OUTGOING = (outgoing.NAME, outgoing.VERSION)
# What a call goes on with when its own flow cannot.
RESCUED = (rescued.NAME, rescued.VERSION)


def find_flow(name: str, version: int) -> FlowFunction:
    """Raises: UnknownFlow: no such flow is registered; it was retired too early."""
    try:
        return FLOWS[name, version]
    except KeyError as error:
        known = ", ".join(f"{n} {v}" for n, v in FLOWS)
        raise UnknownFlow(f"expected one of {known}, found {name} {version}") from error
