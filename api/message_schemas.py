"""SMS, as the API tells them."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.fields import Body, Reference
from api.schemas import Moment, PageQuery
from reports.threads import MOST_CHARACTERS

Text = Annotated[
    str, Field(max_length=MOST_CHARACTERS, pattern=r"^[^\u0000]*[^\s\u0000][^\u0000]*$")
]


class NewMessage(Body):
    """What staff write. The hotline's number and the reference are put before it."""

    text: Text = Field(examples=["Đội sửa đèn sẽ đến chiều nay."])


class QueuedMessage(BaseModel):
    id: str


class ThreadMessage(BaseModel):
    """One SMS about a report."""

    id: str
    direction: Literal["in", "out"]
    at: Moment
    status: str
    kind: str | None = Field(
        description="the text's key; of what came in, the rule that took it (docs/sms.md)",
        examples=["report_received"],
    )
    number_masked: str | None = Field(examples=["+84•••••5678"])
    text: str | None = Field(description="what somebody wrote, for who may read words")


class Thread(BaseModel):
    messages: list[ThreadMessage]


class IncomingQuery(PageQuery):
    status: Literal["waiting", "handled", "for_staff"] | None = None


class Incoming(BaseModel):
    """An SMS that came in, and what became of it."""

    id: str
    received_at: Moment
    status: Literal["waiting", "handled", "for_staff"]
    rule: str | None = Field(examples=["new_report"])
    reference: str | None = Field(description="of the report that it belongs to")
    number_masked: str | None = Field(examples=["+84•••••5678"])
    text: str | None = Field(description="for who may read words")


class IncomingPage(BaseModel):
    messages: list[Incoming]
    next_before: str | None = Field(description="`before` of the next page; null on the last")


class Settlement(Body):
    """`reference`: the report that the message belongs to; null where it needs nothing more."""

    reference: Reference | None = None
