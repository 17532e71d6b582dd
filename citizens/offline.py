"""What makes the page an application that opens without a network: manifest, service worker."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from citizens.paths import PREFIXES

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"


def _version() -> str:
    """Another one as soon as anything that browsers keep is another."""
    kept = sorted(path for folder in (STATIC, TEMPLATES) for path in folder.rglob("*.*"))
    found = sha256(b"".join(path.name.encode() + path.read_bytes() for path in kept))
    return found.hexdigest()[:12]


STATIC_VERSION = _version()
SCRIPTS = ("unsent.js", "shrink.js", "choose.js", "report.js")
_KEPT = ("citizens.css", "icon.svg", *SCRIPTS)


def manifest(name: str, short_name: str, language: str, icon: Any) -> str:
    """The web application's manifest; `icon` gives the address of a static file."""
    start = PREFIXES[language]
    icons = [{"src": icon("icon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    for side in (192, 512):
        icons.append(
            {
                "src": icon(f"icon-{side}.png"),
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": "any maskable",
            }
        )
    told = {
        "id": start,
        "name": name,
        "short_name": short_name,
        "lang": language,
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b5394",
        "icons": icons,
    }
    return json.dumps(told, ensure_ascii=False)


def kept_by_worker(url: Any) -> dict[str, Any]:
    """What the service worker keeps: pages that it asks for anew, and files that never change."""
    return {
        "version": STATIC_VERSION,
        "pages": [url("report"), url("follow")],
        "files": [url("static", filename=name, v=STATIC_VERSION) for name in _KEPT]
        + [url("choices", v=STATIC_VERSION)],
        "scripts": [url("static", filename="unsent.js", v=STATIC_VERSION)],
    }
