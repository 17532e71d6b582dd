"""Reads the texts of SMS and the rules by which they are sent."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from provinces.located import Report, read_toml
from provinces.raw import SmsFile, shaped
from provinces.sms import Sms, SmsRules, SmsWords
from provinces.wording import bad_placeholder

SMS = "sms.toml"
_KEY = re.compile(r"[a-z][a-z0-9_]*")


def read_sms(report: Report, languages: tuple[str, ...]) -> Sms | None:
    """Rules and texts of every language of the pack; None after problems with the rules.

    Which texts there must be is the program's matter: `notifications.texts` checks it.
    """
    texts = {language: _texts(report, f"sms/{language}.toml") for language in languages}
    document = read_toml(report, SMS)
    shape = shaped(report, document, SmsFile)
    if document is None or shape is None:
        return None
    if shape.quiet_from == shape.quiet_until:
        message = "quiet_until: expected another time than quiet_from"
        report.add(document.file, document.line("quiet_until"), message)
    if shape.person_day < shape.person_hour:
        message = f"person_day: expected at least person_hour, {shape.person_hour}"
        report.add(document.file, document.line("person_day"), message)
    rules = SmsRules(**shape.model_dump(exclude={"words"}))
    words = SmsWords(**{name: tuple(told) for name, told in shape.words})
    return Sms(rules, words, MappingProxyType(texts))


def _texts(report: Report, file: str) -> Mapping[str, str]:
    document = read_toml(report, file)
    texts: dict[str, str] = {}
    for key, text in document.values.items() if document else ():
        assert document is not None
        line = document.line(key)
        if not _KEY.fullmatch(key):
            report.add(file, line, f"{key}: keys are small letters, digits and _")
        elif not isinstance(text, str) or not text.strip():
            report.add(file, line, f"{key}: expected words, found {text!r}")
        elif (wrong := bad_placeholder(text)) is not None:
            report.add(file, line, f"{key}: {wrong}")
        else:
            texts[key] = text.strip()
    return MappingProxyType(texts)
