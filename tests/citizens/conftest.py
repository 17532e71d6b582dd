"""The citizens' pages on a fresh database, as a browser without script sees them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from api.problems import install_problems
from citizens.blueprint import register_citizens
from citizens.pages import problem_page
from citizens.services import CitizensServices
from hotline.understood import Place
from reports.alarms import Watch
from reports.proposals import Proposal, ProposedCategory
from reports.web_filing import Alert
from storage.database import Base, transaction
from tests.builders import NOON
from tests.provinces.packs import bac_lieu

FILLED = {
    "words": "Đèn đường trước số 12 bị hư ba ngày rồi",
    "place": "2025:31825",
    "address": "12 Trần Phú",
    "number": "0912 345 678",
    "consent": "yes",
    "client_id": "a" * 32,
}
_BOUNDARY = "----hotline"
BROWSER = "Mozilla/5.0 (Android 14; Mobile)"


@dataclass
class Counter:
    """Keeps what was counted; puts off whom it is told to."""

    counted: list[tuple[str, str]] = field(default_factory=list)
    put_off: dict[str, int] = field(default_factory=dict)

    def __call__(self, kind: str, who: str) -> int | None:
        self.counted.append((kind, who))
        return self.put_off.get(kind)


@dataclass
class Citizen:
    """Somebody's browser; `now` is what the server's clock shows."""

    engine: Engine
    client: FlaskClient
    attachments: Path
    counter: Counter
    now: datetime = NOON
    address: str = "192.0.2.7"
    dangers: dict[str, str] = field(default_factory=dict)  # a word → the danger that it tells of

    def get(self, path: str = "/phan-anh", **headers: str) -> TestResponse:
        return self.client.get(path, headers=_named(headers), buffered=True)

    def post(self, path: str, form: dict[str, Any], **headers: str) -> TestResponse:
        given = {"User-Agent": BROWSER} | _named(headers)
        return self.client.post(
            path,
            data=_multipart(form),
            content_type=f"multipart/form-data; boundary={_BOUNDARY}",
            headers=given,
            buffered=True,
        )

    def began(self, path: str = "/phan-anh") -> str:
        """The mark of a page that was given out a minute ago."""
        now, self.now = self.now, self.now - timedelta(minutes=1)
        found = re.search(r'name="began" value="([^"]+)"', self.get(path).text)
        self.now = now
        assert found is not None
        return found[1]

    def send(
        self, path: str = "/phan-anh/gui", headers: dict[str, str] | None = None, **more: Any
    ) -> TestResponse:
        """A form as people fill it in; what is None is left out."""
        form = {"began": self.began(), **FILLED, **more}
        sent = {name: value for name, value in form.items() if value is not None}
        return self.post(path, sent, **(headers or {}))

    def filed(self, **more: Any) -> tuple[str, str]:
        """Reference and PIN of a report that was just sent."""
        page = self.send(**more)
        assert page.status_code == 201, page.text
        return codes(page)

    def add(self, *rows: Base) -> None:
        with transaction(self.engine) as session:
            session.add_all(rows)


def codes(page: TestResponse) -> tuple[str, str]:
    found = [re.search(rf'<dd id="{name}">([^<]+)', page.text) for name in ("reference", "pin")]
    assert found[0] and found[1], page.text
    return found[0][1], found[1][1]


def a_file(content: bytes, name: str = "anh.jpg") -> tuple[bytes, str]:
    return content, name


def _multipart(form: dict[str, Any]) -> bytes:
    """As browsers write it; the test client's own would leave files open behind large ones."""
    parts = []
    for name, value in form.items():
        for each in value if isinstance(value, list) else [value]:
            about = f'Content-Disposition: form-data; name="{name}"'
            if isinstance(each, tuple):
                each, file = each
                about += f'; filename="{file}"\r\nContent-Type: image/jpeg'
            content = each.encode() if isinstance(each, str) else each
            parts.append(f"--{_BOUNDARY}\r\n{about}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode()


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def citizen(database: Engine, tmp_path: Path) -> Citizen:
    """On each kind of database."""
    return make_citizen(database, tmp_path)


@pytest.fixture
def visitor(sqlite: Engine, tmp_path: Path) -> Citizen:
    """For what has nothing to do with the database."""
    return make_citizen(sqlite, tmp_path)


def make_citizen(engine: Engine, folder: Path) -> Citizen:
    app = make_app(engine, folder, lambda: made)
    made = Citizen(engine, app.test_client(), folder / "attachments", Counter())
    return made


def make_app(engine: Engine, folder: Path, citizen: Callable[[], Citizen]) -> APIFlask:
    app = APIFlask("citizens", spec_path=None, docs_path=None)
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    services = CitizensServices(
        engine=engine,
        clock=lambda: citizen().now,
        province=bac_lieu(),
        attachments=folder / "attachments",
        alert=Alert(
            lambda words: next((d for w, d in citizen().dangers.items() if w in words), None),
            Watch(),
        ),
        propose=lambda words: Proposal(
            (ProposedCategory("DT01", 0.9, ("đèn",)),) if "đèn" in words.lower() else (), False, ()
        ),
        find_places=lambda words: (
            [Place("2025:31825", "pre2025:31813"), Place("2025:31951", None)]
            if "phuong" in words
            else []
        ),
        count=lambda kind, who: citizen().counter(kind, who),
        address=lambda: citizen().address,
    )
    install_problems(app, lambda status, name: problem_page(services, status, "vi", name))
    register_citizens(app, services)
    return app
