"""Settings from the province pack: forms, drafts, publishing, two at once, taking back."""

import unicodedata
from datetime import time

import pytest

from accounts.audit import entries
from accounts.roles import Role
from console.settings.forms import Reader, apply, shown_form
from console.settings.sections import sections
from provinces.loader import find_province
from provinces.published.drafts import draft_of
from provinces.published.files import Pack
from provinces.published.live import Published
from provinces.published.versions import history, newest_number
from provinces.schema import Province
from storage.database import reading
from tests.console.conftest import Browser
from tests.console.outline import Outline
from tests.console.settings_desk import Form, publish, save

FOLDER = find_province("bac_lieu")
PACK = Pack(FOLDER, {})
SECTIONS = sections(("vi", "en"), Reader(PACK).values("handling.toml"))


@pytest.fixture
def administrator(browser: Browser) -> Browser:
    browser.become(Role.ADMINISTRATOR)
    return browser


def holds(browser: Browser, province: Province) -> Province:
    found = Published(browser.engine, province)
    found.look()
    return found.now


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("key", SECTIONS)
def test_a_form_that_is_sent_as_it_came_changes_nothing(key: str, language: str) -> None:
    section, reader = SECTIONS[key], Reader(PACK)
    for entry in reader.entries(section) if section.file else ("",):
        typed: dict[str, str] = {}
        for one in shown_form(reader, section, entry, language):
            week = {f"{one.field.name}.{day}": hours for day, hours in enumerate(one.days)}
            typed |= week if one.field.kind.shape == "week" else {one.field.name: one.value}

        applied = apply(PACK, section, entry, typed)

        assert applied.errors == {} and applied.pack.texts == {}, entry


def test_a_value_goes_from_the_form_to_what_holds(
    administrator: Browser, province: Province
) -> None:
    assert save(administrator, "/settings/limits", limits__resume_minutes="45") == 303
    assert holds(administrator, province).limits.resume_minutes == 30
    review = administrator.get("/settings/review").text
    assert "Nối lại cuộc gọi bị rớt" in review and ">30<" in review and ">45<" in review

    assert publish(administrator, "Quyết định 7") == 303

    assert holds(administrator, province).limits.resume_minutes == 45
    page = administrator.get("/settings/history").text
    assert "Quyết định 7" in page and "Đang áp dụng" in page
    with reading(administrator.engine) as session:
        (entry,) = entries(session, object_type="settings")
        assert (entry.action, entry.object_id) == ("settings.published", "1")
        assert "Quyết định" not in entry.details


def test_a_holiday_is_added_and_taken_out(administrator: Browser, province: Province) -> None:
    status = save(
        administrator,
        "/settings/holidays/-",
        **{
            "hours__holiday__*__code": "mourning",
            "hours__holiday__*__name__vi": "Quốc tang",
            "hours__holiday__*__name__en": "National mourning",
            "hours__holiday__*__on": "10/3 âm lịch",
        },
    )
    assert status == 303
    assert publish(administrator) == 303
    rules = {rule.code: rule for rule in holds(administrator, province).holidays.rules}
    assert (rules["mourning"].calendar, rules["mourning"].day) == ("lunar", 10)

    assert administrator.post("/settings/holidays/mourning/remove").status_code == 303
    assert publish(administrator) == 303
    assert "mourning" not in {r.code for r in holds(administrator, province).holidays.rules}
    assert (holds(administrator, province).hours, len(rules)) == (province.hours, 8)


@pytest.mark.parametrize(
    ("path", "name", "typed", "said"),
    [
        ("/settings/limits", "limits.callback_from", "25:00", "Không phải giờ"),
        ("/settings/limits", "limits.queue_minutes", "mười", "Cần một số"),
        ("/settings/hours", "hours.weekly.0", "7h", "Cần giờ như"),
        ("/settings/holidays/tet", "hours.holiday.*.on", "mùng một", "Cần ngày/tháng"),
        ("/settings/categories/GT01", "categories.category.*.deadline", "mai", "Cần 4 giờ"),
        ("/settings/numbers/113", "numbers.number.*.name.vi", "", "Xin điền ô này"),
        ("/settings/numbers/113", "numbers.number.*.name.vi", "x" * 10_000, "Dài quá"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_field_with_what_was_typed(
    administrator: Browser, path: str, name: str, typed: str, said: str
) -> None:
    form = Form(administrator.get(path).text).values

    answer = administrator.post(path, **{**form, name: typed})

    page = Outline(answer.text)
    bad = [
        each for tag in ("input", "textarea") for each in page.all(tag) if "aria-invalid" in each
    ]
    assert answer.status_code == 400 and said in answer.text
    assert name in {each["name"] for each in bad} and (typed in answer.text)
    assert administrator.get("/settings").text.count("Bản nháp") == 0


def test_what_contradicts_the_pack_is_kept_and_cannot_be_published(
    administrator: Browser, province: Province
) -> None:
    path = "/settings/limits"
    assert save(administrator, path, limits__warn_calls_hour="20") == 303

    page = administrator.get(path).text
    assert "expected more than warn_calls_hour, 20" in page
    assert publish(administrator) == 409
    assert holds(administrator, province).limits.warn_calls_hour == 6

    assert administrator.post("/settings/discard").status_code == 409
    assert "expected more" in administrator.get(path).text
    assert administrator.post("/settings/discard", sure="yes").status_code == 303
    assert "expected more" not in administrator.get(path).text


def test_an_sms_is_shown_as_it_would_be_sent_and_must_keep_its_values(
    administrator: Browser,
) -> None:
    path, name = "/settings/texts/report_received", "sms.vi.*"
    form = Form(administrator.get(path).text).values
    written = "{hotline} da nhan {reference}. PIN {pin}. " + "Xin cảm ơn. " * 20

    shown = administrator.post(f"{path}/preview", **{**form, name: written}).text
    assert "19009120 da nhan 482-173-905" in shown and "2 phần" in shown
    assert save(administrator, path, **{name: "Không có mã"}) == 303

    assert "placeholder {pin} is missing" in administrator.get(path).text
    assert publish(administrator) == 409


def test_who_is_second_is_told_what_the_first_did_and_goes_on(
    administrator: Browser, province: Province
) -> None:
    second = administrator.other()
    second.become(Role.ADMINISTRATOR)
    save(second, "/settings/limits", limits__queue_minutes="12")
    save(administrator, "/settings/limits", limits__resume_minutes="45")
    assert publish(administrator, "Người thứ nhất") == 303

    page = second.get("/settings/review").text
    assert "Có người vừa công bố phiên bản 1" in page and "Người thứ nhất" in page
    assert second.post("/settings/publish", reason="x", seen="0 ").status_code == 409
    assert "Đã gộp" in second.post("/settings/bring-together").text
    assert publish(second) == 303

    limits = holds(administrator, province).limits
    assert (limits.resume_minutes, limits.queue_minutes) == (45, 12)


def test_what_both_changed_is_shown_and_nothing_is_overwritten_unseen(
    administrator: Browser, province: Province
) -> None:
    second = administrator.other()
    second.become(Role.ADMINISTRATOR)
    save(second, "/settings/limits", limits__queue_minutes="12")
    save(administrator, "/settings/limits", limits__queue_minutes="15")
    publish(administrator)

    told = second.post("/settings/bring-together").text

    assert "Cùng một chỗ được sửa hai lần" in told and ">15<" in told and ">12<" in told
    assert holds(administrator, province).limits.queue_minutes == 15


def test_any_version_can_be_taken_back_and_the_files_too(
    administrator: Browser, province: Province
) -> None:
    for minutes in ("40", "50"):
        save(administrator, "/settings/limits", limits__resume_minutes=minutes)
        publish(administrator)

    assert administrator.post("/settings/history/1/restore").location == "/settings/review"
    assert publish(administrator, "Trở lại") == 303
    assert holds(administrator, province).limits.resume_minutes == 40
    administrator.post("/settings/history/0/restore")
    assert publish(administrator, "Như tệp") == 303

    assert holds(administrator, province).limits == province.limits
    with reading(administrator.engine) as session:
        assert [(v.number, v.restored) for v in history(session)][:2] == [(4, 0), (3, 1)]
    assert administrator.post("/settings/history/99/restore").status_code == 404


def test_a_supervisor_looks_and_changes_nothing(browser: Browser) -> None:
    browser.become(Role.SUPERVISOR)

    page = browser.get("/settings/limits").text

    assert "quản trị viên mới sửa được" in page and "Giữ trong bản nháp" not in page
    assert browser.post("/settings/limits", **Form(page).values).status_code == 403
    with reading(browser.engine) as session:
        assert newest_number(session) == 0


def test_agencies_that_reports_may_have_are_not_taken_out(administrator: Browser) -> None:
    assert administrator.post("/settings/agencies/so_xay_dung/remove").status_code == 404
    assert "Gỡ mục này" not in administrator.get("/settings/agencies/so_xay_dung").text
    assert administrator.post("/settings/categories/GT01/remove").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/settings/nothing", "/settings/limits/x", "/settings/categories/-", "/settings/texts/x"],
)
def test_what_is_not_there_is_not_found(administrator: Browser, path: str) -> None:
    assert administrator.get(path).status_code == 404
    assert administrator.post(path).status_code == 404


def test_words_of_people_are_shown_as_words(administrator: Browser) -> None:
    name = "<script>alert(1)</script>\u202e lật"

    save(administrator, "/settings/numbers/113", **{"numbers__number__*__name__vi": name})
    page = administrator.get("/settings/review").text

    assert "<script>alert" not in page and "&lt;script&gt;" in page and "\u202e" not in page


def test_quiet_hours_are_read_as_people_write_them(
    administrator: Browser, province: Province
) -> None:
    save(administrator, "/settings/sms", sms__quiet_from="22h30")
    publish(administrator)

    assert holds(administrator, province).sms.rules.quiet_from == time(22, 30)
    with reading(administrator.engine) as session:
        text = history(session)[0].files["sms.toml"]
        assert "# Nobody is woken because" in text and draft_of(session, "x", FOLDER).based_on == 1


def test_what_a_colleague_published_while_a_form_was_open_is_not_taken_back(
    administrator: Browser, province: Province
) -> None:
    path, second = "/settings/limits", administrator.other()
    second.become(Role.ADMINISTRATOR)
    page = second.get(path).text
    shown = next(e["value"] for e in Outline(page).all("input") if e.get("name") == "shown")
    form = {**Form(page).values, "shown": shown or ""}
    save(administrator, path, limits__resume_minutes="45", limits__queue_minutes="15")
    assert publish(administrator) == 303

    typed = {"limits.queue_minutes": "12", "limits.music_minutes": "7"}
    answer = second.post(path, **{**form, **typed})

    assert answer.status_code == 409 and "trong khi trang này mở" in answer.text
    again = Form(answer.text).values
    assert [again[f"limits.{n}_minutes"] for n in ("resume", "queue", "music")] == ["45", "12", "7"]
    bad = [e["name"] for e in Outline(answer.text).all("input") if "aria-invalid" in e]
    assert bad == ["limits.queue_minutes"]
    renewed = next(
        e["value"] for e in Outline(answer.text).all("input") if e.get("name") == "shown"
    )
    assert second.post(path, **{**again, "shown": renewed or ""}).status_code == 303
    assert publish(second) == 303
    limits = holds(administrator, province).limits
    assert (limits.resume_minutes, limits.queue_minutes, limits.music_minutes) == (45, 12, 7)


def test_a_draft_is_not_replaced_without_asking(administrator: Browser) -> None:
    save(administrator, "/settings/limits", limits__resume_minutes="40")
    publish(administrator)
    save(administrator, "/settings/limits", limits__resume_minutes="50")

    asked = administrator.post("/settings/history/0/restore")

    assert asked.status_code == 409 and "mất hẳn" in asked.text
    assert Form(administrator.get("/settings/limits").text).values["limits.resume_minutes"] == "50"
    assert administrator.post("/settings/history/0/restore", sure="yes").status_code == 303
    assert Form(administrator.get("/settings/limits").text).values["limits.resume_minutes"] == "30"


def test_a_publication_that_is_sent_twice_leads_to_the_history(administrator: Browser) -> None:
    save(administrator, "/settings/limits", limits__resume_minutes="40")
    publish(administrator)

    assert administrator.post("/settings/publish", reason="x", seen="").location == (
        "/settings/history"
    )


def test_a_shorter_time_of_keeping_is_told_and_not_below_the_floor(administrator: Browser) -> None:
    save(administrator, "/settings/retention", retention__numbers__days="60")
    page = administrator.get("/settings/review").text
    assert "90 → 60" in page and "xóa 0 mục" in page

    save(administrator, "/settings/retention", retention__audit__days="1")
    assert "expected at least 365 days, found 1" in administrator.get("/settings/review").text
    assert publish(administrator) == 409


def test_letters_are_kept_as_they_are_written_everywhere(administrator: Browser) -> None:
    name = "Công an"
    key = "numbers__number__*__name__vi"
    save(administrator, "/settings/numbers/113", **{key: unicodedata.normalize("NFD", name)})

    values = Form(administrator.get("/settings/numbers/113").text).values
    assert values["numbers.number.*.name.vi"] == name


def test_operators_without_a_single_day_are_refused_at_their_week(administrator: Browser) -> None:
    days = {f"hours__operators__weekly__{day}": "" for day in range(7)}
    form = Form(administrator.get("/settings/hours").text).values
    form |= {name.replace("__", "."): value for name, value in days.items()}

    answer = administrator.post("/settings/hours", **form)

    assert answer.status_code == 400 and "ít nhất một ngày" in answer.text
