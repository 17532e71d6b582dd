"""Files of reports: what they are, their content says; what else was in them is gone."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine, select

from reports.actors import Actor, Party
from reports.attaching import add_file
from reports.attachments import (
    MOST_OF_A_REPORT,
    attach_file,
    attachments_of,
    clear_files,
    keep_file,
)
from reports.errors import BadPhoto, NotAllowed, ReportsError, TooManyAttachments, UnknownMedia
from reports.models import Report, Update
from reports.photos import LONGEST_SIDE, harmless_photo
from storage.database import reading, transaction
from tests.builders import NOON, a_report
from tests.photos import PDF, SECRET, bomb, picture, telling_photo


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_where_and_by_whom_a_photo_was_taken_is_gone(kind: str) -> None:
    content = telling_photo(kind)
    assert SECRET.encode() in content

    photo = harmless_photo(content)

    assert SECRET.encode() not in photo.content
    with Image.open(io.BytesIO(photo.content)) as again:
        assert not again.getexif() and again.format == kind
        assert set(again.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"} | {
            "loop", "background", "timestamp", "duration"}  # fmt: skip


def test_a_photo_that_lies_on_its_side_is_put_upright() -> None:
    photo = harmless_photo(telling_photo(orientation=6))

    with Image.open(io.BytesIO(photo.content)) as upright:
        assert upright.size == (48, 64)
        red, green, _ = upright.convert("RGB").getpixel((44, 30))  # type: ignore[misc]
    assert green > red  # what lay above is on the right


def test_a_large_photo_is_made_smaller() -> None:
    photo = harmless_photo(picture(size=(4000, 1000)))

    assert (photo.width, photo.height) == (LONGEST_SIDE, 640)


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])

    with Image.open(io.BytesIO(harmless_photo(out.getvalue()).content)) as kept:
        assert getattr(kept, "n_frames", 1) == 1


def test_something_hidden_behind_a_picture_is_gone() -> None:
    assert b"<script>" not in harmless_photo(picture() + b"<script>alert(1)</script>").content


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", UnknownMedia),
        (b"<html><script>alert(1)</script></html>", UnknownMedia),
        (b"<svg onload='alert(1)'/>", UnknownMedia),
        (b"MZ" + bytes(1000), UnknownMedia),
        (b"PK\x03\x04" + bytes(1000), UnknownMedia),
        (picture("GIF"), UnknownMedia),
        (picture("BMP"), UnknownMedia),
        (picture("TIFF"), UnknownMedia),
        (b"%PDF-1.4 without an end", UnknownMedia),
        (b"<html>%PDF-1.4 %%EOF", UnknownMedia),
        (b"\xff\xd8\xff" + bytes(1000), BadPhoto),
        (picture()[:300], BadPhoto),
        (picture("PNG")[:60], BadPhoto),
        (bomb(), BadPhoto),
        (bomb(8_000), BadPhoto),
    ],
)
def test_what_is_no_photo_or_document_is_refused_whatever_it_is_called(
    tmp_path: Path, content: bytes, error: type[ReportsError]
) -> None:
    with pytest.raises(error):
        keep_file(tmp_path / "attachments", content)

    assert list(tmp_path.rglob("*.*")) == []


def test_documents_are_taken_only_where_they_are_wanted(tmp_path: Path) -> None:
    assert keep_file(tmp_path, PDF).media_type == "application/pdf"
    with pytest.raises(UnknownMedia):
        keep_file(tmp_path, PDF, documents=False)


def test_a_report_has_so_many_files_and_no_more(database: Engine, tmp_path: Path) -> None:
    with transaction(database) as session:
        report = a_report()
        session.add(report)
        session.flush()
        for index in range(MOST_OF_A_REPORT):
            kept = keep_file(tmp_path, PDF)
            attach_file(session, report, kept, "u1", NOON, internal=index == 0)
        with pytest.raises(TooManyAttachments):
            attach_file(session, report, keep_file(tmp_path, PDF), "u1", NOON)

    with reading(database) as session:
        assert len(attachments_of(session, report.id, internal=True)) == MOST_OF_A_REPORT
        assert len(attachments_of(session, report.id)) == MOST_OF_A_REPORT - 1


def test_files_that_no_row_names_are_cleared_after_an_hour(
    database: Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "attachments"
    kept, lost = keep_file(folder, PDF), keep_file(folder, PDF)
    with transaction(database) as session:
        report = a_report()
        session.add(report)
        session.flush()
        attach_file(session, report, kept, "u1", NOON)
    now = datetime.now(UTC)

    assert clear_files(database, folder, now) == 0
    assert clear_files(database, folder, now + timedelta(hours=2)) == 1
    assert [path.name for path in folder.iterdir()] == [kept.id]
    assert lost.id != kept.id


def test_a_file_is_a_change_of_its_report_and_what_was_erased_takes_none(
    database: Engine, tmp_path: Path
) -> None:
    with transaction(database) as session:
        session.add(a_report(id="r1"))
    with transaction(database) as session:
        row = add_file(
            session, "r1", keep_file(tmp_path, PDF), Actor("u1", Party.STAFF), NOON, True
        )
        report = session.get_one(Report, "r1")
        update = session.scalars(select(Update)).one()

        assert (report.version, update.version, row.update_id) == (2, 2, update.id)
        assert update.internal
        report.erased_at = NOON

    with transaction(database) as session, pytest.raises(NotAllowed):
        add_file(session, "r1", keep_file(tmp_path, PDF), Actor("u1", Party.STAFF), NOON, True)
