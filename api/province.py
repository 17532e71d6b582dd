"""Routes of what the province is: agencies, places, categories, reasons."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, ConfigDict, Field

from api import province_schemas as told
from api.errors import BadValue
from api.fields import Day, codes
from api.monitoring_codes import asked_category, known_unit
from api.openapi import SECURED
from api.services import ApiServices
from provinces.schema import Agency, Province, Unit, UnitKey
from reports.routing import agency_name, receivers
from understanding.fold import fold

VI, EN = "vi", "en"
MOST_PLACES = 200


class AgencyQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")
    on: Day | None = Field(default=None, description="that exist on that day; today")


class ReceiverQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")
    category: Annotated[str, Field(max_length=40, json_schema_extra=codes("categories"))]
    place: Annotated[str, Field(max_length=40, json_schema_extra=codes("places"))] | None = None
    on: Day | None = Field(default=None, description="as of that day; today")


class PlaceQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")
    q: str | None = Field(
        default=None,
        max_length=100,
        pattern=r"^[^\u0000]*$",
        description="part of the name, with or without accents",
    )
    edition: str | None = Field(default=None, max_length=10, json_schema_extra=codes("editions"))


def add_province_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """Agencies and who of them receives what, places, categories, reasons."""
    province = services.province

    def today() -> date:
        return services.clock().astimezone(province.timezone).date()

    @blueprint.get("/agencies")
    @blueprint.input(AgencyQuery, location="query")
    @blueprint.output(told.AgencyList)
    @blueprint.doc(operation_id="listAgencies", security=SECURED)
    def list_agencies(query_data: AgencyQuery) -> told.AgencyList:
        """Agencies that exist on a day. Those of every commune are listed once, by their code."""
        day = query_data.on or today()
        found = [each for each in province.agencies.values() if _exists(each, day)]
        return told.AgencyList(agencies=[_agency(each) for each in found])

    @blueprint.get("/agencies/receivers")
    @blueprint.input(ReceiverQuery, location="query")
    @blueprint.output(told.ReceiverList)
    @blueprint.doc(operation_id="listReceivers", security=SECURED)
    def list_receivers(query_data: ReceiverQuery) -> told.ReceiverList:
        """Who handles a report of that category at that place on that day, the lead first."""
        category = asked_category(province, query_data.category)
        if query_data.place is not None:
            known_unit(province, query_data.place, "place")
        found = receivers(province, category, query_data.place, query_data.on or today())
        return told.ReceiverList(
            receivers=[
                told.Receiver(
                    id=each.id,
                    agency=each.agency,
                    name=agency_name(province, each.id or each.agency, VI),
                    unit=_key(each.unit),
                    lead=each.lead,
                )
                for each in found
            ]
        )

    @blueprint.get("/places")
    @blueprint.input(PlaceQuery, location="query")
    @blueprint.output(told.UnitList)
    @blueprint.doc(operation_id="listPlaces", security=SECURED)
    def list_places(query_data: PlaceQuery) -> told.UnitList:
        """Units of the map, of both editions unless one is named; found by part of their name."""
        if query_data.edition is not None and query_data.edition not in province.editions:
            raise BadValue("the province has no such edition", "edition", "query")
        wanted = fold(query_data.q or "").split()
        found = [
            each
            for each in province.units.values()
            if query_data.edition in (None, each.key.edition) and _named(each, wanted)
        ]
        return told.UnitList(places=[_unit(province, each) for each in found[:MOST_PLACES]])

    @blueprint.get("/categories")
    @blueprint.output(told.CategoryList)
    @blueprint.doc(operation_id="listCategories", security=SECURED)
    def list_categories() -> told.CategoryList:
        """Categories and their groups, with their deadlines."""
        return told.CategoryList(
            groups=[
                told.Group(code=each.code, names=dict(each.names))
                for each in province.groups.values()
            ],
            categories=[
                told.CategoryDetail(
                    code=each.code,
                    group=each.group,
                    names=dict(each.names),
                    priority=each.priority,
                    deadline=f"{each.deadline.amount} {each.deadline.unit}"
                    if each.deadline
                    else None,
                    keywords=list(each.keywords),
                    diverted=each.code in province.diverted,
                )
                for each in province.categories.values()
            ],
        )

    @blueprint.get("/reasons")
    @blueprint.output(told.ReasonList)
    @blueprint.doc(operation_id="listReasons", security=SECURED)
    def list_reasons() -> told.ReasonList:
        """Why a report may be rejected, handed back or diverted."""
        handling = province.handling
        diverted: dict[str, Mapping[str, str]] = {}
        for code, wording in province.diverted.items():
            diverted.setdefault(wording, province.categories[code].names)
        return told.ReasonList(
            rejected=_reasons(handling.rejected),
            handed_back=_reasons(handling.handed_back),
            diverted=_reasons(diverted),
        )


def _agency(agency: Agency) -> told.Agency:
    return told.Agency(
        id=agency.code,
        code=agency.code,
        name=agency.names.get(VI, agency.code),
        name_en=agency.names.get(EN),
        level=agency.level,
        number=agency.number,
        from_on=agency.from_on,
        until_on=agency.until_on,
    )


def _exists(agency: Agency, day: date) -> bool:
    begun = agency.from_on is None or agency.from_on <= day
    return begun and (agency.until_on is None or day <= agency.until_on)


def _named(unit: Unit, wanted: list[str]) -> bool:
    name = fold(unit.full_name)
    return all(word in name for word in wanted)


def _unit(province: Province, unit: Unit) -> told.Unit:
    return told.Unit(
        unit=_key(unit.key) or "",
        edition=unit.key.edition,
        code=unit.key.code,
        name=unit.name,
        full_name=unit.full_name,
        kind=unit.kind,
        parent=_key(unit.parent),
        latitude=unit.latitude,
        longitude=unit.longitude,
        successors=[_key(key) or "" for key in province.successors.get(unit.key, ())],
    )


def _key(key: UnitKey | None) -> str | None:
    return None if key is None else f"{key.edition}:{key.code}"


def _reasons(found: Mapping[str, Mapping[str, str]]) -> list[told.Reason]:
    return [told.Reason(code=code, names=dict(names)) for code, names in found.items()]
