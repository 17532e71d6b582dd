"""The default provider: no SMS leaves the house, a log line says that one would have."""

import structlog

from notifications.models import Message

log = structlog.get_logger()


class LogProvider:
    name = "log"

    def send(self, message: Message) -> None:
        log.info("sms", message=message.id, text=message.text_key, report=message.report_id)
