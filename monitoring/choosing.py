"""Which of several series tell a figure, period by period.

Of a unit its indicator's own source, where it told in that period; else whoever told last. Of the
whole area what the own source told of the whole in that period; else what units told of themselves,
put together: those of today, else former ones; else what another told of the whole. A series that
told nothing stands for nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from monitoring.series import Value, put_together
from monitoring.streams import Stream
from provinces.modules import Aggregate, Indicator
from provinces.schema import Province

Begin = TypeVar("Begin", date, datetime)
Best = Mapping[str | None, tuple[Stream, Value]]


def others_needed(
    streams: Collection[Stream],
    own: str,
    told: Mapping[int, Collection[Begin]],
    begins: Sequence[Begin],
) -> tuple[Sequence[Stream], Sequence[Begin]]:
    """The series that tell a figure where the source `own` does not, and the periods in which they
    are needed, in order. `told`: in which periods each series of `own` told something.

    Of nearly all units their own source tells nearly everything: nobody else's need be read.
    """
    known = {each.unit_key: told.get(each.id, ()) for each in streams if each.source == own}
    missing = {
        key: {begin for begin in begins if begin not in known.get(key, ())}
        for key in {each.unit_key for each in streams if each.source != own}
    }
    others = [each for each in streams if each.source != own and missing[each.unit_key]]
    return others, sorted(set().union(*missing.values()))


@dataclass(frozen=True)
class Figure:
    """A period's figure, put together of what `told` series told; `whole`: one told of it all."""

    value: float | None
    told: int
    whole: bool


class Putting:
    """Puts an indicator's periods together, one after another in their order.

    Of a stock a unit's last count holds until its next one; `held` is what each series told last
    before the first period.
    """

    def __init__(
        self,
        province: Province,
        indicator: Indicator,
        held: Iterable[tuple[Stream, Value]] = (),
        source: str | None = None,
    ) -> None:
        self._ahead = f"{province.current_edition}:"
        self._aggregate = indicator.aggregate
        self._own = source or indicator.source
        self._kept = {key: value.value for key, (_, value) in self._best(held, True).items()}

    def put(self, told: Iterable[tuple[Stream, Value]]) -> Figure:
        """The figure of the next period, in which these series told something."""
        best = self._best(told)
        values = {key: value.value for key, (_, value) in best.items()}
        self._kept |= values
        named = self._named(best)
        if not named:
            return Figure(None, 0, False)
        if None in named:
            return Figure(values[None], 1, True)
        used = self._kept if self._aggregate is Aggregate.LAST else values
        today = self._is_of_today(named[0])
        some = [
            value
            for key, value in used.items()
            if key is not None and self._is_of_today(key) is today
        ]
        return Figure(put_together(some, self._aggregate), len(named), False)

    def _best(self, told: Iterable[tuple[Stream, Value]], newest: bool = False) -> Best:
        """Of each unit who tells of it; `newest`: whoever told last, own source or not."""
        found: dict[str | None, tuple[Stream, Value]] = {}

        def rank(one: tuple[Stream, Value]) -> tuple[bool, datetime, bool, int]:
            stream, value = one
            own = stream.source == self._own
            return own and not newest, value.at, own, -stream.id

        for one in told:
            key = one[0].unit_key
            if key not in found or rank(one) > rank(found[key]):
                found[key] = one
        return found

    def _named(self, best: Best) -> list[str | None]:
        if None in best and best[None][0].source == self._own:
            return [None]
        units = [key for key in best if key is not None]
        today = [key for key in units if self._is_of_today(key)]
        return [*(today or units)] or ([None] if best else [])

    def _is_of_today(self, key: str | None) -> bool:
        return (key or "").startswith(self._ahead)
