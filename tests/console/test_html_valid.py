"""Every page is valid HTML, as html-validate sees it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.console.board_filled import fill_monitoring
from tests.console.conftest import Browser
from tests.console.filled import fill_desk
from tests.console.filled_prompts import fill_prompts
from tests.console.live_calls import fill_live
from tests.console.pages import PAGES
from tests.console.rounds_filled import fill_rounds
from tests.having import cannot_have

HERE = Path(__file__).parent / "html_valid"
INSTALLED = Path(sys.prefix) / "html-validate" / "node_modules" / "html-validate"


@pytest.fixture(scope="session")
def html_validate() -> list[str]:
    """The command, by the host's Node.js or the one that set-up fetched."""
    node = shutil.which("node") or shutil.which("node", path=Path(sys.prefix) / "node" / "bin")
    if node is None or not INSTALLED.exists():
        cannot_have("html-validate", "make test installs it with Node.js 20 or newer")
    return [node, str(INSTALLED / "bin" / "html-validate.mjs")]


@pytest.mark.slow
def test_every_page_is_valid_html(
    browser: Browser, html_validate: list[str], tmp_path: Path
) -> None:
    fill_desk(browser)
    fill_prompts(browser, tmp_path)
    fill_live(browser)
    fill_monitoring(browser)
    fill_rounds(browser)
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / ".htmlvalidate.json").write_bytes((HERE / "rules.json").read_bytes())
    addresses: dict[str, str] = {}

    def keep(path: str) -> None:
        answer = browser.get(path, Accept="text/html")
        assert answer.mimetype == "text/html", path
        name = f"{len(addresses)}.html"
        addresses[name] = path
        (pages / name).write_bytes(answer.data)

    for language in ("vi", "en"):
        keep(f"/sign-in?language={language}")
        for role, paths in PAGES.items():
            browser.become(role)
            for path in paths:
                keep(f"{path}{'&' if '?' in path else '?'}language={language}")
            browser.post("/sign-out")

    told = tmp_path / "told.json"  # a pipe would be cut where the program ends before it is read
    with told.open("w") as file:
        done = subprocess.run(
            [*html_validate, "--formatter", "json", *addresses],
            cwd=pages,
            stdout=file,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )

    found = {
        f"{addresses[Path(each['filePath']).name]} {message['line']}: {message['ruleId']}"
        f" {message['message']}"
        for each in json.loads(told.read_text())
        for message in each["messages"]
    }
    assert done.returncode in (0, 1), done.stderr
    assert len(addresses) == 2 + 2 * sum(map(len, PAGES.values()))
    assert found == set()
