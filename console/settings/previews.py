"""How an SMS of a draft would look: its words, signs, parts and cost, with and without accents."""

from collections.abc import Sequence
from datetime import datetime

from console.settings.forms import province_of
from console.settings.sections import text_kind_of
from notifications.errors import UnknownText
from notifications.preview import Previewed, preview_one
from provinces.published.files import Pack


def previews(pack: Pack, entry: str, now: datetime) -> Sequence[Previewed] | None:
    """The SMS in every language and form; None where the pack cannot be filled in."""
    province, _ = province_of(pack)
    kind = text_kind_of(entry)
    if province is None or kind is None:
        return None
    try:
        return [
            preview_one(province, kind, language, accents, now)
            for language in province.languages
            for accents in (False, True)
        ]
    except UnknownText:
        return None
