"""A voice that fails is told of once, and another speaks in its place."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

import structlog

from speech.errors import SynthesisFailed
from speech.voices import AnyVoice, voice_label

log = structlog.get_logger()

Result = TypeVar("Result")


def with_spare(
    voices: Sequence[AnyVoice], language: str, work: Callable[[AnyVoice], Result]
) -> Result:
    """What `work` gives with the first of `voices` that does not fail it.

    Raises:
        SynthesisFailed: all of them failed; the last one's reason.
    """
    for voice, spare in pairwise(voices):
        try:
            return work(voice)
        except SynthesisFailed as error:
            log.warning(
                "prompt voice failed",
                language=language,
                voice=voice_label(voice),
                error=str(error),
                spoken_by=voice_label(spare),
            )
    return work(voices[-1])
