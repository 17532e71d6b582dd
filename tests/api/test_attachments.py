"""Photos and documents through the API."""

import copy
import io
import uuid
from typing import Any

import pytest

from accounts.roles import Role
from reports.attachments import MAX_BYTES
from tests.api.conftest import Api
from tests.builders import a_report
from tests.photos import PDF, SECRET, bomb, picture, telling_photo

REFERENCE = "482173908"
PATH = f"/api/v1/reports/{REFERENCE}/attachments"


def upload(
    api: Api, content: bytes, name: str = "x.jpg", key: str | None = None, internal: str = "false"
) -> Any:
    headers = api.headers | ({"Idempotency-Key": key} if key else {})
    # By hand: the client leaves large uploads that nobody reads open.
    boundary = uuid.uuid4().hex
    begin = f'--{boundary}\r\nContent-Disposition: form-data; name="internal"\r\n\r\n{internal}\r\n'
    begin += (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    )
    body = begin.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    kind = f"multipart/form-data; boundary={boundary}"
    return api.client.post(PATH, data=body, content_type=kind, headers=headers)


@pytest.fixture(autouse=True)
def report(api: Api) -> None:
    api.add(a_report(reference=REFERENCE, agency="so_xay_dung", status="assigned"))


def test_a_photo_is_kept_without_its_secrets_and_given_out_in_ranges(api: Api) -> None:
    answer = upload(api, telling_photo())

    assert answer.status_code == 201
    told = answer.json
    assert (told["media_type"], told["internal"]) == ("image/jpeg", False)
    whole = api.client.get(told["url"], headers=api.headers, buffered=True)
    assert whole.status_code == 200 and whole.content_type == "image/jpeg"
    assert SECRET.encode() not in whole.data and len(whole.data) == told["size_bytes"]
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    part = api.client.get(told["url"], headers=api.headers | {"Range": "bytes=0-9"}, buffered=True)
    assert (part.status_code, part.data) == (206, whole.data[:10])
    known = api.client.get(
        told["url"], headers=api.headers | {"If-None-Match": whole.headers["ETag"]}
    )
    assert known.status_code == 304
    assert api.get(f"/reports/{REFERENCE}").json["attachments"] == [told]
    assert api.get(f"/reports/{REFERENCE}/attachments").json == {"attachments": [told]}


def test_a_document_is_never_opened_as_a_page(api: Api) -> None:
    told = upload(api, PDF, "x.html", internal="true").json

    answer = api.client.get(told["url"], headers=api.headers, buffered=True)

    assert told["internal"] is True and answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"<html></html>", "photo.jpg", 415),
        (b"", "empty.png", 415),
        (picture("GIF"), "x.gif", 415),
        (b"\xff\xd8\xff\xe0 not really", "x.jpg", 422),
        (bomb(), "x.png", 422),
        (b"x" * (MAX_BYTES + 1), "x.jpg", 413),
        (b"x" * (MAX_BYTES + 200_000), "x.jpg", 413),
    ],
)
def test_a_file_that_lies_or_is_too_large_is_refused(
    api: Api, content: bytes, name: str, status: int
) -> None:
    answer = upload(api, content, name)

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert not api.attachments.exists() or not list(api.attachments.iterdir())


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"file": "no file"},
        {"file": (io.BytesIO(PDF), "x"), "internal": "perhaps"},
        {"file": (io.BytesIO(PDF), "x"), "more": "y"},
        {"file": [(io.BytesIO(PDF), "x"), (io.BytesIO(PDF), "y")]},
    ],
)
def test_a_form_that_is_not_as_described_is_refused(api: Api, form: dict[str, Any]) -> None:
    answer = api.client.post(
        PATH,
        data=copy.deepcopy(form),  # sending closes its files
        headers=api.headers,
        content_type="multipart/form-data",
    )

    assert answer.status_code == 422
    assert api.client.post(PATH, json={"file": "x"}, headers=api.headers).status_code == 415


@pytest.mark.slow
def test_the_same_upload_under_one_key_is_kept_once(api: Api) -> None:
    first, second = (upload(api, picture(), key="k1") for _ in range(2))
    other = upload(api, picture(size=(32, 32)), key="k1")

    assert first.json == second.json and other.status_code == 422
    assert len(list(api.attachments.iterdir())) == 1


def test_an_officer_attaches_evidence_to_their_own_reports_alone(api: Api) -> None:
    told = upload(api, picture()).json
    api.enter(Role.AGENCY, "so_xay_dung")
    assert upload(api, picture()).status_code == 201
    assert api.client.get(told["url"], headers=api.headers, buffered=True).status_code == 200

    api.enter(Role.AGENCY, "cong_an_tinh")

    assert upload(api, picture()).status_code == 404
    assert api.client.get(told["url"], headers=api.headers).status_code == 404
    assert len(list(api.attachments.iterdir())) == 2


@pytest.mark.parametrize("name", ["x", "0" * 32, "..%2f..%2fhotline.sqlite3", "%00", "é"])
def test_what_was_never_attached_is_not_there(api: Api, name: str) -> None:
    assert api.get(f"/attachments/{name}").status_code == 404
