"""The whole web application, as `hotline web` serves it."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask

from accounts.users import first_administrator
from api.open311.blueprint import PREFIX as OPEN311
from citizens.paths import language_of
from hotline.app import create_app
from hotline.settings import Settings
from hotline.wiring import database
from storage.database import Base, transaction
from tests.builders import NOON, a_recording, a_report

# Whatever is open to everybody; a new route is closed until it is listed here on purpose.
PUBLIC = {
    "GET /sign-in",
    "POST /sign-in",
    "GET /sign-in/code",
    "POST /sign-in/code",
    "GET /sign-in/recovery",
    "POST /sign-in/recovery",
    "GET /keys",
    # Flask-Security serves these, and the console's table shuts them: tests/console.
    "GET /sign-in/rescue",
    "POST /sign-in/rescue",
    "GET /sign-in/select",
    "POST /sign-in/select",
    "GET /sign-in/static/<path:filename>",
    "GET /static/<path:filename>",
    "POST /api/v1/tokens",
    "GET /api/v1/openapi.json",
    "GET /api/v1/docs",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)  # no .env of the developer's
    return Settings(data=tmp_path / "var", cache=tmp_path / "cache")


@pytest.fixture
def app(settings: Settings) -> Iterator[APIFlask]:
    with database(settings) as engine:
        Base.metadata.create_all(engine)
    app = create_app(settings)
    yield app
    app.extensions["database"].dispose()


def routes(app: APIFlask) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_that_is_not_listed_asks_who_is_there(app: APIFlask) -> None:
    assert routes(app) >= PUBLIC
    client = app.test_client()

    for route in sorted(routes(app) - PUBLIC):
        method, path = route.split(" ", 1)
        if path.startswith(OPEN311):
            continue  # open to readers by its specification; filing takes a key: tests/api/open311
        if language_of(path):
            continue  # for everybody: tests/citizens
        answer = client.open(re.sub("<[^>]+>", "482173908", path), method=method)

        assert answer.status_code in (401, 303), route
        if answer.status_code == 303:
            assert (answer.location or "").partition("?")[0] == "/sign-in", route


@pytest.mark.slow
def test_a_visitor_of_the_console_hears_recordings_but_does_not_read_the_api(
    app: APIFlask, settings: Settings
) -> None:
    recording = a_recording()
    with database(settings) as engine, transaction(engine) as session:
        first = first_administrator(session, NOON)
        session.add(a_report([recording], reference="482173908"))
    settings.recordings.mkdir(parents=True)
    (settings.recordings / f"{recording.name}.wav").write_bytes(b"RIFF")
    client = app.test_client()
    assert first is not None
    mark = re.search(r'name="mark" value="([^"]+)"', client.get("/sign-in").text)
    assert mark is not None
    form = {"email": first.email, "password": first.password, "mark": mark[1]}
    assert client.post("/sign-in", data=form).location == "/"

    page = client.get("/reports/482173908").text

    source = re.search(r'<audio[^>]* src="([^"]+)"', page)
    assert source is not None
    assert client.get(source[1], buffered=True).data == b"RIFF"
    assert client.get("/api/v1/reports").status_code == 401


def test_errors_are_pages_for_people_and_problems_for_programs(app: APIFlask) -> None:
    client = app.test_client()

    person = client.get("/nothing", headers={"Accept": "text/html,*/*;q=0.8"})
    program = client.get("/nothing", headers={"Accept": "*/*"})

    assert person.status_code == program.status_code == 404
    assert person.content_type.startswith("text/html") and "Không có trang này." in person.text
    assert program.content_type == "application/problem+json"
    assert "default-src 'none'" in person.headers["Content-Security-Policy"]


def test_a_category_or_a_group_of_the_province_has_its_names(
    app: APIFlask, settings: Settings
) -> None:
    from hotline.app import category_names
    from hotline.wiring import the_province

    province = the_province(settings)

    for choice in province.menu:
        assert category_names(province, choice.target.code).keys() >= {"vi", "en"}
    assert category_names(province, "no such code") == {}


@pytest.mark.slow
def test_the_description_of_the_whole_application_has_the_api_alone(app: APIFlask) -> None:
    paths = json.loads(app.test_client().get("/api/v1/openapi.json").text)["paths"]

    assert paths and all(path.startswith("/api/v1/") for path in paths)


@pytest.mark.slow
def test_serving_the_web_imports_neither_the_job_engine_nor_a_recogniser() -> None:
    heavy = "{'dbos', 'faster_whisper', 'ctranslate2', 'onnxruntime', 'baresip'}"
    code = f"import sys, hotline.app, hotline.web_server; print({heavy} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
