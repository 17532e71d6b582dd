"""What is counted of a call - its tally - packed into 22 bytes: see `reports.tally`."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.summary_models import CallSummary, Outcome
from reports.tally import Codes

CALL_TALLY = np.dtype(
    [
        ("hour", "u1"),  # of the province's clock
        ("outcome", "u1"),  # its place in `Outcome`
        ("flags", "<u2"),
        ("left_at", "<u2"),  # a number of `Codes`; 0: the conversation came to its end
        ("stages", "<u4"),
        ("waited_s", "<u4"),
        ("talked_s", "<u4"),
        ("length_s", "<u4"),
    ]
)
CALL_OUTGOING, QUEUED, ANSWERED = 1, 2, 4
OUTCOMES = tuple(Outcome)

CallTallies = npt.NDArray[Any]  # of CALL_TALLY


def pack(rows: Iterable[CallSummary], codes: Codes) -> CallTallies:
    """The tallies of these calls."""
    return np.array([_tally(row, codes) for row in rows], dtype=CALL_TALLY)


def unpack(packed: Iterable[bytes]) -> CallTallies:
    """The tallies of many days, one after the other."""
    return np.frombuffer(b"".join(packed), dtype=CALL_TALLY)


def _tally(row: CallSummary, codes: Codes) -> tuple[int, ...]:
    flags = CALL_OUTGOING * row.outgoing + QUEUED * row.queued + ANSWERED * row.answered
    return (
        row.hour,
        OUTCOMES.index(Outcome(row.outcome)),
        flags,
        codes.number(row.left_at),
        row.stages,
        row.waited_s,
        row.talked_s,
        row.length_s,
    )
