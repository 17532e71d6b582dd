"""Reads what dangers are learnt from: what callers say of them, and what only sounds so."""

import json
from collections.abc import Iterator

from pydantic import ValidationError

from provinces.errors import ProvinceBroken
from provinces.located import Report, read_text
from provinces.raw import RawDangerExample
from provinces.schema import DangerExample, Province

EXAMPLES = "examples/dangers.jsonl"


def load_danger_examples(province: Province) -> tuple[DangerExample, ...]:
    """All that the pack tells of dangers; none where it has no such file.

    Raises:
        ProvinceBroken: the file is malformed, or names a danger that the pack has not.
    """
    report = Report(province.folder)
    if not (province.folder / EXAMPLES).exists():
        return ()
    found = tuple(_examples(report, {danger.code for danger in province.dangers}))
    if report.problems:
        raise ProvinceBroken(report.problems)
    return found


def _examples(report: Report, codes: set[str]) -> Iterator[DangerExample]:
    seen: set[str] = set()
    for number, line in enumerate((read_text(report, EXAMPLES) or "").splitlines(), start=1):
        try:
            raw = RawDangerExample.model_validate(json.loads(line))
        except (ValueError, ValidationError):
            report.add(EXAMPLES, number, 'expected {"said": "...", "danger": "..." or null}')
            continue
        if raw.danger is not None and raw.danger not in codes:
            report.add(EXAMPLES, number, f'danger "{raw.danger}" is not in danger.toml')
        if raw.said in seen:
            report.add(EXAMPLES, number, "these words are there already")
        seen.add(raw.said)
        yield DangerExample(raw.danger, raw.said, raw.counts)
