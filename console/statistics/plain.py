"""A sheet of figures as JSON, for other people's programs."""

import json
from typing import Any

from console.statistics.sheet import Sheet
from provinces.schema import Province


def write_json(sheet: Sheet, province: Province, language: str) -> bytes:
    """Figures and tables by their keys; shares from 0 to 1, times in seconds, None for nothing."""
    told: dict[str, Any] = {
        "first": sheet.period.first.isoformat(),
        "last": sheet.period.last.isoformat(),
        "compared_first": sheet.before.first.isoformat(),
        "compared_last": sheet.before.last.isoformat(),
        "timezone": province.timezone.key,
        "made_at": sheet.made_at.isoformat(),
        "calls_since": sheet.calls_since.isoformat() if sheet.calls_since else None,
        "calls_until": sheet.calls_until.isoformat() if sheet.calls_until else None,
        "language": language,
        "figures": {
            figure.key: {
                "value": figure.cell.value,
                "unit": figure.cell.unit,
                "before": figure.before,
                "part": figure.part,
                "whole": figure.whole,
            }
            for section in sheet.sections
            for figure in section.figures
        },
        "tables": {
            table.key: [[row.name, *(cell.value for cell in row.cells)] for row in table.rows]
            for section in sheet.sections
            for table in section.tables
        },
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
