"""What is said of tokens."""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, Field

from accounts.permissions import Permission
from api.fields import Body, Line, whole
from api.schemas import Moment

MOST_DAYS = 365
Scope = Literal[
    "reports.read",
    "reports.file",
    "reports.change",
    "reports.work",
    "words.read",
    "words.correct",
    "recordings.listen",
    "numbers.see",
    "calls.read",
    "calls.take",
    "calls.supervise",
    "export",
    "statistics",
    "audit.read",
    "users.manage",
    "tokens.manage",
    "webhooks.manage",
    "prompts.listen",
    "prompts.publish",
    "settings.read",
    "settings.manage",
    "persons.manage",
    "monitoring.see",
    "observations.write",
    "alerts.handle",
    "alerts.mute",
]
assert set(get_args(Scope)) == set(Permission)


class Credentials(Body):
    """A token is made for a password alone: one that was stolen makes no others."""

    email: str = Field(max_length=254, examples=["chi@example.vn"])
    password: str = Field(max_length=200)
    name: Line = Field(default="api", min_length=1, description="to tell tokens apart")
    scopes: list[Scope] | None = Field(
        default=None,
        min_length=1,
        max_length=len(Permission),
        description="what it opens; null: all that you may do",
        examples=[["reports.read", "reports.file"]],
    )
    days: Annotated[int, Field(ge=1, le=MOST_DAYS), BeforeValidator(whole)] | None = Field(
        default=None, description="how long it is valid; null: one day"
    )


class NewToken(BaseModel):
    id: str
    token: str = Field(description="shown once; send it as `Authorization: Bearer …`")
    scopes: list[str] | None = Field(description="null: all that its user may do")
    expires_at: Moment


class Token(BaseModel):
    id: str
    user: str
    name: str
    scopes: list[str] | None = Field(description="null: all that its user may do")
    created_at: Moment
    expires_at: Moment
    last_used_at: Moment | None = Field(description="noted once an hour")


class TokenList(BaseModel):
    tokens: list[Token]


class Visitor(BaseModel):
    """Who you are, to the API."""

    user: str
    role: str
    agency: str | None
    permissions: list[str] = Field(description="of your role, and of this token")
