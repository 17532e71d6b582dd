"""What indicators are measured in, and how a value in one measure is told in another.

Measures of one kind can be told in each other; things that are counted cannot: a case is no person.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from provinces.errors import UnlikeMeasures


@dataclass(frozen=True)
class Measure:
    """A measure by its code.

    Attributes:
        symbol: what stands behind a number, in every language.
        names: language → the whole word.
        kind: measures of the same kind can be told in each other.
        factor: one of it is so many of the kind's first measure.
        also: other ways in which files and programs write it.
    """

    code: str
    symbol: str
    names: Mapping[str, str]
    kind: str
    factor: float
    also: tuple[str, ...] = ()


def _measure(
    code: str,
    symbol: str,
    vi: str,
    en: str,
    kind: str | None = None,
    factor: float = 1.0,
    also: tuple[str, ...] = (),
) -> Measure:
    names = MappingProxyType({"vi": vi, "en": en})
    return Measure(code, symbol, names, kind or code, factor, also)


_ALL = (
    # Things that are counted.
    _measure("cases", "vụ", "vụ", "cases", also=("case",)),
    _measure("patients", "ca", "ca bệnh", "patients", also=("ca bệnh", "patient")),
    _measure("people", "người", "người", "people", also=("persons", "person")),
    _measure("visits", "lượt", "lượt", "visits", also=("visit",)),
    _measure("vehicles", "xe", "lượt xe", "vehicles", also=("lượt xe", "vehicle")),
    _measure("events", "sự kiện", "sự kiện", "events", also=("event",)),
    _measure("points", "điểm", "điểm", "places", also=("places",)),
    _measure("messages", "tin", "tin, bài", "messages", also=("message", "tin bài")),
    _measure("attacks", "cuộc", "cuộc tấn công", "attacks", also=("attack",)),
    _measure("machines", "máy", "máy", "machines", also=("machine",)),
    _measure("schools", "trường", "trường", "schools", also=("school",)),
    _measure("classes", "lớp", "lớp", "classes", also=("class",)),
    _measure("pupils", "học sinh", "học sinh", "pupils", also=("students", "student")),
    _measure("files", "hồ sơ", "hồ sơ", "files", also=("file", "dossiers")),
    _measure("calls", "cuộc gọi", "cuộc gọi", "calls", also=("call",)),
    _measure("reports", "phản ánh", "phản ánh", "reports", also=("report",)),
    _measure("marks", "điểm số", "điểm số", "marks", also=("mark",)),
    # Shares.
    _measure("percent", "%", "phần trăm", "percent", "share", also=("phần trăm", "pct")),
    _measure("ratio", "", "tỉ lệ từ 0 đến 1", "ratio of 0 to 1", "share", 100, ("1",)),
    _measure("permille", "‰", "phần nghìn", "per mille", "share", 0.1, ("phần nghìn",)),
    # Time.
    _measure("s", "s", "giây", "seconds", "time", also=("giây", "sec", "second", "seconds")),
    _measure("min", "phút", "phút", "minutes", "time", 60, ("minute", "minutes")),
    _measure("h", "giờ", "giờ", "hours", "time", 3600, ("hour", "hours", "tiếng")),
    _measure("ms", "ms", "mili giây", "milliseconds", "time", 0.001, ("mili giây",)),
    # How fast, how high, how much.
    _measure("km_h", "km/h", "ki-lô-mét một giờ", "kilometres an hour", "speed", also=("km/giờ",)),
    _measure("m_s", "m/s", "mét một giây", "metres a second", "speed", 3.6, ("m/giây",)),
    _measure("vehicles_h", "xe/giờ", "xe một giờ", "vehicles an hour", "flow", also=("xe/h",)),
    _measure("vehicles_min", "xe/phút", "xe một phút", "vehicles a minute", "flow", 60),
    _measure("m", "m", "mét", "metres", "length", also=("mét", "metre", "meter")),
    _measure("cm", "cm", "xen-ti-mét", "centimetres", "length", 0.01),
    _measure("mm", "mm", "mi-li-mét", "millimetres", "length", 0.001),
    _measure("km", "km", "ki-lô-mét", "kilometres", "length", 1000),
    _measure("vnd_million", "triệu đồng", "triệu đồng", "million dong", "money"),
    _measure("vnd", "đồng", "đồng", "dong", "money", 1e-6, ("đ", "₫", "VND")),
    _measure("vnd_billion", "tỷ đồng", "tỷ đồng", "billion dong", "money", 1000, ("tỉ đồng",)),
)
MEASURES: Mapping[str, Measure] = MappingProxyType({each.code: each for each in _ALL})
assert len(MEASURES) == len(_ALL)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


_WRITTEN: dict[str, Measure] = {}
for _each in _ALL:
    for _text in (_each.code, _each.symbol, *_each.names.values(), *_each.also):
        if _text:
            _WRITTEN.setdefault(_folded(_text), _each)


def measure_written(text: str) -> Measure | None:
    """The measure whose code, symbol or name that is, in any case; None where there is none."""
    return _WRITTEN.get(_folded(text))


def convert(value: float, given: Measure, wanted: Measure) -> float:
    """`value` of the measure `given`, told in `wanted`.

    Raises:
        UnlikeMeasures: they are not of one kind.
    """
    if given.code == wanted.code:
        return value
    if given.kind != wanted.kind:
        raise UnlikeMeasures(f"expected {wanted.code}, found {given.code}: of another kind")
    return value * given.factor / wanted.factor
