"""What a form may tell of a turn beside the results that flows know. Pure."""

from dataclasses import dataclass

from ivr.drivers.twiml import WHOLE, Part
from ivr.steps import Result


@dataclass(frozen=True)
class Spoken:
    """A recording that lies at the provider under `remote_id`; `key` ended it."""

    remote_id: str
    length_s: int
    silent: bool
    key: str = ""


@dataclass(frozen=True)
class KeyAlone:
    """The key that came instead of a recording."""

    key: str


@dataclass(frozen=True)
class Again:
    """Nothing has come yet: the rest of the turn is to be rendered."""

    part: Part = WHOLE


@dataclass(frozen=True)
class WordsWanted:
    """Are the words of `recording` there? If not, the turn is rendered on."""

    recording: str
    part: Part


@dataclass(frozen=True)
class LookWanted:
    """How long is the queue?"""


@dataclass(frozen=True)
class ShortRecording:
    """A word may be in the recording that lies at the provider under `remote_id`; `again`: it has
    been looked for once. The question has been listened to for `waited_s`."""

    remote_id: str
    waited_s: int
    again: bool = False


Answer = Result | Spoken | KeyAlone | Again | WordsWanted | LookWanted | ShortRecording
