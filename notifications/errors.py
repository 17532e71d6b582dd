"""What can go wrong with telling people and programs.

NotificationsError
├── BadDestination      a webhook must not go there
├── BadSubscription     an unknown event, or none, or a secret that is none
└── UnknownSubscription there is no such subscription, or no such delivery of it
"""


class NotificationsError(Exception):
    """Root of this package's errors; the message is one line for whoever asked."""


class BadDestination(NotificationsError):
    """A webhook must not go there."""


class BadSubscription(NotificationsError):
    """An unknown event, or none, or a secret that is none."""


class UnknownSubscription(NotificationsError):
    """There is no such subscription, or no such delivery of it."""
