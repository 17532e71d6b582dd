"""Listening is one AGI command; the dialplan tells an answer, or that speech is gone."""

import contextlib
import shlex
import socket
from collections.abc import Iterator

import pytest

from ivr.drivers.agi import Channel
from ivr.drivers.agi_lines import Patience
from ivr.drivers.listening import Asked, Key, SpeechService, Words
from ivr.errors import AgiError, ChannelGone, SpeechGone
from tests.ivr.test_agi_channel import GREETING, Peer

HASTE = Patience(greeting_s=0.5, command_s=0.5)
SET = "200 result=1\n"
ASKED = Asked(("đúng", "không"), "vi", 7000, 800, meanings=("1", "2"))
BEGUN = "100 result=0 Trying...\n200 result=0 Gosub complete\n"


class Service(SpeechService):
    """Gives a token to whoever asks, and keeps who did."""

    def __init__(self) -> None:
        super().__init__("127.0.0.1:9")
        self.asked: list[Asked] = []
        self.under_way = 0

    @contextlib.contextmanager
    def listening(self, asked: Asked) -> Iterator[str]:
        self.asked.append(asked)
        self.under_way += 1
        try:
            yield "t0ken"
        finally:
            self.under_way -= 1


class Full(Service):
    @contextlib.contextmanager
    def listening(self, asked: Asked) -> Iterator[str]:
        raise SpeechGone("all streams are taken")
        yield ""


@pytest.fixture
def peer() -> Iterator[Peer]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Peer(ours, theirs)


def a_channel(peer: Peer, service: SpeechService | None) -> Channel:
    peer.says(GREETING)
    return Channel(peer.ours, HASTE, service)


def listen(channel: Channel, sounds: tuple[str, ...] = ("/s/a", "/s/b")) -> object:
    return channel.listen(sounds, ASKED)


def told(heard: str) -> str:
    return f"{SET}{SET}{BEGUN}200 result=1 ({heard})\n"


@pytest.mark.parametrize(
    ("heard", "answer"),
    [
        ("heard:900:đúng rồi", Words("đúng rồi", 0.9)),
        ("dtmf:1000:5", Key("5")),
        ("dtmf:1000:#", Key("#")),
        ("dtmf:1000:*", Key("*")),
        ("dtmf:1000:A", None),
        ("nothing:0:-", None),
    ],
)
def test_what_was_heard_is_read(peer: Peer, heard: str, answer: object) -> None:
    service = Service()
    channel = a_channel(peer, service)
    peer.says(told(heard))

    assert listen(channel) == answer
    assert service.asked == [ASKED]
    assert service.under_way == 0


@pytest.mark.parametrize(
    ("replies", "asked"),
    [
        (told("none::"), False),
        (told("gone::"), True),
        (told("wait:0:-"), True),
        (told("left:0:-"), True),
        (f"{SET}{SET}200 result=-1 Gosub label not found\n200 result=6\n", False),
        (f"{SET}{SET}{BEGUN}200 result=0\n200 result=6\n", False),
        (f"{SET}{SET}510 Invalid or unknown command\n200 result=6\n", False),
    ],
)
def test_where_nobody_listened_it_is_said_whether_the_prompt_was_played(
    peer: Peer, replies: str, asked: bool
) -> None:
    channel = a_channel(peer, Service())
    peer.says(replies)

    with pytest.raises(SpeechGone) as caught:
        listen(channel)

    assert caught.value.asked is asked


@pytest.mark.parametrize(
    "replies",
    [
        f"{SET}{SET}{BEGUN}HANGUP\n200 result=0\n200 result=6\n",
        f"{SET}{SET}{BEGUN}200 result=0\n511 Command Not Permitted on a dead channel\n",
        f"{SET}{SET}HANGUP\n{BEGUN}200 result=0\n200 result=6\n",
    ],
)
def test_a_hangup_while_listening_is_a_hangup(peer: Peer, replies: str) -> None:
    channel = a_channel(peer, Service())
    peer.says(replies)

    with pytest.raises(ChannelGone):
        listen(channel)


@pytest.mark.parametrize("service", [None, Full()])
def test_without_a_place_asterisk_is_not_troubled(
    peer: Peer, service: SpeechService | None
) -> None:
    channel = a_channel(peer, service)

    with pytest.raises(SpeechGone):
        listen(channel)

    assert peer.heard() == []


def test_it_is_one_command_between_its_variables(peer: Peer) -> None:
    channel = a_channel(peer, Service())
    peer.says(told("nothing:0:-"))

    listen(channel)

    assert [shlex.split(line) for line in peer.heard()] == [
        ["SET", "VARIABLE", "HOTLINE_SOUNDS", "/s/a&/s/b"],
        ["SET", "VARIABLE", "HOTLINE_HEARD", ""],
        ["GOSUB", "hotline-listen", "s", "1", "t0ken"],
        ["GET", "FULL", "VARIABLE", "${HOTLINE_HEARD}"],
    ]


def test_more_sounds_than_a_command_holds_are_played_before_and_take_keys(peer: Peer) -> None:
    channel = a_channel(peer, Service())
    peer.says("200 result=0 endpos=9\n" + "200 result=51 endpos=9\n")

    assert listen(channel, tuple(f"/sounds/{'long' * 20}/{index}" for index in range(25))) == Key(
        "3"
    )
    assert [line.split()[0] for line in peer.heard()] == ["STREAM", "STREAM"]


def test_a_service_that_is_not_there_is_speech_gone_and_no_error_of_agi(peer: Peer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    channel = a_channel(peer, SpeechService(f"127.0.0.1:{port}"))

    with pytest.raises(SpeechGone) as caught:
        listen(channel)

    assert not isinstance(caught.value, AgiError)
    assert not caught.value.asked
