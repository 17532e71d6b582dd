"""For whom a flow is walked: the usual caller, then others that differ in what decides the way."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ivr.facts import CallFacts
from ivr.flows.registry import INCOMING, OUTGOING, RESCUED
from ivr.flows.round import WHOLE_PROVINCE

_DRAFT = {
    "category": None,
    "kind_asked": True,
    "recording": "checked-0",
    "heard": True,
    "continues": "r0",
}
_OPEN = {"report": "r1", "status": "in_progress"}

_INCOMING: Mapping[str, Mapping[str, Any]] = {
    "usual": {},
    "number withheld": {"number_known": False, "can_text": False},
    "landline": {"can_text": False},
    "closed": {"open_now": False, "closed_why": "closed_hours"},
    "holiday": {"open_now": False, "closed_why": "closed_holiday"},
    "blocked": {"treatment": "blocked"},
    "record only": {"treatment": "record_only"},
    "warned": {"treatment": "warned"},
    "busy": {"busy": True},
    "line dropped": {"dropped": _DRAFT},
    "line dropped at the end": {"dropped": {**_DRAFT, "place_asked": True, "contact": "caller"}},
    "one open report": {"open_reports": [_OPEN]},
    "open reports": {"open_reports": [_OPEN, {**_OPEN, "status": "new"}, _OPEN]},
    "may be connected": {"can_connect": True},
    "may answer in words": {"hears_words": True},
}
_OUTGOING: Mapping[str, Mapping[str, Any]] = {
    "callback": {"purpose": {"kind": "callback", "callback": "c1", "waited_s": 0}},
    "callback after a long wait": {
        "purpose": {"kind": "callback", "callback": "c1", "waited_s": 400}
    },
    "callback when closed": {
        "purpose": {"kind": "callback", "callback": "c1", "waited_s": 0},
        "open_now": False,
        "closed_why": "closed_hours",
    },
    "survey": {"purpose": {"kind": "survey", "callback": "c1", "report": "r1"}},
}
_ROUND = {
    "kind": "round",
    "outgoing": "round-q1-1",
    "about": "day",
    "span": {"day": 22, "month": 11},
    "lowest": 0,
    "highest": 500,
}
_HOUR = {"about": "hour", "span": {"hour": 14, "day": 22, "month": 11}}
_WEEK = {"about": "span", "span": {"day": 16, "month": 11, "last_day": 22, "last_month": 11}}
_RESCUED: Mapping[str, Mapping[str, Any]] = {
    "usual": {},
    "closed, not recorded": {
        "open_now": False,
        "closed_why": "closed_hours",
        "recorded": False,
        "number_known": False,
    },
}
_BY_FLOW = {INCOMING[0]: _INCOMING, OUTGOING[0]: _OUTGOING, RESCUED[0]: _RESCUED}


def cases_of(flow: str, usual: CallFacts, questions: Sequence[str] = ()) -> Mapping[str, CallFacts]:
    """Name to facts, the usual ones first, for the flow of that name.

    Of `questions`, prompts that a round may ask, one stands for all.
    """
    cases = {name: replace(usual, **unlike) for name, unlike in _BY_FLOW.get(flow, {}).items()}
    if flow == INCOMING[0] and len(usual.languages) > 1:
        cases["one language"] = replace(usual, languages=tuple(usual.languages)[:1])
    if flow == OUTGOING[0] and questions:
        cases |= _rounds(usual, questions[0])
    return cases or {"usual": usual}


def _rounds(usual: CallFacts, question: str) -> Mapping[str, CallFacts]:
    unit = next((unit for units in usual.areas.values() for unit in units), "")
    place = f"@unit_{unit.partition(':')[2]}" if unit else WHOLE_PROVINCE
    asked = {**_ROUND, "question": question, "place": place}
    purposes: Mapping[str, Mapping[str, Any]] = {
        "round": asked,
        "round for an hour": {**asked, **_HOUR},
        "round for a week": {**asked, **_WEEK, "place": WHOLE_PROVINCE},
        "round that was closed": {"kind": "round"},
    }
    return {name: replace(usual, purpose=purpose) for name, purpose in purposes.items()}
