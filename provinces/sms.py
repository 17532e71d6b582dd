"""What a province's SMS say, and when and how often it sends them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class SmsRules:
    """All figures of sms.toml, where the reasons stand.

    Attributes:
        quiet_from, quiet_until: local times between which nobody is told of what can wait.
        person_hour, person_day: SMS to one citizen, at most.
        part_price: of one part, in units of `currency`.
    """

    quiet_from: time
    quiet_until: time
    person_hour: int
    person_day: int
    part_price: float
    currency: str

    def quiet_end(self, now: datetime, timezone: ZoneInfo) -> datetime | None:
        """When the quiet hours end, in UTC as `now`; None outside of them."""
        local = now.astimezone(timezone)
        clock = local.time().replace(tzinfo=None)
        over_night = self.quiet_from > self.quiet_until
        after, before = clock >= self.quiet_from, clock < self.quiet_until
        if not ((after or before) if over_night else (after and before)):
            return None
        day = local.date() + timedelta(days=1 if over_night and after else 0)
        return datetime.combine(day, self.quiet_until, timezone).astimezone(now.tzinfo)


@dataclass(frozen=True)
class SmsWords:
    """What citizens write to us to have something done; accents and capitals do not matter.

    Attributes:
        opt_out, opt_in: the whole message: no more SMS, and again SMS.
        status: the whole message: how is it going?
        add: its first word or words: what follows belongs to the newest open report.
    """

    opt_out: tuple[str, ...]
    opt_in: tuple[str, ...]
    status: tuple[str, ...]
    add: tuple[str, ...]


@dataclass(frozen=True)
class Sms:
    """`texts`: language → key → text with accents."""

    rules: SmsRules
    words: SmsWords
    texts: Mapping[str, Mapping[str, str]] = field(repr=False)
