"""Reports to work on, with all that a report may have."""

from datetime import timedelta
from pathlib import Path

from flask import send_file
from sqlalchemy import select

from reports.models import Recording, Report, Update, UpdateKind
from reports.search import index_report
from speech.sound import write_wav
from storage.database import reading, transaction
from tests.builders import NOON, a_recording, a_report, a_transcript
from tests.console.conftest import Browser
from tests.provinces.packs import bac_lieu
from tests.speech.sounds import a_tone, joined, some_silence

FIRST, SECOND = "482173908", "431708057"


def lay_sounds(visitor: Browser, folder: Path) -> None:
    """A tone as the sound of each recording there is, in `folder`, served to the page's player."""
    folder.mkdir(exist_ok=True)
    visitor.app.add_url_rule(
        "/sound/<name>", "sound", lambda name: send_file(folder / f"{name}.wav", conditional=True)
    )
    with reading(visitor.engine) as session:
        for name in session.scalars(select(Recording.name)):
            write_wav(folder / f"{name}.wav", joined(a_tone(3.0), some_silence(2.0)))


def fill_desk(visitor: Browser) -> None:
    """Two new reports: one by telephone with words and proposals, one in writing."""
    transcript = a_transcript(
        text="đường ngập nước ở ấp hai",
        segments=[
            {
                "start_s": 0.0,
                "end_s": 1.5,
                "text": "đường ngập nước",
                "confidence": 0.9,
                "words": [
                    {"text": "đường", "start_s": 0.1, "end_s": 0.5, "confidence": 0.9},
                    {"text": "ngập", "start_s": 0.5, "end_s": 1.0, "confidence": 0.5},
                    {"text": "nước", "start_s": 1.0, "end_s": 1.5, "confidence": 0.9},
                ],
            },
            {"start_s": 1.5, "end_s": 3.0, "text": "ở ấp hai", "confidence": 0.4},
        ],
        proposed={
            "categories": [{"category": "MT02", "score": 0.8, "words": ["ngập nước"]}],
            "urgent": True,
            "urgent_words": ["ngập"],
            "danger": None,
            "danger_words": "",
        },
    )
    first = a_report(
        [a_recording(transcript)],
        reference=FIRST,
        category=None,
        place="2025:31900",
        expected_at=NOON + timedelta(hours=20),
    )
    second = a_report(
        reference=SECOND,
        source="web",
        category="GT01",
        place="2025:31900",
        description="Ổ gà lớn trước trường học",
        requested_at=NOON - timedelta(hours=1),
        expected_at=NOON - timedelta(hours=3),
    )
    second_id = second.id
    visitor.add(first, second)
    visitor.add(
        Update(
            report_id=second_id,
            kind=UpdateKind.NOTE,
            at=NOON,
            author="system",
            internal=True,
            internal_text="Đã xem ảnh",
        )
    )
    with transaction(visitor.engine) as session:
        province = bac_lieu()
        for report in session.scalars(select(Report)):
            index_report(session, province, report)


def report_of(visitor: Browser, reference: str) -> Report:
    """The report as the database has it."""
    with reading(visitor.engine) as session:
        return session.query(Report).filter_by(reference=reference).one()
