"""A simulated or stored call for people and for programs: lines of text, and plain data."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from ivr.answers import write_answer
from ivr.call_script import write_command
from ivr.codec import encode
from ivr.drivers.simulator import Noted, Shown
from ivr.steps import Done


def lines(shown: Shown) -> tuple[str, ...]:
    """What an answer led to, then what the caller hears next."""
    return (*_done(shown), *_heard(shown))


def as_data(shown: Shown) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "journal": [
            {
                "position": noted.position,
                "step": noted.step,
                "result": encode(noted.result),
                **({"command": command_data(noted.command)} if noted.command else {}),
            }
            for noted in shown.noted
        ],
        "effects": [
            {"what": effect.what, "how": effect.how, "fields": dict(effect.fields)}
            for effect in shown.effects
        ],
        "says": list(shown.says),
        "happening": shown.happening,
        "step": shown.step,
        "language": shown.language,
        "slow": shown.slow,
        "expects": shown.expects,
    }


def command_data(command: object) -> dict[str, Any]:
    """A command's name and those of its fields that are not as usual."""
    told: dict[str, Any] = {"name": type(command).__name__}
    for part in dataclasses.fields(command):  # type: ignore[arg-type]
        value = getattr(command, part.name)
        if value != part.default:
            told[part.name] = value
    return told


def _done(shown: Shown) -> Iterator[str]:
    for noted in shown.noted:
        yield f"  journal  {noted.position:>3}  {noted.step}  {_result(noted)}"
    for effect in shown.effects:
        fields = ", ".join(f"{name}={value}" for name, value in effect.fields.items())
        yield f"  {effect.how:<8} {effect.what}  {fields}".rstrip()


def _result(noted: Noted) -> str:
    if noted.command is not None and isinstance(noted.result, Done):
        return write_command(noted.command, noted.result.value)
    return write_answer(noted.result, noted.step)


def _heard(shown: Shown) -> Iterator[str]:
    pace = ", slowly" if shown.slow else ""
    for sentence in shown.says:
        yield f"hotline  {sentence}" + (f"   ({shown.language}{pace})" if pace else "")
    if shown.happening:
        yield f"         {shown.happening}"
    yield f"         [{shown.step}]" if shown.expects else "ends"
