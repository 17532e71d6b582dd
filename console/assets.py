"""Where styles and scripts lie: bundled under hashed names, or, before that, styles as written.

A page without the bundle has no script; it works all the same.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STATIC = Path(__file__).parent / "static"
MANIFEST = "dist/manifest.json"
# In this order, later ones on top of earlier ones.
STYLES = (
    "tokens",
    "base",
    "header",
    "forms",
    "tables",
    "report",
    "desk",
    "simulator",
    "settings",
    "prompts",
    "map",
    "live",
    "phone",
    "statistics",
    "board",
    "print",
)
APP_STYLE, APP_SCRIPT = "app.css", "app.js"


@dataclass(frozen=True)
class Assets:
    """File names under `static`; `others` are scripts that few pages need, such as `map.js`."""

    styles: Sequence[str]
    scripts: Sequence[str]
    others: Mapping[str, str] = field(default_factory=dict)


def find_assets(static: Path = STATIC) -> Assets:
    """What a page is to load. An unfinished bundle counts as none."""
    try:
        manifest: Mapping[str, str] = json.loads((static / MANIFEST).read_text())
        found = [manifest[APP_STYLE], manifest[APP_SCRIPT]]
    except (OSError, ValueError, KeyError, TypeError):
        found = []
    if not found or not all((static / "dist" / name).is_file() for name in found):
        return Assets([f"css/{name}.css" for name in STYLES], [])
    style, script = (f"dist/{name}" for name in found)
    others = {name: f"dist/{file}" for name, file in manifest.items() if file not in found}
    return Assets([style], [script], others)
