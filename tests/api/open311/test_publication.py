"""What anybody may read: nothing that nobody has read before, nothing of a person."""

from typing import Any

import pytest

from api.open311.publication import without_contacts
from reports.models import TranscriptCorrection, Update
from tests.api.open311.conftest import Open311, check_same, faults
from tests.builders import NOON, a_recording, a_report, a_transcript

NAME = "Đường hư, ổ gà, sụt lún"


@pytest.mark.parametrize(
    "given",
    [
        {"urgent": True},
        {"partial": True},
        {"status": "diverted"},
        {"status": "rejected", "reason": "abuse"},
        {"erased_at": NOON},
        {"category": "GT05"},  # an emergency
        {"category": "AN03"},  # a tip about crime
        {"category": "an_ninh"},
        {"category": "XH01"},
        {"category": "DV02"},  # another law handles it
        {"category": "no_longer_there"},
        {"source": "demo"},
    ],
)
def test_what_is_not_public_is_nowhere(open311: Open311, given: dict[str, Any]) -> None:
    report = open311.add_report(**given)

    assert open311.ids() == [] == open311.ids(f"?service_request_id={report.reference}")
    hidden = open311.get(f"/requests/{report.reference}.json")
    unknown = open311.get("/requests/482173908.json")
    assert faults(hidden, 404) == faults(unknown, 404)


def test_typed_words_are_shown_once_staff_have_sorted_the_report(open311: Open311) -> None:
    words = {"description": "Ổ gà trước nhà", "address": "12 Trần Phú"}
    shown = {
        status: _only(open311, open311.add_report(status=status, **words).reference)
        for status in ("new", "triaged", "closed")
    }

    assert (shown["new"]["description"], shown["new"]["address"]) == (NAME, "Phường Bạc Liêu")
    assert shown["triaged"]["description"] == "Ổ gà trước nhà"
    assert shown["triaged"]["address"] == "12 Trần Phú, Phường Bạc Liêu"
    assert shown["closed"]["description"] == NAME  # withdrawn before anybody saw it


def test_spoken_words_are_shown_once_a_person_has_read_them(open311: Open311) -> None:
    draft = open311.add_report()
    read = a_report([a_recording(a_transcript(draft=False))], category="GT01")
    mended = a_recording(a_transcript(draft=False))
    corrected = a_report([mended], category="GT01")
    drafted = a_report([a_recording(a_transcript())], category="GT01")
    taken_back = a_report(
        [a_recording(a_transcript(draft=False), discarded_at=NOON)], category="GT01"
    )
    open311.add(read, corrected, drafted, taken_back)
    open311.add(
        *(
            TranscriptCorrection(
                recording_name=mended.name, number=number, by="u", at=NOON, before="",
                after=after, edits=[],
            )
            for number, after in ((1, "sai"), (2, "đường ngập sâu"))
        )
    )  # fmt: skip

    told = {
        one["service_request_id"]: one["description"] for one in open311.get("/requests.json").json
    }

    assert told[read.reference] == "đường ngập nước"
    assert told[corrected.reference] == "đường ngập sâu"
    assert told[drafted.reference] == told[taken_back.reference] == told[draft.reference] == NAME


def test_words_that_were_corrected_to_nothing_are_not_shown(open311: Open311) -> None:
    mended = a_recording(a_transcript(draft=False))
    report = a_report([mended], category="GT01")
    open311.add(report)
    open311.add(
        TranscriptCorrection(
            recording_name=mended.name, number=1, by="u", at=NOON, before="", after="", edits=[]
        )
    )

    assert _only(open311, report.reference)["description"] == NAME


def test_words_about_the_place_are_not_shown(open311: Open311) -> None:
    place = a_recording(a_transcript(draft=False, text="nhà bà Năm"), kind="place")
    report = a_report([place], category="GT01", status="assigned")
    open311.add(report)

    assert _only(open311, report.reference)["description"] == NAME


@pytest.mark.parametrize("given", [{"anonymous": True}, {"category": "YT02"}, {"category": "DT04"}])
def test_of_some_only_kind_commune_times_and_state_are_shown(
    open311: Open311, given: dict[str, Any]
) -> None:
    report = open311.add_report(
        description="Tôi là Lan", address="12 Trần Phú", latitude=9.2, longitude=105.7, **given
    )

    told = _only(open311, report.reference)

    assert told["description"] == told["service_name"]
    assert (told["lat"], told["long"], told["address"]) == (None, None, "Phường Bạc Liêu")


def test_nothing_of_a_person_is_in_any_answer(open311: Open311) -> None:
    report = open311.add_report(
        description="Gọi tôi 0912 345 678 hoặc lan@example.vn",
        reporter={"name": "Nguyễn Thị Lan", "email": "lan@example.vn"},
        contact="other",
        contact_number="+84912345678",
        text_number="+84912345678",
        caller_hash="c" * 64,
        officer="officer-1",
    )
    open311.add(
        Update(report_id=report.id, kind="status", at=NOON, author="officer-1", status="assigned",
               text="Chào chị Lan", internal_text="nhà số 5"),
    )  # fmt: skip

    texts = [
        open311.get(path).text
        for path in (
            "/requests.json?extensions=true",
            "/requests.xml?extensions=true",
            f"/requests/{report.reference}.json",
            f"/tokens/{report.id}.json",
        )
    ]

    for secret in ("Lan", "lan@", "345", "officer-1", "nhà số 5", "cccc"):
        assert not any(secret in text for text in texts), secret


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("gọi 0912345678 nhé", "gọi ••• nhé"),
        ("gọi +84 (912) 345-678.", "gọi •••."),
        ("số không chín một hai ba bốn năm sáu bảy tám đó", "số ••• đó"),
        ("căn cước 095123456789", "căn cước •••"),
        ("thư cho a.b@example.vn", "thư cho •••"),
        ("ổ gà rộng 2 m, ngày 22/11/2026", "ổ gà rộng 2 m, ngày 22/11/2026"),
        ("ba bốn năm nay rồi", "ba bốn năm nay rồi"),
        ("<b onclick=x>", "‹b onclick=x›"),
    ],
)
def test_contacts_and_markup_are_taken_out(text: str, shown: str) -> None:
    assert without_contacts(text) == shown


def test_taking_out_contacts_takes_no_long_time() -> None:
    for text in ("1" * 4000, "a@" * 2000, "một " * 1000, "1 ( " * 1000, "<" * 4000):
        without_contacts(text)


def test_hostile_text_stays_text_in_xml(open311: Open311) -> None:
    words = "]]><!--&lt;<![CDATA[ \x0b\x01 \ud7ff \ufffe \U0001f6a7 'quoted' \"twice\"\r\nnext"
    report = open311.add_report(
        description=words, address="<!ENTITY x SYSTEM 'file:///etc/passwd'>"
    )

    answer = open311.get(f"/requests/{report.reference}.xml")

    told = _only(open311, report.reference)
    clean = told["description"].replace("\x0b\x01", "").replace("\ufffe", "").replace("\r\n", "\n")
    check_same(answer, "service_requests", [told | {"description": clean}])


def _only(open311: Open311, reference: str) -> dict[str, Any]:
    (told,) = open311.get(f"/requests/{reference}.json").json
    assert isinstance(told, dict)
    return told
