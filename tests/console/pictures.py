"""A picture of every page of the console: `python -m tests.console.pictures docs/console`.

They show made-up reports. Each is drawn with few colours, to stay small.
"""

import io
import tempfile
from pathlib import Path

import click
from PIL import Image
from playwright.sync_api import Page

from provinces.loader import find_province, load_province
from storage.crypto import use_key
from storage.database import Base, open_engine
from tests.browsers import chromium
from tests.conftest import TEST_KEY
from tests.console.conftest import a_browser
from tests.console.desk import desk
from tests.console.filled import FIRST, fill_desk

COLOURS = 64
WIDTH, NARROW = 1200, 360
# Name of the picture, role, path, width, colour scheme, language.
PICTURES = (
    ("reports", "operator", "/reports", WIDTH, "light", "vi"),
    ("reports-en-dark", "operator", "/reports", WIDTH, "dark", "en"),
    ("reports-narrow", "operator", "/reports", NARROW, "light", "vi"),
    ("report", "operator", f"/reports/{FIRST}", WIDTH, "light", "vi"),
    ("report-en-dark", "operator", f"/reports/{FIRST}", WIDTH, "dark", "en"),
    ("report-narrow", "operator", f"/reports/{FIRST}", NARROW, "light", "vi"),
    ("sheet", "operator", f"/reports/{FIRST}/sheet", WIDTH, "light", "vi"),
    ("account", "operator", "/account", WIDTH, "light", "vi"),
    ("password", "operator", "/account/password", WIDTH, "light", "vi"),
    ("second-factor", "operator", "/account/second-factor", WIDTH, "light", "vi"),
    ("recovery-codes", "operator", "/account/recovery-codes", WIDTH, "light", "vi"),
    ("keys", "operator", "/keys", WIDTH, "light", "vi"),
    ("simulator", "operator", "/simulator", WIDTH, "light", "vi"),
    ("users", "administrator", "/users", WIDTH, "light", "vi"),
    ("audit", "auditor", "/audit", WIDTH, "light", "vi"),
    ("sign-in", None, "/sign-in", WIDTH, "light", "vi"),
)


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(path_type=Path))
def main(folder: Path) -> None:
    use_key(TEST_KEY)
    folder.mkdir(parents=True, exist_ok=True)
    province = load_province(find_province("bac_lieu"))
    with chromium() as browser:
        for name, role, path, width, scheme, language in PICTURES:
            with tempfile.TemporaryDirectory() as place:
                engine = open_engine(f"sqlite:///{place}/pictures.sqlite3")
                Base.metadata.create_all(engine)
                visitor = a_browser(engine, province, Path(place))
                fill_desk(visitor)
                with desk(browser, visitor, width, scheme) as made:
                    if role is not None:
                        made.sign_in(role)
                    made.go(f"{path}?language={language}")
                    _photograph(made.page, folder / f"{name}.png")
                engine.dispose()
            click.echo(f"{name}.png  {(folder / f'{name}.png').stat().st_size // 1000} kB")


def _photograph(page: Page, path: Path) -> None:
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    few = whole.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    main()
