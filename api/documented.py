"""Pieces of the OpenAPI document that several routes share."""

from typing import Any

from reports.attachments import MAX_BYTES

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the report, or alert, that you saw; its version counts",
    "schema": {"type": "string", "pattern": r'^"[1-9][0-9]{0,8}(\.[0-9a-f]{12})?"$'},
    "example": '"7.3f9a0c41d2b8"',
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again under the same key within a day, it is done once and answered alike",
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,255}$"},
}
# Operations that may be sent again without a key: what they bring is known by itself.
REPEATABLE = frozenset({"importObservations"})
# Operations that change the version named in If-Match.
VERSIONED = frozenset(
    {
        "changeReport",
        "assignReport",
        "markDuplicate",
        "acknowledgeAlert",
        "escalateAlert",
        "closeAlert",
    }
)
_STATES = {409: "The report's state has no such way, or not for you, or it takes more"}
_CHANGED = {
    412: "Somebody changed the report since: `version` and `updates` tell what",
    428: "If-Match is missing",
}
NO_REPORT: dict[int, Any] = {404: "Nothing that you may know of has this reference"}
CHANGING: dict[int, Any] = {**NO_REPORT, **_STATES, **_CHANGED}
BAD_KEY: dict[int, Any] = {422: "A value, or the Idempotency-Key, is not as described"}

_UPLOAD = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {
                        "type": "string",
                        "format": "binary",
                        "description": f"JPEG, PNG, WebP or PDF, at most {MAX_BYTES} bytes",
                    },
                    "internal": {
                        "type": "string",
                        "enum": ["false", "true"],
                        "description": "for staff alone; else the citizen sees it",
                    },
                },
                "additionalProperties": False,
            },
            "encoding": {
                "file": {"contentType": "image/jpeg, image/png, image/webp, application/pdf"}
            },
        }
    },
}
_FIGURES = {
    "required": True,
    "content": {
        "text/csv": {
            "schema": {
                "type": "string",
                "description": "UTF-8, its columns as docs/monitoring.md tells: "
                "`phenomenon_time,indicator,unit,value,measure,source`",
            },
        }
    },
}
# Bodies that are no JSON, by operation.
UPLOADS: dict[str, dict[str, Any]] = {
    "addAttachment": _UPLOAD,
    "importObservations": _FIGURES,
}
