"""Every SMS that the code queues has its words, in both forms, and keeps to its parts."""

import ast
from pathlib import Path
from typing import Any

import pytest

from notifications.errors import BadTexts, UnknownText
from notifications.kinds import KINDS, MAX_PARTS, Audience
from notifications.parts import is_gsm7
from notifications.preview import preview
from notifications.texts import Texts, check_texts, without_accents
from provinces.loader import load_province
from reports.telling import TEXTS
from tests.builders import NOON
from tests.notifications.outboxes import RECEIVED, REFERENCE
from tests.provinces.packs import TINY, bac_lieu, broken_copy, tiny

ROOT = Path(__file__).parents[2]
PACKAGES = ("accounts", "api", "citizens", "console", "hotline", "ivr", "notifications", "reports")


def queued_keys() -> set[str]:
    """Every literal that is given to `queue_message` as its text, or named a text."""
    found: set[str] = set()
    for file in (each for name in PACKAGES for each in (ROOT / name).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "text_key":
                value: Any = getattr(node.value, "value", None)
                found |= {value} if isinstance(value, str) else set()
    return found | set(TEXTS.values())


def test_whatever_is_queued_has_its_text() -> None:
    queued = queued_keys()

    assert {"report_received", "alarm", "report_overdue", "webhook_disabled"} <= queued
    assert queued <= set(KINDS)


@pytest.mark.parametrize("pack", [bac_lieu, tiny])
def test_packs_have_every_text_with_all_its_values(pack: Any) -> None:
    check_texts(pack())


def test_a_missing_text_and_a_missing_value_are_told_by_name(tmp_path: Path) -> None:
    pack = broken_copy(TINY, tmp_path / "pack", "sms/en.toml", "PIN: {pin}", "PIN: {pni}")
    text = (pack / "sms/vi.toml").read_text()
    (pack / "sms/vi.toml").write_text(text.replace("disk_low =", "disk_lo ="))

    with pytest.raises(BadTexts) as caught:
        check_texts(load_province(pack))

    assert [str(problem) for problem in caught.value.problems] == [
        'sms/vi.toml: key "disk_low" is missing',
        'sms/vi.toml: key "disk_lo" is unknown',
        "sms/en.toml: report_received: placeholder {pin} is missing",
        "sms/en.toml: report_received: placeholder {pni} is unknown",
    ]


def test_every_kind_takes_two_parts_at_most_without_accents() -> None:
    for each in preview(bac_lieu(), NOON):
        if not each.accents:
            assert (each.encoding, each.parts <= MAX_PARTS) == ("gsm7", True), each


def test_both_forms_say_the_same() -> None:
    with_accents = Texts(bac_lieu(), accents=True).write("report_received", RECEIVED, "vi")
    plain = Texts(bac_lieu()).write("report_received", RECEIVED, "vi")

    assert "đã nhận phản ánh" in with_accents.body and "da nhan phan anh" in plain.body
    assert (with_accents.parts.encoding, plain.parts.encoding) == ("ucs2", "gsm7")
    assert plain.body == without_accents(with_accents.body)


def test_codes_become_words_and_moments_local_days() -> None:
    texts = Texts(bac_lieu(), accents=True)
    given = {**REFERENCE, "agency": "so_xay_dung", "expected": "2026-11-26T18:00:00+00:00"}

    body = texts.write("report_assigned", given, "vi").body

    assert "Nơi nhận: Sở Xây dựng." in body and "27/11/2026" in body


def test_what_is_not_known_is_not_spoken_of() -> None:
    body = Texts(bac_lieu()).write("report_assigned", {**REFERENCE, "agency": ""}, "vi").body

    assert body == "Phan anh 482-173-905 da chuyen cho noi giai quyet."


def test_a_value_that_is_missing_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(UnknownText):
        Texts(bac_lieu()).write("report_received", REFERENCE, "vi")
    with pytest.raises(UnknownText):
        Texts(bac_lieu()).write("no_such_text", REFERENCE, "vi")


def test_a_language_without_texts_is_told_in_the_first_one() -> None:
    texts = Texts(bac_lieu())

    assert texts.write("report_resolved", REFERENCE, "km") == texts.write(
        "report_resolved", REFERENCE, "vi"
    )


@pytest.mark.parametrize("accents", [False, True])
@pytest.mark.parametrize(
    "said",
    [
        "x" * 2000,
        "ấ " * 1000,
        "🚨" * 2000,
        "ភ្នំពេញ " * 250,
        "a\x00b\x1b\u202e\r\nc",
        "{reference} {0}",
        " ",
    ],
)
def test_whatever_somebody_wrote_the_message_keeps_to_its_parts(said: str, accents: bool) -> None:
    written = Texts(bac_lieu(), accents).write("report_waiting", {**REFERENCE, "text": said}, "vi")

    assert len(written.parts) <= MAX_PARTS * (2 if accents else 1)
    assert "482-173-905" in written.body and "\x00" not in written.body
    assert "".join(written.parts.texts) == written.body


def test_emoji_go_and_khmer_stays() -> None:
    assert without_accents("Đèn hư 🚨 “quá” – 5 €…") == 'Den hu "qua" - 5 €...'
    khmer = "Ấp ភ្នំពេញ 🚨"
    assert without_accents(khmer) == khmer and not is_gsm7(khmer)


def test_only_staff_are_told_of_the_house() -> None:
    staff = {key for key, kind in KINDS.items() if kind.audience is Audience.STAFF}

    assert staff == {
        *("alarm", "report_urgent", "report_overdue", "disk_low", "webhook_disabled"),
        *("sms_down", "test"),
        *("monitoring_watch", "monitoring_alert", "monitoring_escalated"),
    }
