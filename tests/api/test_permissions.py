"""Every route as every role, with a whole token and with each scope left out: no holes."""

import re
from itertools import product

import pytest

from accounts.permissions import PERMISSIONS, Permission
from accounts.roles import Role
from api.permissions import BLUEPRINT, ROUTES, Open, needed
from reports.models import ReportStatus
from tests.api.conftest import Api
from tests.builders import a_call, a_recording, a_report, a_transcript

AGENCY, OTHERS = "so_xay_dung", "cong_an_tinh"


def routes(api: Api) -> list[tuple[str, str, Permission | Open]]:
    """Method, path and what it needs, of each route that the application serves."""
    return [
        (method, re.sub("<[^>]+>", "482173908", rule.rule), needed(rule.endpoint))
        for rule in api.app.url_map.iter_rules()
        if rule.endpoint.startswith(BLUEPRINT)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def status(api: Api, method: str, path: str) -> int:
    headers = {**api.headers, "Content-Type": "application/json"}
    answer = api.client.open(path, method=method, headers=headers, data=b"{", buffered=True)
    return int(answer.status_code)


@pytest.mark.slow
@pytest.mark.parametrize("role", Role)
def test_each_role_is_let_in_exactly_where_the_table_says(api: Api, role: Role) -> None:
    api.enter(role, AGENCY if role is Role.AGENCY else None)

    for method, path, wanted in routes(api):
        allowed = isinstance(wanted, Open) or wanted in PERMISSIONS[role]
        got = status(api, method, path)

        assert (got != 403) == allowed, (method, path, got)
        assert got != 401 or wanted is Open.PUBLIC, (method, path)


@pytest.mark.slow
def test_without_the_scope_even_an_administrator_is_kept_out(api: Api) -> None:
    for left_out in Permission:
        api.enter(Role.ADMINISTRATOR, scopes=[each for each in Permission if each != left_out])

        shut = {wanted for method, path, wanted in routes(api) if status(api, method, path) == 403}

        assert shut == {left_out} & set(ROUTES.values())


def test_without_a_token_everything_is_shut_but_signing_in(api: Api) -> None:
    api.secret = "hl_wrong"

    for method, path, wanted in routes(api):
        assert (status(api, method, path) == 401) == (wanted is not Open.PUBLIC), (method, path)
    assert [path for _, path, wanted in routes(api) if wanted is Open.PUBLIC] == ["/api/v1/tokens"]


def test_the_table_names_no_route_that_is_not_there(api: Api) -> None:
    served = {
        rule.endpoint.removeprefix(BLUEPRINT)
        for rule in api.app.url_map.iter_rules()
        if rule.endpoint.startswith(BLUEPRINT)
    }

    assert set(ROUTES) == served


def test_an_officer_finds_the_reports_of_their_agency_and_no_trace_of_others(api: Api) -> None:
    call = a_call()
    recording = a_recording(a_transcript(), call_id=call.id)
    theirs = a_report(reference="482173908", agency=AGENCY, status=ReportStatus.ASSIGNED)
    others = a_report([recording], agency=OTHERS, status=ReportStatus.ASSIGNED, call_id=call.id)
    nobodys = a_report()
    api.add(call, theirs, others, nobodys)
    (api.recordings / f"{recording.name}.wav").write_bytes(b"RIFF")
    api.enter(Role.AGENCY, AGENCY)

    listed = api.get("/reports").json["reports"]

    assert [each["reference"] for each in listed] == [theirs.reference]
    assert api.get(f"/reports/{theirs.reference}").status_code == 200
    unknown = api.get("/reports/482-173-924")
    seen = '"1"'
    for hidden, (method, rest) in product(
        (others, nobodys),
        [
            ("GET", ""),
            ("GET", "/updates"),
            ("GET", "/attachments"),
            ("GET", "/recording"),
            ("PATCH", ""),
            ("POST", "/updates"),
        ],
    ):
        body = None if method == "GET" else {"internal_text": "x"}
        answer = api.send(method, f"/reports/{hidden.reference}{rest}", body, If_Match=seen)

        assert answer.status_code == 404, (method, rest)
        assert answer.json["detail"] == unknown.json["detail"]
    assert api.get(f"/recordings/{recording.name}").status_code == 404
    assert api.get(f"/recordings/{recording.name}/transcript").status_code == 404


def test_an_officer_without_an_agency_sees_nothing_at_all(api: Api) -> None:
    api.add(a_report(reference="482173908"), a_report(agency=AGENCY))
    api.enter(Role.AGENCY)

    assert api.get("/reports").json["reports"] == []
    assert api.get("/reports/482173908").status_code == 404


def test_who_may_not_read_words_is_shown_reports_without_them(api: Api) -> None:
    recording = a_recording(a_transcript())
    report = a_report([recording], description="nhà chị Tư", address="hẻm 4")
    api.add(report)
    api.enter(Role.OPERATOR, scopes=["reports.read"])

    answer = api.get(f"/reports/{report.reference}")

    assert answer.status_code == 200
    assert not any(word in answer.text for word in ("ngập", "chị Tư", "hẻm 4"))
    assert answer.json["transcript"]["status"] == "done"
