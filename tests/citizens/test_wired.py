"""The citizens' pages within the whole application, with the province's own understanding."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import select
from werkzeug.test import TestResponse

from citizens.guard import mark_of
from hotline.app import create_app
from hotline.clock import utc_now
from hotline.settings import Settings
from reports.models import LookupTry
from reports.reference import new_reference
from storage.database import Base, reading
from tests.citizens.conftest import FILLED


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)  # no .env of the developer's
    return Settings(data=tmp_path / "var", cache=tmp_path / "cache", citizens_browser_hour=1)


@pytest.fixture
def app(settings: Settings) -> Iterator[APIFlask]:
    made = create_app(settings)
    Base.metadata.create_all(made.extensions["database"])
    yield made
    made.extensions["database"].dispose()


def send(app: APIFlask, **more: str) -> TestResponse:
    form = FILLED | {"began": mark_of(utc_now()), "look": "category"} | more
    return app.test_client().post("/phan-anh/gui", data=form)


def test_words_and_names_are_understood_as_on_the_telephone(app: APIFlask) -> None:
    category = send(app, words="đèn đường trước nhà tôi hư ba ngày rồi")
    place = send(app, look="place", place_words="phuong 2 thanh pho bac lieu")

    assert 'type="radio" name="category" value="DT01"' in category.text
    assert "Phường 2 → Phường Bạc Liêu" in place.text


def test_its_pages_have_their_own_policy_and_the_console_keeps_its(app: APIFlask) -> None:
    client = app.test_client()

    page, console = client.get("/phan-anh"), client.get("/sign-in")

    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "worker-src" not in console.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers


def test_errors_are_told_on_a_page_of_the_same_language(app: APIFlask) -> None:
    client = app.test_client()
    page = client.get("/en/report/nothing", headers={"Accept": "text/html"})
    console = client.get("/nothing", headers={"Accept": "text/html"})

    assert page.status_code == console.status_code == 404
    assert "Report a problem" in page.text and "Report a problem" not in console.text


def test_wrong_tries_are_counted_with_those_by_telephone(app: APIFlask) -> None:
    app.test_client().post("/phan-anh/theo-doi", data={"reference": new_reference()})

    with reading(app.extensions["database"]) as session:
        tried = session.scalars(select(LookupTry)).all()
    assert [each.ok for each in tried] == [False, False]  # the browser's, and the address's


def test_it_can_be_turned_off(settings: Settings) -> None:
    made = create_app(settings.model_copy(update={"citizens": False}))

    assert made.test_client().get("/phan-anh").status_code == 404
    made.extensions["database"].dispose()
