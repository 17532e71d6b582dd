"""Early warning as the worker runs it."""

import json
from pathlib import Path

from sqlalchemy import Engine

from hotline.clock import utc_now
from hotline.early_warning import early_warning_tasks, the_watcher
from hotline.settings import Settings
from tests.monitoring.alarms import DONG_HAI, GANH_HAO, LONG_DIEN, MINUTE, all_alerts, file
from tests.monitoring.alarms import messages as sms
from tests.provinces.packs import bac_lieu

ON_DUTY = "+84900000009"


def the_settings(folder: Path) -> Settings:
    return Settings(_env_file=None, data=folder, alert_numbers=(ON_DUTY,))  # type: ignore[call-arg]


def test_the_worker_tells_those_on_duty(sqlite: Engine, tmp_path: Path) -> None:
    file(sqlite, 6, last_at=utc_now() - MINUTE, every=MINUTE)
    figures, warning = early_warning_tasks(sqlite, the_settings(tmp_path), bac_lieu())

    warning.do()

    assert (figures.name, warning.name) == ("figures", "early warning")
    assert {each.subject for each in all_alerts(sqlite)} == {"YT01"}
    assert [each.to_number for each in sms(sqlite)] == [ON_DUTY]


def test_communes_with_a_common_border_are_neighbours(tmp_path: Path) -> None:
    def unit(place: str, west: float) -> dict[str, object]:
        ring = [[west, 9], [west + 0.1, 9], [west + 0.1, 9.1], [west, 9.1], [west, 9]]
        return {
            "type": "Feature",
            "properties": {"place": place},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }

    settings = the_settings(tmp_path)
    settings.boundaries.mkdir()
    features = [unit(GANH_HAO, 105.4), unit(DONG_HAI, 105.5), unit(LONG_DIEN, 105.7)]
    (settings.boundaries / "2025.geojson").write_text(json.dumps({"features": features}))

    touching = the_watcher(settings, bac_lieu()).touching

    assert touching == {GANH_HAO: [DONG_HAI], DONG_HAI: [GANH_HAO], LONG_DIEN: []}
    assert the_watcher(the_settings(tmp_path / "other"), bac_lieu()).touching is None
