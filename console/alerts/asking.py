"""Which alerts a list is asked for, as its address has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from monitoring.alert_kinds import CURRENT, AlertState, Level
from monitoring.alert_lists import Wanted
from provinces.schema import Province

GOING = "going"
STATES = (GOING, *AlertState, "any")
FIELDS = ("state", "level", "module", "unit")


@dataclass(frozen=True)
class AskedAlerts:
    """`typed` is what the form shows; `before`: only those of a lower number."""

    wanted: Wanted
    typed: Mapping[str, str]
    before: int | None

    def query(self, **more: object) -> str:
        """What an address has behind its `?`."""
        given = {**self.typed, **more}
        return urlencode({name: value for name, value in given.items() if value})


def read_asked_alerts(given: Mapping[str, str], province: Province) -> AskedAlerts:
    """What is asked for; what cannot be read asks for nothing."""
    typed = {name: given.get(name, "").strip()[:60] for name in FIELDS}
    state = typed["state"] if typed["state"] in STATES else GOING
    level = typed["level"] if typed["level"] in set(Level) else ""
    known = {each.code for each in province.modules}
    module = typed["module"] if typed["module"] in known else ""
    unit = typed["unit"] if typed["unit"] and province.unit(typed["unit"]) else ""
    before = given.get("before", "")
    return AskedAlerts(
        Wanted(
            states=_states(state),
            modules=[module] if module else None,
            levels=[Level(level)] if level else None,
            unit_keys=[unit] if unit else None,
        ),
        {"state": state, "level": level, "module": module, "unit": unit},
        int(before) if before.isdecimal() and len(before) < 10 else None,
    )


def _states(name: str) -> Sequence[AlertState] | None:
    if name == "any":
        return None
    return CURRENT if name == GOING else (AlertState(name),)
