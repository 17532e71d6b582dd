"""What the import of figures is asked with, and what it answers."""

from pydantic import BaseModel, ConfigDict, Field

from monitoring.csv_in import MOST_FAULTS


class ImportQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    dry_run: bool = Field(default=False, description="look through the file, and store nothing")


class ImportFault(BaseModel):
    """What is wrong with a line."""

    line: int = Field(description="from 1, the header's counted", examples=[7])
    column: str | None = Field(description="null: the whole line", examples=["value"])
    reason: str = Field(examples=["plausible"])
    expected: str = Field(examples=["0 … 500"])
    found: str = Field(examples=["-3"])


class ImportResult(BaseModel):
    """What became of a file; of a dry run `new` counts all good lines."""

    dry_run: bool
    lines: int = Field(examples=[1000])
    new: int = Field(examples=[997])
    repeated: int = Field(description="known before, with the same value", examples=[1])
    corrected: int = Field(description="known before, with another value", examples=[1])
    faults: int = Field(examples=[1])
    first_faults: list[ImportFault] = Field(description=f"the first {MOST_FAULTS}")
