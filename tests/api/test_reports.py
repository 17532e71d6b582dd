from datetime import timedelta
from itertools import pairwise

import pytest

from reports.models import Alarm, Update
from reports.reference import spoken_reference
from tests.api.conftest import Api
from tests.builders import (
    CALLER_NUMBER,
    NOON,
    a_call,
    a_message,
    a_recording,
    a_report,
    a_transcript,
)


def test_a_report_is_told_as_its_clients_rely_on_it(api: Api) -> None:
    call = a_call()
    recording = a_recording(a_transcript(), call_id=call.id)
    report = a_report(
        [recording],
        call_id=call.id,
        reference="482173908",
        place="2025:31825",
        expected_at=NOON,
    )
    api.add(call, report, a_message(report))

    answer = api.get("/reports/482-173-908")

    assert answer.status_code == 200
    assert answer.json == {
        "reference": "482173908",
        "spoken_reference": "482-173-908",
        "status": "new",
        "source": "phone",
        "partial": False,
        "category": {"code": "giao_thong", "name": "Giao thông", "name_en": "Traffic"},
        "urgent": False,
        "place": {"unit": "2025:31825", "name": "Phường Bạc Liêu"},
        "language": "vi",
        "anonymous": False,
        "contact": "caller",
        "contact_number_masked": None,
        "requested_at": "2026-11-22T05:00:00.000Z",
        "updated_at": "2026-11-22T05:00:00.000Z",
        "expected_at": "2026-11-22T05:00:00.000Z",
        "closed_at": None,
        "call_id": call.id,
        "caller": {"number_masked": "+84•••••5678"},
        "version": 1,
        "agency": None,
        "officer": None,
        "original": None,
        "reason": None,
        "description": None,
        "address": None,
        "position": None,
        "attachments": [],
        "recordings": [
            {
                "name": recording.name,
                "length_s": 5.0,
                "size_bytes": 80044,
                "sha256": "ab" * 32,
                "silent": False,
                "kind": "statement",
                "text": "đường ngập nước",
                "url": f"/api/v1/recordings/{recording.name}",
            }
        ],
        "transcript": {
            "status": "done",
            "text": "đường ngập nước",
            "confidence": 0.8,
            "segments": [
                {"start_s": 0.0, "end_s": 2.0, "text": "đường ngập nước", "confidence": 0.8}
            ],
            "engine": "scripted",
            "model": "scripted",
            "language": "vi",
            "took_s": 0.5,
            "draft": True,
            "problem": None,
            "proposal": None,
        },
        "messages": [{"text_key": "report_received", "status": "sent"}],
        "updates": [],
        "alarm": None,
    }


def test_what_the_words_propose_is_told_beside_them(api: Api) -> None:
    proposed = {
        "categories": [{"category": "giao_thong", "score": 0.62, "words": ["ổ gà", "sập cầu"]}],
        "urgent": True,
        "urgent_words": ["sập cầu"],
        "danger": "collapse",
        "danger_words": "sập cầu",
    }
    report = a_report([a_recording(a_transcript(proposed=proposed))], category=None)
    api.add(report)

    told = api.get(f"/reports/{report.reference}").json

    names = {"code": "giao_thong", "name": "Giao thông", "name_en": "Traffic"}
    assert told["transcript"]["proposal"] == {
        **proposed,
        "categories": [{"category": names, "score": 0.62, "words": ["ổ gà", "sập cầu"]}],
    }
    assert told["category"] is None and told["urgent"] is False  # staff decide


def test_a_proposal_of_an_earlier_release_tells_of_no_danger(api: Api) -> None:
    proposed = {"categories": [], "urgent": False, "urgent_words": []}
    report = a_report([a_recording(a_transcript(proposed=proposed))])
    api.add(report)

    told = api.get(f"/reports/{report.reference}").json["transcript"]["proposal"]

    assert (told["danger"], told["danger_words"]) == (None, "")


def test_without_a_token_neither_words_nor_what_they_propose_are_told(api: Api) -> None:
    proposed = {"categories": [], "urgent": True, "urgent_words": ["gấp"]}
    report = a_report([a_recording(a_transcript(proposed=proposed))])
    api.add(report)

    answer = api.client.get(f"/api/v1/reports/{report.reference}")

    assert answer.status_code == 401
    assert "gấp" not in answer.text and "ngập" not in answer.text


def test_what_happened_to_a_report_is_told_in_order(api: Api) -> None:
    report = a_report(
        id="r1", urgent=True, contact="other", contact_number="+84987654321", place="2025:0"
    )
    rating = Update(report_id="r1", kind="rating", at=NOON, author="caller", score=2)
    moved = Update(report_id="r1", kind="status", at=NOON, author="u1", status="assigned")
    alarm = Alarm(id="a1", call_id="c1", report_id="r1", danger="fire", source="key",
                  raised_at=NOON)  # fmt: skip
    api.add(report)
    api.add(moved, rating, alarm)

    told = api.get(f"/reports/{report.reference}").json

    assert [(each["kind"], each["status"], each["score"]) for each in told["updates"]] == [
        ("status", "assigned", None),
        ("rating", None, 2),
    ]
    assert told["alarm"] == {
        "danger": "fire",
        "source": "key",
        "raised_at": "2026-11-22T05:00:00.000Z",
        "withdrawn_at": None,
        "seen_at": None,
    }
    assert (told["urgent"], told["contact_number_masked"]) == (True, "+84•••••4321")
    assert told["place"] == {"unit": "2025:0", "name": None}


def test_the_words_about_the_place_are_not_taken_for_the_statement(api: Api) -> None:
    later = NOON + timedelta(minutes=1)
    place = a_recording(a_transcript(text="ở Gành Hào"), kind="place", recorded_at=later)
    report = a_report([a_recording(a_transcript()), place])
    api.add(report)

    told = api.get(f"/reports/{report.reference}").json

    assert told["transcript"]["text"] == "đường ngập nước"
    assert [each["text"] for each in told["recordings"]] == ["đường ngập nước", "ở Gành Hào"]


@pytest.mark.slow
@pytest.mark.parametrize("grouped", ["{}-{}-{}", "{}{}{}", "{} {} {}", "{}.{}.{}"])
def test_a_reference_is_found_however_it_is_grouped(api: Api, grouped: str) -> None:
    report = a_report()
    api.add(report)
    groups = spoken_reference(report.reference).split("-")

    answer = api.get("/reports/" + grouped.format(*groups))

    assert answer.json["reference"] == report.reference


@pytest.mark.parametrize("suffix", ["", "/recording"])
@pytest.mark.parametrize(
    "text", ["482173905", "12345678", "0912345678", "xyz", "４８２１７３９０８"]
)
def test_what_cannot_be_a_reference_is_told_apart_from_an_unknown_one(
    api: Api, text: str, suffix: str
) -> None:
    wrong = api.get(f"/reports/{text}{suffix}")
    unknown = api.get(f"/reports/482173908{suffix}")

    assert (wrong.status_code, unknown.status_code) == (404, 404)
    assert wrong.json["type"].endswith(":not-a-reference")
    assert unknown.json["type"].endswith(":not-found")
    assert text not in wrong.text


def test_a_report_without_anything_is_told_with_nulls(api: Api) -> None:
    report = a_report(category=None, partial=True)
    api.add(report)

    told = api.get(f"/reports/{report.reference}").json

    assert told["category"] is None and told["caller"] == {"number_masked": None}
    assert told["recordings"] == [] and told["messages"] == []
    assert told["transcript"]["status"] == "none" and told["transcript"]["text"] is None
    assert told["partial"] is True


def test_a_category_that_the_province_no_longer_has_is_told_by_its_code(api: Api) -> None:
    report = a_report(category="GT77")
    api.add(report)

    told = api.get(f"/reports/{report.reference}").json

    assert told["category"] == {"code": "GT77", "name": "GT77", "name_en": None}


@pytest.mark.parametrize("status", ["pending", "failed"])
def test_a_transcript_that_has_no_words_says_how_it_stands(api: Api, status: str) -> None:
    bare = {"text": None, "confidence": None, "segments": None, "engine": None, "model": None}
    transcript = a_transcript(status=status, problem="BrokenSound", took_s=None, **bare)
    report = a_report([a_recording(transcript)])
    api.add(report)

    told = api.get(f"/reports/{report.reference}").json["transcript"]

    assert told["status"] == status and told["text"] is None and told["problem"] == "BrokenSound"


def test_the_newest_recording_gives_the_words_and_a_withdrawn_one_is_not_told(api: Api) -> None:
    call_id = "c" * 32
    first = a_recording(a_transcript(text="một"), call_id=call_id, position=1)
    second = a_recording(
        a_transcript(text="hai"),
        call_id=call_id,
        position=2,
        recorded_at=NOON + timedelta(seconds=1),
    )
    withdrawn = a_recording(
        a_transcript(text="ba"),
        call_id=call_id,
        position=3,
        recorded_at=NOON + timedelta(seconds=2),
        discarded_at=NOON,
    )
    report = a_report([first, second, withdrawn], call_id=call_id)
    api.add(report)

    told = api.get(f"/reports/{report.reference}").json

    assert [each["name"] for each in told["recordings"]] == [first.name, second.name]
    assert told["transcript"]["text"] == "hai"
    assert withdrawn.name not in str(told)


def test_pages_tell_every_report_once_newest_first(api: Api) -> None:
    # Seven share a moment, as happens when the spool is read after an outage.
    moments = [NOON + timedelta(microseconds=max(0, number - 7)) for number in range(23)]
    api.add(*(a_report(requested_at=moment) for moment in moments))

    told, query = [], "?limit=5"
    while True:
        page = api.get("/reports" + query).json
        told += page["reports"]
        assert len(page["reports"]) <= 5
        if page["next_before"] is None:
            break
        query = f"?limit=5&before={page['next_before']}"
        api.add(a_report(requested_at=NOON + timedelta(hours=1)))  # newer ones come in meanwhile

    assert len(told) == len({each["reference"] for each in told}) == 23
    assert all(a["requested_at"] >= b["requested_at"] for a, b in pairwise(told))


def test_a_page_that_just_holds_the_rest_is_the_last(api: Api) -> None:
    api.add(*(a_report() for _ in range(3)))

    assert api.get("/reports?limit=3").json["next_before"] is None


@pytest.mark.slow
def test_twenty_reports_come_unless_asked_otherwise(api: Api) -> None:
    api.add(*(a_report() for _ in range(21)))

    assert len(api.get("/reports").json["reports"]) == 20


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=many",
        "limit=",
        "before=x",
        "before=%00",
        "before=" + "A" * 101,
        "before=OjE",
        "before=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OmE",
        "before=ngập",
    ],
)
def test_a_page_that_cannot_be_is_refused(api: Api, query: str) -> None:
    answer = api.get(f"/reports?{query}")

    # Not as described, or well-formed and the place of no page.
    assert answer.status_code in (404, 422)
    assert answer.content_type == "application/problem+json"


def test_listing_costs_the_same_queries_however_many_reports(api: Api) -> None:
    from sqlalchemy import event

    asked: list[str] = []
    event.listen(api.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    counts = []
    for _ in range(2):
        for _ in range(4):
            call = a_call()
            report = a_report([a_recording(a_transcript(), call_id=call.id)], call_id=call.id)
            api.add(call, report, a_message(report))
        asked.clear()
        api.get("/reports")
        counts.append(len(asked))

    assert counts[0] >= counts[1]


def test_a_whole_number_is_never_told(api: Api) -> None:
    call = a_call()
    report = a_report(call_id=call.id)
    api.add(call, report, a_message(report))

    for path in ("/reports", f"/reports/{report.reference}", "/calls", f"/calls/{call.id}"):
        assert CALLER_NUMBER[-9:] not in api.get(path).text
