"""What can go wrong in a conversation.

IvrError
├── FlowDiverged      the flow's code no longer asks what its journal answers
├── FlowFailed        the flow's own code raised: a defect of ours
├── UnknownFlow       a call names a flow or version that is not registered
├── BadEntry          a stored journal entry cannot be read back
├── CallTaken         another server carries the call on by now
├── BadAnswer         a typed answer means nothing at the step where the call stands
├── BadNumber         a text that should be a telephone number is none
├── BadOutgoing       an outgoing call's id or number cannot be given to Asterisk
├── CannotSave        a call cannot be made a test of: it does not replay
├── BadForm           a telephone provider's form holds what it cannot hold
├── ProviderAway      the telephone provider does not answer, or not with what was asked
├── SoundGone         the telephone provider has no such recording, or not yet
├── MissingPrompts    wording or sounds that flows need are not there
├── BadTake           a recording of a prompt cannot be used
├── UnknownTake       there is no such recording of a prompt, or it was thrown away
├── TakeInUse         callers hear that recording of a prompt
├── UnknownEdition    prompts were never published under that number
├── StaleEdition      somebody else has published prompts meanwhile
├── SpeechGone        nobody can listen for words now: keys answer as ever
├── BadSeat           a user's id cannot be the name of a telephone
├── NoSuchTalk        an operator's telephone has no call such as was meant
├── NotFree           a telephone of ours is not there, or in another call
├── AsteriskAway      Asterisk's manager does not answer
├── AmiRefused        Asterisk's manager refused an action
└── AgiError          the AGI peer did what the protocol does not allow
    ├── ChannelGone   the caller has hung up, in whichever disguise
    ├── ServerLeft    the peer closed or broke the connection while the call may go on
    ├── CommandFailed Asterisk refused or failed a command
    ├── PeerConfused  what arrived is not AGI
    └── NothingSaid   the peer left before it said anything: a probe, not a call
"""


class IvrError(Exception):
    """Root of this package's errors."""


class FlowDiverged(IvrError):
    """The flow's code no longer asks what its journal answers: its version must change."""


class FlowFailed(IvrError):
    """The flow's own code raised: a defect of ours."""


class UnknownFlow(IvrError):
    """A call names a flow or version that is not registered."""


class BadEntry(IvrError):
    """A stored journal entry cannot be read back."""


class CallTaken(IvrError):
    """Another server carries the call on by now: leave it alone."""


class BadAnswer(IvrError):
    """A typed answer means nothing at the step where the call stands."""


class BadNumber(IvrError):
    """A text that should be a telephone number is none."""


class BadOutgoing(IvrError):
    """An outgoing call's id or number holds signs that Asterisk must not be given."""


class BadForm(IvrError):
    """A telephone provider's form lacks a value, or holds one that it cannot hold."""


class ProviderAway(IvrError):
    """The telephone provider does not answer, or not with what was asked for: ask again."""


class SoundGone(IvrError):
    """The telephone provider has no such recording: it was deleted there, or is not ready yet."""


class CannotSave(IvrError):
    """A call cannot be made a test of: it does not replay, or its way depends on private data."""


class MissingPrompts(IvrError):
    """Wording or sounds that flows need are not there."""


class BadTake(IvrError):
    """A recording of a prompt cannot be used; `fault` says why."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"expected a recording of a prompt, found one that is {fault}")
        self.fault = fault


class UnknownTake(IvrError):
    """There is no such recording of a prompt, or it was thrown away."""


class TakeInUse(IvrError):
    """Callers hear that recording of a prompt: take it back first."""


class UnknownEdition(IvrError):
    """Prompts were never published under that number."""


class StaleEdition(IvrError):
    """Somebody else has published prompts since the page was shown: look again."""


class SpeechGone(IvrError):
    """Nobody can listen for words now: the call goes on with keys.

    `asked`: the prompt has been played, so only the wait for a key is left.
    """

    def __init__(self, why: str, *, asked: bool = False) -> None:
        super().__init__(why)
        self.asked = asked


class BadSeat(IvrError):
    """A user's id cannot be the name of a telephone, or names nobody's."""


class NoSuchTalk(IvrError):
    """An operator's telephone has no call, or none with which that can be done."""


class NotFree(IvrError):
    """A telephone that is to ring is not signed in, or already in another call."""


class AsteriskAway(IvrError):
    """Asterisk's manager does not answer, or not in time."""


class AmiRefused(IvrError):
    """Asterisk's manager refused an action: the message is Asterisk's."""


class AgiError(IvrError):
    """The AGI peer did what the protocol does not allow."""


class ChannelGone(AgiError):
    """The caller has hung up, in whichever disguise Asterisk reported it."""


class ServerLeft(AgiError):
    """The peer closed or broke the connection while the call may go on."""


class CommandFailed(AgiError):
    """Asterisk refused or failed a command."""


class PeerConfused(AgiError):
    """What arrived is not AGI."""


class NothingSaid(AgiError):
    """The peer left before it said anything: a probe, not a call."""
