"""What the API tells of the province: who handles what, where, and in which words."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from api.schemas import Names


class Agency(BaseModel):
    """One that handles reports. One that exists in every commune is named with its commune."""

    id: str = Field(examples=["so_xay_dung", "ubnd_xa@2025:31942"])
    code: str
    name: str
    name_en: str | None
    level: Literal["province", "district", "commune", "company", "national"]
    number: str | None = Field(description="as a citizen may ring it; null where no source has it")
    from_on: date | None
    until_on: date | None


class AgencyList(BaseModel):
    agencies: list[Agency]


class Receiver(BaseModel):
    """An agency that may handle such a report, the lead first."""

    id: str | None = Field(description="null while the place does not tell which")
    agency: str
    name: str
    unit: str | None = Field(description="its commune or district, edition and code")
    lead: bool


class ReceiverList(BaseModel):
    receivers: list[Receiver]


class Unit(BaseModel):
    """An administrative unit of one edition of the map; its point is approximate."""

    unit: str = Field(examples=["2025:31825"])
    edition: str
    code: str
    name: str
    full_name: str
    kind: str
    parent: str | None
    latitude: float
    longitude: float
    successors: list[str] = Field(description="of an earlier edition: where it lies today")


class UnitList(BaseModel):
    places: list[Unit]


class CategoryDetail(BaseModel):
    code: str
    group: str
    names: Names
    priority: str
    deadline: str | None = Field(
        description="working time until an answer is due", examples=["3 days"]
    )
    keywords: list[str]
    diverted: bool = Field(description="belongs to another office by law: not filed here")


class Group(BaseModel):
    code: str
    names: Names


class CategoryList(BaseModel):
    groups: list[Group]
    categories: list[CategoryDetail]


class Reason(BaseModel):
    code: str
    names: Names


class ReasonList(BaseModel):
    rejected: list[Reason]
    handed_back: list[Reason]
    diverted: list[Reason] = Field(description="the wording that says where it belongs")
