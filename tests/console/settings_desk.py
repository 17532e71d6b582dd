"""Forms of the settings' pages, filled in as a browser would send them."""

from provinces.loader import find_province, load_province
from provinces.published.drafts import Draft, save_draft
from provinces.published.files import Pack
from provinces.published.versions import Publication, check_candidate
from provinces.published.versions import publish as put
from provinces.toml_edit import set_value
from storage.database import transaction
from tests.builders import NOON
from tests.console.conftest import Browser
from tests.console.outline import Outline


class Form(Outline):
    """The values of a page's form, as they stand in it."""

    def __init__(self, html: str) -> None:
        self.values: dict[str, str] = {}
        self._text: str | None = None
        self._select: str | None = None
        super().__init__(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        given = dict(attrs)
        name = given.get("name") or ""
        match tag:
            case "input" if "." in name:
                if given.get("type") != "checkbox":
                    self.values[name] = given.get("value") or ""
                elif "checked" in given:
                    self.values[name] = "yes"
            case "textarea" if "." in name:
                self._text, self.values[name] = name, ""
            case "select" if "." in name:
                self._select = name
            case "option" if self._select and "selected" in given:
                self.values[self._select] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        if tag == "textarea" and self._text:
            self.values[self._text] = self.values[self._text].removeprefix("\n").strip()
            self._text = None
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text] += data


def save(browser: Browser, path: str, **changes: str) -> int:
    """Send the form of that page with these values changed; dots in names are two underscores."""
    form = Form(browser.get(path).text).values
    form |= {name.replace("__", "."): value for name, value in changes.items()}
    return browser.post(path, **form).status_code


def publish(browser: Browser, reason: str = "Công văn 12") -> int:
    """Send the form of the review."""
    page = Outline(browser.get("/settings/review").text)
    seen = next(e["value"] for e in page.all("input") if e.get("name") == "seen")
    return browser.post("/settings/publish", reason=reason, seen=seen or "").status_code


def fill_settings(visitor: Browser, user_id: str) -> None:
    """A version that this user published, and their draft of the next one."""
    pack = Pack(find_province("bac_lieu"), {})
    first = _with(pack, "limits.toml", ("resume_minutes",), 45)
    draft = _with(first, "retention.toml", ("numbers", "days"), 120)
    draft = _with(draft, "sms/vi.toml", ("sms_added",), "Đã ghi thêm vào {reference}. Xin cảm ơn.")
    with transaction(visitor.engine) as session:
        found = check_candidate(load_province(pack.folder), first, lambda *_: ())
        put(session, Publication(found, 0, user_id, "Đường dây ở xã Vĩnh Lợi hay rớt"), NOON)
        save_draft(session, user_id, Draft(draft, 1), NOON)


def _with(pack: Pack, file: str, where: tuple[str, ...], value: object) -> Pack:
    return pack.with_text(file, set_value(pack.text(file), where, value))
