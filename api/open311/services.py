"""What may be reported, and what is asked with it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from api.open311.errors import refused
from api.open311.formats import MEDIA_TYPES, Document, Record
from provinces.open311 import Question
from provinces.schema import Category, Group, Priority, Province

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
REALTIME, BATCH = "realtime", "batch"


def service_list(province: Province, language: str) -> Document:
    """Every category that is filed here, then the groups that callers choose from."""
    found = [_category(province, each, language) for each in _categories(province)]
    found += [_group(province, each, language) for each in province.groups.values()]
    return Document("services", found)


def service_definition(province: Province, code: str, language: str) -> Document:
    """What is asked of a report of that service.

    Raises:
        Refused: there is no such service.
    """
    service_type(province, code, language)
    attributes = [
        _attribute(question, order, language)
        for order, question in enumerate(questions_of(province, code), 1)
    ]
    return Document("service_definition", {"service_code": code, "attributes": attributes})


def service_type(province: Province, code: str, language: str) -> str:
    """`realtime` for a category; `batch` for a group, whose reports are sorted later.

    Raises:
        Refused: there is no such service; for a matter of another office, where it belongs.
    """
    if code in province.groups:
        return BATCH
    category = province.categories.get(code)
    if category is None:
        raise refused(
            404, "service_code: không có dịch vụ này", "service_code: there is no such service"
        )
    if category.priority is Priority.DIVERTED:
        where = province.wording.get(language, {}).get(province.diverted[code], "")
        raise refused(
            404,
            f"service_code: {code} không tiếp nhận ở đây. {where}".strip(),
            f"service_code: {code} is not filed here. {where}".strip(),
        )
    return REALTIME


def questions_of(province: Province, code: str) -> tuple[Question, ...]:
    return province.open311.questions.get(code, ())


def discovery(province: Province, address: str, now: datetime) -> Document:
    """Where this interface is, in what forms, and when its services were changed."""
    changed = changed_at(province, now).strftime("%Y-%m-%dT%H:%M:%SZ")
    number = province.hotline_number
    endpoint: Record = {
        "specification": SPECIFICATION,
        "url": address,
        "changeset": changed,
        "type": "production",
        "formats": list(MEDIA_TYPES.values()),
    }
    return Document(
        "discovery",
        {
            "changeset": changed,
            "contact": f"Tổng đài {number} / hotline {number}",
            "key_service": f"Xin khoá (api_key) tại tổng đài {number}; đọc không cần khoá. / "
            f"Ask the hotline {number} for an api_key; reading takes none.",
            "endpoints": [endpoint],
        },
    )


def changed_at(province: Province, now: datetime) -> datetime:
    """When the pack was last changed: never later than `now`."""
    newest = max(file.stat().st_mtime for file in province.folder.glob("*.toml"))
    return min(datetime.fromtimestamp(newest, UTC), now)


def _categories(province: Province) -> Iterable[Category]:
    return (each for each in province.categories.values() if each.priority is not Priority.DIVERTED)


def _category(province: Province, category: Category, language: str) -> Record:
    group = province.groups[category.group].names[language]
    return {
        "service_code": category.code,
        "service_name": category.names[language],
        "description": f"{group}: {category.names[language]}",
        "metadata": bool(questions_of(province, category.code)),
        "type": REALTIME,
        "keywords": _joined(category.keywords),
        "group": group,
    }


def _group(province: Province, group: Group, language: str) -> Record:
    names = [each.names[language] for each in _categories(province) if each.group == group.code]
    keywords = [
        word for each in _categories(province) if each.group == group.code for word in each.keywords
    ]
    return {
        "service_code": group.code,
        "service_name": group.names[language],
        "description": "; ".join(names),
        "metadata": bool(questions_of(province, group.code)),
        "type": BATCH,
        "keywords": _joined(dict.fromkeys(keywords)),
        "group": group.names[language],
    }


def _joined(keywords: Iterable[str]) -> str:
    # A keyword with a comma in it would be two.
    return ", ".join(word.replace(",", " ") for word in keywords)


def _attribute(question: Question, order: int, language: str) -> Record:
    values: Sequence[Record] = [
        {"key": key, "name": names[language]} for key, names in question.choices.items()
    ]
    shown: Record = {
        "variable": not question.notice,
        "code": question.code,
        "datatype": question.datatype.value,
        "required": question.required,
        "datatype_description": question.hint.get(language),
        "order": order,
        "description": question.names[language],
    }
    return {**shown, "values": values} if values else shown
