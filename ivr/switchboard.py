"""What staff do with calls: at the queue and in it, on hold and off, handed on, listened to.

Everything is an order to Asterisk, which alone knows how calls stand. Nothing is kept here, so any
web server may give the next order, and one that dies takes no call along.
"""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ivr.ami import Line, Manager
from ivr.errors import AmiRefused, NoSuchTalk, NotFree
from ivr.queue_members import (
    ABSENT,
    QUEUE,
    Duty,
    duty_of,
    members_of,
    pause_reason,
)
from ivr.talks import REPORT, SPIED, Talk, channels_of, interface_of, talks_at, talks_of

_NUMBER = re.compile(r"\+?[0-9]{3,15}")
# Causes of Q.850. A leg that ends by the second was not hung up: its caller is not done.
NORMAL_END, OUT_OF_ORDER = "16", "27"
_ABSENT_STATES = ("UNKNOWN", "INVALID", "UNAVAILABLE")
_FREE = "NOT_INUSE"
# How long a telephone's own line may take to be free after its call was ended.
_SETTLES_S, _LOOKS_EVERY_S = 2.0, 0.05


class Ear(StrEnum):
    """How a supervisor is in a talk of others."""

    LISTEN = "listen"
    WHISPER = "whisper"  # the operator hears them, the caller does not


@dataclass(frozen=True)
class Seen:
    """One look: a telephone's own state, who is in the queue and not away, and all talks.

    `last_call` and `last_report` are what the operator writes up, until they are ready again: the
    call, or what we rang about.
    """

    duty: Duty
    talk: Talk | None
    present: Sequence[str]
    talks: Sequence[Talk]
    last_call: str = ""
    last_report: str = ""


@dataclass(frozen=True)
class Switchboard:
    """Orders to one Asterisk.

    `trunk_server` is the HOST:PORT over which calls go out, None where none do. `announced`: both
    sides of a talk hear a tone when somebody begins to listen.
    """

    manager: Manager
    trunk_server: str | None = None
    announced: bool = True

    def look(self, interface: str) -> Seen:
        """How that telephone stands, and who else is there."""
        with self.manager.line() as line:
            members = members_of(line)
            talks = talks_of(line)
        duty, last_call, last_report = duty_of(members.get(interface))
        return Seen(
            duty=duty,
            last_call=last_call,
            last_report=last_report,
            talk=_first(talks_at(interface, talks)),
            present=[name for name, each in members.items() if each.get("Status") not in ABSENT],
            talks=talks,
        )

    def set_duty(self, interface: str, user_id: str, duty: Duty) -> None:
        """Sign in, pause or leave; saying it twice changes nothing."""
        with self.manager.line() as line:
            member = members_of(line).get(interface)
            # The page tells that it has answered before Asterisk may have noticed.
            talks = [
                one
                for one in talks_at(interface, talks_of(line))
                if one.answered or duty is Duty.AFTER_CALL
            ]
            if duty is Duty.AWAY and (member is None or member.get("Membership") == "dynamic"):
                if member is not None:
                    line.ask("QueueRemove", Queue=QUEUE, Interface=interface)
                return
            paused = "false" if duty is Duty.READY else "true"
            # Asterisk keeps with the pause what is to be written up; ready again is done with it.
            _, call, report = duty_of(member)
            if talks:
                call, report = talks[0].call_id, talks[0].report
            reason = "" if duty is Duty.READY else pause_reason(duty, call, report)
            if member is None:
                line.ask(
                    "QueueAdd",
                    Queue=QUEUE,
                    Interface=interface,
                    StateInterface=interface,
                    MemberName=user_id,
                    Paused=paused,
                )
            line.ask("QueuePause", Queue=QUEUE, Interface=interface, Paused=paused, Reason=reason)

    def talks(self) -> list[Talk]:
        """Every operator's call, ringing or answered."""
        with self.manager.line() as line:
            return talks_of(line)

    def hang_up(self, interface: str) -> None:
        """End the operator's call as if they had hung up: the caller goes on in the conversation.

        Raises:
            NoSuchTalk: there is none.
        """
        with self.manager.line() as line:
            talk = _the_talk(line, interface)
            line.ask("Hangup", Channel=talk.channel, Cause=NORMAL_END)

    def drop_lost(self, interface: str) -> bool:
        """End what a dead telephone has left: its callers go back to the queue; whether any did."""
        with self.manager.line() as line:
            left = talks_at(interface, talks_of(line))
            for talk in left:
                line.ask("Hangup", Channel=talk.channel, Cause=OUT_OF_ORDER)
        return bool(left)

    def hand_on(self, interface: str, to: str) -> Talk:
        """The caller of that talk rings at another telephone of ours; the talk that ended.

        Raises:
            NoSuchTalk: there is none, or it is not answered yet.
            NotFree: the other telephone is not signed in; the talk goes on.
        """
        return self._lead(interface, to, _expect_present)

    def take_over(self, interface: str, to: str) -> Talk:
        """As `hand_on`, by whoever takes the caller: what they listened to before ends first.

        Raises:
            NoSuchTalk: as `hand_on`.
            NotFree: their own telephone is not signed in, or in another call; the talk goes on.
        """
        return self._lead(interface, to, _set_free)

    def _lead(self, interface: str, to: str, ready: Callable[[Line, str], None]) -> Talk:
        with self.manager.line() as line:
            talk = _the_talk(line, interface)
            if not talk.answered or not talk.caller or to == interface:
                raise NoSuchTalk("expected a talk to hand on, and somebody else to take it")
            ready(line, to)
            line.ask("Setvar", Channel=talk.caller, Variable="HOTLINE_TO", Value=_name(to))
            line.ask(
                "Redirect",
                Channel=talk.caller,
                Context="hotline-hand-on",
                Exten="s",
                Priority="1",
            )
        return talk

    def listen(self, interface: str, talk: Talk, ear: Ear) -> None:
        """The supervisor's telephone rings, and hears that talk once answered; never the caller it.

        Where that is set, the talk hears a tone once it was answered: no tone, no listening.

        Raises:
            NotFree: the supervisor's telephone is not signed in, or in another call.
        """
        options = "qSE" + ("w" if ear is Ear.WHISPER else "")
        said = (
            f"{SPIED}={talk.channel}",
            f"HOTLINE_SPY_OPTIONS={options}",
            f"HOTLINE_ANNOUNCED={int(self.announced)}",
        )
        with self.manager.line() as line:
            _set_free(line, interface)
            line.ask(
                "Originate",
                Channel=interface,
                Context="hotline-ear",
                Exten="s",
                Priority="1",
                CallerID=f"<{ear}>",
                Timeout="20000",
                Async="true",
                Variable="\n".join(said),
            )

    def ring_out(self, interface: str, number: str, report: str) -> None:
        """The operator's telephone rings; once they answer, `number` (E.164 or national) is rung.

        Raises:
            AmiRefused: there is no line out.
            NotFree: the operator's telephone is not signed in, or in a call.
        """
        if self.trunk_server is None:
            raise AmiRefused("no line out is configured")
        if not _NUMBER.fullmatch(number) or not report.isalnum():
            raise AmiRefused("expected a telephone number of 3 to 15 digits, found another text")
        with self.manager.line() as line:
            _set_free(line, interface)
            line.ask(
                "Originate",
                Channel=interface,
                Context="hotline-ring-out",
                Exten="s",
                Priority="1",
                Timeout="20000",
                Async="true",
                Variable=f"HOTLINE_RUNG={number}\n{REPORT}={report}",
            )


def _the_talk(line: Line, interface: str) -> Talk:
    talk = _first(talks_at(interface, talks_of(line)))
    if talk is None:
        raise NoSuchTalk("expected a call at that telephone, found none")
    return talk


def _first(talks: Sequence[Talk]) -> Talk | None:
    """The one that is answered before those that ring."""
    return max(talks, key=lambda talk: talk.answered, default=None)


def _state(line: Line, interface: str) -> str:
    return line.ask("Getvar", Variable=f"DEVICE_STATE({interface})").fields.get("Value", "")


def _expect_present(line: Line, interface: str) -> None:
    if (state := _state(line, interface)) in ("", *_ABSENT_STATES):
        raise NotFree(f"expected a telephone that is signed in, found it {state or 'unknown'}")


def _set_free(line: Line, interface: str) -> None:
    """End what that telephone listens to, and wait until it can ring: it takes one call at a time.

    Raises:
        NotFree: it is not signed in, or in a call that is no listening.
    """
    _expect_present(line, interface)
    spying = [
        event.get("Channel", "")
        for event, told in channels_of(line)
        if SPIED in told and interface_of(event.get("Channel", "")) == interface
    ]
    for channel in spying:
        line.ask("Hangup", Channel=channel, Cause=NORMAL_END)
    until = time.monotonic() + (_SETTLES_S if spying else 0.0)
    while (state := _state(line, interface)) != _FREE:
        if time.monotonic() >= until:
            raise NotFree(f"expected a telephone that is free, found it {state}")
        time.sleep(_LOOKS_EVERY_S)


def _name(interface: str) -> str:
    return interface.removeprefix("PJSIP/")
