"""Who tells figures: agencies of the province, this system, officers who are rung."""

from collections.abc import Mapping, Sequence

from monitoring.demo import MADE_UP_SOURCE
from provinces.modules import SYSTEM
from provinces.schema import Province

ROUND = "round"
"""The source of what officers answered by telephone."""
ASIDE = "system_aside"
"""The source of what this system counted before a demonstration, while there is one."""

_OURS: Mapping[str, Mapping[str, str]] = {
    SYSTEM: {"vi": "Hệ thống tổng đài", "en": "This system"},
    ROUND: {"vi": "Hỏi qua điện thoại", "en": "Asked by telephone"},
}

_OF_DEMO: Mapping[str, Mapping[str, str]] = {
    MADE_UP_SOURCE: {"vi": "Dữ liệu trình diễn", "en": "Demonstration data"},
    ASIDE: {
        "vi": "Hệ thống tổng đài, trước khi trình diễn",
        "en": "This system, before the demonstration",
    },
}


def sources_of(province: Province) -> Sequence[str]:
    """The codes of all who may tell figures."""
    return [*province.agencies, *_OURS]


def may_send(province: Province, source: str) -> bool:
    """Whether figures of that source come from outside, and are not our own."""
    return source in province.agencies


def source_name(province: Province, source: str, language: str) -> str:
    """Its name; the code where the province no longer knows it."""
    agency = province.agencies.get(source)
    names = agency.names if agency is not None else {**_OURS, **_OF_DEMO}.get(source, {})
    return names.get(language, source)
