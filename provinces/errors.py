"""What can be wrong with a province pack.

ProvinceError
├── ProvinceNotFound   no built-in pack and no folder has that name
├── ProvinceBroken     the pack's files contradict themselves; `problems` names every place
├── BoundariesBroken   a file of boundaries cannot be read, or is of something else
├── UnknownCode        a code (of a category, an indicator…) that the province does not have
├── UnlikeMeasures     a value of one kind cannot be told in a measure of another
├── UneditableText     a TOML text cannot be changed value by value
├── PublishingError    of what staff publish
│   ├── UnknownVersion       no version has that number
│   ├── NothingChanged       a draft says what is in force already
│   ├── PublishedMeanwhile   somebody else published after the draft was begun
│   ├── BadReason            a publication without a reason, or with too long a one
│   └── BrokenVersion        a version is not as it was published
└── UnitsNotBuilt      the build-time source of the administrative units did not give what is needed
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a pack; `file` is relative to the pack, `line` counts from 1."""

    file: str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}"


class ProvinceError(Exception):
    """Root of this package's errors; `problems` is empty unless a pack's files are at fault."""

    problems: tuple[Problem, ...] = ()


class ProvinceNotFound(ProvinceError):
    """No built-in pack and no folder has that name."""


class ProvinceBroken(ProvinceError):
    """The pack's files contradict themselves; one line of the message for each problem."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line or 0, p.message)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class BoundariesBroken(ProvinceError):
    """A file of boundaries cannot be read, or is of something else; `reasons` says all of it."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


class UnknownCode(ProvinceError):
    """A code (of a category, a module, an indicator) that the province does not have."""


class UnlikeMeasures(ProvinceError):
    """A value of one kind cannot be told in a measure of another."""


class UneditableText(ProvinceError):
    """A TOML text cannot be changed value by value; the message says what was expected."""


class PublishingError(ProvinceError):
    """Of what staff publish."""


class UnknownVersion(PublishingError):
    """No version has that number."""


class NothingChanged(PublishingError):
    """A draft says what is in force already: there is nothing to publish."""


class PublishedMeanwhile(PublishingError):
    """Somebody else published after the draft was begun."""


class BadReason(PublishingError):
    """A publication without a reason, or with too long a one."""


class BrokenVersion(PublishingError):
    """A version is not as it was published: its checksum is another."""


class UnitsNotBuilt(ProvinceError):
    """The build-time source of the administrative units did not give what is needed."""
