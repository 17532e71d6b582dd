"""A call's progress through its flow, rebuilt at any time from its journal. No I/O."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ivr.errors import FlowDiverged, FlowFailed
from ivr.steps import CallerHungUp, Do, Flow, HungUp, Manner, Result, Say, Step, Wait, step_name

# Whoever still goes round after so many answers is led to the end: no call is endless.
MOST_ANSWERS = 150
# A flow that speaks on without a question would hold the database for ever.
MOST_UNASKED = 100
TOO_LONG = (Say("call_too_long"), Say("goodbye"))


@dataclass(frozen=True)
class Entry:
    """One answered wait. The list of these is the journal: a call's whole state."""

    step: str
    result: Result


@dataclass(frozen=True)
class Turn:
    """What the caller hears now, and what the call then waits for (None: hang up)."""

    says: tuple[Say, ...]
    wait: Wait | None
    manner: Manner


class CallSession:
    """Drives one flow: read `turn`, carry it out, `resume` with what came back.

    Raises:
        FlowDiverged: `journal` answers a step that this flow does not ask.
        FlowFailed: the flow's code raised.
    """

    def __init__(
        self,
        flow: Callable[[], Flow[None]],
        manner: Manner,
        journal: Iterable[Entry] = (),
        first: int = 0,
    ) -> None:
        """`journal` holds this flow's entries; `first` is the position of the first of them."""
        self.first = first
        self.journal: list[Entry] = []
        self.manner = manner
        self.generator = flow()
        self._says: list[Say] = []
        self.hung_up = False
        self._wait = self._run_to_wait(lambda: next(self.generator))
        for entry in journal:
            if entry.step != step_name(self._wait):
                raise FlowDiverged(f"journal has {entry.step}, flow is at {step_name(self._wait)}")
            self.resume(entry.result)

    @property
    def turn(self) -> Turn:
        return Turn(tuple(self._says), self._wait, self.manner)

    @property
    def position(self) -> int:
        """The index that the next journal entry will have."""
        return self.first + len(self.journal)

    def resume(self, result: Result) -> None:
        """Answer the current wait and run the flow to its next one."""
        if self._wait is None:
            raise FlowDiverged(f"the flow has ended, found {type(result).__name__}")
        self.journal.append(Entry(step_name(self._wait), result))
        if not isinstance(self._wait, Do):
            self._says.clear()  # the caller has heard them
        too_long = len(self.journal) >= MOST_ANSWERS and not isinstance(self._wait, Do)
        if isinstance(result, HungUp) or (too_long and not self.hung_up):
            # The flow files what there is, as after a hangup.
            self.hung_up = True
            self._wait = self._run_to_wait(lambda: self.generator.throw(CallerHungUp()))
            if not isinstance(result, HungUp):
                self._says.extend(TOO_LONG)
        else:
            self._wait = self._run_to_wait(lambda: self.generator.send(result))

    def _run_to_wait(self, advance: Callable[[], Step]) -> Wait | None:
        try:
            step = advance()
            unasked = 0
            while isinstance(step, Say | Manner):
                unasked += 1
                if unasked > MOST_UNASKED:
                    raise FlowFailed(f"{MOST_UNASKED} prompts in a row and no question")
                if isinstance(step, Manner):
                    self.manner = step
                elif not self.hung_up:
                    self._says.append(step)
                step = next(self.generator)
        except (StopIteration, CallerHungUp):
            return None
        except FlowFailed:
            raise
        except Exception as error:
            raise FlowFailed(f"{type(error).__name__} in the flow") from error
        if self.hung_up and not isinstance(step, Do):
            raise FlowDiverged(f"after a hangup a flow may only Do, found {step_name(step)}")
        return step
