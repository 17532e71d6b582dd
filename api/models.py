"""Tables of the API: what was answered to requests that may be sent again."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import EncryptedJson, EncryptedText, UtcDateTime


class IdempotencyKey(Base):
    """One write that was carried out, and its answer, written in the same transaction."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(EncryptedJson)
    # Sealed: a reporter's PIN may be in it.
    body: Mapped[str] = mapped_column(EncryptedText)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
