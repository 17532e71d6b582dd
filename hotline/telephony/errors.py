"""What can go wrong with Asterisk.

HotlineError
├── SetupFailed
│   └── AsteriskMissing     no usable Asterisk was found, or it could not be fetched
└── AsteriskSilent          an Asterisk that should be running did not answer
"""

from hotline.errors import HotlineError, SetupFailed


class AsteriskMissing(SetupFailed):
    """No usable Asterisk was found, or it could not be fetched; the message says what mends it."""


class AsteriskSilent(HotlineError):
    """An Asterisk that should be running did not answer in time, or ended."""
