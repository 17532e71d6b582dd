"""What can be wrong with a province pack.

ProvinceError
├── ProvinceNotFound   no built-in pack and no folder has that name
├── ProvinceBroken     the pack's files contradict themselves; `problems` names every place
├── UnknownCode        a category code that the province does not have
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


class UnknownCode(ProvinceError):
    """A category code that the province does not have."""


class UnitsNotBuilt(ProvinceError):
    """The build-time source of the administrative units did not give what is needed."""
