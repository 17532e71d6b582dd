"""Words come from a job, and a sound that nobody can read costs nothing but itself."""

from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import Engine

from reports.models import Transcript
from reports.transcription import ATTEMPTS, transcribe_recording
from speech.errors import RecogniserUnavailable, RecognitionFailed, SpeechError
from speech.scripted import Asked, ScriptedRecogniser
from speech.sound import Sound, write_wav
from storage.database import reading, transaction
from tests.builders import NOON, a_recording, a_transcript
from tests.speech.sounds import a_tone

NAME = "c1-1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_wav(tmp_path / f"{NAME}.wav", a_tone(2.0))
    return tmp_path


@pytest.fixture
def pending(database: Engine) -> Engine:
    """A database with one recording whose words are wanted."""
    wanted = a_transcript(
        status="pending", text=None, confidence=None, segments=None, engine=None, model=None,
        took_s=None, attempts=0,
    )  # fmt: skip
    with transaction(database) as session:
        session.add(a_recording(wanted, name=NAME, call_id="c1"))
    return database


def transcript_of(engine: Engine) -> Transcript:
    with reading(engine) as session:
        return session.get_one(Transcript, NAME)


def transcribe(engine: Engine, recogniser: ScriptedRecogniser, folder: Path) -> None:
    transcribe_recording(engine, recogniser, folder, NAME, lambda: NOON)


def test_words_are_kept_as_a_draft(pending: Engine, folder: Path) -> None:
    recogniser = ScriptedRecogniser(["đường ngập nước"], confidence=0.8, model="tiny")

    transcribe(pending, recogniser, folder)

    found = transcript_of(pending)
    assert (found.status, found.draft, found.text) == ("done", True, "đường ngập nước")
    assert found.confidence == pytest.approx(0.8)
    assert (found.engine, found.model, found.finished_at) == ("scripted", "tiny", NOON)
    assert found.segments == [
        {"start_s": 0.0, "end_s": 2.0, "text": "đường ngập nước", "confidence": 0.8, "words": []}
    ]


def test_the_recogniser_is_asked_for_vietnamese_and_gets_the_whole_sound(
    pending: Engine, folder: Path
) -> None:
    recogniser = ScriptedRecogniser(["có"])

    transcribe(pending, recogniser, folder)

    [asked] = recogniser.asked
    assert (asked.language, asked.sound.length_s) == ("vi", 2.0)


def test_silence_is_done_with_no_words(pending: Engine, folder: Path) -> None:
    transcribe(pending, ScriptedRecogniser([""]), folder)

    found = transcript_of(pending)
    assert (found.status, found.text, found.confidence, found.segments) == ("done", "", 0.0, [])


def test_a_repeated_job_changes_nothing(pending: Engine, folder: Path) -> None:
    recogniser = ScriptedRecogniser(["một", "hai"])

    transcribe(pending, recogniser, folder)
    transcribe(pending, recogniser, folder)

    assert transcript_of(pending).text == "một" and len(recogniser.asked) == 1


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no sound at all", None])
def test_a_sound_that_cannot_be_read_has_failed(
    pending: Engine, folder: Path, content: bytes | None
) -> None:
    path = folder / f"{NAME}.wav"
    path.unlink() if content is None else path.write_bytes(content)
    recogniser = ScriptedRecogniser(["x"])

    transcribe(pending, recogniser, folder)

    found = transcript_of(pending)
    assert (found.status, found.problem, found.text) == ("failed", "BrokenSound", None)
    assert recogniser.asked == []


def test_a_sound_that_cannot_be_decoded_has_failed(pending: Engine, folder: Path) -> None:
    transcribe(pending, ScriptedRecogniser([RecognitionFailed("no luck")]), folder)

    found = transcript_of(pending)
    assert (found.status, found.problem, found.finished_at) == ("failed", "RecognitionFailed", NOON)


def test_a_recogniser_that_is_away_is_no_fault_of_the_sound(pending: Engine, folder: Path) -> None:
    away: list[str | SpeechError] = [RecogniserUnavailable("no model")] * (ATTEMPTS * 3)
    recogniser = ScriptedRecogniser([*away, "có mặt"])

    for _ in away:
        with pytest.raises(RecogniserUnavailable):
            transcribe(pending, recogniser, folder)
        assert (transcript_of(pending).status, transcript_of(pending).attempts) == ("pending", 0)
    transcribe(pending, recogniser, folder)

    assert transcript_of(pending).text == "có mặt"


class Dies(ScriptedRecogniser):
    """A native decoder that takes the worker with it: no error of ours is ever raised."""

    def transcribe(self, sound: Sound, language: str) -> NoReturn:
        self.asked.append(Asked(sound, language))
        raise SystemExit


def test_a_sound_on_which_workers_die_is_given_up(pending: Engine, folder: Path) -> None:
    deadly = Dies()

    for _ in range(ATTEMPTS):
        with pytest.raises(SystemExit):
            transcribe(pending, deadly, folder)
    transcribe(pending, deadly, folder)

    found = transcript_of(pending)
    assert (found.status, found.problem) == ("failed", "TooManyAttempts")
    assert len(deadly.asked) == ATTEMPTS
