"""Guard: docs/open311.md has every parameter with its tests, and no test that is not there."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "open311.md"
# Of the specification: GET and POST requests.
PARAMETERS = {
    *("jurisdiction_id", "service_code", "service_request_id", "start_date", "end_date", "status"),
    *("page", "page_size", "extensions", "api_key", "lat", "long", "address_string", "address_id"),
    *("email", "device_id", "account_id", "first_name", "last_name", "phone", "description"),
    *("media_url", "attribute[code]", "attribute[code][]"),
}


def test_the_table_names_tests_that_are_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE.read_text()))
    files = Path(__file__).parent.glob("test_*.py")
    there = {
        name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text(), re.M)
    }

    assert named and named <= there


def test_the_table_has_every_parameter() -> None:
    rows = [line.split("|")[1] for line in PAGE.read_text().splitlines() if "| `test_" in line]
    told = set(" ".join(rows).replace(",", " ").split())

    assert PARAMETERS - told == set()
