"""The rows of recordings. Their files are written by the telephone side before these are."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from reports.errors import UnknownRecording
from reports.models import Recording, RecordingKind, Report, Transcript, TranscriptStatus
from storage.jobs import SPEECH_NOW_QUEUE, SPEECH_QUEUE, enqueue

TRANSCRIBE = "transcribe"
ASKED_AT_ONCE = 500


class RecordedSound(Protocol):
    """What a driver tells of a recording that lies safe on disk, or with a `remote_id` still at the
    telephone provider."""

    @property
    def name(self) -> str: ...
    @property
    def length_s(self) -> float: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    @property
    def silent(self) -> bool: ...
    @property
    def remote_id(self) -> str | None: ...


def keep_recording(
    session: Session, sound: RecordedSound, call_id: str, position: int, now: datetime
) -> None:
    """Note a call's recording, once; it belongs to no report until one is filed."""
    if session.get(Recording, sound.name) is not None:
        return
    session.add(
        Recording(
            name=sound.name,
            call_id=call_id,
            position=position,
            length_s=sound.length_s,
            size_bytes=sound.size_bytes,
            sha256=sound.sha256,
            silent=sound.silent,
            recorded_at=now,
            remote_id=sound.remote_id or None,
            remote_kept=bool(sound.remote_id),
            fetch_at=now if sound.remote_id else None,
        )
    )
    session.flush()


def files_unknown(
    session: Session, folder: Path, before: datetime, kept: ColumnElement[bool] | None = None
) -> Iterator[tuple[Path, datetime]]:
    """Sound files that nobody has touched since `before` and that no row names, the oldest first,
    with the moment they were last touched. With `kept`, only rows that it holds for count."""
    touched: dict[str, datetime] = {}
    for path in folder.glob("*.wav"):
        try:
            at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:  # somebody else was quicker
            continue
        if at < before:
            touched[path.stem] = at
    oldest = sorted(touched, key=touched.__getitem__)
    for start in range(0, len(oldest), ASKED_AT_ONCE):
        names = oldest[start : start + ASKED_AT_ONCE]
        query = select(Recording.name).where(Recording.name.in_(names))
        known = set(session.scalars(query if kept is None else query.where(kept)))
        yield from ((folder / f"{name}.wav", touched[name]) for name in names if name not in known)


def recording_of(
    session: Session, name: str, call_id: str, report_id: str | None = None
) -> Recording:
    """The call's recording of that name, or the one that lies with its report already.

    Raises:
        UnknownRecording: it is somebody else's, was taken back, or does not exist.
    """
    recording = session.get(Recording, name)
    if recording is not None and recording.discarded_at is None:
        filed_there = report_id is not None and recording.report_id == report_id
        if recording.call_id == call_id or filed_there:
            return recording
    raise UnknownRecording(f"call {call_id} has no recording {name}")


def attach(
    session: Session,
    recording: Recording,
    report: Report,
    kind: RecordingKind,
    language: str,
    now: datetime,
) -> None:
    """Put a recording to its report, and have its words found."""
    recording.report_id = report.id
    recording.kind = kind
    ask_for_words(session, recording, language, now)


def ask_for_words(
    session: Session, recording: Recording, language: str, now: datetime, at_once: bool = False
) -> None:
    """Have a recording transcribed, once; `at_once` where a caller is waiting for it."""
    if session.get(Transcript, recording.name) is None:
        session.add(
            Transcript(
                recording_name=recording.name,
                status=TranscriptStatus.PENDING,
                language=language,
                requested_at=now,
            )
        )
        session.flush()
        if recording.sha256:  # else once its sound is fetched: `sound_came`
            queue = SPEECH_NOW_QUEUE if at_once else SPEECH_QUEUE
            enqueue(session, TRANSCRIBE, recording.name, queue=queue)


def sound_came(session: Session, recording: Recording, sound: RecordedSound) -> None:
    """The sound of a recording was fetched from the telephone provider: words that were asked for
    meanwhile can be found now. Told twice, it changes nothing."""
    if recording.sha256:
        return
    recording.length_s, recording.size_bytes = sound.length_s, sound.size_bytes
    recording.sha256, recording.silent = sound.sha256, sound.silent
    transcript = session.get(Transcript, recording.name)
    if transcript is not None and transcript.status == TranscriptStatus.PENDING:
        # A caller who is still on the line waits for what was asked for before a report is filed.
        queue = SPEECH_NOW_QUEUE if recording.report_id is None else SPEECH_QUEUE
        enqueue(session, TRANSCRIBE, recording.name, queue=queue)
    session.flush()


def sound_is_lost(session: Session, recording: Recording, kept: bool, now: datetime) -> None:
    """The sound cannot be had: nobody waits for its words any more. `kept`: the telephone provider
    has something all the same, which is deleted there with the recording."""
    recording.remote_kept, recording.fetch_at = kept, None
    transcript = session.get(Transcript, recording.name)
    if transcript is not None and transcript.status == TranscriptStatus.PENDING:
        transcript.status = TranscriptStatus.FAILED
        transcript.problem = "SoundLost"
        transcript.finished_at = now
    session.flush()


def unfiled_recording(session: Session, call_id: str) -> str | None:
    """The name of the newest audible recording of a call that has filed no report yet."""
    return session.scalar(
        select(Recording.name)
        .where(
            Recording.call_id == call_id,
            # A statement that was spoken anew stays without a report: it is no second one. What
            # staff write down during a call is theirs, not what the caller said before.
            ~select(Report.id)
            .where(Report.call_id == call_id, Report.call_position.is_not(None))
            .exists(),
            Recording.discarded_at.is_(None),
            Recording.silent.is_(False),
        )
        .order_by(Recording.position.desc())
        .limit(1)
    )
