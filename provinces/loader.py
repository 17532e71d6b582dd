"""Loads a province pack: reads every file, checks them against each other, gives frozen values."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from provinces.categories import CategoryReader, read_agencies, read_numbers
from provinces.elsewhere import read_elsewhere
from provinces.errors import ProvinceBroken, ProvinceNotFound
from provinces.handling_file import read_handling
from provinces.hours_file import read_hours
from provinces.located import Document, Report, read_toml
from provinces.menu import read_menu
from provinces.modules_file import read_modules
from provinces.open311_file import read_open311
from provinces.phone_files import read_areas, read_dangers, read_info, read_limits
from provinces.raw import ProvinceFile, check_names, shaped
from provinces.retention_file import read_retention
from provinces.schema import Edition, Names, Province
from provinces.sms_file import read_sms
from provinces.spoken_names import sayable, spoken_names
from provinces.spoken_words import read_spoken_words
from provinces.units import read_landmarks, read_streets, read_successors, read_units
from provinces.wording import read_wording, wanted_wording

MAIN_FILE = "province.toml"
NO_TEXTS: Mapping[str, str] = MappingProxyType({})
_BUILT_IN = Path(__file__).parent


def built_in_provinces() -> tuple[str, ...]:
    """The keys of the packs that come with the program."""
    return tuple(sorted(file.parent.name for file in _BUILT_IN.glob(f"*/{MAIN_FILE}")))


def find_province(key: str) -> Path:
    """The folder of the built-in pack `key`, or of the pack in the folder named `key`.

    Raises:
        ProvinceNotFound: neither exists.
    """
    if key in built_in_provinces():
        return _BUILT_IN / key
    folder = Path(key).expanduser()
    if key and (folder / MAIN_FILE).is_file():
        return folder
    known = ", ".join(built_in_provinces())
    raise ProvinceNotFound(
        f"expected a province ({known}) or a folder with a {MAIN_FILE}, found {key!r}"
    )


def load_province(folder: Path, texts: Mapping[str, str] = NO_TEXTS) -> Province:
    """The province described by the pack in `folder`; `texts` go before its files of these names.

    Raises:
        ProvinceBroken: files are missing, malformed or contradict each other; `problems` names
            file and line of everything found, not only of the first.
    """
    report = Report(folder, texts)
    document = read_toml(report, MAIN_FILE)
    shape = shaped(report, document, ProvinceFile)
    if document is None or shape is None:
        raise ProvinceBroken(report.problems)
    languages = tuple(shape.languages)
    check_names(report, document, (), shape.name, languages)
    editions = _editions(report, document, shape)
    timezone = _timezone(report, document, shape.timezone)

    agencies = read_agencies(report, languages)
    numbers = read_numbers(report, languages)
    subjects = CategoryReader(report, languages, agencies, numbers)
    modules, categories = read_modules(report, languages, subjects.categories, agencies)
    menu = read_menu(report, languages, subjects.groups, categories)
    units = read_units(report, editions, shape.box)
    successors = read_successors(report, units, editions)
    streets = read_streets(report, units)
    landmarks = read_landmarks(report, units)
    calendar = read_hours(report, languages, timezone)
    areas = read_areas(report, languages, units, editions)
    dangers = read_dangers(report, languages, numbers)
    topics, diverted = read_info(report, languages, categories)
    limits = read_limits(report)
    handling = read_handling(report, languages)
    retention = read_retention(report, languages, handling)
    open311 = read_open311(report, languages, subjects.groups, categories, handling)
    elsewhere = read_elsewhere(report)
    sms = read_sms(report, languages)
    wording = read_wording(report, wanted_wording(menu, areas, topics, diverted))
    spoken = read_spoken_words(report, wording)
    named = {code: group.names for code, group in subjects.groups.items()}
    _check_sayable(report, named | {c.code: c.names for c in categories.values()})
    if report.problems or calendar is None or limits is None or handling is None or not retention:
        raise ProvinceBroken(report.problems)
    if open311 is None or sms is None:
        raise ProvinceBroken(report.problems)

    province = Province(
        key=shape.key,
        names=MappingProxyType(dict(shape.name)),
        hotline_number=shape.hotline_number,
        caller_pays=shape.caller_pays,
        timezone=timezone,
        area_codes=tuple(shape.area_codes),
        jurisdiction=shape.jurisdiction,
        languages=languages,
        editions=editions,
        modules=modules,
        groups=subjects.groups,
        categories=categories,
        agencies=agencies,
        menu=menu,
        areas=areas,
        dangers=dangers,
        unclear=subjects.unclear,
        topics=topics,
        diverted=diverted,
        limits=limits,
        handling=handling,
        retention=retention,
        open311=open311,
        sms=sms,
        units=units,
        successors=successors,
        streets=streets,
        landmarks=landmarks,
        elsewhere=elsewhere,
        numbers=numbers,
        hours=calendar.hours,
        holidays=calendar.holidays,
        operators=calendar.operators,
        wording=wording,
        spoken=spoken,
        folder=folder,
    )
    return dataclasses.replace(province, wording=_with_names(province))


def _with_names(province: Province) -> Mapping[str, Mapping[str, str]]:
    """The pack's wording, and beside it what follows from its names."""
    return MappingProxyType(
        {
            language: MappingProxyType({**spoken_names(province, language), **texts})
            for language, texts in province.wording.items()
        }
    )


def _check_sayable(report: Report, named: Mapping[str, Names]) -> None:
    """What callers hear of a name, without brackets, must be words."""
    for code, names in named.items():
        for language, name in names.items():
            if not any(sign.isalnum() for sign in sayable(name)):
                message = f'{code}: expected a name in "{language}" to be said, found "{name}"'
                report.add("categories.toml", None, message)


def _editions(report: Report, document: Document, shape: ProvinceFile) -> Mapping[str, Edition]:
    """The editions in the order of time; each begins the day after the one before ends."""
    editions: dict[str, Edition] = {}
    previous: Edition | None = None
    for index, raw in enumerate(shape.edition):
        line = document.line("edition", index)
        if raw.key in editions:
            report.add(document.file, line, f"edition {raw.key}: this key is already used")
        edition = Edition(raw.key, raw.province_code, raw.from_on, raw.until)
        if previous is not None and not _adjoin(previous, edition):
            message = f"edition {raw.key}: expected to begin the day after {previous.key} ends"
            report.add(document.file, line, message)
        editions[raw.key] = previous = edition
    if previous is not None and previous.until_on is not None:
        line = document.line("edition", len(shape.edition) - 1, "until")
        report.add(document.file, line, f"edition {previous.key}: the last one has no end")
    return MappingProxyType(editions)


def _adjoin(earlier: Edition, later: Edition) -> bool:
    if earlier.until_on is None or later.from_on is None:
        return False
    return (later.from_on - earlier.until_on).days == 1


def _timezone(report: Report, document: Document, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        line = document.line("timezone")
        message = f'timezone: expected a name such as "Asia/Ho_Chi_Minh", found "{name}"'
        report.add(document.file, line, message)
        return ZoneInfo("UTC")
