"""Telephone numbers in any form in which carriers, callers and old records write them."""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

REGION = "VN"

# Eleven-digit mobile numbers ended in 2018 but are still said and still stand in old
# records: each old prefix has one new one (decision 798/QD-BTTTT of 2018).
_OLD_MOBILE = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036",
    "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip

_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_ORDINARY = _MOBILE | {PhoneNumberType.FIXED_LINE}
_SIP_USER = re.compile(r"^\s*(?:.*<)?\s*(?:sips?|tel):([^@;>]*)", re.IGNORECASE)


@dataclass(frozen=True)
class PhoneNumber:
    """`e164` is `+84…`; `mobile` tells whether an SMS can reach it.

    `ordinary`: a telephone in somebody's pocket or house, not a service that has a price.
    """

    e164: str
    mobile: bool
    ordinary: bool = True


def read_phone_number(text: str) -> PhoneNumber | None:
    """The number in `text`; None where it is withheld, a short code or no number.

    Understands `0912345678`, `84912345678`, `+84 912 345 678`, SIP addresses and
    numbers from before 2018.
    """
    sip = _SIP_USER.match(text)
    raw = sip.group(1) if sip else text
    if not re.fullmatch(r"\(?\+?[\d\s().\-]{6,24}", raw.strip()):
        return None
    digits = re.sub(r"[^\d+]", "", raw)
    national = _national(digits)
    try:
        number = phonenumbers.parse(national, REGION)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    kind = phonenumbers.number_type(number)
    return PhoneNumber(e164, kind in _MOBILE, kind in _ORDINARY)


def mobile_number(text: str | None) -> str | None:
    """The number in `text` as E.164, if an SMS can reach it."""
    number = read_phone_number(text) if text else None
    return number.e164 if number and number.mobile else None


def _national(digits: str) -> str:
    """Vietnamese forms brought to `0…`; foreign ones stay as they are."""
    for prefix in ("+84", "0084", "84"):
        rest = digits.removeprefix(prefix)
        if rest != digits and 9 <= len(rest.removeprefix("0")) <= 10:
            digits = "0" + rest.removeprefix("0")
            break
    if digits.startswith("00"):
        return "+" + digits[2:]
    if len(digits) == 11 and digits[:4] in _OLD_MOBILE:
        return _OLD_MOBILE[digits[:4]] + digits[4:]
    return digits
