"""What an alert is about, and where, in words."""

from collections.abc import Mapping
from typing import Any

from provinces.schema import LOWEST_KINDS, Province
from provinces.subjects import subject_names

WHOLE: Mapping[str, str] = {"vi": "toàn tỉnh", "en": "the whole province"}
_AND: Mapping[str, str] = {"vi": " và ", "en": " and "}


def subject_name(province: Province, subject: str, language: str) -> str:
    """Its name; the code where the pack no longer has it."""
    return subject_names(province, subject).get(language, subject)


def unit_name(province: Province, unit_key: str | None, language: str) -> str:
    """The unit's full name, or that it is the whole province."""
    if unit_key is None:
        return WHOLE.get(language, WHOLE["en"])
    unit = province.unit(unit_key)
    return unit.full_name if unit is not None else unit_key


def units_of(unit_key: str | None, why: Mapping[str, Any]) -> tuple[str, ...]:
    """The units that an alert is about: of a scan several; none where it is the whole province."""
    if unit_key is not None:
        return (unit_key,)
    return tuple(why.get("members") or ())


def where_of(
    province: Province, unit_key: str | None, why: Mapping[str, Any], language: str
) -> str:
    """All of them by name."""
    *most, last = [unit_name(province, each, language) for each in units_of(unit_key, why)] or [
        unit_name(province, None, language)
    ]
    return _AND.get(language, _AND["en"]).join([", ".join(most), last] if most else [last])


def communes(province: Province) -> tuple[str, ...]:
    """The lowest units of the map that holds today, in the pack's order."""
    return tuple(
        f"{unit.key.edition}:{unit.key.code}"
        for unit in province.units.values()
        if unit.key.edition == province.current_edition and unit.kind in LOWEST_KINDS
    )
