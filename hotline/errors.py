"""What can go wrong when the parts are put together.

HotlineError
├── BadBackup       a backup is damaged, does not fit, or cannot be made
├── BadSetting      a setting is not what its field expects
├── DemoRefused     made-up data would stand beside real data, or beside other made-up data
├── PurgeRefused    how long data is kept is not known for certain
└── SetupFailed     a step of set-up could not be done; the message says the mend
"""


class HotlineError(Exception):
    """Root of this package's errors; the message is one line for the operator."""


class BadBackup(HotlineError):
    """A backup is damaged, does not fit here, or cannot be made."""


class BadSetting(HotlineError):
    """A setting is not what its field expects."""


class DemoRefused(HotlineError):
    """Made-up data would stand beside real data, or beside other made-up data."""


class PurgeRefused(HotlineError):
    """The newest settings cannot be read, so how long data is kept is not known for certain."""


class SetupFailed(HotlineError):
    """A step of set-up could not be done; the message says what mends it."""
