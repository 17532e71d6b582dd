"""The four digits that open a report to whoever filed it. Only a keyed hash of them is kept."""

import hmac
import secrets

from reports.models import Report
from storage.crypto import current_box

DIGITS = 4


def new_pin() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def pin_hash(report_id: str, pin: str) -> str:
    """Differs from report to report, so that equal PINs cannot be told by their hashes."""
    return current_box().keyed_hash(f"pin {report_id} {pin}")


def pin_is_right(report: Report, pin: str) -> bool:
    return report.pin_hash is not None and hmac.compare_digest(
        report.pin_hash, pin_hash(report.id, pin)
    )


def pin_again(report: Report) -> str | None:
    """The PIN of a report, to be said once more to whoever goes on with it.

    Four digits are few: whoever has the key can try them all, which takes some 30 ms. None for a
    report without a PIN.
    """
    pins = (f"{number:0{DIGITS}d}" for number in range(10**DIGITS))
    return next((pin for pin in pins if pin_is_right(report, pin)), None)
