"""(name, version) to flow. A call keeps the version that it began with."""

from collections.abc import Callable, Mapping

from ivr.errors import UnknownFlow
from ivr.facts import CallFacts
from ivr.flows import report_problem
from ivr.steps import Flow

FlowFunction = Callable[[CallFacts], Flow[None]]

FLOWS: Mapping[tuple[str, int], FlowFunction] = {
    (report_problem.NAME, report_problem.VERSION): report_problem.report_problem,
}
# What a new call gets.
INCOMING = (report_problem.NAME, report_problem.VERSION)


def find_flow(name: str, version: int) -> FlowFunction:
    """Raises: UnknownFlow: no such flow is registered; it was retired too early."""
    try:
        return FLOWS[name, version]
    except KeyError as error:
        known = ", ".join(f"{n} {v}" for n, v in FLOWS)
        raise UnknownFlow(f"expected one of {known}, found {name} {version}") from error
