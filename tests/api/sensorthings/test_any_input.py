"""Whatever is asked is understood or refused; nothing else happens."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from api.sensorthings.addresses import read_address
from api.sensorthings.errors import Refused
from api.sensorthings.filters import Compare, read_filter
from api.sensorthings.options import read_mark, read_options, write_mark
from api.sensorthings.stored import Stored
from tests.builders import NOON
from tests.provinces.packs import bac_lieu

PIECES = st.sampled_from(
    ["result", "id", "Datastream/id", "Datastream/name", "phenomenonTime", "eq", "ne", "gt", "and",
     "or", "not", "(", ")", ",", "'x'", "'", "7", "-1.5e300", "9" * 30, "null", "true",
     "2026-11-21T00:00:00Z", "9999-12-31T23:59:59-14:00", "startswith(", "contains", "@iot.id"]
)  # fmt: skip


@given(st.one_of(st.lists(PIECES, max_size=12).map(" ".join), st.text(max_size=60)))
def test_a_filter_is_read_and_becomes_sql_or_is_refused(text: str) -> None:
    rows = Stored(bac_lieu())._observations(joins=True)

    with suppress(Refused):
        str(rows.where(read_filter(text)))


@given(st.text(max_size=60))
def test_addresses_options_and_marks_are_read_or_refused(text: str) -> None:
    for read in (
        read_address,
        read_mark,
        lambda given: read_options([("$expand", given)]),
        lambda given: read_options([("$orderby", given), ("$select", given)]),
        lambda given: read_options([("$top", given), ("$skip", given), ("$count", given)]),
    ):
        with suppress(Refused):
            read(text)


def test_and_goes_before_or_and_a_value_may_stand_first() -> None:
    found = read_filter("1 lt result or result eq 2 and not id eq 'o''x'")

    assert str(found).startswith("Or(parts=(Compare(path=('result',), operator='gt', literal=1)")
    assert Compare(("id",), "eq", "o'x") in [found.parts[1].parts[1].part]  # type: ignore[union-attr]


def test_a_mark_is_read_as_it_was_written() -> None:
    mark = (NOON, 2.5, 7, "ă")

    assert read_mark(write_mark(mark)) == mark
