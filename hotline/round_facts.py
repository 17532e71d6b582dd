"""What the flow of a round's call is told: whose figure of when, the question, and its limits."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from ivr.facts import CallFacts
from ivr.flows.round import WHOLE_PROVINCE
from monitoring.commands import LONGEST_FIGURE
from monitoring.periods import begin_of, later
from monitoring.round_calls import Asking
from provinces.modules import Indicator
from provinces.schema import Province
from provinces.spoken_names import question_key

MOST = 10**LONGEST_FIGURE - 1


def round_facts(facts: CallFacts, province: Province, asking: Asking | None) -> CallFacts:
    """Of a call for a round. One whose reason is gone says so."""
    indicator = province.indicators.get(asking.indicator) if asking else None
    if asking is None or indicator is None or indicator.question is None:
        return replace(facts, purpose={"kind": "round"})
    about, span = _told(indicator, asking.phenomenon_at.astimezone(province.timezone))
    lowest, highest = plausible(indicator)
    purpose: Mapping[str, Any] = {
        "kind": "round",
        "outgoing": asking.outgoing,
        "question": question_key(indicator.code),
        "place": _place(asking.unit_key),
        "about": about,
        "span": span,
        "lowest": lowest,
        "highest": highest,
    }
    # A pack may word a question in fewer languages than it speaks.
    worded = asking.language in facts.languages and asking.language in indicator.question
    language = asking.language if worded else facts.language
    return replace(facts, language=language, number_known=True, purpose=purpose)


def plausible(indicator: Indicator) -> tuple[int, int]:
    """The lowest and the highest figure that can be keyed in: whole, and not below nothing."""
    return max(0, math.ceil(indicator.lowest)), min(MOST, math.floor(indicator.highest))


def _told(indicator: Indicator, begin: datetime) -> tuple[str, Mapping[str, int]]:
    """How the time of a figure is said: an hour, a day, or from one day to another."""
    day = _day(begin.date())
    if indicator.period == "hour":
        return "hour", {"hour": begin.hour, **day}
    if indicator.period == "day":
        return "day", day
    first = begin_of(begin.date(), indicator.period)
    last = later(first, indicator.period, 1) - timedelta(days=1)
    return "span", {**_day(first), "last_day": last.day, "last_month": last.month}


def _day(day: date) -> Mapping[str, int]:
    return {"day": day.day, "month": day.month}


def _place(unit_key: str | None) -> str:
    return WHOLE_PROVINCE if unit_key is None else f"@unit_{unit_key.partition(':')[2]}"
