"""The prompts of every language, at the ordinary pace and at a slower one."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from ivr.errors import MissingPrompts
from ivr.prompts import Prompts
from ivr.steps import Manner


class Voices(Mapping[tuple[str, bool], Prompts]):
    """(language, slow) → prompts.

    Where a language has no slow prompts the ordinary ones are given. Another language is never
    given instead: a caller who cannot understand is not helped by being spoken to.
    """

    def __init__(self, prompts: Mapping[tuple[str, bool], Prompts]) -> None:
        self._prompts = dict(prompts)

    def __getitem__(self, voice: tuple[str, bool]) -> Prompts:
        """Raises: MissingPrompts: nothing is worded in that language."""
        language, _ = voice
        found = self._prompts.get(voice) or self._prompts.get((language, False))
        if found is None:
            known = ", ".join(self.languages)
            raise MissingPrompts(f"expected a language among {known}; found {language!r}")
        return found

    def __contains__(self, voice: object) -> bool:
        return isinstance(voice, tuple) and (voice[0], False) in self._prompts

    def __iter__(self) -> Iterator[tuple[str, bool]]:
        return iter(self._prompts)

    def __len__(self) -> int:
        return len(self._prompts)

    @property
    def now(self) -> "Voices":
        """The voices of this moment, for a whole call."""
        return self

    @property
    def languages(self) -> tuple[str, ...]:
        """The language tags that can be spoken, the hotline's first one first."""
        return tuple(dict.fromkeys(language for language, _ in self._prompts))

    def of(self, manner: Manner) -> Prompts:
        """The prompts in which a call of that manner is spoken."""
        return self[manner.language, manner.slow]

    def check(self, required: Iterable[str] = ()) -> None:
        """Makes sure that every prompt of every voice can be played: looks at the disk.

        Raises:
            MissingPrompts: a line of its message for each voice that lacks something.
        """
        required = tuple(required)
        lacking = []
        for prompts in self._prompts.values():
            try:
                prompts.check(required)
            except MissingPrompts as error:
                lacking.append(str(error))
        if lacking:
            raise MissingPrompts("\n".join(lacking))


class LiveVoices(Voices):
    """Voices whose words may change while calls come in: `find` gives those of the moment, and the
    same object as long as nothing has changed.
    """

    def __init__(self, find: Callable[[], Voices]) -> None:
        self._find = find

    @property
    def now(self) -> Voices:
        """The voices of this moment, for a whole call."""
        return self._find()

    @property
    def _prompts(self) -> Mapping[tuple[str, bool], Prompts]:  # type: ignore[override]
        return self._find()._prompts
