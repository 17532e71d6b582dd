"""Words of recordings, whole numbers, and who listened: seen by few, each look written down."""

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from accounts.models import AuditEntry
from accounts.roles import Role
from api.writing_schemas import NewWords
from reports.corrections import MOST_CHARACTERS
from storage.database import reading
from tests.api.conftest import Api
from tests.builders import CALLER_NUMBER, a_call, a_recording, a_report, a_transcript, a_user


def audit(api: Api) -> list[tuple[str, str, str]]:
    with reading(api.engine) as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    return [(row.actor, row.action, row.object_id) for row in rows]


def test_a_whole_number_is_told_to_whoever_may_see_it_and_the_look_is_kept(api: Api) -> None:
    call = a_call()
    report = a_report(call_id=call.id)
    api.add(call, report)
    user = api.enter(Role.OPERATOR)

    answer = api.get(f"/reports/{report.reference}/contact")

    assert answer.json == {"number": CALLER_NUMBER, "name": None, "email": None}
    assert answer.headers["Cache-Control"] == "no-store"
    assert audit(api) == [(user, "numbers.seen", report.id)]
    with reading(api.engine) as session:
        assert CALLER_NUMBER not in str(session.scalars(select(AuditEntry)).one().details)


def test_a_number_that_was_left_instead_is_the_one_to_ring(api: Api) -> None:
    call = a_call()
    other = a_report(call_id=call.id, contact="other", contact_number="+84987654321")
    nobody = a_report(contact="nobody", call_id=call.id)
    api.add(call, other, nobody)

    assert api.get(f"/reports/{other.reference}/contact").json["number"] == "+84987654321"
    assert api.get(f"/reports/{nobody.reference}/contact").json["number"] is None


def test_nobody_sees_who_wanted_to_be_nobody(api: Api) -> None:
    call = a_call()
    report = a_report(
        call_id=call.id, anonymous=True, contact_number=CALLER_NUMBER, reporter={"name": "Tư"}
    )
    api.add(call, report)
    api.enter(Role.ADMINISTRATOR)

    answer = api.get(f"/reports/{report.reference}/contact")

    assert answer.json == {"number": None, "name": None, "email": None}


def test_who_may_not_see_numbers_leaves_no_trace_and_learns_nothing(api: Api) -> None:
    report = a_report(agency="so_xay_dung")
    api.add(report)
    api.enter(Role.AGENCY, "so_xay_dung")

    assert api.get(f"/reports/{report.reference}/contact").status_code == 403
    assert audit(api) == []


def test_listening_is_written_down_with_who_listened(api: Api) -> None:
    recording = a_recording()
    api.add(a_report([recording]))
    (api.recordings / f"{recording.name}.wav").write_bytes(b"RIFF")
    user = api.enter(Role.SUPERVISOR)
    path = f"/recordings/{recording.name}"

    etag = api.get(path).headers["ETag"]
    api.get(path, Range="bytes=1-2")
    api.get(path, If_None_Match=etag)  # nothing was heard
    api.client.head("/api/v1" + path, headers=api.headers)

    assert audit(api) == [(user, "recording.heard", recording.name)] * 2


def test_listening_on_the_consoles_pages_is_written_down_too(api: Api) -> None:
    recording = a_recording()
    visitor = a_user(email="console@example.vn")
    api.add(a_report([recording]), visitor)
    (api.recordings / f"{recording.name}.wav").write_bytes(b"RIFF")
    api.console_user = visitor

    answer = api.client.get(f"/api/v1/recordings/{recording.name}", buffered=True)

    assert answer.status_code == 200
    assert audit(api) == [(visitor.id, "recording.heard", recording.name)]
    assert api.client.get("/api/v1/reports").status_code == 401


def test_words_are_corrected_and_the_draft_is_kept(api: Api) -> None:
    recording = a_recording(a_transcript(text="đường ngập nước"))
    report = a_report([recording])
    api.add(report)
    user = api.enter(Role.OPERATOR)
    path = f"/recordings/{recording.name}/transcript"

    answer = api.send("PUT", path, {"before": "đường ngập nước", "after": "đường ngập nặng"})

    assert answer.status_code == 200
    assert answer.json == api.get(path).json
    assert (answer.json["text"], answer.json["draft_text"]) == (
        "đường ngập nặng",
        "đường ngập nước",
    )
    (correction,) = answer.json["corrections"]
    assert correction["by"] == user and correction["edits"][0]["before"] == ["nước"]
    assert audit(api) == [(user, "words.corrected", recording.name)]
    listed = api.get("/reports?q=ngap nang").json["reports"]
    assert [each["reference"] for each in listed] == [report.reference]


def test_who_may_not_read_words_corrects_none(api: Api) -> None:
    recording = a_recording(a_transcript(text="một"))
    api.add(a_report([recording]))
    path = f"/recordings/{recording.name}/transcript"
    api.enter(Role.OPERATOR, scopes=["words.correct"])

    for before in ("một", "không"):
        answer = api.send("PUT", path, {"before": before, "after": "hai"})

        assert answer.status_code == 403 and "một" not in answer.text
    api.enter(Role.OPERATOR, scopes=["words.correct", "words.read"])
    assert api.send("PUT", path, {"before": "một", "after": "hai"}).status_code == 200


def test_of_two_who_correct_the_second_is_told_what_holds(api: Api) -> None:
    recording = a_recording(a_transcript(text="một"))
    api.add(a_report([recording]))
    path = f"/recordings/{recording.name}/transcript"
    api.send("PUT", path, {"before": "một", "after": "hai"})

    late = api.send("PUT", path, {"before": "một", "after": "ba"})

    assert late.status_code == 412 and late.json["text"] == "hai"


def test_there_are_no_words_where_nothing_was_said(api: Api) -> None:
    silent = a_recording()
    api.add(a_report([silent]))

    assert api.get(f"/recordings/{silent.name}/transcript").json["status"] == "none"
    body = {"before": "", "after": "x"}
    assert api.send("PUT", f"/recordings/{silent.name}/transcript", body).status_code == 404
    assert api.get("/recordings/nothing/transcript").status_code == 404


def test_more_words_than_anybody_says_are_refused_before_they_are_compared() -> None:
    assert NewWords(before="hai", after="a" * MOST_CHARACTERS)
    with pytest.raises(ValidationError, match="at most 10000"):
        NewWords(before="hai", after="a" * (MOST_CHARACTERS + 1))
