"""Callers answer a real Asterisk in words and by keys, many at once."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from hotline.caller.line import SipLine
from ivr.drivers.listening import Key, SpeechService, Words
from ivr.errors import ChannelGone
from tests.asterisk.in_words.people import (
    ONCE_ANSWERED_S,
    PROMPT_S,
    Act,
    noise,
    number,
    place,
    presses,
    says,
    stays_silent,
    words,
)
from tests.asterisk.listening import (
    PAUSE_MS,
    TIMEOUT_MS,
    ListeningServer,
    SpeechProcess,
    Turn,
    listening_server,
    speech_process,
)
from tests.asterisk.running import RunningAsterisk, until

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(180)]

STREAMS = 16


@pytest.fixture(scope="module")
def service(
    tmp_path_factory: pytest.TempPathFactory,
    speech_port: int,
) -> Iterator[SpeechProcess]:
    data = tmp_path_factory.mktemp("service")
    with speech_process(data, streams=STREAMS, port=speech_port) as process:
        yield process


class Spoken:
    """Says a word after the prompt, and remembers when it was said."""

    def __init__(self) -> None:
        self.at = 0.0

    async def act(self, line: SipLine) -> None:
        await asyncio.sleep(PROMPT_S + 1.0)
        await line.speak(words(0.8))
        self.at = time.monotonic()


SPOKEN = Spoken()


async def speaks_then_presses(line: SipLine) -> None:
    await asyncio.sleep(ONCE_ANSWERED_S)
    await line.speak(words(1.0))
    await line.press("5")  # before the pause that would end the words


async def is_in_noise(line: SipLine) -> None:
    await line.speak(noise(7.0, dbfs=-48))


async def leaves(line: SipLine) -> None:
    await asyncio.sleep(1.0)
    await line.hang_up()


CALLERS: dict[str, Act] = {
    "a word in the prompt": says(0.8, after_s=ONCE_ANSWERED_S),
    "a word after the prompt": SPOKEN.act,
    "2": presses("2", after_s=1.0),
    "#": presses("#", after_s=1.0),
    "*": presses("*", after_s=1.0),
    "a key after the prompt": presses("7", after_s=PROMPT_S + 1.2),
    "a key after speech began": speaks_then_presses,
    "silence": stays_silent,
    "noise": is_in_noise,
    "hangs up": leaves,
}


@pytest.fixture(scope="module")
def turns(
    listening: RunningAsterisk,
    service: SpeechProcess,
    speech_port: int,
    question: str,
) -> dict[str, Turn]:
    """What each of them came to; all ring at once."""
    client = SpeechService(f"127.0.0.1:{speech_port}")
    with listening_server(listening.agi_port, client, question) as made:
        place(listening, *CALLERS.values())
        until(lambda: len(made.turns) == len(CALLERS) and all(turn.over for turn in made.turns))
    by_number = {turn.caller[-9:]: turn for turn in made.turns}
    return {who: by_number[number(index)[1:]] for index, who in enumerate(CALLERS)}


def test_a_word_during_the_prompt_stops_it_and_is_heard(turns: dict[str, Turn]) -> None:
    assert turns["a word in the prompt"].heard == Words("đúng", 0.9)


def test_a_word_after_the_prompt_is_heard_soon_after_its_end(turns: dict[str, Turn]) -> None:
    turn = turns["a word after the prompt"]

    assert isinstance(turn.heard, Words), turn.heard
    ended_s = turn.began_at + turn.heard_s - SPOKEN.at
    assert ended_s < PAUSE_MS / 1000 + 1.0


@pytest.mark.parametrize("key", ["2", "#", "*"])
def test_a_key_during_the_prompt_wins_at_once(turns: dict[str, Turn], key: str) -> None:
    assert turns[key].heard == Key(key)
    assert turns[key].heard_s < PROMPT_S + 0.5


def test_a_key_after_the_prompt_is_heard(turns: dict[str, Turn]) -> None:
    assert turns["a key after the prompt"].heard == Key("7")


def test_a_key_after_speech_began_wins(turns: dict[str, Turn]) -> None:
    assert turns["a key after speech began"].heard == Key("5")


def test_silence_is_nothing_after_its_time(turns: dict[str, Turn]) -> None:
    turn = turns["silence"]

    assert turn.heard is None
    expected_s = PROMPT_S + TIMEOUT_MS / 1000
    assert expected_s - 0.3 < turn.heard_s < expected_s + 1.5


def test_noise_alone_neither_stops_the_prompt_nor_is_a_word(turns: dict[str, Turn]) -> None:
    turn = turns["noise"]

    assert turn.heard is None
    assert turn.heard_s > PROMPT_S + TIMEOUT_MS / 1000 - 0.3


def test_a_hangup_in_mid_question_is_a_hangup(
    turns: dict[str, Turn], service: SpeechProcess
) -> None:
    turn = turns["hangs up"]

    assert isinstance(turn.heard, ChannelGone), turn.heard
    until(lambda: SpeechService(service.address).state().used == 0)


def test_keys_at_any_moment_are_never_lost(
    asterisk: RunningAsterisk,
    service: SpeechProcess,
    server: ListeningServer,
) -> None:
    """Callers press at moments that fall on and between the rounds of listening."""
    place(asterisk, *(presses("3", PROMPT_S + 0.5 + 0.11 * index) for index in range(12)))

    assert [turn.heard for turn in server.turns] == [Key("3")] * 12
