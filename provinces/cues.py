"""Reads what tells of a category: phrases with weights, and what their surroundings mean."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from provinces.located import Document, Report, read_toml
from provinces.raw import CuesFile, RawCues, shaped
from provinces.schema import Category, Cue, CueList

CUES = "cues.toml"
GAP_SIGN = "..."
WEIGHTS = {"strong": 1.75, "weak": 1.0, "against": -1.0}
NO_CUES = CueList((), (), (), MappingProxyType({}), None)


def read_cues(report: Report, categories: Mapping[str, Category]) -> CueList:
    """The cues of every category; a cue belongs to one list of its category only."""
    document = read_toml(report, CUES)
    shape = shaped(report, document, CuesFile)
    if document is None or shape is None:
        return NO_CUES
    known = None if "categories.toml" in report.unreadable else categories
    if shape.unclear is not None and known is not None and shape.unclear not in known:
        message = f'unclear: category "{shape.unclear}" is not in categories.toml'
        report.add(CUES, document.line("unclear"), message)
    cues: list[Cue] = []
    seen: set[str] = set()
    for index, raw in enumerate(shape.category):
        if known is not None and raw.code not in known:
            line = document.line("category", index, "code")
            report.add(CUES, line, f'category "{raw.code}" is not in categories.toml')
        if raw.code in seen:
            line = document.line("category", index, "code")
            report.add(CUES, line, f"category {raw.code} is there twice")
        seen.add(raw.code)
        cues.extend(_cues_of(report, document, index, raw))
    for code in known or ():
        if code not in seen:
            report.add(CUES, None, f"category {code} has no cues")
    markers = {name: tuple(words) for name, words in shape.markers.model_dump().items()}
    return CueList(
        tuple(cues),
        tuple(shape.harmless),
        tuple(shape.empty),
        MappingProxyType(markers),
        shape.unclear,
    )


def _cues_of(report: Report, document: Document, index: int, raw: RawCues) -> list[Cue]:
    lists: Mapping[str, Sequence[str]] = {
        "strong": raw.strong,
        "weak": raw.weak,
        "against": raw.against,
    }
    cues: list[Cue] = []
    where: dict[str, str] = {}
    for name, phrases in lists.items():
        line = document.line("category", index, name)
        for phrase in phrases:
            parts = phrase.split(GAP_SIGN)
            if phrase in where:
                message = f'category {raw.code}: "{phrase}" is already in {where[phrase]}'
                report.add(CUES, line, message)
            elif len(parts) > (1 if name == "against" else 2) or not all(map(str.strip, parts)):
                expected = "one part" if name == "against" else "one or two parts"
                message = f'category {raw.code}: expected {expected}, found "{phrase}"'
                report.add(CUES, line, message)
            where[phrase] = name
            cues.append(Cue(raw.code, phrase, WEIGHTS[name] * raw.scale))
    return cues
