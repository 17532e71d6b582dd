"""By what everything that is made up is known, wherever it is shown."""

from typing import Final

from reports.actors import Actor, Party

SOURCE: Final = "demo"
"""The source of every made-up report, and of series that tell made-up figures."""
STAFF = Actor("demo", Party.STAFF)
"""In whose name made-up reports are handled: nobody's account."""
# No carrier has numbers that begin so, and none can be rung or sent an SMS.
_NOBODY = "+8440{:07d}"


def nobodys_number(number: int) -> str:
    """A telephone number that nobody has."""
    return _NOBODY.format(number % 10_000_000)
