"""What the console says, in Vietnamese and English; each file has the words of some pages."""

from collections import ChainMap
from collections.abc import Mapping

from console.wording import (
    alerts,
    audit,
    board,
    desk,
    intake,
    live,
    maps,
    observations,
    phone,
    prompts,
    report,
    reports,
    rounds,
    settings,
    shell,
    sign_in,
    simulator,
    statistics,
    steps,
    users,
)

LANGUAGES = ("vi", "en")  # the first where the visitor asks for neither

PARTS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "shell": shell.WORDING,
    "sign_in": sign_in.WORDING,
    "reports": reports.WORDING,
    "report": report.WORDING,
    "desk": desk.WORDING,
    "intake": intake.WORDING,
    "live": live.WORDING,
    "steps": steps.WORDING,
    "users": users.WORDING,
    "audit": audit.WORDING,
    "map": maps.WORDING,
    "observations": observations.WORDING,
    "rounds": rounds.WORDING,
    "prompts": prompts.WORDING,
    "phone": phone.WORDING,
    "settings": settings.WORDING,
    "simulator": simulator.WORDING,
    "statistics": statistics.WORDING,
    "board": board.WORDING,
    "alerts": alerts.WORDING,
}
WORDING: Mapping[str, Mapping[str, str]] = ChainMap(*(dict(part) for part in PARTS.values()))


def words(key: str, language: str, /, **values: object) -> str:
    """The wording of that key in that language, its placeholders filled."""
    return WORDING[key][language].format(**values)


def has_wording(key: str) -> bool:
    """Whether there is such a key."""
    return key in WORDING
