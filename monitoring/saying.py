"""What an alert says, in words: one headline and one sentence why, for SMS, pages, CAP and API.

Everything comes from codes and numbers: no word of a citizen can be in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from monitoring.alert_kinds import AlertView, Rule
from monitoring.subjects import subject_name, where_of
from provinces.measures import MEASURES
from provinces.schema import Province

_LEVELS = {
    "vi": {"watch": "Theo dõi", "alert": "Báo động"},
    "en": {"watch": "Watch", "alert": "Alert"},
}
_WHY = {
    "vi": {
        "threshold": "Giá trị {value} {at}, {beside}; hết cảnh báo khi {release}.",
        "above": "vượt ngưỡng {0}",
        "below": "dưới ngưỡng {0}",
        "at_bound": "đúng bằng ngưỡng {0}",
        "back_below": "đã xuống dưới ngưỡng {0} nhưng chưa hết cảnh báo",
        "back_above": "đã lên trên ngưỡng {0} nhưng chưa hết cảnh báo",
        "release_below": "dưới {0}",
        "release_above": "trên {0}",
        "burst": "{count} phản ánh trong ngày {day}; {baseline} ngày trước trung bình {expected} "
        "mỗi ngày (độ phân tán {dispersion}, p = {p}).",
        "cluster_unit": "{count} phản ánh cùng loại tại một xã, phường trong {hours} giờ, "
        "từ {first} đến {last}.",
        "cluster_near": "{count} phản ánh cùng loại trong vòng {radius} m và {hours} giờ, "
        "từ {first} đến {last}.",
        "scan": "{count} phản ánh trong {days} ngày đến {day} tại {members}; bình thường "
        "{expected} (điểm {score}, p = {p}).",
        "at": "lúc {0}",
    },
    "en": {
        "threshold": "Value {value} {at}, {beside}; over when {release}.",
        "above": "above the bound {0}",
        "below": "below the bound {0}",
        "at_bound": "at the bound {0}",
        "back_below": "back below the bound {0}, but not yet over",
        "back_above": "back above the bound {0}, but not yet over",
        "release_below": "below {0}",
        "release_above": "above {0}",
        "burst": "{count} reports on {day}; the mean of {baseline} days before is {expected} "
        "a day (dispersion {dispersion}, p = {p}).",
        "cluster_unit": "{count} reports of one kind in one commune within {hours} hours, "
        "from {first} to {last}.",
        "cluster_near": "{count} reports of one kind within {radius} m and {hours} hours, "
        "from {first} to {last}.",
        "scan": "{count} reports in {days} days up to {day} in {members}; usual are "
        "{expected} (score {score}, p = {p}).",
        "at": "at {0}",
    },
}
_FALLBACK = "en"


@dataclass(frozen=True)
class Said:
    """`headline`: what, where and how grave. `why`: one sentence with the numbers."""

    headline: str
    why: str
    subject: str
    where: str
    level: str


def said(province: Province, alert: AlertView, language: str) -> Said:
    """What the alert says in that language (`vi`, else English)."""
    spoken = language if language in _LEVELS else _FALLBACK
    subject = subject_name(province, alert.subject, spoken)
    where = where_of(province, alert.unit_key, alert.why, spoken)
    level = _LEVELS[spoken][alert.level]
    return Said(
        f"{level}: {subject}, {where}", _why(province, alert, spoken), subject, where, level
    )


def figures(province: Province, alert: AlertView, language: str) -> tuple[str, str]:
    """The two numbers that matter: what was found, and what it is compared with."""
    why = alert.why
    if alert.rule is Rule.THRESHOLD:
        unit = _symbol(why["unit"])
        return _with(why["value"], unit, language), _with(why["bound"], unit, language)
    compared = why.get("expected")
    if compared is None:
        hours = _number(why["hours"], language)
        return _number(why["count"], language), f"{hours} giờ" if language == "vi" else f"{hours} h"
    return _number(why["count"], language), _number(compared, language)


def _why(province: Province, alert: AlertView, language: str) -> str:
    texts, why = _WHY[language], alert.why

    def number(name: str) -> str:
        return _number(why[name], language)

    match alert.rule:
        case Rule.THRESHOLD:
            return _threshold(province, why, language)
        case Rule.BURST:
            return texts["burst"].format(
                count=number("count"),
                expected=number("expected"),
                dispersion=number("dispersion"),
                baseline=number("baseline_days"),
                p=_chance(why["p"], language),
                day=_day(why["day"], language),
            )
        case Rule.CLUSTER:
            near = why.get("radius_m") is not None
            return texts["cluster_near" if near else "cluster_unit"].format(
                count=number("count"),
                hours=number("hours"),
                radius=number("radius_m") if near else "",
                first=_moment(province, why["first_at"]),
                last=_moment(province, why["last_at"]),
            )
        case Rule.SCAN:
            return texts["scan"].format(
                count=number("count"),
                expected=number("expected"),
                score=number("score"),
                days=number("days"),
                p=_chance(why["p"], language),
                day=_day(why["day"], language),
                members=where_of(province, None, why, language),
            )


def _threshold(province: Province, why: Mapping[str, Any], language: str) -> str:
    texts = _WHY[language]
    unit = _symbol(why["unit"])
    worse, better = ("below", "above") if why["worse"] == "lower" else ("above", "below")
    value, bound = why["value"], why["bound"]
    if value == bound:
        beside = "at_bound"
    else:
        beside = worse if (value < bound) == (worse == "below") else f"back_{better}"
    return texts["threshold"].format(
        value=_with(value, unit, language),
        beside=texts[beside].format(_with(bound, unit, language)),
        release=texts[f"release_{better}"].format(_with(why["release"], unit, language)),
        at=texts["at"].format(_moment(province, why["phenomenon_at"])),
    )


def _symbol(measure: str) -> str:
    found = MEASURES.get(measure)
    return found.symbol if found is not None else measure


def _with(value: float, unit: str, language: str) -> str:
    gap = "" if unit == "%" else " "
    return f"{_number(value, language)}{gap}{unit}".strip()


def _number(value: float, language: str) -> str:
    """Three figures of a small number, whole where it is large; a comma in Vietnamese."""
    told = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return told.translate(str.maketrans(",.", ".,")) if language == "vi" else told


def _chance(p: float, language: str) -> str:
    told = "< 0.0001" if p < 0.0001 else f"{p:.4f}"
    return told.replace(".", ",") if language == "vi" else told


def _day(told: str, language: str) -> str:
    day = date.fromisoformat(told)
    return f"{day:%d/%m/%Y}" if language == "vi" else day.isoformat()


def _moment(province: Province, told: str) -> str:
    return f"{datetime.fromisoformat(told).astimezone(province.timezone):%H:%M %d/%m/%Y}"
