"""What every SMS provider can do."""

from typing import Protocol

from notifications.models import Message


class Provider(Protocol):
    """Sends one message, or raises; `name` is kept with the message."""

    name: str

    def send(self, message: Message) -> None: ...
