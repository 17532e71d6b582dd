"""A picture of every page of the console: `python -m tests.console.pictures docs/console`.

They show made-up reports. Each is drawn with few colours, to stay small.
"""

import io
import re
import tempfile
from pathlib import Path

import click
from PIL import Image
from playwright.sync_api import Page, expect

from provinces.loader import find_province, load_province
from reports.reference import new_reference
from storage.crypto import use_key
from storage.database import Base, open_engine
from tests.browsers import chromium
from tests.conftest import TEST_KEY
from tests.console import counted
from tests.console.board_filled import CLUSTER, alert_id, fill_monitoring
from tests.console.conftest import Browser as Visitor
from tests.console.conftest import a_browser
from tests.console.desk import Desk, desk
from tests.console.filled import FIRST, SECOND, fill_desk
from tests.console.filled_prompts import fill_prompts
from tests.console.live_calls import fill_live, live_services
from tests.console.rounds_filled import GOING, fill_rounds
from tests.console.settings_desk import fill_settings
from tests.console.spread import fill_map
from tests.console.switch import Switch, a_caller
from tests.ivr.asked_manager import asked_manager

COLOURS = 64
WIDTH, NARROW = 1200, 360
MAP_MS = 20_000
DAYS = "since=2026-11-01&until=2026-11-22"
# Name of the picture, role, path, width, colour scheme, language.
PICTURES = (
    ("reports", "operator", "/reports", WIDTH, "light", "vi"),
    ("reports-en-dark", "operator", "/reports", WIDTH, "dark", "en"),
    ("reports-narrow", "operator", "/reports", NARROW, "light", "vi"),
    ("report", "operator", f"/reports/{FIRST}", WIDTH, "light", "vi"),
    ("report-en-dark", "operator", f"/reports/{FIRST}", WIDTH, "dark", "en"),
    ("report-narrow", "operator", f"/reports/{FIRST}", NARROW, "light", "vi"),
    ("sheet", "operator", f"/reports/{FIRST}/sheet", WIDTH, "light", "vi"),
    ("now", "operator", "/now", WIDTH, "light", "vi"),
    ("now-en-dark", "operator", "/now", WIDTH, "dark", "en"),
    ("now-narrow", "operator", "/now", NARROW, "light", "vi"),
    ("wall", "operator", "/wall", WIDTH, "dark", "vi"),
    ("board", "supervisor", "/board", WIDTH, "light", "vi"),
    ("board-en-dark", "supervisor", "/board", WIDTH, "dark", "en"),
    ("board-narrow", "supervisor", "/board", NARROW, "light", "vi"),
    ("board-indicator", "supervisor", "/board/indicators/security.cases", WIDTH, "light", "vi"),
    ("board-wall", "supervisor", "/board/wall", WIDTH, "dark", "vi"),
    ("board-briefing", "supervisor", "/board/briefing", WIDTH, "light", "vi"),
    ("alerts", "operator", "/alerts", WIDTH, "light", "vi"),
    ("alert", "operator", f"/alerts/{alert_id(CLUSTER)}", WIDTH, "light", "vi"),
    ("alert-narrow", "operator", f"/alerts/{alert_id(CLUSTER)}", NARROW, "dark", "vi"),
    ("beside", "operator", f"/reports/{FIRST}/beside/{SECOND}", WIDTH, "light", "vi"),
    ("map", "operator", "/map", WIDTH, "light", "vi"),
    ("map-en-dark", "operator", "/map", WIDTH, "dark", "en"),
    ("map-narrow", "operator", "/map", NARROW, "light", "vi"),
    ("intake", "operator", "/reports/new", WIDTH, "light", "vi"),
    ("intake-narrow", "operator", "/reports/new", NARROW, "light", "vi"),
    ("statistics", "supervisor", f"/statistics?{DAYS}", WIDTH, "light", "vi"),
    ("statistics-en-dark", "supervisor", f"/statistics?{DAYS}", WIDTH, "dark", "en"),
    ("statistics-narrow", "supervisor", f"/statistics?{DAYS}", NARROW, "light", "vi"),
    ("statistics-calls", "supervisor", f"/calls?{DAYS}", WIDTH, "light", "vi"),
    ("account", "operator", "/account", WIDTH, "light", "vi"),
    ("password", "operator", "/account/password", WIDTH, "light", "vi"),
    ("second-factor", "operator", "/account/second-factor", WIDTH, "light", "vi"),
    ("recovery-codes", "operator", "/account/recovery-codes", WIDTH, "light", "vi"),
    ("keys", "operator", "/keys", WIDTH, "light", "vi"),
    ("simulator", "operator", "/simulator", WIDTH, "light", "vi"),
    ("prompts", "supervisor", "/prompts", WIDTH, "light", "vi"),
    ("prompts-en-dark", "supervisor", "/prompts", WIDTH, "dark", "en"),
    ("prompts-narrow", "supervisor", "/prompts", NARROW, "light", "vi"),
    ("prompt", "supervisor", "/prompts/vi/sounds/no_recording_offer", WIDTH, "light", "vi"),
    ("prompt-narrow", "supervisor", "/prompts/vi/sounds/busy", NARROW, "light", "vi"),
    ("prompts-published", "supervisor", "/prompts/vi/editions", WIDTH, "light", "vi"),
    ("figures", "supervisor", "/observations", WIDTH, "light", "vi"),
    ("figures-narrow", "supervisor", "/observations", NARROW, "light", "vi"),
    ("rounds", "supervisor", "/rounds", WIDTH, "light", "vi"),
    ("round", "supervisor", f"/rounds/{GOING}", WIDTH, "light", "vi"),
    ("round-narrow", "supervisor", f"/rounds/{GOING}", NARROW, "dark", "vi"),
    ("respondents", "supervisor", "/rounds/respondents", WIDTH, "light", "vi"),
    ("settings", "administrator", "/settings", WIDTH, "light", "vi"),
    ("settings-hours", "administrator", "/settings/hours", WIDTH, "light", "vi"),
    ("settings-text", "administrator", "/settings/texts/report_received", WIDTH, "light", "vi"),
    ("settings-review", "administrator", "/settings/review", WIDTH, "light", "vi"),
    ("settings-review-en-dark", "administrator", "/settings/review", WIDTH, "dark", "en"),
    ("settings-review-narrow", "administrator", "/settings/review", NARROW, "light", "vi"),
    ("settings-history", "administrator", "/settings/history", WIDTH, "light", "vi"),
    ("phone", "supervisor", "/phone", WIDTH, "light", "vi"),
    ("phone-en-dark", "supervisor", "/phone", WIDTH, "dark", "en"),
    ("phone-narrow", "supervisor", "/phone", NARROW, "light", "vi"),
    ("users", "administrator", "/users", WIDTH, "light", "vi"),
    ("audit", "auditor", "/audit", WIDTH, "light", "vi"),
    ("sign-in", None, "/sign-in", WIDTH, "light", "vi"),
)


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--only", multiple=True, help="The picture of that name, and no others.")
def main(folder: Path, only: tuple[str, ...]) -> None:
    use_key(TEST_KEY)
    folder.mkdir(parents=True, exist_ok=True)
    province = load_province(find_province("bac_lieu"))
    switch = Switch()
    with chromium() as browser, asked_manager(switch) as asterisk:
        for name, role, path, width, scheme, language in PICTURES:
            if only and name not in only:
                continue
            with tempfile.TemporaryDirectory() as place:
                engine = open_engine(f"sqlite:///{place}/pictures.sqlite3")
                Base.metadata.create_all(engine)
                visitor = a_browser(
                    engine, province, Path(place), live_services(), manager=asterisk.manager
                )
                (counted.fill if name.startswith("statistics") else fill_desk)(visitor)
                if name.startswith("prompt"):
                    fill_prompts(visitor, Path(place))
                if path in ("/now", "/wall"):
                    fill_live(visitor)
                if name.startswith(("board", "alert")):
                    fill_monitoring(visitor)
                if path.startswith("/rounds"):
                    fill_rounds(visitor)
                if path == "/map":
                    fill_map(visitor)
                with desk(browser, visitor, width, scheme) as made:
                    if role is not None:
                        fill_settings(visitor, made.sign_in(role))
                    if path == "/phone":
                        _work_at_a_desk(made, visitor, switch)
                    made.go(f"{path}{'&' if '?' in path else '?'}language={language}")
                    _photograph(made.page, folder / f"{name}.png")
                engine.dispose()
            click.echo(f"{name}.png  {(folder / f'{name}.png').stat().st_size // 1000} kB")


def _work_at_a_desk(made: Desk, visitor: Visitor, switch: Switch) -> None:
    """At telephone 101, with a caller on the line, while 102 talks too."""
    switch.members = dict.fromkeys(("PJSIP/101", "PJSIP/102"), "")
    made.go("/phone")
    made.page.get_by_role("combobox").last.select_option("101")
    made.page.get_by_role("button", name="Chọn máy").click()
    call = a_caller(visitor, "gặp người trực", reference=new_reference())
    switch.talks = {"PJSIP/101": call, "PJSIP/102": "other"}


def _photograph(page: Page, path: Path) -> None:
    for each in page.locator("[data-map]").all():  # drawn once somebody is about to see it
        each.scroll_into_view_if_needed()
        expect(each).to_have_attribute("data-drawn", re.compile("^"), timeout=MAP_MS)
        page.wait_for_timeout(MAP_MS / 10)
    page.evaluate("scrollTo(0, 0)")
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    few = whole.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    main()
