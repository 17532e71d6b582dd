"""What can go wrong when a scripted caller rings the hotline.

HotlineError
└── CallerError         root of this part's errors
    ├── BadScript       the actions cannot be carried out as written
    ├── NotAnswered     nobody took the call, or the call was refused
    ├── LineDropped     the hotline hung up before the script's end
    ├── NotHeard        an awaited prompt or beep did not come
    ├── PhoneFailed     the SIP stack of the caller itself does not work
    └── InquiryFailed   the web API did not tell what became of the call
"""

from hotline.errors import HotlineError


class CallerError(HotlineError):
    """Root of the scripted caller's errors; the message is one line for the operator."""


class BadScript(CallerError):
    """The actions cannot be carried out as written."""


class NotAnswered(CallerError):
    """Nobody took the call, or the call was refused."""


class LineDropped(CallerError):
    """The hotline hung up before the script's end."""


class NotHeard(CallerError):
    """An awaited prompt or beep did not come."""


class PhoneFailed(CallerError):
    """The SIP stack of the caller itself does not work."""


class InquiryFailed(CallerError):
    """The web API did not tell what became of the call."""
