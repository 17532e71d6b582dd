"""POST requests: a report from another program, filed as everybody else's."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Permission, permissions_of
from accounts.tokens import find_token, note_use, use_is_stale
from api.limits import Limits
from api.open311.answers import answers
from api.open311.errors import Refused, refused
from api.open311.formats import Document, Record
from api.open311.parameters import Given, Reader
from api.open311.services import BATCH, service_type
from api.open311.view import service_name
from api.services import ApiServices
from provinces.schema import Province
from reports.actors import Actor, Party
from reports.change import Change
from reports.changes import change_report
from reports.errors import BadChange, NoFreeReference
from reports.filed import Filed
from reports.models import Report
from reports.web_filing import MOST_WORDS, WebReport, file_from_web
from storage.database import reading, transaction
from understanding.phone_number import read_phone_number

MOST_ADDRESS, MOST_NAME, MOST_ID, MOST_URL, MOST_EMAIL = 500, 100, 255, 2000, 254
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]+\.[^\s@]+")
_API_KEY = "api_key"


def file_request(
    services: ApiServices, limits: Limits, given: Given, address: str, language: str
) -> Document:
    """File a report and tell its id, or for a service of type `batch` a token for it.

    `address` is where the request came from; `language` what the reporter is told in.

    Raises:
        Refused: the key is missing or wrong, or parameters are.
        TooMany: the key, or the address without a valid one, has filed too often.
    """
    actor = _holder(services, limits, given, address)
    told, notes, kind = _read(services.province, given, language)
    services.before_writing()
    now = services.clock()
    with transaction(services.engine) as session:
        try:
            filed = file_from_web(session, services.province, told, services.alert, now)
        except BadChange as error:
            raise refused(400, str(error), str(error)) from error
        except NoFreeReference as error:
            raise refused(
                400,
                "hết mã phản ánh trống: xin gửi lại",
                "no free reference was found: please send it again",
            ) from error
        if notes:
            change = Change(internal_text="\n".join(notes))
            change_report(session, services.province, filed["report"], change, actor, now)
        return _told(session, services.province, filed, kind, given, language)


def _holder(services: ApiServices, limits: Limits, given: Given, address: str) -> Actor:
    """Whose key it is."""
    secret, now = given.get(_API_KEY, "").strip(), services.clock()
    token = None
    if secret:
        with reading(services.engine) as session:
            token = find_token(session, secret, now)
    allowed = token is not None and Permission.REPORTS_FILE in permissions_of(
        token.user.role, token.scopes
    )
    if token is None or not allowed:
        limits.count("unknown", address)
        if not secret:
            raise refused(403, f"{_API_KEY}: chưa có khoá", f"{_API_KEY}: expected one, found none")
        if token is None:
            why = ("không có hoặc đã hết hạn", "is unknown or has expired")
        else:
            why = ("không có quyền reports.file", "has no scope reports.file")
        raise refused(403, f"{_API_KEY}: khoá {why[0]}", f"{_API_KEY}: the key {why[1]}")
    limits.count("writing", token.id)
    if use_is_stale(token, now):
        with transaction(services.engine) as session:
            note_use(session, token.id, now)
    return Actor(token.user.id, Party.STAFF)


def _read(province: Province, given: Given, language: str) -> tuple[WebReport, list[str], str]:
    """What is filed, what staff are told beside it, and the service's type."""
    with Reader(given).checked() as reader:
        code, kind = _service(reader, province, language)
        latitude, longitude = _point(reader)
        place = _unit(reader, province)
        address = reader.text("address_string", MOST_ADDRESS)
        # Telling "nowhere" beside a place that was wrong would be one fault too many.
        if not reader.faults and latitude is None and place is None and address is None:
            reader.fault(
                "cần vị trí: lat và long, hoặc address_string, hoặc address_id",
                "expected a location: lat and long, or address_string, or address_id",
            )
        description = reader.text("description", MOST_WORDS, lines=True)
        names = [reader.text(name, MOST_NAME) for name in ("last_name", "first_name")]
        reader.text("device_id", MOST_ID)  # taken, as the specification has it, and not kept
        reader.text("account_id", MOST_ID)
        notes = answers(reader, given, province, code) if code else []
        notes += [f"media_url: {url}" for url in _media(reader)]
        told = WebReport(
            # A description is optional there; here a report says at least what it is about.
            description=description or service_name(province, code, province.languages[0]),
            category=code,
            place=place,
            address=address,
            latitude=latitude,
            longitude=longitude,
            number=_number(reader),
            name=" ".join(filter(None, names)) or None,
            email=_email(reader),
            language=language,
            source="open311",
        )
    return told, notes, kind


def _service(reader: Reader, province: Province, language: str) -> tuple[str, str]:
    """The code and the type; empty after faults."""
    code = reader.text("service_code", 60)
    if code is None:
        if not reader.faults:
            reader.fault(
                "service_code: chưa có mã dịch vụ", "service_code: expected one, found none"
            )
        return "", ""
    try:
        return code, service_type(province, code, language)
    except Refused as error:
        reader.faults += error.faults
        return "", ""


def _point(reader: Reader) -> tuple[float | None, float | None]:
    before = len(reader.faults)
    latitude, longitude = reader.degrees("lat", 90), reader.degrees("long", 180)
    if len(reader.faults) == before and (latitude is None) != (longitude is None):
        reader.fault("lat và long: cần cả hai", "lat and long: expected both, found one")
    return latitude, longitude


def _unit(reader: Reader, province: Province) -> str | None:
    unit = reader.text("address_id", 40)
    if unit is not None and province.unit(unit) is None:
        edition = province.current_edition
        reader.fault(
            f"address_id: cần mã xã, phường kèm ấn bản, {edition}:…",
            f"address_id: expected the code of a commune with its edition, {edition}:…",
        )
        return None
    return unit


def _number(reader: Reader) -> str | None:
    number = reader.text("phone", 40)
    if number is not None and read_phone_number(number) is None:
        reader.fault(
            "phone: cần số điện thoại, ví dụ 0912345678",
            "phone: expected a telephone number such as 0912345678",
        )
    return number


def _email(reader: Reader) -> str | None:
    email = reader.text("email", MOST_EMAIL)
    if email is not None and not _EMAIL.fullmatch(email):
        reader.fault(
            "email: cần địa chỉ thư, ví dụ ten@example.vn",
            "email: expected an address such as name@example.vn",
        )
    return email


def _media(reader: Reader) -> list[str]:
    """An address for staff to open: the hotline fetches nothing that a stranger names."""
    url = reader.text("media_url", MOST_URL)
    if url is None:
        return []
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in url
    except ValueError:
        fine = False
    if not fine:
        reader.fault(
            "media_url: cần địa chỉ bắt đầu bằng http:// hoặc https://",
            "media_url: expected an address that begins with http:// or https://",
        )
    return [url]


def _told(
    session: Session, province: Province, filed: Filed, kind: str, given: Given, language: str
) -> Document:
    report = session.scalars(select(Report).where(Report.id == filed["report"])).one()
    answer: Record = {
        **({"token": report.id} if kind == BATCH else {"service_request_id": report.reference}),
        "service_notice": _notice(province, report, filed, language),
        "account_id": given.get("account_id", "").strip() or None,
    }
    return Document("service_requests", [answer])


def _notice(province: Province, report: Report, filed: Filed, language: str) -> str:
    """What the reporter has to know: the PIN is told here and in their SMS, and never again."""
    due = _day(province, report.expected_at)
    category = province.categories.get(report.category or "")
    numbers = ", ".join(category.numbers) if category else ""
    if language == "vi":
        told = [f"Phản ánh {filed['reference']} đã được tiếp nhận. Mã PIN: {filed['pin']}."]
        told += [f"Hạn trả lời: {due}."] if due else []
        told += [f"Nếu có người gặp nguy hiểm, hãy gọi ngay {numbers}."] if numbers else []
    else:
        told = [f"Report {filed['reference']} was received. PIN: {filed['pin']}."]
        told += [f"An answer is due by {due}."] if due else []
        told += [f"If anybody is in danger, ring {numbers} at once."] if numbers else []
    return " ".join(told)


def _day(province: Province, at: datetime | None) -> str | None:
    return at.astimezone(province.timezone).strftime("%H:%M %d/%m/%Y") if at else None
