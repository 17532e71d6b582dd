"""Reports all over the map: thirty in a street, ten that only name a commune, one of old times."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from provinces.schema import LOWEST_KINDS, Province
from tests.builders import NOON, a_report
from tests.console.conftest import Browser

STREET, TOLD, OLD = "2025:31825", "2025:31900", "pre2025:31813"
MIDDLE = (9.28938, 105.70863)
IN_STREET, ONLY_TOLD = 30, 10


def fill_map(visitor: Browser) -> None:
    """`OLD` counts to `STREET` today; every third of the street is about roads, and two are long
    ago."""
    street = [
        a_report(
            place=STREET,
            latitude=MIDDLE[0] + 0.0004 * (number % 6),
            longitude=MIDDLE[1] + 0.0004 * (number // 6),
            category="GT01" if number % 3 == 0 else "MT02",
            status="new" if number % 2 else "in_progress",
            requested_at=NOON - timedelta(days=400 if number < 2 else 1),
        )
        for number in range(IN_STREET)
    ]
    told = [a_report(place=TOLD, category="MT02") for _ in range(ONLY_TOLD)]
    old = a_report(place=OLD, category="GT01", urgent=True)
    visitor.add(*street, *told, old, a_report(place=None))


def squares(province: Province, side: float = 0.03) -> dict[str, Any]:
    """A square around the middle of each commune of today, as GeoJSON."""
    half = side / 2
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": unit.key.code},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [
                        [
                            [unit.longitude + x * half, unit.latitude + y * half]
                            for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
                        ]
                    ],
                },
            }
            for unit in province.units.values()
            if unit.kind in LOWEST_KINDS and unit.key.edition == province.current_edition
        ],
    }


def shared_boundaries() -> Path:
    """Real ones, where this machine has them."""
    here = Path(__file__).parents[2].parent
    return here / "shared" / "data" / "communes_2025_former_bac_lieu.geojson"
