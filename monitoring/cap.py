"""Alerts in the Common Alerting Protocol 1.2 (OASIS), and the Atom feed (RFC 4287) of them.

They are for programs of the state's offices, not for the public: `scope` is Restricted. Nothing of
a report is in them but how many there are and where.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

from monitoring.alert_kinds import AlertView, Level, Rule
from monitoring.cap_messages import AGAIN_AFTER, CapMessage
from monitoring.crossing import FRESH
from monitoring.detecting import OVER_AFTER
from monitoring.early.neighbours import Point, metres
from monitoring.early.scan import SCANS
from monitoring.raising import SEEN_EVERY
from monitoring.saying import said
from monitoring.subjects import communes, subject_name, unit_name, units_of
from provinces.modules import Period
from provinces.schema import LOWEST_KINDS, Province, Unit

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
ATOM = "http://www.w3.org/2005/Atom"
CAP_TYPE = "application/cap+xml"
FEED_TYPE = "application/atom+xml; charset=utf-8"
# The end of something is no news for longer.
ENDED_EXPIRES = timedelta(days=1)
GEOCODE = "VN-GSO"
"""What the codes of units are of: the General Statistics Office's, of the edition named."""

# CAP's own list. A pack's module that is not here is `Other`.
_CATEGORIES = {
    "security": ("Security",),
    "traffic": ("Transport",),
    "health": ("Health",),
    "education": ("Other",),
    "cyberspace": ("Infra", "Security"),
    "public_services": ("Other",),
    "hotline": ("Infra",),
}
_LANGUAGES = {"vi": "vi-VN", "en": "en-US"}
_SENDER_NAMES = {
    "vi": "Trung tâm điều hành {name}, tổng đài {number}",
    "en": "Operations centre of {name}, hotline {number}",
}
_INSTRUCTIONS = {
    "vi": "Xem bảng điều hành, xác nhận và xử lý theo thẩm quyền.",
    "en": "See the board, acknowledge, and act within your powers.",
}
_OVER = {"vi": "Đã kết thúc: {0}", "en": "Over: {0}"}
_CERTAINTY = {
    Rule.THRESHOLD: "Observed",
    Rule.BURST: "Likely",
    Rule.CLUSTER: "Likely",
    Rule.SCAN: "Possible",
}
_FEED_TITLES = "Cảnh báo của tổng đài {number} · Alerts of hotline {number}"
_LEAST_KM = 1.0


@dataclass(frozen=True)
class Shapes:
    """Boundaries of units as GeoJSON geometries, where there are any; else circles are drawn."""

    geometries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def sender(province: Province) -> str:
    """Who sends: neither blanks nor commas, as the standard has it."""
    return f"{province.hotline_number}@{province.jurisdiction}"


def cap_text(province: Province, message: CapMessage, shapes: Shapes, web: str) -> bytes:
    """The message as CAP 1.2, in Vietnamese and English. `web`: where people see the alert."""
    root = ET.Element("alert", {"xmlns": CAP})
    _put(root, "identifier", message.identifier)
    _put(root, "sender", sender(province))
    _put(root, "sent", _moment(province, message.sent_at))
    _put(root, "status", "Exercise" if message.alert.demo else "Actual")
    _put(root, "msgType", message.kind)
    _put(root, "source", f"hotline-{message.alert.rule}")
    _put(root, "scope", "Restricted")
    _put(root, "restriction", "Cơ quan nhà nước và đơn vị vận hành · State offices and operators")
    _put(root, "note", str(message.note))
    if message.earlier:
        told = (
            f"{sender(province)},{name},{_moment(province, at)}" for name, at in message.earlier
        )
        _put(root, "references", " ".join(told))
    _put(root, "incidents", str(message.alert.number))
    for language in province.languages:
        if language in _LANGUAGES:
            _info(root, province, message, shapes, web, language)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def feed_text(
    province: Province, messages: Sequence[CapMessage], address: str, now: datetime
) -> bytes:
    """The feed at `address`: the last message of each alert, which lies at `address`/identifier."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "vi"})
    _put(root, "id", address)
    _put(root, "title", _FEED_TITLES.format(number=province.hotline_number))
    # A feed that has not changed is told the same, or no ETag would ever fit.
    _put(root, "updated", _moment(province, messages[0].sent_at if messages else _hour(now)))
    author = ET.SubElement(root, "author")
    _put(author, "name", _sender_name(province, province.languages[0]))
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": address})
    for message in messages:
        where = f"{address}/{message.identifier}"
        entry = ET.SubElement(root, "entry")
        _put(entry, "id", where)
        _put(entry, "title", _headline(province, message, province.languages[0]))
        _put(entry, "updated", _moment(province, message.sent_at))
        _put(entry, "published", _moment(province, message.alert.opened_at))
        ET.SubElement(entry, "link", {"rel": "alternate", "type": CAP_TYPE, "href": where})
        ET.SubElement(entry, "category", {"term": message.alert.level})
        ET.SubElement(entry, "category", {"term": message.alert.module})
        _put(entry, "summary", said(province, message.alert, province.languages[0]).why)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _info(
    root: ET.Element,
    province: Province,
    message: CapMessage,
    shapes: Shapes,
    web: str,
    language: str,
) -> None:
    alert, over = message.alert, message.kind == "Cancel"
    info = ET.SubElement(root, "info")
    _put(info, "language", _LANGUAGES[language])
    for category in _CATEGORIES.get(alert.module, ("Other",)):
        _put(info, "category", category)
    _put(info, "event", subject_name(province, alert.subject, language))
    grave = alert.level is Level.ALERT
    _put(info, "responseType", "AllClear" if over else "Assess" if grave else "Monitor")
    _put(info, "urgency", "Past" if over else "Immediate" if grave else "Expected")
    _put(info, "severity", "Severe" if grave else "Moderate")
    _put(info, "certainty", _CERTAINTY[alert.rule])
    code = ET.SubElement(info, "eventCode")
    _put(code, "valueName", "subject")
    _put(code, "value", alert.subject)
    _put(info, "effective", _moment(province, message.sent_at))
    _put(info, "onset", _moment(province, alert.first_at))
    _put(info, "expires", _moment(province, _expires_at(province, message)))
    _put(info, "senderName", _sender_name(province, language))
    _put(info, "headline", _headline(province, message, language))
    _put(info, "description", said(province, alert, language).why)
    if not over:
        _put(info, "instruction", _INSTRUCTIONS[language])
    _put(info, "web", web)
    for name, value in _parameters(alert):
        parameter = ET.SubElement(info, "parameter")
        _put(parameter, "valueName", name)
        _put(parameter, "value", value)
    _areas(info, province, alert, shapes, language)


def _expires_at(province: Province, message: CapMessage) -> datetime:
    """Until when it holds if no other message follows: never before the alert ends by its rule.

    That is so long after the last report or value, which may be noted an hour later, and be no
    message of its own for `AGAIN_AFTER`.
    """
    alert = message.alert
    if message.kind == "Cancel":
        return message.sent_at + ENDED_EXPIRES
    if alert.rule is Rule.THRESHOLD:
        indicator = province.indicators.get(alert.subject)
        lasts = FRESH[indicator.period if indicator else Period.DAY]
    elif alert.rule is Rule.SCAN:
        lasts = max(OVER_AFTER[alert.rule], timedelta(days=SCANS.longest_days))
    else:
        lasts = OVER_AFTER[alert.rule]
    return message.sent_at + lasts + AGAIN_AFTER + SEEN_EVERY


def _parameters(alert: AlertView) -> Sequence[tuple[str, str]]:
    """The numbers behind it, by their names in `why`."""
    found = [("number", str(alert.number)), ("rule", str(alert.rule)), ("level", str(alert.level))]
    for name, value in sorted(alert.why.items()):
        if value is not None and not isinstance(value, list | dict):
            found.append((name, str(value)))
    return found


def _areas(
    info: ET.Element, province: Province, alert: AlertView, shapes: Shapes, language: str
) -> None:
    units = [
        unit
        for key in units_of(alert.unit_key, alert.why)
        if (unit := province.unit(key)) is not None
    ]
    if not units:
        area = ET.SubElement(info, "area")
        _put(area, "areaDesc", unit_name(province, None, language))
        edition = province.editions[province.current_edition]
        _geocode(area, edition.key, edition.province_code)
    for unit in units:
        area = ET.SubElement(info, "area")
        _put(area, "areaDesc", unit.full_name)
        key = f"{unit.key.edition}:{unit.key.code}"
        outlines = _outlines(shapes.geometries.get(key))
        for outline in outlines:
            _put(area, "polygon", " ".join(f"{y:.5f},{x:.5f}" for x, y in outline))
        if not outlines:
            radius_km = _radius_km(province, key, unit)
            _put(area, "circle", f"{unit.latitude:.5f},{unit.longitude:.5f} {radius_km:.1f}")
        _geocode(area, unit.key.edition, unit.key.code)


def _geocode(area: ET.Element, edition: str, code: str) -> None:
    geocode = ET.SubElement(area, "geocode")
    _put(geocode, "valueName", f"{GEOCODE}-{edition}")
    _put(geocode, "value", code)


def _outlines(geometry: Mapping[str, Any] | None) -> Sequence[Sequence[Sequence[float]]]:
    """The outer rings: what lies in a hole is warned too rather than not at all."""
    if geometry is None:
        return ()
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return [polygon[0] for polygon in polygons]


def _radius_km(province: Province, key: str, unit: Unit) -> float:
    """Of an unknown boundary: as far as to the middle of the next one, which covers most of it."""
    if unit.kind not in LOWEST_KINDS:
        return _LEAST_KM
    middle = Point(unit.latitude, unit.longitude)
    others = [other for other in communes(province) if other != key]
    found = [
        metres(middle, Point(each.latitude, each.longitude))
        for other in others
        if (each := province.unit(other)) is not None
    ]
    return max(_LEAST_KM, math.ceil(min(found, default=0.0) / 100) / 10)


def _headline(province: Province, message: CapMessage, language: str) -> str:
    headline = said(province, message.alert, language).headline
    return _OVER[language].format(headline) if message.kind == "Cancel" else headline


def _sender_name(province: Province, language: str) -> str:
    name = province.names.get(language, province.key)
    return _SENDER_NAMES[language].format(name=name, number=province.hotline_number)


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _moment(province: Province, moment: datetime) -> str:
    """With the zone's hours and without fractions, as CAP wants it; `Z` is not allowed there."""
    return moment.astimezone(province.timezone).isoformat(timespec="seconds")


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
