"""One citizen who has left traces wherever the hotline keeps any, and another who must stay."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from hotline.settings import Settings
from ivr.models import Block
from ivr.steps import Digits
from monitoring.round_models import Respondent
from notifications.inbox_models import IncomingMessage, IncomingStatus
from notifications.service import queue_message
from reports.actors import Actor, Party
from reports.callbacks import Promise, promise
from reports.change import Change
from reports.changes import change_report
from reports.corrections import correct
from reports.models import Attachment, CallbackKind, LookupTry, ReportStatus, Supporter
from reports.search import index_report
from storage.crypto import current_box
from storage.database import transaction
from tests.builders import NOON, a_call, a_journal, a_recording, a_report, a_transcript
from tests.provinces.packs import bac_lieu

NUMBER = "+84911222333"
OTHER = "+84944555666"
NAME = "Huỳnh Thị Bạch Tuyết"
WORD = "quàocạo"  # said by nobody else
ADDRESS = "hẻm 77 đường Bà Triệu Nhỏ"
STAFF = Actor("u1", Party.STAFF)


def settings_in(folder: Path, url: str) -> Settings:
    settings = Settings(data=folder / "var", database_url=url, backups=None)
    settings.recordings.mkdir(parents=True)
    settings.attachments.mkdir(parents=True)
    return settings


def leave_traces(
    engine: Engine,
    settings: Settings,
    key: str = "a",
    number: str = NUMBER,
    words: str = f"tôi tên {NAME} ở {ADDRESS} con đường {WORD}",
    at: datetime = NOON,
) -> str:
    """The id of a closed report of `number`, with everything that can hang on one."""
    digest = current_box().keyed_hash(number)
    call_id, report_id = key * 32, f"report-{key}"
    sound = f"{call_id}-1"
    with transaction(engine) as session:
        call = a_call(id=call_id, caller_number=number, caller_hash=digest, started_at=at)
        call.carrier_call_id = f"carrier-{key}"
        session.add(call)
        session.flush()
        session.add_all(a_journal(call, ("Gather:other_number", Digits(number))))
        transcript = a_transcript(text=words, segments=[{"text": words}], requested_at=at)
        recording = a_recording(transcript, name=sound, call_id=call_id, recorded_at=at)
        report = a_report(
            [recording],
            id=report_id,
            category="GT01",
            place="2025:31942",
            call_id=call_id,
            caller_hash=digest,
            contact="other",
            contact_number=number,
            text_number=number,
            reporter={"name": words},
            description=words,
            address=f"nhà số 5 {words}",
            latitude=9.2851,
            longitude=105.7246,
            requested_at=at,
        )
        session.add(report)
        session.flush()
        session.add(
            Attachment(
                id=f"photo{key}",
                report_id=report_id,
                media_type="image/jpeg",
                size_bytes=5,
                sha256="00" * 32,
                by="caller",
                at=at,
            )
        )
        session.add(
            Supporter(
                id=f"s{key}",
                report_id=report_id,
                person_hash=digest,
                number=number,
                language="vi",
                source="phone",
                at=at,
            )
        )
        session.add(LookupTry(asker=digest, call_id=call_id, report_id=report_id, at=at, ok=True))
        session.add(
            Block(
                id=f"b{key}",
                caller_hash=digest,
                level="record_only",
                reason=f"gọi nhiều, {words}",
                by="u1",
                since=at,
                until=at + timedelta(minutes=30),
            )
        )
        session.add(
            Respondent(
                id=f"o{key}",
                name=NAME if number == NUMBER else "Anh Ba",
                unit_key=None,
                number=number,
                number_hash=digest,
                language="vi",
                active=True,
                added_at=at,
            )
        )
        promise(session, Promise(CallbackKind.CALLBACK, number, "vi", 0, report_id, call_id, 3), at)
        queue_message(
            session,
            idempotency_key=f"told:{key}",
            to_number=number,
            text_key="report_received",
            values={"text": words},
            language="vi",
            report_id=report_id,
            call_id=call_id,
            now=at,
        )
        session.add(
            IncomingMessage(
                id=f"sms{key}",
                provider="log",
                provider_id=f"sms{key}",
                from_number=number,
                person_hash=digest,
                text=words,
                received_at=at,
                status=IncomingStatus.HANDLED,
                report_id=report_id,
            )
        )
        correct(session, sound, words, words + " ạ", "u1", at)
        for change in (
            Change(status=ReportStatus.TRIAGED, internal_text=f"gọi lại {words}"),
            Change(address=f"nhà số 7 {words}"),
            Change(status=ReportStatus.ASSIGNED, agency="so_xay_dung"),
            Change(status=ReportStatus.RESOLVED, text=f"Đã trả lời {words}"),
            Change(status=ReportStatus.CLOSED),
        ):
            change_report(session, bac_lieu(), report_id, change, STAFF, at)
        index_report(session, bac_lieu(), report)
    (settings.recordings / f"{sound}.wav").write_bytes(b"sound of " + words.encode())
    (settings.attachments / f"photo{key}").write_bytes(b"photo of " + words.encode())
    return report_id
