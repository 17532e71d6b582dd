"""The shape of a pack's TOML files as they are written; meaning is checked by the readers."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from provinces.located import Document, Report
from provinces.schema import Names, Priority

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]+$")]
Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,12}$")]


class Raw(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Box(Raw):
    south: float = Field(ge=-90, le=90)
    west: float = Field(ge=-180, le=180)
    north: float = Field(ge=-90, le=90)
    east: float = Field(ge=-180, le=180)

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


class RawEdition(Raw):
    key: Code
    province_code: Code
    from_on: date | None = Field(default=None, alias="from")
    until: date | None = None


class ProvinceFile(Raw):
    key: Code
    name: Mapping[str, Text]
    hotline_number: Digits
    caller_pays: bool
    timezone: Text
    area_codes: list[Annotated[str, StringConstraints(pattern=r"^0[0-9]{1,3}$")]] = Field(
        min_length=1
    )
    jurisdiction: Text
    languages: list[Code] = Field(min_length=1)
    box: Box
    edition: list[RawEdition] = Field(min_length=1)


class RawNamed(Raw):
    code: Code
    name: Mapping[str, Text]


class RawAgency(RawNamed):
    level: Literal["province", "district", "commune", "company", "national"]
    from_on: date | None = Field(default=None, alias="from")
    until: date | None = None


class AgenciesFile(Raw):
    agency: list[RawAgency] = Field(min_length=1)


class RawPeriod(Raw):
    from_on: date | None = Field(default=None, alias="from")
    codes: list[Code] = Field(min_length=1)


class RawCategory(RawNamed):
    group: Code
    module: Code | None = None
    keywords: list[Text]
    agencies: list[RawPeriod] = Field(min_length=1)
    numbers: list[Digits] = []
    priority: Annotated[Priority, Field(strict=False)]
    deadline: Text
    basis: Text


class CategoriesFile(Raw):
    module: list[RawNamed] = []
    group: list[RawNamed] = Field(min_length=1)
    category: list[RawCategory] = Field(min_length=1)


class RawChoice(Raw):
    key: Text
    group: Code | None = None
    category: Code | None = None
    name: Mapping[str, Text]


class MenuFile(Raw):
    choice: list[RawChoice] = Field(min_length=1)


class RawNumber(Raw):
    number: Digits
    name: Mapping[str, Text]
    free: bool


class NumbersFile(Raw):
    number: list[RawNumber] = []


class RawWeekly(Raw):
    days: list[Text] = Field(min_length=1)
    open: list[Text] = Field(min_length=1)


class RawHoliday(RawNamed):
    on: Text
    before: int = Field(default=0, ge=0, le=15)
    days: int = Field(default=1, ge=1, le=15)
    since: int | None = None


class RawExchange(Raw):
    off: date
    worked: date


class HoursFile(Raw):
    make_up: bool
    weekly: list[RawWeekly] = Field(min_length=1)
    holiday: list[RawHoliday] = []
    exchange: list[RawExchange] = []


FileShape = TypeVar("FileShape", bound=Raw)


def shaped(report: Report, document: Document | None, shape: type[FileShape]) -> FileShape | None:
    """The document as `shape`; None after each thing out of shape was added to `report`."""
    if document is None:
        return None
    try:
        return shape.model_validate(document.values)
    except ValidationError as error:
        for wrong in error.errors(include_url=False):
            where = ".".join(str(part) for part in wrong["loc"] if isinstance(part, str))
            message = f"{where}: {wrong['msg']}"
            if wrong["type"] not in ("missing", "extra_forbidden"):
                message += f", found {wrong['input']!r}"
            report.add(document.file, document.line(*wrong["loc"]), message)
        report.unreadable.add(document.file)
        return None


def check_names(
    report: Report,
    document: Document,
    location: tuple[str | int, ...],
    given: Names,
    languages: tuple[str, ...],
) -> None:
    """Adds a problem for each language of the pack that a name lacks or does not know."""
    what = f"{location[0]}: " if location else ""
    for language in languages:
        if language not in given:
            line = document.line(*location, "name")
            report.add(document.file, line, f'{what}name has no "{language}"')
    for language in given:
        if language not in languages:
            line = document.line(*location, "name", language)
            message = f'{what}name in "{language}", which is not among the languages'
            report.add(document.file, line, message)
