"""Early warning as the worker runs it: who is told, which units touch, and how often."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine

from hotline.clock import utc_now
from hotline.periodic import Task
from hotline.settings import Settings
from ivr.call_numbers import call_numbers
from monitoring.detecting import Watcher, detect
from monitoring.early.neighbours import touching
from monitoring.figures import store_figures
from monitoring.telling import Duty
from provinces.boundaries import kept_boundaries
from provinces.schema import Province

DETECT_EVERY_S = 60.0
# Each hour is told once; who asks in between is answered at once.
FIGURES_EVERY_S = 300.0


def the_watcher(settings: Settings, province: Province) -> Watcher:
    """Those on duty, and which communes have a border in common where boundaries were taken in."""
    return Watcher(province, Duty(settings.alert_numbers), _touching(settings, province))


def early_warning_tasks(engine: Engine, settings: Settings, province: Province) -> Sequence[Task]:
    """Looks for what is unusual each minute, and tells the hotline's own figures each hour."""
    watchers: list[Watcher] = []

    def look() -> None:
        if not watchers:  # boundaries are read once the worker runs, not before
            watchers.append(the_watcher(settings, province))
        detect(engine, watchers[0], utc_now())

    def tell() -> None:
        store_figures(engine, province, call_numbers, utc_now())

    return [
        Task("figures", FIGURES_EVERY_S, tell),
        Task("early warning", DETECT_EVERY_S, look),
    ]


def _touching(settings: Settings, province: Province) -> Mapping[str, Sequence[str]] | None:
    """None where no boundaries of today's map are kept: then the nearest ones are neighbours."""
    ahead = f"{province.current_edition}:"
    outlines = {}
    for feature in kept_boundaries(settings.boundaries, province):
        place = feature["properties"]["place"]
        if place.startswith(ahead):
            polygons = feature["geometry"]["coordinates"]
            if feature["geometry"]["type"] == "Polygon":
                polygons = [polygons]
            outlines[place] = [point for polygon in polygons for point in polygon[0]]
    if not outlines:
        return None
    return {place: sorted(others) for place, others in touching(outlines).items()}
