import json
import socket
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from hotline.caller.errors import InquiryFailed, NotHeard
from hotline.caller.inquiry import Outcome
from hotline.caller.placing import PlacedCall
from hotline.caller.story import Event, What
from hotline.caller.tape import Tape
from hotline.caller.told import Told
from hotline.commands.call import call


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path))
    return tmp_path


def called_with(*words: str) -> Result:
    return CliRunner().invoke(call, list(words))


def test_the_actions_reach_the_command_in_the_order_in_which_they_were_written() -> None:
    words = "--keys 2 --play a.wav --wait-prompt --keys 1 --silence 3 --say x --wait-prompt"
    context = call.make_context("call", [*words.split(), "--hangup"])

    assert context.params["script"] == (
        ("keys", "2"),
        ("play", "a.wav"),
        ("wait_prompt", ""),
        ("keys", "1"),
        ("silence", "3"),
        ("say", "x"),
        ("wait_prompt", ""),
        ("hangup", ""),
    )


def test_a_call_without_actions_only_listens() -> None:
    assert call.make_context("call", []).params["script"] == ()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--keys", "abc"), "--keys: expected digits, * or #, found 'abc'"),
        (("--silence", "soon"), "expected 0 to 600 seconds, found 'soon'"),
        (("--from", "me"), "expected 3 to 15 digits or 'anonymous', found 'me'"),
        (("--to", "1 2"), "expected a telephone number, found '1 2'"),
        (("--target", "somewhere"), "expected HOST:PORT, found 'somewhere'"),
        (("--target", "127.0.0.1:99999"), "expected HOST:PORT"),
        (("--hangup", "--keys", "1"), "expected nothing after --hangup"),
        (("--dance",), "No such option"),
    ],
)
def test_bad_usage_is_one_line_and_exit_code_2(
    data: Path, words: tuple[str, ...], told: str
) -> None:
    result = called_with(*words)

    assert result.exit_code == 2
    assert told in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("content", [None, b"", b"not a wav file"])
def test_a_sound_that_cannot_be_played_is_told_before_anyone_is_called(
    data: Path, content: bytes | None
) -> None:
    file = data / "statement.wav"
    if content is not None:
        file.write_bytes(content)

    result = called_with("--play", str(file))

    assert result.exit_code == 1
    assert result.output.startswith("Error: statement.wav: ")
    assert len(result.output.splitlines()) == 1


def test_a_missing_secret_is_told_with_the_mend(data: Path) -> None:
    result = called_with("--keys", "1")

    assert result.exit_code == 1
    assert "no such file or directory; `make run` makes it" in result.output


@pytest.mark.slow
def test_a_hotline_that_is_not_running_is_told_with_the_mend(data: Path) -> None:
    secret = data / "secret"
    secret.write_text("x")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]

        result = called_with(
            "--target", f"127.0.0.1:{port}", "--secret-file", str(secret), "--json"
        )

    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["report"] is None
    assert "no answer within 10 s; is the hotline running? `make run`" in told["problem"]
    assert [event["what"] for event in told["timeline"]] == ["dialled"]


def a_placed_call(**changes: object) -> PlacedCall:
    values: dict[str, object] = {
        "events": (Event(0.0, What.DIALLED), Event(0.1, What.ANSWERED)),
        "answered_s": 0.1,
        "sip_call_id": "4135f08abd4e8baf",
        "heard": Tape().sound(),
        "said": Tape().sound(),
        "problem": None,
    }
    return PlacedCall(**{**values, **changes})  # type: ignore[arg-type]


A_REPORT = {
    "reference": "482173905",
    "spoken_reference": "482-173-905",
    "status": "new",
    "partial": True,
    "category": {"code": "utilities", "name": "Điện, nước", "name_en": "Utilities"},
    "transcript": {"status": "done", "text": "Ống nước vỡ."},
}


def test_the_json_has_the_time_line_and_the_report_as_the_api_gave_it() -> None:
    entry = {"step": "Gather:category", "result": {"type": "digits"}, "after_s": 5.0}
    outcome = Outcome({"id": "c1", "journal": [entry]}, A_REPORT)

    told = Told(a_placed_call(), outcome).as_json()

    assert told["report"] is A_REPORT
    assert [event["what"] for event in told["timeline"]] == ["dialled", "answered", "asked"]
    assert told["call_id"] == "c1" and told["problem"] is None


def test_what_went_wrong_is_told_beside_what_happened() -> None:
    told = Told(a_placed_call(problem=NotHeard("nothing")), untold=InquiryFailed("no API"))

    assert told.as_json()["problem"] == "nothing"
    assert len(told.as_json()["timeline"]) == 2


def test_a_reader_is_shown_reference_category_and_words() -> None:
    lines = list(Told(a_placed_call(), Outcome({"id": "c1", "journal": []}, A_REPORT)).lines())

    assert lines[-3:] == [
        "report    482-173-905  new",
        "category  Điện, nước  (partial)",
        "words     done  Ống nước vỡ.",
    ]


def test_help_names_every_action() -> None:
    shown = click.Context(call, info_name="call").get_help()

    for option in ("--keys", "--play", "--say", "--silence", "--wait-prompt", "--hangup", "--json"):
        assert option in shown
