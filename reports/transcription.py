"""From a recording to its draft words: a job of the worker, never part of a call."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine

from reports.models import Recording, Transcript, TranscriptStatus
from speech.errors import BrokenSound, RecogniserUnavailable, RecognitionFailed
from speech.recogniser import Recogniser
from speech.sound import read_wav
from storage.database import reading, transaction

log = structlog.get_logger()

# A sound on which the native decoder dies would else kill every new worker for ever.
ATTEMPTS = 5


def transcribe_recording(
    engine: Engine, recogniser: Recogniser, folder: Path, name: str, clock: Callable[[], datetime]
) -> None:
    """Give the recording `name` its draft transcript; one that is done already stays.

    A sound that cannot be read or decoded is marked failed with the reason.

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
        transcript = session.get_one(Transcript, name)
        transcript.status = TranscriptStatus.DONE
        transcript.text = words.text
        transcript.confidence = words.confidence
        transcript.segments = [asdict(segment) for segment in words.segments]
        transcript.engine = words.engine
        transcript.model = words.model
        transcript.took_s = words.took_s
        transcript.language = words.language
        transcript.finished_at = clock()
    log.info("transcribed", recording=name, took_s=round(words.took_s, 2))


def _begin(engine: Engine, name: str, now: datetime) -> str | None:
    """The language to listen for, and one more attempt counted; None if nothing is left to do."""
    with transaction(engine) as session:
        transcript = session.get_one(Transcript, name)
        if transcript.status != TranscriptStatus.PENDING:
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
        session.get_one(Transcript, name).attempts -= 1


def _finish_failed(engine: Engine, name: str, problem: str, now: datetime) -> None:
    with transaction(engine) as session:
        transcript = session.get_one(Transcript, name)
        transcript.status = TranscriptStatus.FAILED
        transcript.problem = problem
        transcript.finished_at = now
    log.warning("transcription failed", recording=name, problem=problem)


def erase_discarded(engine: Engine, folder: Path, call_id: str) -> None:
    """Delete the sound of recordings which the caller took back; their rows tell that it was."""
    with reading(engine) as session:
        names = [
            row.name
            for row in session.query(Recording)
            .filter(Recording.call_id == call_id, Recording.discarded_at.is_not(None))
            .all()
        ]
    for name in names:
        (folder / f"{name}.wav").unlink(missing_ok=True)
        log.info("recording erased", recording=name)
