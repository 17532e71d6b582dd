"""What is said of webhooks."""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, Field

from api.fields import Body, Instant, Line
from api.schemas import Moment
from notifications.destinations import MAX_URL_LENGTH
from notifications.webhooks import EVENTS

Event = Literal[
    "report.created",
    "report.changed",
    "report.triaged",
    "report.assigned",
    "report.in_progress",
    "report.waiting_citizen",
    "report.resolved",
    "report.closed",
    "report.rejected",
    "report.duplicate",
    "report.diverted",
    "report.reopened",
    "report.new",
    "alert.opened",
    "alert.raised",
    "alert.lowered",
    "alert.acknowledged",
    "alert.escalated",
    "alert.closed",
]
assert get_args(Event) == EVENTS
Url = Annotated[
    str,
    Field(
        max_length=MAX_URL_LENGTH,
        pattern=r"^https?://[A-Za-z0-9.-]+(:[1-9][0-9]{0,4})?(/[!$-;=?-Z_a-z~]*)?$",
        examples=["https://example.vn/hooks/hotline"],
    ),
]
Events = Annotated[list[Event], Field(min_length=1, max_length=len(EVENTS))]


class NewWebhook(Body):
    url: Url
    events: Events
    name: Line = ""
    secret: str | None = Field(
        default=None,
        max_length=100,
        pattern=r"^whsec_[A-Za-z0-9+/]{32}([A-Za-z0-9+/]{4}){0,13}$",
        description="24 bytes or more in base64; made up where there is none",
    )


class WebhookChange(Body):
    """What is left out, or null, stays."""

    url: Url | None = None
    events: Events | None = None
    name: Line | None = None
    enabled: bool | None = Field(
        default=None, description="true sends again what was disabled; false waits"
    )


class Webhook(BaseModel):
    id: str
    url: str
    events: list[str]
    name: str
    created_by: str
    created_at: Moment
    disabled_at: Moment | None
    disabled_why: Literal["by_hand", "failing", "gone"] | None
    failing_since: Moment | None = Field(description="nothing has arrived since then")


class CreatedWebhook(Webhook):
    secret: str = Field(description="shown once: signs what is sent (Standard Webhooks)")


class WebhookList(BaseModel):
    webhooks: list[Webhook]


class DeliveryQuery(BaseModel):
    model_config = {"extra": "forbid"}
    state: Literal["waiting", "delivered", "failed"] | None = None
    limit: int = Field(default=50, ge=1, le=200)


class Delivery(BaseModel):
    id: str = Field(description="the header `webhook-id`, the same when it is sent again")
    event: str
    created_at: Moment
    state: Literal["waiting", "delivered", "failed"]
    tries: int
    next_at: Moment | None
    tried_at: Moment | None
    status: int | None = Field(description="what the other side answered last")
    problem: str | None = Field(description="why there was no answer")
    body: str = Field(description="as it is sent and signed")


class DeliveryList(BaseModel):
    deliveries: list[Delivery] = Field(description="newest first")


class Replay(Body):
    since: Instant


class Replayed(BaseModel):
    deliveries: int
