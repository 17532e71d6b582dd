"""What may be asked of lists, exports and figures of reports, and what a list answers."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.fields import FieldInfo

from api import schemas
from api.fields import Instant
from reports.export import COLUMNS
from reports.models import ReportStatus

OPEN, ENDED = "open", "ended"
_FARTHEST_M = 20_000


def _list_of(one: str, most: int = 50) -> str:
    return rf"^{one}(,{one}){{0,{most - 1}}}$"


_STATES = "|".join([OPEN, ENDED, *(status.value for status in ReportStatus)])
_CODES = _list_of("[A-Za-z0-9_]{1,40}")
_SEVERAL = "one or several, with commas between them"
Moment = Instant
Codes = Annotated[str | None, Field(default=None, pattern=_CODES, description=_SEVERAL)]
_LATITUDE = r"-?(90(\.0{1,8})?|[1-8]?[0-9](\.[0-9]{1,8})?)"
_LONGITUDE = r"-?(180(\.0{1,8})?|(1[0-7][0-9]|[1-9]?[0-9])(\.[0-9]{1,8})?)"


class FilterQuery(BaseModel):
    """Each thing given has to hold. What is not known here is refused, not overlooked."""

    model_config = ConfigDict(extra="forbid")

    q: str | None = Field(
        default=None,
        max_length=200,
        description="words to be found in what was said and written, address, names of category "
        "and place, reference; with or without accents, in any order. "
        '"In quotes": one after the other',
        examples=["ngap nuoc"],
    )
    status: str | None = Field(
        default=None,
        pattern=_list_of(f"({_STATES})"),
        description=f"{_SEVERAL}; `open` and `ended` stand for all such states",
        examples=["open"],
    )
    category: Codes
    group: Codes
    module: Codes
    place: str | None = Field(
        default=None,
        pattern=_list_of("[A-Za-z0-9]{1,20}:[A-Za-z0-9]{1,12}"),
        description=f"units, {_SEVERAL}; brings what lies in them, in both editions of the map",
        examples=["2025:31825"],
    )
    agency: str | None = Field(
        default=None, pattern=_list_of("[A-Za-z0-9_@:.-]{1,40}"), description=_SEVERAL
    )
    officer: str | None = Field(
        default=None,
        pattern="^[A-Za-z0-9_-]{1,32}$",
        description="a user's id, or `me`",
        examples=["me"],
    )
    source: Codes
    urgent: bool | None = None
    overdue: bool | None = Field(default=None, description="open, and its deadline has passed")
    partial: bool | None = None
    received_from: Moment | None = None
    received_to: Moment | None = Field(default=None, description="before that moment")
    updated_from: Moment | None = None
    updated_to: Moment | None = Field(default=None, description="before that moment")
    near: str | None = Field(
        default=None,
        pattern=f"^{_LATITUDE},{_LONGITUDE}$",
        description="latitude and longitude (WGS 84) of a point",
        examples=["9.2941,105.7278"],
    )
    radius_m: float = Field(default=500, ge=1, le=_FARTHEST_M, description="around `near`")


def _optional(info: FieldInfo) -> tuple[Any, FieldInfo]:
    # A factory, as a default would be told in the description, and there is none.
    return info.annotation, FieldInfo.merge_field_infos(info, default_factory=lambda: None)


FIELDS = tuple(schemas.Report.model_fields)
_fields: Any = {name: _optional(info) for name, info in schemas.Report.model_fields.items()}
ListedReport: type[BaseModel] = create_model("ListedReport", **_fields)


class ListQuery(FilterQuery):
    sort: Literal["newest", "updated", "due"] = Field(
        default="newest",
        description="`updated`: changed last, first. `due`: what is open and has a deadline, "
        "the most urgent first",
    )
    limit: int = Field(default=20, ge=1, le=100)
    before: str | None = Field(
        default=None, max_length=100, description="a next_before of an earlier page, same `sort`"
    )
    fields: str | None = Field(
        default=None,
        pattern=_list_of(f"({'|'.join(FIELDS)})", len(FIELDS)),
        description="what to tell of each report; everything where it is left out",
        examples=["reference,status,requested_at"],
    )


class ReportList(BaseModel):
    reports: list[ListedReport] = Field(  # type: ignore[valid-type]
        description="in order; with `fields`, of each what was asked for"
    )
    next_before: str | None = Field(description="`before` of the next page; null on the last")


class ExportQuery(FilterQuery):
    columns: str | None = Field(
        default=None,
        pattern=_list_of(f"({'|'.join(COLUMNS)})", len(COLUMNS)),
        description="in this order; without it, all but `address` and `description`, which take "
        "the scope `words.read`",
        examples=["reference,status,category_name"],
    )
