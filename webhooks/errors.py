"""What is refused of those who call us.

WebhookError
├── NotTrusted   the signature is missing or wrong: it did not come from the provider
├── TooLate      what it is about was over long ago: it is a replay
├── BadPost      something is missing, twice there, or none of what it can be
└── TooLong      more than any provider sends
"""

from typing import ClassVar


class WebhookError(Exception):
    """Root of this package's errors; the message may be shown and logged."""

    status: ClassVar[int] = 400


class NotTrusted(WebhookError):
    """The signature is missing or wrong: it did not come from the provider."""

    status = 403


class TooLate(WebhookError):
    """What it is about was over long ago: it is a replay."""

    status = 403


class BadPost(WebhookError):
    """Something is missing, there twice, or none of what it can be."""


class TooLong(WebhookError):
    """More than any provider sends."""

    status = 413
