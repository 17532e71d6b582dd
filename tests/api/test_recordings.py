import pytest

from reports.models import Recording, Report
from tests.api.conftest import Api
from tests.builders import NOON, a_recording, a_report, a_user

SOUND = b"RIFF" + bytes(range(256)) * 4


@pytest.fixture
def recording(api: Api) -> Recording:
    made = a_recording()
    api.add(a_report([made], reference="482173908"))
    (api.recordings / f"{made.name}.wav").write_bytes(SOUND)
    return made


def paths(recording: Recording) -> tuple[str, ...]:
    return ("/reports/482-173-908/recording", f"/recordings/{recording.name}")


def test_a_recording_comes_byte_for_byte(api: Api, recording: Recording) -> None:
    for path in paths(recording):
        answer = api.get(path)

        assert answer.status_code == 200
        assert answer.content_type == "audio/wav"
        assert answer.data == SOUND
        assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        ("bytes=0-3", 206, b"RIFF"),
        ("bytes=4-", 206, SOUND[4:]),
        ("bytes=-2", 206, SOUND[-2:]),
        ("bytes=0-99999", 206, SOUND),
        ("bytes=5000-", 416, None),
        ("nonsense", 416, None),
    ],
)
def test_players_may_ask_for_a_part(
    api: Api, recording: Recording, asked: str, status: int, content: bytes | None
) -> None:
    for path in paths(recording):
        answer = api.get(path, Range=asked)

        assert answer.status_code == status
        if content is None:
            assert answer.content_type == "application/problem+json"
        else:
            assert answer.data == content


def test_an_unchanged_recording_is_not_sent_again(api: Api, recording: Recording) -> None:
    tag = api.get(paths(recording)[0]).headers["ETag"]

    answer = api.get(paths(recording)[0], If_None_Match=tag)

    assert answer.status_code == 304 and not answer.data


def test_a_recording_whose_file_is_gone_is_not_found(api: Api, recording: Recording) -> None:
    (api.recordings / f"{recording.name}.wav").unlink()

    for path in paths(recording):
        answer = api.get(path)

        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"
        assert str(api.recordings) not in answer.text


def test_what_a_caller_took_back_is_not_found_though_the_file_is_still_there(api: Api) -> None:
    withdrawn = a_recording(discarded_at=NOON)
    report = a_report([withdrawn])
    api.add(report)
    (api.recordings / f"{withdrawn.name}.wav").write_bytes(SOUND)

    assert api.get(f"/reports/{report.reference}/recording").status_code == 404
    assert api.get(f"/recordings/{withdrawn.name}").status_code == 404


def test_a_recording_that_belongs_to_no_report_is_not_found(api: Api) -> None:
    loose = a_recording()
    api.add(loose)
    (api.recordings / f"{loose.name}.wav").write_bytes(SOUND)

    assert api.get(f"/recordings/{loose.name}").status_code == 404


def test_a_report_without_recording_says_so(api: Api) -> None:
    report: Report = a_report()
    api.add(report)

    answer = api.get(f"/reports/{report.reference}/recording")

    assert answer.status_code == 404 and "no recording" in answer.json["detail"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%00", ".hidden", "a" * 200, "%2e%2e"]
)
def test_no_name_leads_out_of_the_folder(api: Api, name: str) -> None:
    assert api.get(f"/recordings/{name}").status_code == 404


def test_a_signed_in_console_page_may_play_but_not_read(api: Api, recording: Recording) -> None:
    api.console_user = a_user(email="console@example.vn")

    for path in paths(recording):
        assert api.client.get("/api/v1" + path, buffered=True).status_code == 200
    for path in ("/reports", "/reports/482173908", "/calls"):
        assert api.client.get("/api/v1" + path).status_code == 401


def test_asking_for_the_head_sends_no_sound(api: Api, recording: Recording) -> None:
    for path in paths(recording):
        answer = api.client.head("/api/v1" + path, headers=api.headers)

        assert answer.status_code == 200 and not answer.data
        assert answer.content_length == len(SOUND)
