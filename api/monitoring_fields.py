"""Kinds of fields that requests about monitoring share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.fields import Instant, codes

WHOLE = "whole"
"""Of the whole province, where a unit is named otherwise."""

_UNIT_WORDS = "edition and code of a unit; `whole`: the whole province"
IndicatorCode = Annotated[str, Field(max_length=80, json_schema_extra=codes("indicators"))]
ModuleCode = Annotated[str, Field(max_length=40, json_schema_extra=codes("modules"))]
SourceCode = Annotated[str, Field(max_length=60, json_schema_extra=codes("sources"))]
SubjectCode = Annotated[
    str,
    Field(
        max_length=80,
        json_schema_extra=codes("subjects"),
        description="code of an indicator, a category or a module",
    ),
]
UnitOrWhole = Annotated[
    str,
    Field(max_length=40, json_schema_extra=codes("places_or_whole"), description=_UNIT_WORDS),
]
KnownAt = Annotated[
    Instant | None,
    Field(default=None, description="as it was known at that moment; left out: as it is known now"),
]
MonitoringWords = Annotated[
    str,
    Field(
        max_length=2000,
        pattern=r"^[^\u0000]*[^\s\u0000-\u001f\u007f][^\u0000]*$",
        examples=["Đã báo Trạm Y tế xã"],
    ),
]


class Asking(BaseModel):
    """What is not known here is refused, not overlooked."""

    model_config = ConfigDict(extra="forbid")
