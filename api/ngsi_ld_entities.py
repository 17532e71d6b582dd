"""What NGSI-LD tells of a series and of an alert: attributes of the Smart Data Models.

Codes of our own have no counterpart there: `category` of an alert is the nearest of the model's
words, `subCategory` our subject.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.schemas import iso
from monitoring.alert_kinds import AlertView, Level
from monitoring.saying import said
from monitoring.series import Value
from monitoring.sources import source_name
from monitoring.streams import Stream
from monitoring.subjects import unit_name, units_of
from provinces.modules import Period
from provinces.schema import Province

CONTEXT = (
    "https://smartdatamodels.org/context.jsonld",
    "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld",
)
Entity = dict[str, Any]
_LANGUAGE = "vi"
_FREQUENCY = {
    Period.HOUR: "hourly",
    Period.DAY: "daily",
    Period.WEEK: "weekly",
    Period.MONTH: "monthly",
    Period.QUARTER: "quarterly",
    Period.YEAR: "yearly",
}
_SEVERITY = {Level.WATCH: "medium", Level.ALERT: "high"}
# The model has few words; what has none is told as what an operations centre secures.
_CATEGORY: Mapping[str, str] = {"traffic": "traffic", "health": "health"}
_OTHER_CATEGORY = "security"


def kpi_entity(province: Province, series: Stream, last: Value | None) -> Entity:
    """A series as a KeyPerformanceIndicator; without `kpiValue` where nobody told any."""
    indicator = province.indicator(series.indicator)
    where = (series.unit_key or "whole").replace(":", "-")
    found: Entity = {
        "id": f"urn:ngsi-ld:KeyPerformanceIndicator:{province.key}:{indicator.code}:{where}:"
        f"{series.source}",
        "type": "KeyPerformanceIndicator",
        "name": _property(indicator.names.get(_LANGUAGE, indicator.code)),
        "alternateName": _property(indicator.code),
        "category": _property(["quantitative"]),
        "process": _property(indicator.module),
        "area": _property(unit_name(province, series.unit_key, _LANGUAGE)),
        "provider": _property({"name": source_name(province, series.source, _LANGUAGE)}),
        "calculationFrequency": _property(_FREQUENCY[indicator.period]),
        **_location(province, [series.unit_key] if series.unit_key else []),
    }
    if indicator.target is not None:
        found["businessTarget"] = _property(f"{indicator.target:g} {indicator.measure.symbol}")
    if last is not None:
        value = _property(last.value, last.at)
        value["unitText"] = _property(indicator.measure.symbol or indicator.measure.code)
        found["kpiValue"] = value
        met = indicator.met(last.value)
        if met is not None:
            found["currentStanding"] = _property("good" if met else "bad", last.at)
    return {**found, "@context": list(CONTEXT)}


def alert_entity(province: Province, alert: AlertView) -> Entity:
    """An alert as an Alert; `validTo` once it is closed."""
    told = said(province, alert, _LANGUAGE)
    found: Entity = {
        "id": f"urn:ngsi-ld:Alert:{province.key}:{alert.id}",
        "type": "Alert",
        "name": _property(told.headline),
        "description": _property(told.why),
        "category": _property(_CATEGORY.get(alert.module, _OTHER_CATEGORY)),
        "subCategory": _property(alert.subject),
        "severity": _property(_SEVERITY[alert.level]),
        "alertSource": _property(f"{alert.module}/{alert.rule}"),
        "dateIssued": _property(_moment(alert.opened_at)),
        "validFrom": _property(_moment(alert.first_at)),
        "data": _property(
            {
                "number": alert.number,
                "state": alert.state.value,
                "demo": alert.demo,
                "why": dict(alert.why),
            }
        ),
        **_location(province, units_of(alert.unit_key, alert.why)),
    }
    if alert.closed_at is not None:
        found["validTo"] = _property(_moment(alert.closed_at))
    return {**found, "@context": list(CONTEXT)}


def _property(value: object, observed_at: datetime | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "Property", "value": value}
    if observed_at is not None:
        found["observedAt"] = iso(observed_at)
    return found


def _moment(at: datetime) -> Mapping[str, str]:
    return {"@type": "DateTime", "@value": iso(at)}


def _location(province: Province, unit_keys: Sequence[str]) -> Entity:
    """The units' middles, approximate; nothing for the whole province."""
    units = [unit for key in unit_keys if (unit := province.unit(key)) is not None]
    places = [[unit.longitude, unit.latitude] for unit in units]
    if not places:
        return {}
    value: dict[str, Any] = {"type": "MultiPoint", "coordinates": places}
    if len(places) == 1:
        value = {"type": "Point", "coordinates": places[0]}
    return {"location": {"type": "GeoProperty", "value": value}}
