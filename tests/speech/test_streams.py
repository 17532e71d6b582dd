"""What every stream promises, shown on the scripted one, which needs no model."""

import numpy as np
import pytest

from speech.errors import BadPhrases, RecogniserUnavailable, RecognitionFailed
from speech.scripted_stream import FirstPhraseRecogniser, ScriptedStreaming
from speech.sound import Sound
from speech.streaming import (
    NOTHING,
    Final,
    HeardWord,
    Listening,
    SpeechBegan,
    Stream,
    StreamEvent,
    StreamingRecogniser,
)
from tests.speech.sounds import a_tone, joined, some_silence

YES_NO = Listening(8000, "vi", ("đúng", "không"))
AN_ANSWER = joined(some_silence(0.5), a_tone(0.5), some_silence(1.2))


def pcm(sound: Sound) -> bytes:
    return sound.samples.astype("<i2").tobytes()


def played(stream: Stream, sound: Sound, at_once: int = 320) -> list[StreamEvent]:
    content = pcm(sound)
    return [
        event
        for begin in range(0, len(content), at_once)
        for event in stream.feed(content[begin : begin + at_once])
    ]


def test_an_utterance_begins_and_ends_with_its_answer() -> None:
    recogniser: StreamingRecogniser = (scripted := ScriptedStreaming(["đúng"]))

    began, final = played(recogniser.open(YES_NO), AN_ANSWER)

    assert isinstance(began, SpeechBegan) and isinstance(final, Final)
    assert began.at_s == pytest.approx(0.5, abs=0.05)
    assert (final.text, final.confidence) == ("đúng", 0.9)
    assert final.words == (HeardWord("đúng", final.words[0].start_s, final.words[0].end_s, 0.9),)
    assert final.words[0].end_s == pytest.approx(1.0, abs=0.05)
    assert scripted.opened == [YES_NO]
    assert Sound(scripted.heard[0], 8000).length_s == pytest.approx(1.8, abs=0.1)


@pytest.mark.parametrize("at_once", [1, 3, 319, 320, 321, 10**6])
def test_half_a_sample_waits_for_its_other_half(at_once: int) -> None:
    stream = ScriptedStreaming(["đúng"]).open(YES_NO)

    found = played(stream, AN_ANSWER, at_once)

    assert [type(event) for event in found] == [SpeechBegan, Final]


def test_nothing_comes_after_the_answer_and_finish_repeats_it() -> None:
    stream = ScriptedStreaming(["đúng"]).open(YES_NO)
    final = played(stream, AN_ANSWER)[-1]

    assert played(stream, AN_ANSWER) == []
    assert stream.finish() == final
    assert stream.finish() == final


def test_finish_in_mid_word_gives_what_was_heard() -> None:
    stream = ScriptedStreaming(["đúng"]).open(YES_NO)
    played(stream, joined(some_silence(0.5), a_tone(0.5)))

    assert stream.finish().text == "đúng"


@pytest.mark.parametrize("sound", [some_silence(0), some_silence(20)], ids=["empty", "silent"])
def test_an_empty_or_silent_stream_hears_nothing_and_asks_no_engine(sound: Sound) -> None:
    scripted = ScriptedStreaming()
    stream = scripted.open(YES_NO)

    assert played(stream, sound) == []
    assert stream.finish() == NOTHING
    assert scripted.heard == []


def test_a_closed_stream_is_over() -> None:
    scripted = ScriptedStreaming()
    stream = scripted.open(YES_NO)
    played(stream, joined(some_silence(0.5), a_tone(0.5)))

    stream.close()
    stream.close()

    assert played(stream, AN_ANSWER) == []
    assert stream.finish() == NOTHING


def test_clipped_sound_is_heard_like_other_sound() -> None:
    square = np.where(np.arange(4000) // 10 % 2, 32767, -32768).astype(np.int16)
    stream = ScriptedStreaming(["không"]).open(YES_NO)

    found = played(stream, joined(some_silence(0.5), Sound(square, 8000), some_silence(1)))

    assert isinstance(found[-1], Final) and found[-1].text == "không"


def test_a_script_can_fail_and_can_run_out() -> None:
    scripted = ScriptedStreaming([RecogniserUnavailable("gone"), ""])

    with pytest.raises(RecogniserUnavailable, match="gone"):
        played(scripted.open(YES_NO), AN_ANSWER)
    assert played(scripted.open(YES_NO), AN_ANSWER)[-1] == NOTHING
    with pytest.raises(RecognitionFailed, match="no scripted answer left for utterance 3"):
        played(scripted.open(YES_NO), AN_ANSWER)


def test_a_malformed_list_opens_no_stream() -> None:
    with pytest.raises(BadPhrases):
        ScriptedStreaming().open(Listening(8000, "vi", ('đúng", "sai',)))


def test_the_first_phrase_can_stand_for_every_answer() -> None:
    recogniser = FirstPhraseRecogniser()

    finals = [played(recogniser.open(YES_NO), AN_ANSWER)[-1] for _ in range(2)]

    assert [final.text for final in finals if isinstance(final, Final)] == ["đúng", "đúng"]
