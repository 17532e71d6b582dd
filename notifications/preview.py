"""What every SMS looks like and costs, with values as long as they come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from notifications.kinds import KINDS, Value
from notifications.parts import Encoding
from notifications.texts import Texts
from provinces.schema import Province

_SAMPLES = {
    "reference": "482-173-905",
    "pin": "4711",
    "free_mb": "1900",
    "waiting": "500",
    "name": "trung-tam-dieu-hanh",
    "number": "1234",
    "found": "1.234,5 km/h",
    "compared": "987,6 km/h",
    "text": "Xin cho biết số nhà hoặc tên hẻm gần đó, và nước ngập đến đâu?",
}


@dataclass(frozen=True)
class Previewed:
    """One kind in one language and form. `cost` is in the pack's currency."""

    key: str
    language: str
    accents: bool
    body: str
    encoding: Encoding
    characters: int
    parts: int
    cost: float


def preview(province: Province, now: datetime) -> Iterator[Previewed]:
    """Every kind, in every language of the pack, without and with accents.

    Raises:
        UnknownText: the pack lacks one.
    """
    for key in KINDS:
        for language in province.languages:
            for accents in (False, True):
                yield preview_one(province, key, language, accents, now)


def preview_one(
    province: Province, key: str, language: str, accents: bool, now: datetime
) -> Previewed:
    kind = KINDS[key]
    values = {
        name: _sample(province, name, value, language, now)
        for name, value in {**kind.values, **kind.extras}.items()
    }
    written = Texts(province, accents).write(key, values, language)
    parts = written.parts
    cost = len(parts) * province.sms.rules.part_price
    return Previewed(
        key, language, accents, written.body, parts.encoding, parts.length, len(parts), cost
    )


def _sample(province: Province, name: str, value: Value, language: str, now: datetime) -> str:
    """The longest that there is of names, and something ordinary of all else."""

    def longest(names: dict[str, str]) -> str:
        return max(names, key=lambda code: len(names[code]))

    match value:
        case Value.DAY | Value.TIME:
            return now.isoformat()
        case Value.AGENCY:
            agencies = province.agencies.values()
            return longest({each.code: each.names[language] for each in agencies})
        case Value.REASON:
            rejected = province.handling.rejected.items()
            return longest({code: names[language] for code, names in rejected})
        case Value.DANGER:
            return longest({each.code: each.names[language] for each in province.dangers})
        case Value.SUBJECT:
            return longest(_subjects(province, language))
        case Value.UNITS:
            units = province.units.items()
            longest_unit = longest({f"{k.edition}:{k.code}": u.full_name for k, u in units})
            return f"{longest_unit}+5"
        case _:
            return _SAMPLES.get(name) or max(
                (unit.full_name for unit in province.units.values()), key=len
            )


def _subjects(province: Province, language: str) -> dict[str, str]:
    """Every name that an alert may be about."""
    found = {each.code: each.names for each in province.modules}
    found |= {code: indicator.names for code, indicator in province.indicators.items()}
    found |= {code: category.names for code, category in province.categories.items()}
    return {code: names[language] for code, names in found.items()}
