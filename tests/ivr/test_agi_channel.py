"""Each way in which Asterisk and pyst2 tell of trouble has one name; no value becomes a command."""

import shlex
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.drivers.agi import Channel
from ivr.drivers.agi_lines import Patience
from ivr.errors import (
    AgiError,
    ChannelGone,
    CommandFailed,
    NothingSaid,
    PeerConfused,
    ServerLeft,
)
from tests.ivr.fake_asterisk import DEAD, END_OF_USAGE

GREETING = b"agi_network: yes\nagi_uniqueid: 1795000000.1\nagi_callerid: 0912345678\n\n"
HASTE = Patience(greeting_s=0.05, command_s=0.05)
USAGE = "".join(line + "\n" for line in END_OF_USAGE)
STILL_UP = "200 result=6\n"
LIVE_AFTER = "200 result=0\n"


@dataclass
class Peer:
    """Asterisk's end of the wire; what it will reply is written before it is asked."""

    ours: socket.socket
    theirs: socket.socket

    def says(self, content: str | bytes) -> None:
        self.theirs.sendall(content.encode() if isinstance(content, str) else content)

    def leaves(self) -> None:
        self.theirs.shutdown(socket.SHUT_WR)

    def heard(self) -> list[str]:
        self.theirs.setblocking(False)
        try:
            return self.theirs.recv(100_000).decode().splitlines()
        except BlockingIOError:
            return []


@pytest.fixture
def peer() -> Iterator[Peer]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Peer(ours, theirs)


def a_channel(peer: Peer) -> Channel:
    peer.says(GREETING)
    return Channel(peer.ours, HASTE)


Ask = Callable[[Channel], object]


def play(channel: Channel) -> object:
    return channel.play("/sounds/vi/greeting", "0123456789*#")


def wait(channel: Channel) -> object:
    return channel.wait_for_digit(7000)


def record(channel: Channel) -> object:
    return channel.record("/recordings/c-1", 120_000, 4, "#")


def set_done(channel: Channel) -> object:
    return channel.set_variable("HOTLINE_DONE", "1")  # type: ignore[func-returns-value]


def read(channel: Channel) -> object:
    return channel.full_variable("${CHANNEL(pjsip,call-id)}")


@pytest.mark.parametrize(
    ("ask", "replies", "answer"),
    [
        (play, "200 result=0 endpos=16000\n", ""),
        (play, "200 result=50 endpos=4160\n", "2"),
        (play, "200 result=42 endpos=4160\n", "*"),
        (play, "200 result=0\n", ""),
        (play, "200 result=65 endpos=0\n", ""),  # the keys A to D are none of ours
        (wait, "200 result=0\n", ""),
        (wait, "200 result=35\n", "#"),
        (wait, "HANGUP\n200 result=49\n", "1"),  # it was pressed before the caller left
        (record, "200 result=35 (dtmf) endpos=48000\n", "#"),
        (record, "200 result=48 (dtmf) endpos=48000\n", "0"),
        (record, "200 result=0 (timeout) endpos=48000\n", ""),
        (record, "200 result=-1 (hangup) endpos=48000\n", ""),
        (record, "200 result=0 (hangup) endpos=48000\n", ""),
        (record, "200 result=-1 (writeerror) endpos=0\n", ""),
        (record, "200 result=-1 endpos=48000\n", ""),
        (record, "HANGUP\n200 result=-1 (hangup) endpos=48000\n", ""),
        (record, "200 result=timeout\n", ""),
        (set_done, "200 result=1\n", None),
        (set_done, "HANGUP\n200 result=1\n", None),
        (read, "200 result=1 (38482@192.0.2.7)\n", "38482@192.0.2.7"),
        (read, "200 result=1 (two words (and more))\n", "two words (and more)"),
        (read, "200 result=1 (hangup)\n", "hangup"),
        (read, "200 result=1 (result=-1)\n", "result=-1"),
        (read, "200 result=1 (Tổng đài)\n", "Tổng đài"),
        (read, "200 result=1 ()\n", None),
        (read, "200 result=0\n", None),
    ],
)
def test_a_reply_is_read_as_asterisk_means_it(
    peer: Peer, ask: Ask, replies: str, answer: object
) -> None:
    channel = a_channel(peer)
    peer.says(replies)

    assert ask(channel) == answer


@pytest.mark.parametrize(
    ("ask", "replies", "error"),
    [
        (play, f"{DEAD}\n", ChannelGone),
        (wait, f"{DEAD}\n", ChannelGone),
        (record, f"{DEAD}\n", ChannelGone),
        (set_done, f"{DEAD}\n", ChannelGone),
        (play, f"HANGUP\n{DEAD}\n", ChannelGone),
        (play, f"200 result=-1 endpos=960\nHANGUP\n{DEAD}\n", ChannelGone),
        (wait, f"HANGUP\n200 result=-1\n{DEAD}\n", ChannelGone),
        (wait, "200 result=-1 (hangup)\n", ChannelGone),
        (wait, "200 result=-1\n200 result=0\n", ChannelGone),
        (wait, "200 result=-1\n200 result=-1\n", ChannelGone),
        (wait, "200 result=-1\nHANGUP\n200 result=6\n", ChannelGone),
        (wait, "200 result=-1\n200 gibberish\n", ChannelGone),
        (play, f"200 result=-1 endpos=0\n{STILL_UP}", CommandFailed),
        (wait, f"200 result=\n{STILL_UP}", CommandFailed),
        (wait, f"200 result=99999999999999999999\n{STILL_UP}", CommandFailed),
        (wait, f"200\n{STILL_UP}", CommandFailed),
        (wait, f"\n{STILL_UP}", CommandFailed),
        (wait, f"what?\n{STILL_UP}", CommandFailed),
        (record, f"what?\n{STILL_UP}", CommandFailed),
        (play, f"510 Invalid or unknown command\n{STILL_UP}", CommandFailed),
        (record, f"510 Invalid or unknown command\n{STILL_UP}", CommandFailed),
        (play, f"{USAGE}", CommandFailed),
        (record, f"{USAGE}", CommandFailed),
        (play, "520 Invalid command syntax.  Proper usage not available.\n", CommandFailed),
        (record, "520 Invalid command syntax.  Proper usage not available.\n", CommandFailed),
    ],
)
def test_trouble_has_one_name(peer: Peer, ask: Ask, replies: str, error: type[AgiError]) -> None:
    channel = a_channel(peer)
    peer.says(replies)

    with pytest.raises(AgiError) as caught:
        ask(channel)

    assert type(caught.value) is error


@pytest.mark.parametrize("ask", [play, wait, record, set_done, read])
@pytest.mark.parametrize(
    "last_words",
    ["", "HANGUP\n", "200 res", "520-Invalid command syntax.  Proper usage follows:\n"],
)
def test_a_peer_that_leaves_in_mid_command_may_still_have_the_caller(
    peer: Peer, ask: Ask, last_words: str
) -> None:
    channel = a_channel(peer)
    peer.says(last_words)
    peer.leaves()

    with pytest.raises(ServerLeft):
        ask(channel)


def test_a_connection_lost_while_asking_how_the_channel_is_does_not_pass_for_a_hangup(
    peer: Peer,
) -> None:
    channel = a_channel(peer)
    peer.says("200 result=-1\n")
    peer.leaves()

    with pytest.raises(ServerLeft):
        wait(channel)


@pytest.mark.parametrize("last_words", ["", "200 res", "HANGUP\n"])
def test_a_peer_that_falls_silent_is_not_waited_for_for_ever(peer: Peer, last_words: str) -> None:
    channel = a_channel(peer)
    peer.says(last_words)

    with pytest.raises(ServerLeft):
        wait(channel)


def test_a_peer_that_is_gone_when_we_ask_has_left(peer: Peer) -> None:
    channel = a_channel(peer)
    peer.theirs.close()

    with pytest.raises(ServerLeft):
        for _ in range(3):
            wait(channel)


def test_after_the_notice_of_a_hangup_only_variables_are_still_set(peer: Peer) -> None:
    channel = a_channel(peer)
    peer.says("HANGUP\n200 result=0\n200 result=1\n")
    assert wait(channel) == ""

    with pytest.raises(ChannelGone):
        play(channel)
    set_done(channel)

    assert peer.heard() == ["WAIT FOR DIGIT 7000", 'SET VARIABLE "HOTLINE_DONE" "1"']


def test_the_wire_carries_on_after_a_failed_command(peer: Peer) -> None:
    channel = a_channel(peer)
    peer.says(USAGE + "200 result=49\n")
    with pytest.raises(CommandFailed):
        play(channel)

    assert wait(channel) == "1"


def test_replies_may_come_in_any_pieces(peer: Peer) -> None:
    channel = a_channel(peer)
    reply = "HANGUP\n200 result=1 (Tổng đài ở Bạc Liêu)\n".encode()

    def in_bytes() -> None:
        for byte in reply:
            peer.says(bytes([byte]))

    thread = threading.Thread(target=in_bytes)
    thread.start()

    assert read(channel) == "Tổng đài ở Bạc Liêu"
    thread.join()


@given(value=st.text(), name=st.text())
def test_no_value_can_start_another_command(name: str, value: str) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        peer = Peer(ours, theirs)
        channel = a_channel(peer)
        peer.says("200 result=1\n200 result=0\n200 result=35 (dtmf)\n200 result=1 (x)\n")

        channel.set_variable(name, value)
        channel.play(value, "#")
        channel.record(value, 1000, 4, "#")
        channel.full_variable(value)

        ours.close()
        heard = theirs.recv(100_000)
        lines = heard.decode("utf-8", "surrogatepass").split("\n")
        assert [line.split('"')[0].strip() for line in lines] == [
            "SET VARIABLE",
            "STREAM FILE",
            "RECORD FILE",
            "GET FULL VARIABLE",
            "",
        ]
        assert [len(shlex.split(line)) for line in lines[:4]] == [4, 5, 8, 4]
        assert not set(heard) & set(b"\r\0\\")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", NothingSaid),
        (b"agi_network: yes\n", ServerLeft),
        (b"agi_netw", ServerLeft),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", PeerConfused),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", PeerConfused),
        (b"agi_network yes\n\n", PeerConfused),
        (b"x" * 9000, PeerConfused),
        (b"agi_network: yes\n" * 101, PeerConfused),
    ],
)
def test_what_is_no_greeting_is_refused(peer: Peer, content: bytes, error: type[AgiError]) -> None:
    peer.says(content)
    peer.leaves()

    with pytest.raises(AgiError) as caught:
        Channel(peer.ours, HASTE)

    assert type(caught.value) is error


@pytest.mark.parametrize("content", [b"", b"agi_network: yes\n", b"agi_netw"])
def test_a_greeting_that_never_ends_is_given_up(peer: Peer, content: bytes) -> None:
    peer.says(content)

    with pytest.raises(ServerLeft):
        Channel(peer.ours, HASTE)


def test_a_greeting_that_trickles_in_is_given_up_all_the_same(peer: Peer) -> None:
    stop = threading.Event()

    def trickle() -> None:
        while not stop.wait(0.01):
            peer.says("agi_x: y\n")

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        with pytest.raises(ServerLeft):
            Channel(peer.ours, HASTE)
    finally:
        stop.set()
        thread.join()


def test_a_greeting_keeps_colons_and_letters(peer: Peer) -> None:
    peer.says("agi_request: agi://h:4573/call\nagi_calleridname: Nguyễn: Văn\nagi_rdnis:\n\n")

    channel = Channel(peer.ours, HASTE)

    assert channel.greeting == {
        "agi_request": "agi://h:4573/call",
        "agi_calleridname": "Nguyễn: Văn",
        "agi_rdnis": "",
    }


def test_nothing_of_the_traffic_is_printed(peer: Peer, capfd: pytest.CaptureFixture[str]) -> None:
    channel = a_channel(peer)
    peer.says("200 result=1 (0912345678)\n200 result=-1\n200 result=0\n")
    read(channel)
    with pytest.raises(ChannelGone):
        wait(channel)

    printed = capfd.readouterr()

    assert printed.out == "" and printed.err == ""
