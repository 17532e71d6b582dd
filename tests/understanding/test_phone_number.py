"""A number is read in every form in which carriers, callers and old records write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understanding.phone_number import PhoneNumber, read_phone_number

OLD_TO_NEW = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036",
    "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "0912345678",
        "912345678",
        "84912345678",
        "+84912345678",
        "0084912345678",
        "+840912345678",
        "840912345678",
        " 0912 345 678 ",
        "0912.345.678",
        "0912-345-678",
        "(+84) 912 345 678",
        "+84 (0) 912 345 678",
        "sip:0912345678@192.0.2.7",
        "sip:+84912345678@carrier.example;user=phone",
        "SIPS:84912345678@carrier.example:5061",
        "tel:+84912345678",
        "tel:+84912345678;phone-context=vn",
        '"Nguyễn Văn A" <sip:0912345678@192.0.2.7>',
        "<sip:0912345678@192.0.2.7>;party=calling",
    ],
)
def test_a_mobile_number_is_the_same_in_every_form(text: str) -> None:
    assert read_phone_number(text) == PhoneNumber("+84912345678", mobile=True)


@pytest.mark.parametrize(("old", "new"), OLD_TO_NEW.items())
@pytest.mark.parametrize("form", ["{0}", "+84{1}", "84{1}", "0084{1}", "sip:{0}@192.0.2.7"])
def test_an_eleven_digit_number_is_the_new_one_it_became(old: str, new: str, form: str) -> None:
    before = f"{old}3456789"

    found = read_phone_number(form.format(before, before[1:]))

    assert found == PhoneNumber(f"+84{new[1:]}3456789", mobile=True)


@pytest.mark.parametrize("prefix", ["032", "039", "052", "056", "059", "070", "076", "079", "081",
                                    "084", "086", "088", "090", "096", "098", "099"])  # fmt: skip
def test_every_mobile_network_can_be_sent_an_sms(prefix: str) -> None:
    assert read_phone_number(f"{prefix}3456789") == PhoneNumber(f"+84{prefix[1:]}3456789", True)


@pytest.mark.parametrize("text", ["02913822345", "0291 3822 345", "+842913822345", "842903822345"])
def test_a_fixed_line_is_known_but_gets_no_sms(text: str) -> None:
    found = read_phone_number(text)

    assert found is not None and found.e164.startswith("+8429") and not found.mobile


@pytest.mark.parametrize("text", ["+85512345678", "0085512345678", "+14155552671"])
def test_a_foreign_number_keeps_its_country(text: str) -> None:
    found = read_phone_number(text)

    assert found is not None and found.e164 == "+" + text.removeprefix("00").removeprefix("+")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "anonymous",
        "Anonymous",
        "Restricted",
        "unknown",
        "unavailable",
        "sip:anonymous@anonymous.invalid",
        "sip:@192.0.2.7",
        "sip:",
        "112",
        "113",
        "111",
        "156",
        "5656",
        "0781234",
        "01623456789012",
        "0000000000",
        "+",
        "++84912345678",
        "0912345678x",
        "0912345678; DROP TABLE calls",
        "không chín một hai",
        "1" * 40,
    ],
)
def test_what_is_no_number_is_nobodys(text: str) -> None:
    assert read_phone_number(text) is None


@given(st.text())
def test_no_text_is_an_error(text: str) -> None:
    found = read_phone_number(text)

    assert found is None or found.e164.startswith("+")


@pytest.mark.slow
@given(st.text("0123456789+ .-()sip:tel<>@;", max_size=40))
def test_nothing_that_looks_like_a_number_is_an_error(text: str) -> None:
    found = read_phone_number(text)

    assert found is None or (found.e164[1:].isascii() and found.e164[1:].isdigit())


@given(st.from_regex(r"0(3[2-9]|7[06-9]|8[1-68]|9[0-46-8])[0-9]{7}", fullmatch=True))
def test_reading_what_was_read_changes_nothing(text: str) -> None:
    found = read_phone_number(text)

    assert found is not None
    assert read_phone_number(found.e164) == found
