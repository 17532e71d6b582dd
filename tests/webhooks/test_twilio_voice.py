"""Calls over Twilio's webhooks, with the province's own flows, on both databases."""

import re
from pathlib import Path

import pytest

from ivr.drivers.twiml_form import LEFT
from reports.models import Recording, TranscriptStatus
from reports.service import discard
from storage.database import transaction
from tests.builders import CALLER_NUMBER
from tests.fake_twilio.documents import read_document
from tests.fake_twilio.voice import Take
from tests.webhooks.callers import REPORTING, SPOKEN, KnowsTheMenu
from tests.webhooks.conftest import CALL_SID, VOICE, Desk

STATUS = "/webhooks/twilio/calls/status"
RECORDINGS = "/webhooks/twilio/recordings"
RE = "RE" + "2" * 32
OVER = {"CallStatus": "completed"}


def action_of(text: str) -> str:
    """The first address for an answer in a document."""
    found = re.search(r'action="([^"]+)"', text)
    assert found is not None, text
    return found[1].replace("&amp;", "&")


def test_a_caller_reports_and_is_heard(desk: Desk) -> None:
    desk.phone(KnowsTheMenu(stays=True)).hold()

    (report,) = desk.reports()
    assert (report.category, report.partial) == ("DT01", False)
    statement, place = desk.recordings()
    assert [r.report_id for r in (statement, place)] == [report.id] * 2
    assert (statement.length_s, statement.sha256, statement.remote_kept) == (12.0, "", True)
    assert {job for job, _ in desk.jobs()} & {"transcribe"} == set()

    desk.settle()

    statement, place = desk.recordings()
    assert {job for job in desk.jobs() if job[0] == "transcribe"} == {
        ("transcribe", statement.name),
        ("transcribe", place.name),
    }
    assert (desk.settings.recordings / f"{statement.name}.wav").stat().st_size == 192_044
    assert [r.remote_kept for r in (statement, place)] == [False, False]
    assert set(desk.account.forgotten) == {statement.remote_id, place.remote_id}
    assert desk.calls()[0].ended_at is not None


def test_who_hangs_up_in_mid_sentence_has_their_words_filed(desk: Desk) -> None:
    takes = (Take(spoken_s=9, hangs_up=True),)

    desk.phone(KnowsTheMenu(takes=takes)).hold()
    desk.settle()

    (report,), (recording,) = desk.reports(), desk.recordings()
    assert report.partial and recording.report_id == report.id
    assert desk.journal()[-3:-1] == [("Record:statement", "recorded"), ("Record:place", "hung_up")]


@pytest.mark.parametrize("order", ["status first", "recording never told", "nothing told"])
def test_words_are_found_however_twilio_tells_of_them(desk: Desk, order: str) -> None:
    call = desk.phone(KnowsTheMenu(REPORTING[:3], ()))
    call.status_told = False
    call.hold()
    # The line is dead in mid-sentence; Twilio has a recording, and tells of it late or never.
    recording = desk.account.new_recording(call.call.sid, desk.clock(), 7, 0)
    at = [path for path, _ in call.posts if "/turns/" in path][-1]
    position = int(re.findall(r"/turns/(\d+)", at)[0]) + 1
    late = re.sub(r"/turns/\d+.*", f"/turns/{position}", at)
    form = {
        "CallSid": call.call.sid,
        "RecordingSid": recording.sid,
        "RecordingDuration": "7",
        "Digits": LEFT,
        **OVER,
    }
    if order != "nothing told":
        desk.post(STATUS, {"CallSid": call.call.sid, **OVER})
    if order == "status first":
        desk.post(late, form)
    desk.clock.pass_by(3600)  # whoever says nothing for so long is asked about

    desk.settle()

    (report,), (found,) = desk.reports(), desk.recordings()
    assert found.remote_id == recording.sid and found.report_id == report.id
    assert found.sha256 and report.partial
    assert ("Record:statement", "recorded") in desk.journal()

    desk.post(late, form | {"CallStatus": "in-progress"})
    desk.settle()
    assert len(desk.reports()) == len(desk.recordings()) == 1


def test_a_recording_that_no_turn_took_goes_to_the_report(desk: Desk) -> None:
    call = desk.phone(KnowsTheMenu(stays=True))
    call.hold()
    stray = desk.account.new_recording(call.call.sid, desk.clock(), 5, 0)
    desk.settle()

    assert stray.sid in {each.remote_id for each in desk.recordings()}
    assert {each.report_id for each in desk.recordings()} == {desk.reports()[0].id}


def test_whoever_declines_is_never_recorded(desk: Desk) -> None:
    call = desk.phone(KnowsTheMenu(("9", "1", "2", "4", "1"), ()))
    call.hold()
    asked = [desk.post(VOICE, {"CallSid": call.call.sid}).text]

    assert not any("Record" in text for text in asked)
    assert desk.calls()[0].recording_declined
    turns = [path for path, _ in call.posts if "/turns/" in path]
    assert "unrecorded=1" in turns[-1]

    # A slip of somebody's: it is neither filed nor kept.
    slip = desk.account.new_recording(call.call.sid, desk.clock(), 5, 0)
    desk.settle()
    assert desk.recordings() == [] and desk.account.forgotten == [slip.sid]


def test_words_that_are_taken_back_are_deleted_at_twilio_and_never_fetched(desk: Desk) -> None:
    desk.phone(KnowsTheMenu((*REPORTING[:4], "3"))).hold()

    desk.settle()

    assert all(each.discarded_at and not each.remote_kept for each in desk.recordings())
    assert len(desk.account.forgotten) == 2
    assert not list(desk.settings.recordings.glob("*.wav"))


def test_an_empty_recording_is_asked_for_again(desk: Desk) -> None:
    takes = (Take(no_sound=True), *SPOKEN)

    desk.phone(KnowsTheMenu(takes=takes, stays=True)).hold()

    (report,) = desk.reports()
    assert not report.partial
    assert ("Record:statement", "no_input") in desk.journal()


WITHHELD = ("anonymous", "Anonymous", "restricted", "+266696687", "266696687", "+7378742833", "")
WRITTEN = ("+84912345678", "sip:0912345678@carrier.example", "84912345678")


@pytest.mark.parametrize(("told", "number"), [(WITHHELD, None), (WRITTEN, CALLER_NUMBER)])
def test_a_number_is_known_however_it_is_written_but_where_it_is_withheld(
    desk: Desk, told: tuple[str, ...], number: str | None
) -> None:
    for index, written in enumerate(told):
        call = {"From": written, "CallSid": f"CA{index:032x}"}
        assert desk.post(VOICE, call).status_code == 200

    assert [call.caller_number for call in desk.calls()] == [number] * len(told)


def test_a_repeated_arrival_is_the_same_call(desk: Desk) -> None:
    first, second = desk.post(VOICE).text, desk.post(VOICE).text

    assert first == second
    assert len(desk.calls()) == 1


def test_a_repeated_answer_only_renders_the_turn_that_it_led_to(desk: Desk) -> None:
    answer = action_of(desk.post(VOICE).text)
    led_to = desk.post(answer, {"Digits": "1"}).text
    once = desk.journal()

    assert desk.post(answer, {"Digits": "1"}).text == led_to
    assert desk.post(answer, {"Digits": "2"}).text == led_to
    assert desk.journal() == once


def test_a_turn_from_the_future_only_renders_the_current_one(desk: Desk) -> None:
    current = desk.post(VOICE).text
    future = re.sub(r"/turns/\d+", "/turns/17", action_of(current))

    assert desk.post(future, {"Digits": "1"}).text == current
    assert desk.journal() == []


def test_a_call_goes_on_by_the_fallback_address(desk: Desk) -> None:
    answer = action_of(desk.post(VOICE).text)
    led_to = desk.post(answer, {"Digits": "1"}).text

    failed = {"ErrorCode": "11200", "ErrorUrl": "https://hotline.example.vn" + answer}
    assert desk.post("/webhooks/twilio/voice/fallback", failed).text == led_to


def test_a_call_whose_journal_is_gone_begins_anew(desk: Desk) -> None:
    gone = f"/webhooks/twilio/calls/{'0' * 32}/turns/4"

    first = desk.post(gone, {"Digits": "1"})

    assert first.text == desk.post(VOICE).text
    assert len(desk.calls()) == 1
    after = desk.post(gone, {"CallSid": "CA" + "9" * 32, **OVER})
    assert read_document(after.text) == []
    assert len(desk.calls()) == 1


def test_the_status_of_an_unknown_call_is_nobodys(desk: Desk) -> None:
    assert desk.post(STATUS, OVER).status_code == 204
    assert desk.post(STATUS, {"CallStatus": "ringing"}).status_code == 204
    assert desk.calls() == []


def test_a_status_told_twice_ends_the_call_once(desk: Desk) -> None:
    answer = action_of(desk.post(VOICE).text)
    desk.post(answer, {"Digits": "1"})

    for _ in range(3):
        assert desk.post(STATUS, OVER).status_code == 204

    assert [kind for _, kind in desk.journal()].count("hung_up") == 1
    assert desk.calls()[0].status == "completed"
    assert read_document(desk.post(answer, {"Digits": "1"}).text)[-1].tag == "Hangup"


def test_what_comes_long_after_the_end_is_refused(desk: Desk) -> None:
    answer = action_of(desk.post(VOICE).text)
    desk.post(STATUS, OVER)
    desk.settle()
    desk.clock.pass_by(3700)

    assert desk.post(VOICE).status_code == 403
    assert desk.post(answer, {"Digits": "1"}).status_code == 403
    assert desk.post(STATUS, OVER).status_code == 204
    assert desk.calls()[0].settle_at is None


def test_a_recording_that_is_ready_is_fetched_at_once(desk: Desk) -> None:
    desk.phone(KnowsTheMenu(takes=SPOKEN[:1])).hold()
    held = desk.account.recordings.copy()
    desk.account.recordings.clear()
    desk.fetching.once()
    desk.clock.pass_by(1)
    desk.account.recordings.update(held)
    (sid,) = held

    assert desk.fetching.once() == 0
    told = {"CallSid": desk.calls()[0].driver_call_id, "RecordingSid": sid}
    assert desk.post(RECORDINGS, told | {"RecordingStatus": "completed"}).status_code == 204

    assert desk.fetching.once() == 1
    assert desk.recordings()[0].sha256


def test_a_recording_of_another_is_not_followed_anywhere(desk: Desk) -> None:
    for told in ("http://127.0.0.1/secret", "RE../../x", RE[:-1]):
        assert desk.post(RECORDINGS, {"RecordingSid": told}).status_code == 400


def test_sounds_are_public_and_may_be_kept(desk: Desk) -> None:
    folder = desk.settings.sounds / "vi"
    folder.mkdir(parents=True)
    (folder / "greeting.wav").write_bytes(b"RIFF not really")
    (folder / "secret.wav").write_bytes(b"RIFF nobody's")
    played = [each.text for each in read_document(desk.post(VOICE).text)[0] if each.text]
    (greeting,) = [each for each in played if "/greeting.wav" in each]

    with desk.client.get(greeting) as answer:
        assert (answer.status_code, answer.data) == (200, b"RIFF not really")
        assert "immutable" in answer.headers["Cache-Control"]
    with desk.client.get(f"{greeting}x") as answer:
        assert "immutable" not in answer.headers["Cache-Control"]
    for other in ("vi/secret", "vi/..%2f..%2fhotline", "xx/greeting", "vi/goodbye"):
        assert desk.client.get(f"/webhooks/twilio/sounds/{other}.wav").status_code == 404


def test_addresses_tell_nothing_of_the_caller(desk: Desk) -> None:
    call = desk.phone(KnowsTheMenu(("2", "482173905", "1234"), ()))
    call.hold()

    told = " ".join([*call.played, *(path for path, _ in call.posts)])
    for secret in ("482173905", "1234", "912345678", CALL_SID):
        assert secret not in told


def test_transcripts_wait_for_their_sound(desk: Desk) -> None:
    desk.phone(KnowsTheMenu(stays=True)).hold()
    assert [each.status for each in desk.transcripts()] == [TranscriptStatus.PENDING] * 2

    desk.account.recordings.clear()  # somebody deleted them at Twilio
    for _ in range(12):
        desk.clock.pass_by(1200)
        desk.fetching.once()

    assert {each.problem for each in desk.transcripts()} == {"SoundLost"}
    assert not list(Path(desk.settings.recordings).glob("*.wav"))


def test_a_sound_that_is_not_there_for_a_moment_is_fetched_hours_later_all_the_same(
    desk: Desk,
) -> None:
    desk.phone(KnowsTheMenu(takes=SPOKEN[:1])).hold()
    held = desk.account.recordings.copy()
    desk.account.recordings.clear()
    desk.clock.pass_by(3 * 3600)  # no worker ran meanwhile
    for _ in range(4):
        desk.fetching.once()
        desk.clock.pass_by(20)
    desk.account.recordings.update(held)

    desk.clock.pass_by(60)
    desk.fetching.once()

    assert desk.recordings()[0].sha256


def test_what_is_no_sound_stays_at_the_provider_until_it_is_discarded(desk: Desk) -> None:
    desk.phone(KnowsTheMenu(takes=SPOKEN[:1])).hold()
    (recording,) = desk.account.recordings.values()
    recording.content = b"RIFF not really"
    for _ in range(12):
        desk.fetching.once()
        desk.clock.pass_by(3700)
    (row,) = desk.recordings()
    assert (row.sha256, row.remote_kept, row.fetch_at) == ("", True, None)

    with transaction(desk.database) as session:
        discard(session, [session.get_one(Recording, row.name)], desk.clock())
    desk.fetching.once()

    assert desk.account.forgotten == [recording.sid]
