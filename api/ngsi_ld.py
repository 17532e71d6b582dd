"""Indicators and alerts as NGSI-LD entities (ETSI GS CIM 009), to be read by context brokers.

They follow the Smart Data Models KeyPerformanceIndicator and Alert, in normalized form. Nothing is
written this way: observations come in by SensorThings, CSV and POST /observations.
"""

import json
from typing import Any, Literal

from apiflask import APIBlueprint
from flask import Response, request, url_for
from pydantic import Field

from api.monitoring_fields import Asking
from api.ngsi_ld_entities import CONTEXT, alert_entity, kpi_entity
from api.openapi import SECURED
from api.services import ApiServices
from monitoring.alert_lists import Wanted, count_alerts
from monitoring.listed_series import alerts_page, count_series, series_page
from monitoring.series import latest
from storage.database import reading

MEDIA_TYPE = "application/ld+json"
COUNT_HEADER = "NGSILD-Results-Count"
_ENTITY = {
    "type": "object",
    "required": ["id", "type", "@context"],
    "properties": {
        "id": {"type": "string", "pattern": "^urn:ngsi-ld:"},
        "type": {"type": "string", "enum": ["KeyPerformanceIndicator", "Alert"]},
        "@context": {"type": "array", "items": {"type": "string", "format": "uri"}},
    },
    "additionalProperties": {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"enum": ["Property", "GeoProperty", "Relationship"]}},
    },
}
_EXAMPLE: list[dict[str, Any]] = [
    {
        "id": "urn:ngsi-ld:KeyPerformanceIndicator:bac_lieu:security.cases:2025-31825:cong_an_tinh",
        "type": "KeyPerformanceIndicator",
        "name": {"type": "Property", "value": "Vụ vi phạm trật tự xã hội"},
        "kpiValue": {"type": "Property", "value": 3, "observedAt": "2026-11-20T17:00:00.000Z"},
        "@context": list(CONTEXT),
    }
]
_ANSWERS: dict[int, Any] = {
    200: {
        "description": "Entities, normalized; `Link` leads to the pages beside this one",
        "content": {
            MEDIA_TYPE: {"schema": {"type": "array", "items": _ENTITY}, "example": _EXAMPLE}
        },
    }
}


class EntityQuery(Asking):
    type: Literal["KeyPerformanceIndicator", "Alert"]
    limit: int = Field(default=20, ge=1, le=1000)
    offset: int = Field(default=0, ge=0, le=2**31 - 1, description="so many are left out")
    count: bool = Field(default=False, description=f"tell in {COUNT_HEADER} how many there are")


def add_ngsi_ld_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """GET /ngsi-ld/entities."""
    province = services.province

    @blueprint.get("/ngsi-ld/entities")
    @blueprint.input(EntityQuery, location="query")
    @blueprint.doc(operation_id="listEntities", security=SECURED, responses=_ANSWERS)
    def list_entities(query_data: EntityQuery) -> Response:
        """Series with their last value, or alerts, as NGSI-LD has them."""
        offset, limit, total = query_data.offset, query_data.limit, None
        entities: list[dict[str, Any]]
        with reading(services.engine) as session:
            if query_data.type == "Alert":
                total = count_alerts(session, Wanted()) if query_data.count else None
                found = alerts_page(session, offset, limit + 1)
                entities = [alert_entity(province, each) for each in found]
            else:
                codes = [each.code for module in province.modules for each in module.indicators]
                total = count_series(session, codes) if query_data.count else None
                series = series_page(session, codes, offset, limit + 1)
                values = latest(session, [each.id for each in series])
                entities = [kpi_entity(province, each, values.get(each.id)) for each in series]
        body = json.dumps(entities[:limit], ensure_ascii=False)
        response = Response(body, content_type=MEDIA_TYPE)
        if total is not None:
            response.headers[COUNT_HEADER] = str(total)
        links = [_link(query_data, max(0, offset - limit), "prev")] if offset else []
        if len(entities) > limit:
            links.append(_link(query_data, offset + limit, "next"))
        if links:
            response.headers["Link"] = ", ".join(links)
        return response


def _link(query: EntityQuery, offset: int, relation: str) -> str:
    path = url_for(
        request.endpoint or "",
        type=query.type,
        limit=query.limit,
        offset=offset,
        count="true" if query.count else None,
    )
    return f'<{path}>; rel="{relation}"; type="{MEDIA_TYPE}"'
