"""What a page of the board is asked for: the moment, the days, the commune."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from monitoring.board import Asked
from provinces.schema import Province

DAYS = (7, 30, 90, 365)
USUAL_DAYS = 30
MORNING = time(8)
# The slider goes back so far, hour by hour.
SLIDER_HOURS = 168
_DAY = timedelta(days=1)
_EARLIEST = 2000


@dataclass(frozen=True)
class AskedBoard:
    """`typed` is the moment as its field shows it, in the province's time; `problems` are wording
    keys."""

    asked: Asked
    typed: str
    problems: Sequence[str] = ()

    @property
    def known_at(self) -> datetime | None:
        return self.asked.known_at

    def query(self, **more: object) -> str:
        """What an address has behind its `?`, so that the moment stays; empty for now."""
        given = {"known_at": self.typed if self.known_at else None, **more}
        return urlencode({name: value for name, value in given.items() if value is not None})


def read_asked_board(given: Mapping[str, str], province: Province, now: datetime) -> AskedBoard:
    """The moment that is asked for; what cannot be read asks for now."""
    text = given.get("known_at", "").strip()[:40]
    if not text:
        return AskedBoard(Asked(now), "")
    moment = read_moment(text, province)
    if moment is None or moment > now:
        return AskedBoard(Asked(now), "", ("board_bad_moment",))
    return AskedBoard(Asked(now, moment), write_moment(moment, province))


def read_moment(text: str, province: Province) -> datetime | None:
    """A moment as a browser's field sends it, in the province's time; None for what is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not _EARLIEST <= moment.year < 9000:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=province.timezone)


def write_moment(moment: datetime, province: Province) -> str:
    """As `read_moment` reads it."""
    return moment.astimezone(province.timezone).strftime("%Y-%m-%dT%H:%M")


def usual_moments(province: Province, now: datetime) -> Mapping[str, datetime]:
    """What the board offers, by the wording's key: eight in the morning, of some days."""
    local = now.astimezone(province.timezone)
    today = datetime.combine(local.date(), MORNING, province.timezone)
    found = {
        "board_moment_today": today,
        "board_moment_yesterday": today - _DAY,
        "board_moment_week": today - 7 * _DAY,
    }
    return {key: moment for key, moment in found.items() if moment <= now}


def read_days(text: str) -> int:
    """How many days an indicator is shown for."""
    return next((each for each in DAYS if str(each) == text), USUAL_DAYS)
