"""What the province tells and asks over Open311: which reports anybody may read, and what is asked
of who files one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Names = Mapping[str, str]  # language tag → text


class Datatype(StrEnum):
    """Kinds of answers, as Open311 calls them; `CHOICE` and `CHOICES` have a list."""

    STRING = "string"
    NUMBER = "number"
    DATETIME = "datetime"
    TEXT = "text"
    CHOICE = "singlevaluelist"
    CHOICES = "multivaluelist"


LISTS = frozenset({Datatype.CHOICE, Datatype.CHOICES})


@dataclass(frozen=True)
class Question:
    """Something asked of who files a report; a `notice` is only shown and has no answer.

    `hint` helps with the answer, empty where nothing does; `choices` are key → names, of lists.
    """

    code: str
    datatype: Datatype
    required: bool
    notice: bool
    names: Names
    hint: Names
    choices: Mapping[str, Names]


@dataclass(frozen=True)
class Open311:
    """All of open311.toml, where the reasons stand.

    Attributes:
        hidden: categories and groups of which no report is public.
        without_words: those of which only kind, commune, times and state are.
        hidden_reasons: rejected for one of these, a report is not public.
        questions: category or group → what is asked, in order.
    """

    hidden: frozenset[str]
    without_words: frozenset[str]
    hidden_reasons: frozenset[str]
    questions: Mapping[str, tuple[Question, ...]]
