"""What a recogniser of recordings is told beforehand: words to expect."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bias:
    """Whisper's two ways of being told. Either may be empty.

    `prompt` stands before the recording as if it had been said; `hotwords` are hinted at in
    every half-minute of it. Both share some 220 tokens with each other: about 90 syllables.
    """

    prompt: str = ""
    hotwords: str = ""


NO_BIAS = Bias()
