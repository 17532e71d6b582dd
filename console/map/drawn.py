"""What the map draws of units, written once: boundaries are megabytes, and few days change them."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from console.map.units import drawn_units
from provinces.boundaries import kept_boundaries, kept_state
from provinces.schema import Province


@dataclass(frozen=True)
class Written:
    """JSON as it is sent, and a name for exactly these bytes."""

    content: bytes
    tag: str


class DrawnUnits:
    """Keeps the last answer while neither the boundaries in `folder` nor the pack's version, as
    whoever asks tells it, are others."""

    def __init__(self, province: Province, folder: Path | None) -> None:
        self._province, self._folder = province, folder
        self._kept: tuple[object, Written] | None = None

    def written(self, version: int) -> Written:
        """Units and boundaries as they are now."""
        folder, province = self._folder, self._province
        # Looked at before they are read: whoever changes them meanwhile is seen the next time.
        state = (version, kept_state(folder, province) if folder else ())
        kept = self._kept
        if kept is not None and kept[0] == state:
            return kept[1]
        features = list(kept_boundaries(folder, province)) if folder else []
        told = drawn_units(province, features)
        content = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        made = Written(content, hashlib.sha256(content).hexdigest()[:32])
        self._kept = (state, made)
        return made
