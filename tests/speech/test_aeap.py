"""Asterisk's messages are read as it sends them; anything else is refused; G.711 is G.711."""

import contextlib
import io
import json

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from speech import aeap
from speech.aeap import Answered, Get, Set, Setup, Told
from speech.errors import BadMessage


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"request": "setup", "id": "1", "version": "0.1.0", "codecs": [{"name": "alaw"}]}',
            Setup("1", "alaw"),
        ),
        ('{"request":"set","id":"2","params":{"listening":"ab"}}', Set("2", {"listening": "ab"})),
        ('{"request":"set","id":"3","params":{"dtmf":"5"}}', Set("3", {"dtmf": "5"})),
        ('{"request":"get","id":"4","params":["results"]}', Get("4", "results")),
        ('{"response":"set","id":"push-1"}', Answered()),
        ('{"response":"set","id":"x","error_msg":"no results"}', Answered("no results")),
    ],
)
def test_asterisks_messages_are_understood(text: str, message: aeap.Message) -> None:
    assert aeap.read_message(text) == message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "null",
        "[]",
        "[" * 100_000,
        '{"request":"setup"}',
        '{"request":"setup","id":1,"codecs":[{"name":"alaw"}]}',
        '{"request":"setup","id":"1","codecs":[]}',
        '{"request":"setup","id":"1","codecs":[{"name":7}]}',
        '{"request":"get","id":"1","params":[]}',
        '{"request":"set","id":"1","params":["listening"]}',
        '{"request":"hang up","id":"1"}',
        '{"id":"1"}',
    ],
)
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadMessage, match="expected"):
        aeap.read_message(text)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(BadMessage):
        aeap.read_message(text)


def test_a_result_always_has_a_text_and_a_whole_score() -> None:
    assert aeap.result(Told.NOTHING) == {
        "text": "-",
        "score": 0,
        "grammar": "nothing",
        "best": 0,
    }
    pushed = json.loads(aeap.push("7", aeap.result(Told.HEARD, "đúng rồi", 0.8765)))
    assert pushed["params"]["results"][0]["text"] == "đúng rồi"
    assert pushed["params"]["results"][0]["score"] == 876


@pytest.mark.parametrize(("codec", "subtype"), [("alaw", "ALAW"), ("ulaw", "ULAW")])
def test_every_code_is_the_sample_of_the_standard(codec: str, subtype: str) -> None:
    codes = bytes(range(256))
    expected, _ = soundfile.read(
        io.BytesIO(codes), samplerate=8000, channels=1, format="RAW", subtype=subtype, dtype="int16"
    )

    assert np.frombuffer(aeap.pcm_of(codec, codes), "<i2").tolist() == expected.tolist()


def test_linear_sound_is_taken_as_it_is() -> None:
    assert aeap.pcm_of("slin", b"\1\2\3") == b"\1\2\3"
