"""What is asked and told of single observations."""

from typing import Literal

from pydantic import BaseModel, Field

from api.fields import Body, Instant
from api.monitoring_fields import Asking, IndicatorCode, KnownAt, SourceCode, UnitOrWhole
from api.schemas import Moment

MOST_AT_ONCE = 5000


class ObservationQuery(Asking):
    """Each thing given has to hold."""

    indicator: IndicatorCode | None = None
    unit: UnitOrWhole | None = None
    source: SourceCode | None = None
    begin: Instant | None = Field(default=None, description="of that moment or later")
    end: Instant | None = Field(default=None, description="of before that moment")
    known_at: KnownAt
    limit: int = Field(default=100, ge=1, le=1000)
    before: str | None = Field(
        default=None, max_length=100, description="a next_before of an earlier page"
    )


class Observation(BaseModel):
    """One value of one moment; what it was corrected by is told where `known_at` asks for it."""

    stream: int = Field(description="the series; SensorThings calls it a Datastream")
    indicator: str = Field(examples=["security.cases"])
    unit: str | None = Field(description="null: the whole province", examples=["2025:31825"])
    source: str = Field(examples=["cong_an_tinh"])
    phenomenon_at: Moment = Field(description="what it is of")
    known_at: Moment = Field(description="since when it is known")
    value: float
    measure: str = Field(examples=["cases"])


class ObservationList(BaseModel):
    observations: list[Observation] = Field(
        description="series by series, those made last first; of each the newest first"
    )
    next_before: str | None = Field(description="`before` of the next page; null on the last")


class NewObservation(Body):
    """Said wrongly it is refused alone: the others are stored."""

    indicator: str = Field(max_length=80, examples=["security.cases"])
    unit: str | None = Field(
        default=None,
        max_length=40,
        description="edition and code, or `whole`: the whole province; null only of an indicator "
        "that communes do not have",
        examples=["2025:31825"],
    )
    source: str = Field(
        max_length=60, description="an agency of the province", examples=["cong_an_tinh"]
    )
    phenomenon_at: str = Field(
        max_length=40,
        description="a moment, with its zone, of the hour, day or longer time that the value is "
        "of: it is kept at its beginning",
        examples=["2026-11-20T00:00:00+07:00"],
    )
    value: float = Field(examples=[3])
    measure: str | None = Field(
        default=None,
        max_length=40,
        description="how it is measured: code, symbol or name; null: as the indicator is",
        examples=["vụ"],
    )


class NewObservations(Body):
    observations: list[NewObservation] = Field(min_length=1, max_length=MOST_AT_ONCE)


class ObservationResult(BaseModel):
    """What became of one."""

    status: Literal["stored", "refused"]
    reason: str | None = Field(description="null: it is stored", examples=["future"])
    expected: str | None
    found: str | None


class ObservationResults(BaseModel):
    new: int = Field(description="of moments of which nothing was known")
    repeated: int = Field(description="known already, with the same value")
    corrected: int = Field(description="another value was known; it is kept as what was known")
    refused: int
    results: list[ObservationResult] = Field(description="in the order of what was sent")
