"""Whole calls over our AGI server, a scripted Asterisk and a real database."""

import io
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ivr.models import CallStatus
from speech.sound import write_wav
from tests.ivr.conftest import House
from tests.ivr.fake_asterisk import (
    Action,
    Caller,
    Connection,
    FakeAsterisk,
    HangsUp,
    Hangup,
    Loss,
    Presses,
    Speaks,
    Waits,
)
from tests.speech.sounds import a_tone, some_silence

Address = tuple[str, int]
WORDS = Speaks(a_tone(2.0))


def a_caller(**answers: Action | list[Action]) -> Caller:
    """Reports on electricity and water, speaks, and sends, unless told otherwise."""
    usual: dict[str, Action | list[Action]] = {
        "main_menu": Presses("1"),
        "category": Presses("2"),
        "statement": WORDS,
        "contact": Presses("1"),
        "contact_unknown": Presses("3"),
        "confirm_report": Presses("1"),
        "confirm_category": Presses("1"),
    }
    return Caller(usual | answers)


def spoken_reference(call: FakeAsterisk) -> str:
    """The digits that were read out last."""
    start = max(i for i, name in enumerate(call.played) if name.startswith("filed"))
    end = call.played.index("reference_again.1", start)
    names = call.played[start:end]
    return "".join(name.removeprefix("digit_") for name in names if name.startswith("digit_"))


def test_a_caller_who_chooses_speaks_and_sends_has_filed_a_report(
    house: House, address: Address
) -> None:
    asterisk = FakeAsterisk(address, a_caller()).call()

    [call], [report], [recording] = house.calls(), house.reports(), house.recordings()
    [transcript], [message] = house.transcripts(), house.messages()
    assert (report.category, report.partial, report.status) == ("dien_nuoc", False, "new")
    assert (report.call_id, recording.report_id) == (call.id, report.id)
    assert spoken_reference(asterisk) == report.reference
    assert (call.status, call.ended_at) == (CallStatus.COMPLETED, house.clock.now)
    assert (call.caller_number, call.called_number) == ("+84912345678", "19009120")
    assert call.carrier_call_id == "3848276298220188511@192.0.2.7"
    assert (recording.name, recording.length_s) == (f"{call.id}-3", 2.0)
    assert (house.folder / f"{recording.name}.wav").stat().st_size == recording.size_bytes
    assert (transcript.status, transcript.language) == ("pending", "vi")
    assert (message.to_number, message.status) == ("+84912345678", "queued")
    assert message.text_values["reference"].replace("-", "") == report.reference
    assert house.jobs() == [("transcribe", recording.name)]
    assert [(entry.position, entry.step) for entry in house.journal(call)] == [
        (0, "Gather:main_menu"),
        (1, "Gather:category"),
        (2, "Gather:subcategory"),
        (3, "Record:statement"),
        (4, "Record:place"),
        (5, "Gather:contact"),
        (6, "Gather:confirm_report"),
        (7, "Do:file_report"),
        (8, "Gather:anything_else"),
    ]


def test_done_is_the_last_word(house: House, address: Address) -> None:
    asterisk = FakeAsterisk(address, a_caller()).call()

    assert asterisk.commands[-1] == 'SET VARIABLE "HOTLINE_DONE" "1"'
    assert list(asterisk.variables) == ["HOTLINE_DONE"]


def test_the_call_has_ended_before_the_dialplan_is_told_so(house: House, address: Address) -> None:
    commands = FakeAsterisk(address, a_caller()).call().commands
    # Another caller: who has called before is asked something else.
    asterisk = FakeAsterisk(address, a_caller(), unique_id="other", caller_id="0987654321")

    asterisk.visit(Loss(commands.index('SET VARIABLE "HOTLINE_DONE" "1"')))

    assert all(call.ended_at is not None for call in house.calls())


def test_a_key_cuts_the_question_short(house: House, address: Address) -> None:
    caller = a_caller(menu_choice_2=Presses("2", during=True))

    asterisk = FakeAsterisk(address, caller).call()

    assert "menu_choice_3" not in asterisk.played
    assert house.reports()[0].category == "dien_nuoc"


@pytest.mark.slow
@pytest.mark.parametrize("how", Hangup)
@pytest.mark.parametrize(
    ("question", "category", "words"),
    [
        ("greeting", None, False),
        ("menu_choice_3", None, False),
        ("category", None, False),
        ("statement", "dien_nuoc", False),
        ("beep", "dien_nuoc", False),
        ("confirm_report", "dien_nuoc", True),
    ],
)
def test_a_hangup_in_any_disguise_files_what_was_given(
    house: House,
    address: Address,
    how: Hangup,
    question: str,
    category: str | None,
    words: bool,
) -> None:
    asterisk = FakeAsterisk(address, a_caller(**{question: HangsUp(how)}))

    asterisk.visit()

    [call] = house.calls()
    assert call.ended_at is not None and asterisk.done
    found = [(r.category, r.partial) for r in house.reports()]
    assert found == ([(category, True)] if category else [])
    assert len(house.recordings()) == words
    assert not any(name.startswith("filed") for name in asterisk.played)


@pytest.mark.slow
@pytest.mark.parametrize("how", Hangup)
@pytest.mark.parametrize("question", ["filed", "reference_again", "goodbye"])
def test_a_hangup_while_the_reference_is_read_changes_nothing_any_more(
    house: House, address: Address, question: str, how: Hangup
) -> None:
    asterisk = FakeAsterisk(address, a_caller(**{question: HangsUp(how)}))

    asterisk.visit()

    [call], [report] = house.calls(), house.reports()
    assert call.ended_at is not None and not report.partial and asterisk.done


@pytest.mark.slow
@pytest.mark.parametrize("how", Hangup)
def test_words_before_a_hangup_in_mid_sentence_are_filed(
    house: House, address: Address, how: Hangup
) -> None:
    caller = a_caller(statement=Speaks(a_tone(3.0), ends_by=how))

    asterisk = FakeAsterisk(address, caller)
    asterisk.visit()

    [report], [recording] = house.reports(), house.recordings()
    assert report.partial and recording.report_id == report.id and asterisk.done


def test_after_a_hangup_the_second_try_is_lost_but_not_the_first(
    house: House, address: Address
) -> None:
    caller = a_caller(statement=[WORDS, HangsUp()], confirm_report=Presses("2"))

    FakeAsterisk(address, caller).visit()

    [report], [recording] = house.reports(), house.recordings()
    assert report.partial and recording.report_id == report.id


@pytest.mark.parametrize("replied", [False, True])
@pytest.mark.parametrize(
    "every", [pytest.param(9, id="some"), pytest.param(1, id="all", marks=pytest.mark.slow)]
)
def test_a_server_lost_at_any_command_costs_the_caller_nothing(
    house: House, address: Address, replied: bool, every: int
) -> None:
    length = FakeAsterisk(address, a_caller(), "0").visit()
    assert length > 50

    for at in range(0, length, every):
        # A number of its own for each: who has called before is asked something else.
        number = f"09{at:08}"
        asterisk = FakeAsterisk(address, a_caller(), f"lost at {at}", number)
        asterisk.call([Loss(at, replied)])

        call_id = house.id_of(f"lost at {at}")
        [report] = [report for report in house.reports() if report.call_id == call_id]
        assert (report.partial, report.category) == (False, "dien_nuoc")
        assert spoken_reference(asterisk) == report.reference
        assert asterisk.done
        statements = [record for record in asterisk.records if f"{call_id}-3" in record]
        assert len(statements) == 1, "whole words on disk are not asked for again"
    assert len(house.messages()) == len(house.reports())
    assert {r.report_id for r in house.recordings()} == {r.id for r in house.reports()}
    assert len(list(house.folder.iterdir())) == len(house.recordings())


@pytest.mark.slow
@pytest.mark.parametrize("how", ["reset", "half_line"])
def test_a_connection_that_breaks_roughly_is_taken_up_again(
    house: House, address: Address, how: str
) -> None:
    losses = [Loss(at, how=how) for at in (3, 11, 2, 5)]  # type: ignore[arg-type]

    asterisk = FakeAsterisk(address, a_caller()).call(losses)

    [report] = house.reports()
    assert asterisk.done and not report.partial
    assert spoken_reference(asterisk) == report.reference


def test_a_server_lost_at_every_second_command_still_ends_the_call(
    house: House, address: Address
) -> None:
    """The dialplan comes again as often as it must; each visit brings the call a question on."""
    asterisk = FakeAsterisk(address, a_caller())

    asterisk.call([Loss(at, replied=True) for at in (10, 4, 4, 30)])

    assert len(house.calls()) == len(house.reports()) == 1
    assert spoken_reference(asterisk) == house.reports()[0].reference


def test_a_call_that_was_lost_after_its_end_says_the_same_again_and_files_nothing(
    house: House, address: Address
) -> None:
    asterisk = FakeAsterisk(address, a_caller()).call()
    ended_at = house.calls()[0].ended_at
    house.clock.pass_by(timedelta(seconds=9))

    asterisk.visit()

    assert len(house.reports()) == 1 and house.calls()[0].ended_at == ended_at
    assert spoken_reference(asterisk) == house.reports()[0].reference


UNUSABLE = {
    "zero bytes": b"",
    "not WAV": b"ID3\x04" + b"\0" * 400,
    "cut in the header": b"RIFF\x24\0\0\0WAVEfmt ",
    "header only": b"RIFF\x24\0\0\0WAVE"
    b"fmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0"
    b"data\0\0\0\0",
    "missing": None,
}


@pytest.mark.slow
@pytest.mark.parametrize("content", UNUSABLE.values(), ids=UNUSABLE)
def test_a_caller_whose_words_did_not_reach_the_disk_is_asked_once_more(
    house: House, address: Address, content: bytes | None
) -> None:
    caller = a_caller(statement=[Speaks(content), WORDS])

    asterisk = FakeAsterisk(address, caller).call()

    [report], [recording] = house.reports(), house.recordings()
    assert "statement_unheard" in asterisk.played
    assert recording.report_id == report.id and not report.partial


@pytest.mark.parametrize("content", UNUSABLE.values(), ids=UNUSABLE)
def test_a_category_without_usable_words_is_still_filed(
    house: House, address: Address, content: bytes | None
) -> None:
    asterisk = FakeAsterisk(address, a_caller(statement=Speaks(content))).call()

    [report] = house.reports()
    assert (report.category, report.partial) == ("dien_nuoc", True)
    assert house.recordings() == [] and len(asterisk.records) == 2
    assert spoken_reference(asterisk) == report.reference


def test_a_silent_recording_is_kept_but_asked_for_again(house: House, address: Address) -> None:
    caller = a_caller(statement=Speaks(some_silence(4.0), ends_by="silence"))

    FakeAsterisk(address, caller).call()

    [report] = house.reports()
    assert report.partial
    assert [recording.silent for recording in house.recordings()] == [True, True]


def test_a_header_that_was_never_finished_does_not_cost_the_words(
    house: House, address: Address, tmp_path: Path
) -> None:
    whole = tmp_path / "whole.wav"
    write_wav(whole, a_tone(2.0))
    content = bytearray(whole.read_bytes())
    content[4:8] = content[40:44] = bytes(4)

    FakeAsterisk(address, a_caller(statement=Speaks(bytes(content)))).call()

    assert house.recordings()[0].length_s == 2.0 and not house.reports()[0].partial


@pytest.mark.parametrize("ends_by", ["key", "silence", "limit"])
def test_words_count_however_their_recording_ended(
    house: House, address: Address, ends_by: str
) -> None:
    caller = a_caller(statement=Speaks(a_tone(2.0), ends_by))  # type: ignore[arg-type]

    FakeAsterisk(address, caller).call()

    assert not house.reports()[0].partial and len(house.recordings()) == 1


class Declines(Caller):
    """Presses 9 until they have heard that they are not recorded, then reports by keys."""

    def __init__(self) -> None:
        super().__init__({"category_by_key": Presses("3"), "confirm_category": Presses("1")})
        self.played: list[str] = []

    def answer(self, question: str) -> Action:
        if question == "main_menu":
            return Presses("1" if "recording_declined" in self.played else "9")
        return super().answer(question)


@pytest.mark.slow
@pytest.mark.parametrize(
    "loses", [[], *([Loss(at, replied)] for at in range(4, 11) for replied in (False, True))]
)
def test_whoever_declines_recording_is_never_recorded(
    house: House, address: Address, loses: list[Loss]
) -> None:
    caller = Declines()
    asterisk = FakeAsterisk(address, caller, played=caller.played)

    asterisk.call(loses)

    assert asterisk.variables["HOTLINE_NO_RECORDING"] == "1"
    assert asterisk.records == [] and house.recordings() == []
    assert list(house.folder.iterdir()) == []
    assert house.calls()[0].recording_declined and asterisk.done


def test_whoever_takes_their_words_back_has_them_erased(house: House, address: Address) -> None:
    FakeAsterisk(address, a_caller(confirm_report=Presses("3"))).call()

    [recording] = house.recordings()
    assert house.reports() == [] and house.messages() == []
    assert recording.discarded_at == house.clock.now
    assert house.jobs() == [("erase_recording", recording.name)]


def test_a_caller_who_gives_no_sign_is_let_go_within_ten_turns(
    house: House, address: Address
) -> None:
    asterisk = FakeAsterisk(address, Caller({})).call()

    assert len(house.journal(house.calls()[0])) <= 10
    assert house.reports() == [] and asterisk.done
    assert asterisk.played[-1] == "goodbye"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("caller_id", "number"),
    [
        ("0912345678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("+84912345678", "+84912345678"),
        ("sip:0912345678@192.0.2.7", "+84912345678"),
        ("01212345678", "+84792345678"),
        ("+842913822345", "+842913822345"),
        ("anonymous", None),
        ("Anonymous", None),
        ("Restricted", None),
        ("unknown", None),
        ("unavailable", None),
        ("", None),
        ("113", None),
        ('"; rm -rf', None),
    ],
)
def test_the_caller_is_known_by_any_form_of_their_number(
    house: House, address: Address, caller_id: str, number: str | None
) -> None:
    asterisk = FakeAsterisk(address, a_caller(), caller_id=caller_id).call()

    mobile = number is not None and not number.startswith("+84291")
    assert house.calls()[0].caller_number == number
    assert (house.calls()[0].caller_hash is None) == (number is None)
    assert [message.to_number for message in house.messages()] == ([number] if mobile else [])
    assert ("text_promised" in asterisk.played) == mobile
    assert len(house.reports()) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("presentation", "known"),
    [("0", True), ("1", True), ("32", False), ("35", False), ("67", True), ("", True), ("x", True)],
)
def test_a_number_that_its_owner_withholds_is_not_used_though_the_trunk_passes_it(
    house: House, address: Address, presentation: str, known: bool
) -> None:
    more = {"agi_callingpres": presentation}

    FakeAsterisk(address, a_caller(), more_greeting=more).call()

    assert (house.calls()[0].caller_number is not None) == known
    assert len(house.messages()) == known


def test_the_number_rung_is_the_extension_where_the_line_names_none(
    house: House, address: Address
) -> None:
    more = {"agi_dnid": "unknown", "agi_extension": "+8419009120"}

    FakeAsterisk(address, a_caller(), more_greeting=more).call()

    assert house.calls()[0].called_number == "+8419009120"


def test_calls_at_the_same_time_do_not_mix(house: House, address: Address) -> None:
    keys = {"0912345671": "1", "0912345672": "2", "0912345673": "3", "0912345674": "4"}
    calls = {
        number: FakeAsterisk(
            address,
            a_caller(category=Presses(key), statement=Speaks(a_tone(float(key)))),
            unique_id=f"1795000000.{key}",
            caller_id=number,
        )
        for number, key in keys.items()
    }
    threads = [threading.Thread(target=call.call) for call in calls.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    reports = {report.call_id: report for report in house.reports()}
    lengths = {recording.call_id: recording.length_s for recording in house.recordings()}
    told = {message.report_id: message.to_number for message in house.messages()}
    categories = {"1": "giao_thong", "2": "dien_nuoc", "3": "moi_truong", "4": "an_ninh"}
    for call in house.calls():
        number = "0" + str(call.caller_number).removeprefix("+84")
        report = reports[call.id]
        assert report.category == categories[keys[number]]
        assert lengths[call.id] == float(keys[number])
        assert told[report.id] == call.caller_number
        assert spoken_reference(calls[number]) == report.reference


def test_nothing_personal_is_logged(house: House, address: Address, logged: io.StringIO) -> None:
    FakeAsterisk(address, a_caller()).call([Loss(4)])
    FakeAsterisk(address, a_caller(filed=HangsUp()), "2").call()

    said = logged.getvalue()
    assert '"event": "turn"' in said
    for secret in ("912345678", "Nguyễn", house.reports()[0].reference, "3848276298"):
        assert secret not in said


def test_a_caller_who_presses_nothing_may_still_speak(house: House, address: Address) -> None:
    FakeAsterisk(address, a_caller(category=Waits(), category_by_key=Waits())).call()

    [report], [recording] = house.reports(), house.recordings()
    assert report.category is None and recording.report_id == report.id


def test_what_the_dialplan_did_is_the_answer_to_the_wait(house: House, address: Address) -> None:
    hotline = replace(house.hotline, handling_s=240)
    at_person = {"main_menu": Presses("0")}
    with House(house.database, hotline, house.clock, house.folder).serving() as server:
        address = ("127.0.0.1", server.server_address[1])
        asterisk = FakeAsterisk(address, Caller(at_person), queue="2:1", brings="CONTINUE:30:")
        asterisk.call()

    [call] = house.calls()
    steps = {entry.step: entry.result for entry in house.journal(call)}
    assert steps["LookAtQueue:queue_seen"]["wait_s"] == 480
    assert steps["Enqueue:queue"] == {
        "type": "queue_ended", "outcome": "answered", "waited_s": 30, "key": "",
    }  # fmt: skip
    assert asterisk.variables["__HOTLINE_CALL"] == call.id and asterisk.done


def test_where_nobody_can_sign_in_nobody_is_sent_to_the_queue(
    house: House, address: Address
) -> None:
    asterisk = FakeAsterisk(address, Caller({"main_menu": Presses("0")})).call()

    assert "HOTLINE_NEXT" not in asterisk.variables and "nobody_signed_in" in asterisk.played


def test_a_key_pressed_before_there_was_any_sound_counts(house: House, address: Address) -> None:
    caller = a_caller(place=Presses("1", during=True), area=Presses("1"), unit_page=Presses("1"))

    asterisk = FakeAsterisk(address, caller).call()

    assert len(asterisk.records) == 1 and house.reports()[0].place is not None
    [place] = [recording for recording in house.recordings() if recording.silent]
    assert (house.folder / f"{place.name}.wav").stat().st_size == place.size_bytes


def test_a_key_that_ends_a_recording_is_told(house: House, address: Address) -> None:
    caller = a_caller(statement=Speaks(a_tone(2.0), key="0"))

    asterisk = FakeAsterisk(address, caller).call()

    assert "nobody_signed_in" in asterisk.played or "closed_hours" in asterisk.played
    assert house.recordings()[0].report_id == house.reports()[0].id


def test_whoever_stays_unnamed_is_unnamed_on_the_line_too(house: House, address: Address) -> None:
    asterisk = FakeAsterisk(address, a_caller(contact=Presses("4"))).call()

    cleared = {name for name, value in asterisk.variables.items() if "CALLERID" in name}
    assert cleared == {"CALLERID(all)", "CALLERID(ANI-all)", "CALLERID(RDNIS)"}
    assert all(asterisk.variables[name] == "" for name in cleared)
    [call] = house.calls()
    assert call.anonymous and call.caller_number is None and house.messages() == []
    anonymous_at = asterisk.commands.index('SET VARIABLE "CALLERID(all)" ""')
    assert any("now_anonymous" in command for command in asterisk.commands[anonymous_at:])


def test_two_stars_speak_slowly_and_wait_twice_as_long(house: House, address: Address) -> None:
    caller = a_caller(main_menu=[Presses("*"), Presses("*"), Presses("1")])

    asterisk = FakeAsterisk(address, caller).call()

    waits = [c.split()[-1] for c in asterisk.commands if c.startswith("WAIT FOR DIGIT")]
    assert waits[:3] == ["7000", "7000", "14000"]
    assert any("/vi-slow/" in command for command in asterisk.commands)


def test_a_later_visit_takes_the_call_from_an_earlier_one(house: House, address: Address) -> None:
    first = Connection(address)
    greeting = ["agi_uniqueid: 1795000000.1", "agi_language: vi", ""]
    first.send(*greeting)
    assert first.command() is not None
    second = Connection(address)
    second.send(*greeting)
    assert second.command() is not None

    first.send("HANGUP", "200 result=-1")

    while (command := first.command()) is not None:
        assert "HOTLINE_DONE" not in command
        first.send("200 result=6" if "STATUS" in command else "200 result=0")
    assert house.calls()[0].ended_at is None
    first.close()
    second.close()
