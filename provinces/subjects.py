"""What alerts and observations are about, by its code: an indicator, a category, or a module."""

from provinces.errors import UnknownCode
from provinces.schema import Names, Province


def subject_names(province: Province, subject: str) -> Names:
    """Language → name; empty for what the pack does not have."""
    category = province.categories.get(subject)
    if category is not None:
        return category.names
    module = next((each for each in province.modules if each.code == subject), None)
    if module is not None:
        return module.names
    try:
        return province.indicator(subject).names
    except UnknownCode:
        return {}
