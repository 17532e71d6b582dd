"""Codes in addresses, held against what the province has."""

from api.errors import BadValue
from api.monitoring_fields import WHOLE
from monitoring.sources import sources_of
from provinces.errors import UnknownCode
from provinces.modules import Indicator, Module
from provinces.schema import Province
from provinces.subjects import subject_names

_QUERY = "query"


def module_of(province: Province, code: str) -> Module | None:
    """The module of that code, or None."""
    return next((each for each in province.modules if each.code == code), None)


def asked_module(province: Province, code: str) -> Module:
    """The module that `module` names.

    Raises:
        BadValue: the province has none of that code.
    """
    found = module_of(province, code)
    if found is None:
        raise BadValue("the province has no such module", "module", _QUERY)
    return found


def asked_indicator(province: Province, code: str) -> Indicator:
    """The indicator that `indicator` names.

    Raises:
        BadValue: the province has none of that code.
    """
    try:
        return province.indicator(code)
    except UnknownCode as error:
        raise BadValue("the province has no such indicator", "indicator", _QUERY) from error


def asked_unit(province: Province, unit: str | None) -> str | None:
    """The unit that `unit` names; None where it names none, or the whole province.

    Raises:
        BadValue: the province has no such unit.
    """
    if unit is None or unit == WHOLE:
        return None
    return known_unit(province, unit)


def known_unit(province: Province, unit: str, field: str = "unit") -> str:
    """The unit that `field` names.

    Raises:
        BadValue: the province has no such unit.
    """
    if province.unit(unit) is None:
        raise BadValue("expected a unit such as 2025:31825", field, _QUERY)
    return unit


def asked_source(province: Province, source: str | None) -> str | None:
    """The source that `source` names, if any.

    Raises:
        BadValue: nobody of that code tells figures.
    """
    if source is not None and source not in sources_of(province):
        raise BadValue("expected an agency of the province, system or round", "source", _QUERY)
    return source


def asked_category(province: Province, code: str) -> str:
    """The category that `category` names.

    Raises:
        BadValue: the province has none of that code.
    """
    if code not in province.categories:
        raise BadValue("the province has no such category", "category", _QUERY)
    return code


def asked_subject(province: Province, subject: str | None) -> str | None:
    """The subject that `subject` names, if any.

    Raises:
        BadValue: the province has no such indicator, category or module.
    """
    if subject is not None and not subject_names(province, subject):
        message = "the province has no such indicator, category or module"
        raise BadValue(message, "subject", _QUERY)
    return subject
