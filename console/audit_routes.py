"""The audit log's page: entries by filter, and the check of the whole chain."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from accounts.audit import entries, verify
from console.pages import Pages
from storage.database import reading

AT_ONCE = 100
_LONGEST = 100


def add_audit_routes(console: APIBlueprint, pages: Pages) -> None:
    """/audit."""
    services = pages.services

    @console.get("/audit")
    def audit() -> Response:
        return _show(pages)

    @console.post("/audit/verify")
    def verify_audit() -> Response:
        with reading(services.engine) as session:
            return _show(pages, verified=verify(session))


def _show(pages: Pages, **values: Any) -> Response:
    asked = {
        name: request.args.get(name, "").strip().replace("\x00", "")[:_LONGEST]
        for name in ("actor", "type", "id", "before")
    }
    before = int(asked["before"]) if asked["before"].isdecimal() else None
    with reading(pages.services.engine) as session:
        found = entries(
            session,
            object_type=asked["type"] or None,
            object_id=asked["id"] or None,
            actor=asked["actor"] or None,
            before=before,
            limit=AT_ONCE + 1,
        )
    rows = found[:AT_ONCE]
    more = rows[-1].number if len(found) > AT_ONCE else None
    return pages.show("audit.html", rows=rows, more=more, asked=asked, before=before, **values)
