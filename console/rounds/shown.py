"""Rounds and their questions in words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.board.shown import Shown
from console.statistics.shown import number_shown
from console.wording import words
from monitoring.round_models import QuestionState
from monitoring.round_views import QuestionView, RoundView
from monitoring.subjects import subject_name, unit_name
from provinces.errors import UnknownCode
from provinces.modules import Indicator, Period
from provinces.schema import Province


@dataclass(frozen=True)
class ShownRound:
    """`about`: the period that is asked of; `states`: how many questions are at each, in order."""

    view: RoundView
    name: str
    about: str
    states: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class ShownQuestion:
    """`value` with its unit; `call_id` where there is a page of that call."""

    view: QuestionView
    unit: str
    value: str
    call_id: str | None


@dataclass(frozen=True)
class Sayer:
    """Says rounds in the reader's language."""

    province: Province
    language: str
    now: datetime

    def round(self, view: RoundView) -> ShownRound:
        states = [(each.value, view.states[each]) for each in QuestionState if each in view.states]
        name = subject_name(self.province, view.indicator, self.language)
        return ShownRound(view, name, self._about(view), states)

    def question(
        self, view: RoundView, question: QuestionView, calls: Collection[str]
    ) -> ShownQuestion:
        call_id = question.call_id if question.call_id in calls else None
        return ShownQuestion(
            question, self.unit(question.unit_key), self._value(view, question.value), call_id
        )

    def unit(self, unit_key: str | None) -> str:
        """Its full name, or that it is the whole province."""
        return unit_name(self.province, unit_key, self.language)

    def _about(self, view: RoundView) -> str:
        local = view.phenomenon_at.astimezone(self.province.timezone)
        indicator = self._indicator(view)
        if indicator is None or indicator.period is Period.HOUR:
            return local.strftime("%H:%M %d/%m/%Y")
        shown = Shown(self.province, self.language, self.now).when(local.date(), indicator)
        if indicator.period is Period.WEEK:
            return words("round_week", self.language, when=shown)
        return shown

    def _value(self, view: RoundView, value: float | None) -> str:
        indicator = self._indicator(view)
        if value is None:
            return ""
        if indicator is None:  # the pack has it no more: nobody knows its unit
            return number_shown(value, 0, self.language)
        return Shown(self.province, self.language, self.now).value(value, indicator)

    def _indicator(self, view: RoundView) -> Indicator | None:
        try:
            return self.province.indicator(view.indicator)
        except UnknownCode:
            return None
