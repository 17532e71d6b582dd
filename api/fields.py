"""Kinds of fields that bodies share. What they say is in the OpenAPI document as well, so that
whoever keeps to it is understood.
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

# PostgreSQL keeps no NUL, and no text has one.
_NO_NUL = r"^[^\u0000]*$"
_NOT_BLANK = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"
_ONE_LINE = r"^[^\u0000-\u001f\u007f]*$"


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}.*", re.ASCII)


def _written(pattern: re.Pattern[str], example: str) -> BeforeValidator:
    """Take what is written out alone: numbers would else be taken for seconds since 1970."""

    def check(value: object) -> object:
        if isinstance(value, str) and not pattern.fullmatch(value):
            raise ValueError(f"expected something like {example}")
        if not isinstance(value, str | date):
            raise ValueError(f"expected text like {example}")
        return value

    return BeforeValidator(check)


Day = Annotated[date, _written(_DAY, "2026-11-22")]


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # at either end of the calendar
        return moment.replace(tzinfo=UTC)


def whole(value: object) -> object:
    """JSON knows one kind of numbers: 7.0 is 7."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Instant = Annotated[
    AwareDatetime,
    AfterValidator(_in_utc),
    Field(strict=False, examples=["2026-11-22T05:00:00Z"]),
    _written(_MOMENT, "2026-11-22T05:00:00Z"),
]
"""A moment with its zone."""


def codes(kind: str) -> dict[str, Any]:
    """Has `api.openapi` list the province's codes of that kind where the field is described."""
    return {"x-hotline-codes": kind}


Words = Annotated[str, Field(max_length=4000, pattern=_NOT_BLANK)]
Address = Annotated[str, Field(max_length=500, pattern=_NO_NUL)]
Line = Annotated[str, Field(max_length=80, pattern=_ONE_LINE)]
Reference = Annotated[
    str,
    Field(
        max_length=20,
        pattern=r"^[0-9][0-9 .-]*$",
        description="however its digits are grouped",
        examples=["482-173-905"],
    ),
]
CategoryCode = Annotated[str, Field(max_length=40, json_schema_extra=codes("categories"))]
Unit = Annotated[
    str,
    Field(
        max_length=40,
        json_schema_extra=codes("places"),
        description="edition and code of a unit",
    ),
]
AgencyId = Annotated[
    str,
    Field(
        max_length=40,
        pattern=r"^[a-z0-9_]+(@[0-9]+:[0-9]+)?$",
        description="as GET /agencies tells it",
        examples=["so_xay_dung", "ubnd_xa@2025:31942"],
    ),
]


class Body(BaseModel):
    """What a request says: nothing but what is described, and of the kind that is described."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Position(Body):
    """A point, WGS 84."""

    latitude: float = Field(ge=-90, le=90, allow_inf_nan=False, examples=[9.2941])
    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False, examples=[105.7278])
