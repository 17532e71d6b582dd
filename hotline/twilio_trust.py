"""How Twilio's requests are known to be Twilio's, from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.settings import Settings

if TYPE_CHECKING:
    from webhooks.trust import Trust


def the_trust(settings: Settings) -> Trust:
    """For where `settings.twilio_calls`."""
    from webhooks.trust import Trust  # the library takes a second to load

    token, url = settings.twilio_auth_token.get_secret_value(), settings.public_url or ""
    return Trust(token, url, settings.twilio_account_sid)
