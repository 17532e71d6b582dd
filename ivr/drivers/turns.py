"""Carrying out a turn on a channel: prompts, then the one wait; a hangup is a result too."""

from dataclasses import dataclass
from typing import Protocol

from ivr.drivers.recorder import Recorder
from ivr.errors import ChannelGone
from ivr.prompts import Prompts
from ivr.session import Turn
from ivr.steps import Digits, Gather, HungUp, NoInput, Record, Result, Say, Wait

ALL_KEYS = "0123456789*#"
FINISH_KEY = "#"


class TelephoneChannel(Protocol):
    """What a turn needs of a channel; `ivr.drivers.agi.Channel` is one."""

    def play(self, sound: str, escape_digits: str = "") -> str: ...
    def wait_for_digit(self, timeout_ms: int) -> str: ...
    def record(self, path: str, max_length_ms: int, silence_s: int, escape_digits: str) -> None: ...


@dataclass(frozen=True)
class Telephone:
    """A channel with the voice it speaks in and the place where it records."""

    channel: TelephoneChannel
    prompts: Prompts
    recorder: Recorder


def perform(turn: Turn, telephone: Telephone, recording: str) -> Result:
    """Speak `turn` and wait for the caller. `recording` names the sound if it records one.

    Raises:
        AgiError: the channel's trouble, but for a hangup, which is the result `HungUp`.
    """
    try:
        match turn.wait:
            case Gather() as gather:
                return _gather(turn.says, gather, telephone)
            case Record() as record:
                return _record(turn.says, record, telephone, recording)
            case _:
                _play(turn.says, None, telephone, escape_digits="")
                return NoInput()
    except ChannelGone:
        return HungUp()


def _play(
    says: tuple[Say, ...], wait: Wait | None, telephone: Telephone, escape_digits: str
) -> str:
    """Play it all; the key that cut it short, or ''."""
    spoken = [(say.key, say.values) for say in says]
    if isinstance(wait, Gather):
        spoken.append((wait.key, wait.values))
    elif isinstance(wait, Record):
        spoken.append((wait.key, {}))
    for key, values in spoken:
        for sound in telephone.prompts.sounds(key, values):
            if digit := telephone.channel.play(sound, escape_digits):
                return digit
    return ""


def _gather(says: tuple[Say, ...], gather: Gather, telephone: Telephone) -> Result:
    digits = ""
    digit = _play(says, gather, telephone, ALL_KEYS)
    if not digit:
        digit = telephone.channel.wait_for_digit(round(gather.timeout_s * 1000))
    while digit and digit not in gather.finish_on:
        digits += digit
        if len(digits) >= gather.max_digits:
            break
        digit = telephone.channel.wait_for_digit(round(gather.between_digits_s * 1000))
    return Digits(digits) if digits else NoInput()


def _record(says: tuple[Say, ...], record: Record, telephone: Telephone, recording: str) -> Result:
    # A server that died in mid-recording left the caller's words on disk, for Asterisk goes
    # on recording: they are taken as they are, and nobody has to say them again.
    if (kept := telephone.recorder.take(recording)) and not kept.silent:
        return kept
    _play(says, record, telephone, ALL_KEYS)
    telephone.channel.play(telephone.prompts.beep)
    try:
        telephone.channel.record(
            telephone.recorder.path(recording),
            record.max_length_s * 1000,
            record.silence_s,
            FINISH_KEY,
        )
    except ChannelGone:
        # What was said before the hangup counts; the next command tells of the hangup again.
        if spoken := telephone.recorder.take(recording):
            return spoken
        raise
    return telephone.recorder.take(recording) or NoInput()
