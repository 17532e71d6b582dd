"""From a recording to its draft words: a job of the worker, never part of a call."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from reports.danger import OnWords
from reports.models import Recording, Transcript, TranscriptCorrection, TranscriptStatus
from speech.errors import BrokenSound, RecogniserUnavailable, RecognitionFailed
from speech.recogniser import Recogniser
from speech.sound import read_wav
from storage.database import reading, transaction

log = structlog.get_logger()

# A sound on which the native decoder dies would else kill every new worker for ever.
ATTEMPTS = 5


def _ignore(session: Session, recording: Recording, words: str, now: datetime) -> None:
    """Words that nobody waits for."""


def transcribe_recording(
    engine: Engine,
    recogniser: Recogniser,
    folder: Path,
    name: str,
    clock: Callable[[], datetime],
    on_words: OnWords = _ignore,
) -> None:
    """Give the recording `name` its draft transcript; one that is done already stays.

    A sound that cannot be read or decoded is marked failed with the reason. `on_words` is told
    what was said, in the same transaction. What the caller takes back meanwhile gets no words.

    Raises:
        RecogniserUnavailable: no sound can be transcribed now; the job is tried again.
    """
    language = _begin(engine, name, clock())
    if language is None:
        return
    try:
        words = recogniser.transcribe(read_wav(folder / f"{name}.wav"), language)
    except (BrokenSound, RecognitionFailed) as error:
        _finish_failed(engine, name, type(error).__name__, clock())
        return
    except RecogniserUnavailable:
        _forget_attempt(engine, name)  # no fault of this sound
        raise
    with transaction(engine) as session:  # none was open while the recogniser worked
        transcript = session.get(Transcript, name, with_for_update=True)
        if transcript is None:
            return
        transcript.status = TranscriptStatus.DONE
        transcript.text = words.text
        transcript.confidence = words.confidence
        transcript.segments = [asdict(segment) for segment in words.segments]
        transcript.engine = words.engine
        transcript.model = words.model
        transcript.took_s = words.took_s
        transcript.language = words.language
        transcript.finished_at = clock()
        on_words(session, transcript.recording, words.text, clock())
    log.info("transcribed", recording=name, took_s=round(words.took_s, 2))


def _begin(engine: Engine, name: str, now: datetime) -> str | None:
    """The language to listen for, and one more attempt counted; None if nothing is left to do."""
    with transaction(engine) as session:
        transcript = session.get(Transcript, name)
        if transcript is None or transcript.status != TranscriptStatus.PENDING:
            return None
        if transcript.attempts >= ATTEMPTS:
            transcript.status = TranscriptStatus.FAILED
            transcript.problem = "TooManyAttempts"
            transcript.finished_at = now
            log.error("transcription given up", recording=name, attempts=transcript.attempts)
            return None
        transcript.attempts += 1
        return transcript.language


def _forget_attempt(engine: Engine, name: str) -> None:
    with transaction(engine) as session:
        if (transcript := session.get(Transcript, name)) is not None:
            transcript.attempts -= 1


def _finish_failed(engine: Engine, name: str, problem: str, now: datetime) -> None:
    with transaction(engine) as session:
        transcript = session.get(Transcript, name)
        if transcript is None:
            return
        transcript.status = TranscriptStatus.FAILED
        transcript.problem = problem
        transcript.finished_at = now
    log.warning("transcription failed", recording=name, problem=problem)


def erase_recording(
    engine: Engine,
    folder: Path,
    name: str,
    on_erased: Callable[[Session, str], None] = lambda session, report: None,
) -> None:
    """Delete sound and words of a recording that was taken back; its row tells that it was.

    `on_erased` is told the id of its report, if it had one, in the same transaction.
    """
    with transaction(engine) as session:
        recording = session.get(Recording, name)
        if recording is None or recording.discarded_at is None:
            return
        session.execute(delete(Transcript).where(Transcript.recording_name == name))
        session.execute(
            delete(TranscriptCorrection).where(TranscriptCorrection.recording_name == name)
        )
        if recording.report_id is not None:
            on_erased(session, recording.report_id)
    (folder / f"{name}.wav").unlink(missing_ok=True)
    log.info("recording erased", recording=name)


def words_of(session: Session, name: str) -> str | None:
    """What was said in a recording, as far as it is known; None before the words are there."""
    return session.scalar(
        select(Transcript.text).where(
            Transcript.recording_name == name, Transcript.status == TranscriptStatus.DONE
        )
    )


def words_ready(engine: Engine, name: str) -> bool:
    """Whether the words of a recording are there; False also where there will never be any."""
    with reading(engine) as session:
        return words_of(session, name) is not None
