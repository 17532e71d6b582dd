"""Names that were changed in the console are spoken anew: callers hear categories by name."""

from collections.abc import Mapping

import structlog

from hotline.settings import Settings
from hotline.voices import render, spoken_languages, voice_sounds
from provinces.schema import Province

log = structlog.get_logger()

LOOK_EVERY_S = 10.0


class NamesSpoken:
    """Makes the sounds of what is worded otherwise than at the last look, the first one included:
    something may have been published while nobody looked.
    """

    def __init__(self, settings: Settings, province: Province) -> None:
        self._settings, self._province = settings, province
        self._spoken: Mapping[str, Mapping[str, str]] | None = None

    def once(self) -> int:
        """How many sounds were made."""
        if not self._settings.sounds.is_dir():
            return 0  # before set-up, which makes them all
        wording = self._province.wording
        found = {each: wording[each] for each in spoken_languages(self._province)}
        if found == self._spoken:
            return 0
        made = render(voice_sounds(self._settings, self._province))
        self._spoken = found
        count = sum(len(names) for names in made.values())
        if count:
            log.info("names spoken", sounds=count)
        return count
