"""The parts of the live view as HTML, made once for all who see the same."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from console.live.board import News, Part
from console.live.looking import CALL
from console.pages import Pages
from console.wording.steps import step_said
from reports.reference import spoken_reference


class View(StrEnum):
    """What is looked at."""

    NOW = "now"
    WALL = "wall"


@dataclass(frozen=True)
class Audience:
    """Those who see the same: `words` of callers, and the end of their `numbers`."""

    view: View
    language: str
    words: bool = False
    numbers: bool = False


_TEMPLATES: Mapping[View, Mapping[str, str]] = {
    View.NOW: {
        "figures": "live/figures.html",
        "queue": "live/queue.html",
        "agents": "live/agents.html",
        "services": "live/services.html",
        CALL: "live/call.html",
    },
    # Nothing of anybody: everybody who comes by reads it.
    View.WALL: {"figures": "live/wall_figures.html"},
}


@dataclass
class Shown:
    """Keeps what was made as long as the part stays the same."""

    pages: Pages
    _kept: dict[Audience, dict[str, tuple[int, str]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fresh(self, audience: Audience, news: News) -> Sequence[tuple[str, str]]:
        """The parts that this audience sees, with times as they are now: no script counts them on
        for who has none."""
        return [
            (part.key, self._make(template, audience, part))
            for part in news.put
            if (template := _template(audience.view, part.key)) is not None
        ]

    def forget(self) -> None:
        """Keep nothing of anybody while nobody looks."""
        with self._lock:
            self._kept.clear()

    def of(self, audience: Audience, news: News) -> Sequence[tuple[str, str]]:
        """The parts that this audience sees, by their keys, in order, for pages that count on."""
        with self._lock:
            kept = self._kept.setdefault(audience, {})
            if news.whole:
                there = {part.key for part in news.put}
                for key in [key for key in kept if key not in there]:
                    del kept[key]
            for key in news.gone:
                kept.pop(key, None)
        found = []
        for part in news.put:
            template = _template(audience.view, part.key)
            if template is None:
                continue
            known = kept.get(part.key)
            if known is None or known[0] != part.change:
                known = part.change, self._make(template, audience, part)
                with self._lock:
                    kept[part.key] = known
            found.append((part.key, known[1]))
        return found

    def _make(self, template: str, audience: Audience, part: Part) -> str:
        return self.pages.part(
            template,
            audience.language,
            part=part.value,
            key=part.key,
            audience=audience,
            clock_time=self._clock_time,
            elapsed=self._elapsed,
            step_said=lambda step: step_said(step, audience.language),
            spoken_reference=spoken_reference,
        ).strip()

    def _elapsed(self, since: datetime) -> str:
        """As the page's script counts on: `2:05`."""
        seconds = max(0, int((self.pages.services.clock() - since).total_seconds()))
        minutes, hours = seconds // 60 % 60, seconds // 3600
        ahead = f"{hours}:{minutes:02}" if hours else f"{minutes}"
        return f"{ahead}:{seconds % 60:02}"

    def _clock_time(self, moment: datetime) -> str:
        return moment.astimezone(self.pages.services.timezone).strftime("%H:%M")


def _template(view: View, key: str) -> str | None:
    return _TEMPLATES[view].get(CALL if key.startswith(CALL) else key)
