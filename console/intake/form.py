"""The form of a report that staff write down: what was typed, and what is filed of it."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from console.errors import BadForm
from console.places import FindPlaces, labelled_units, place_of, search_units
from console.reports.rows import category_name
from console.wording import words
from provinces.schema import Province, Unit
from reports.proposals import Propose
from reports.web_filing import MOST_WORDS, WebReport
from understanding.fold import folded_words
from understanding.phone_number import read_phone_number

MOST_ADDRESS, MOST_NUMBER, MOST_NAME, MOST_TYPED = 500, 40, 100, 200
MOST_OFFERED = 8
LEAST_SCORE = 0.2  # of a category that the words may be about
# PostgreSQL keeps no NUL, and no keyboard types what else stands here.
_BROKEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd\ufffe\uffff\ud800-\udfff]")
_CLIENT_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True)
class Intake:
    """What the form holds, as it was typed; `call` is the id of the call that it is told in."""

    words: str = ""
    category_typed: str = ""
    place_typed: str = ""
    address: str = ""
    number: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    urgent: str = ""
    calls_number: str = ""  # `yes`: whoever called may be told at the number of the call
    source: str = "staff"
    call: str = ""
    client_id: str = ""


_LONGEST: Mapping[str, int] = {
    "words": MOST_WORDS,
    "category_typed": MOST_TYPED,
    "place_typed": MOST_TYPED,
    "address": MOST_ADDRESS,
    "number": MOST_NUMBER,
    "name": MOST_NAME,
}
# What a field may not hold, whatever becomes of it.
UNREADABLE = frozenset({"intake_broken", "intake_long", "intake_number"})
Problems = Mapping[str, str]
"""Field → key of the wording that says what is wrong with it."""


def read_intake(sent: Mapping[str, str]) -> Intake:
    """The fields, composed as Vietnamese keyboards do it, line ends as ours are."""

    def text(name: str) -> str:
        return unicodedata.normalize("NFC", sent.get(name, "")).replace("\r\n", "\n").strip()

    found = Intake(**{each.name: text(each.name) for each in fields(Intake)})
    return replace(found, source="visitor" if found.source == "visitor" else "staff")


def problems_of(intake: Intake, province: Province, propose: Propose, hear: FindPlaces) -> Problems:
    """What is wrong, field by field; empty where nothing is."""
    problems: dict[str, str] = {}
    for name, longest in _LONGEST.items():
        value = getattr(intake, name)
        if _BROKEN.search(value):
            problems[name] = "intake_broken"
        elif len(value) > longest:
            problems[name] = "intake_long"
    if not intake.words:
        problems["words"] = "intake_words"
    resolved: Mapping[str, Callable[[], str | None]] = {
        "category_typed": lambda: category_of(intake.category_typed, province, propose),
        "place_typed": lambda: unit_of(intake.place_typed, province, hear),
    }
    for name, resolve in resolved.items():
        if name not in problems:
            try:
                resolve()
            except BadForm as error:
                problems[name] = error.key
    if intake.number and "number" not in problems and read_phone_number(intake.number) is None:
        problems["number"] = "intake_number"
    if not is_client_id(intake.client_id):
        problems["words"] = problems.get("words", "wrong_input")
    return problems


def note_of(intake: Intake, language: str) -> str:
    """All that was typed beside a number, as a note at a report that is there already."""
    told = [
        (None, intake.words),
        ("intake_place", intake.place_typed),
        ("intake_address", intake.address),
        ("intake_name", intake.name),
    ]
    return "\n".join(
        text if key is None else f"{words(key, language).partition(' (')[0]}: {text}"
        for key, text in told
        if text
    )


def readable(intake: Intake) -> Intake:
    """So much of it as may be filed, for what is looked up of it: nothing longer is searched, and
    a field that cannot be read is as if it were empty."""
    within = {name: getattr(intake, name)[:longest] for name, longest in _LONGEST.items()}
    return replace(
        intake, **{name: "" if _BROKEN.search(text) else text for name, text in within.items()}
    )


def is_client_id(text: str) -> bool:
    """Whether it is one that a page of ours carried."""
    return _CLIENT_ID.fullmatch(text) is not None


def category_of(typed: str, province: Province, propose: Propose) -> str | None:
    """The category or group that was typed; None where nothing was.

    Raises:
        BadForm: none is called so, or several are.
    """
    if not typed:
        return None
    exact = list(_called(province, typed))
    found = exact or [code for code, _ in search_categories(province, typed, propose)]
    if not found:
        raise BadForm("unknown_category")
    if not exact and len(found) > 1:
        raise BadForm("several_categories")
    return found[0]


def search_categories(
    province: Province, typed: str, propose: Propose, language: str = "vi"
) -> Sequence[tuple[str, str]]:
    """Categories as (code, name): those that are called so, then those that such words are about.

    Names of any language are found; accents are not needed.
    """
    wanted = folded_words(typed)
    if not wanted:
        return ()
    codes = dict.fromkeys(_named(province, wanted))
    for one in propose(typed).categories:
        if one.score >= LEAST_SCORE:
            codes[one.category] = None
    offered = list(codes)[:MOST_OFFERED]
    return [(code, category_name(province, code, language) or code) for code in offered]


def unit_of(typed: str, province: Province, hear: FindPlaces) -> str | None:
    """The unit that was typed, as reports keep it; None where nothing was.

    Raises:
        BadForm: none is called so, or several are.
    """
    if not typed:
        return None
    found: Sequence[Unit] = labelled_units(province, typed) or search_units(province, typed, hear)
    if not found:
        raise BadForm("unknown_place")
    exact = [unit for unit in found if folded_words(unit.full_name) == folded_words(typed)] or found
    today = [unit for unit in exact if unit.key.edition == province.current_edition] or exact
    if len(today) > 1:
        raise BadForm("several_places")
    return place_of(today[0])


def report_of(
    intake: Intake, province: Province, propose: Propose, hear: FindPlaces, by: str
) -> WebReport:
    """What is filed of a form without problems; the call and its number are not looked up yet."""
    return WebReport(
        description=intake.words,
        category=category_of(intake.category_typed, province, propose),
        place=unit_of(intake.place_typed, province, hear),
        address=intake.address or None,
        name=intake.name or None,
        urgent=intake.urgent == "yes",
        source="visitor" if intake.source == "visitor" else "staff",
        sender=by,
        by=by,
        client_id=intake.client_id,
    )


def _called(province: Province, typed: str) -> Iterator[str]:
    """Codes whose name, in any language, is what was typed: to the letter first."""
    named = [
        (code, name)
        for known in (province.categories, province.groups)
        for code, each in known.items()
        for name in each.names.values()
    ]
    yield from (code for code, name in named if name == typed)
    wanted = folded_words(typed)
    yield from (code for code, name in named if folded_words(name) == wanted)


def _named(province: Province, wanted: str) -> Iterator[str]:
    """Codes of categories, then groups, of which a name has the words."""
    for known in (province.categories, province.groups):
        for code, each in known.items():
            names = [folded_words(name) for name in each.names.values()]
            if any(f" {wanted}" in f" {name}" for name in names):
                yield code
