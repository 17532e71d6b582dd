"""Reads the monitoring modules: one file each, in the folder `modules`."""

import dataclasses
import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from provinces.located import Document, Report, read_toml
from provinces.measures import MEASURES
from provinces.modules import SYSTEM, SYSTEM_FIGURES, Direction, Indicator, Module, Threshold
from provinces.raw import ModuleFile, RawIndicator, RawThreshold, check_names, shaped
from provinces.schema import Agency, Category

FOLDER = "modules"
_Wrong = Callable[[str, str], None]
_WORSE = {Direction.HIGHER_IS_WORSE: "higher", Direction.LOWER_IS_WORSE: "lower"}


def read_modules(
    report: Report,
    languages: tuple[str, ...],
    categories: Mapping[str, Category],
    agencies: Mapping[str, Agency],
) -> tuple[tuple[Module, ...], Mapping[str, Category]]:
    """The modules in their order, and the categories with the module that each counts for.

    A pack without the folder has no modules.
    """
    reader = _Reader(report, languages, categories, agencies)
    for file in _files(report):
        reader.read(file)
    return reader.done()


def _files(report: Report) -> list[str]:
    written = {name for name in report.texts if name.startswith(f"{FOLDER}/")}
    there = {f"{FOLDER}/{file.name}" for file in (report.folder / FOLDER).glob("*.toml")}
    return sorted(written | there)


class _Reader:
    def __init__(
        self,
        report: Report,
        languages: tuple[str, ...],
        categories: Mapping[str, Category],
        agencies: Mapping[str, Agency],
    ) -> None:
        self._report = report
        self._languages = languages
        self._categories = categories
        self._agencies = agencies
        self._modules: list[Module] = []
        self._module_of: dict[str, str] = {}  # by category
        self._of_others: str | None = None  # the module of categories that no module names

    def read(self, file: str) -> None:
        document = read_toml(self._report, file)
        shape = shaped(self._report, document, ModuleFile)
        if document is None or shape is None:
            return
        code = file.removeprefix(f"{FOLDER}/").removesuffix(".toml")
        check_names(self._report, document, (), shape.name, self._languages)
        if not code.isidentifier():
            self._wrong(document, None, "expected a file name of letters, digits and _")
        for other in self._modules:
            if other.order == shape.order:
                message = f"order: {other.code} has the order {shape.order} already"
                self._wrong(document, document.line("order"), message)
        self._take_categories(document, shape, code)
        indicators = tuple(
            self._indicator(document, code, index, raw) for index, raw in enumerate(shape.indicator)
        )
        for index, each in enumerate(indicators):
            if each.code in {earlier.code for earlier in indicators[:index]}:
                line = document.line("indicator", index, "code")
                self._wrong(document, line, f"indicator {each.code}: this code is already used")
        self._modules.append(
            Module(
                code,
                MappingProxyType(dict(shape.name)),
                shape.order,
                tuple(shape.report_categories),
                indicators,
            )
        )

    def done(self) -> tuple[tuple[Module, ...], Mapping[str, Category]]:
        if self._of_others is not None:
            for code in self._categories:
                self._module_of.setdefault(code, self._of_others)
        elif self._modules and not self._report.unreadable:
            for code in self._categories.keys() - self._module_of.keys():
                message = (
                    f"category {code}: no module counts its reports; name it in "
                    "report_categories, or have one module say other_categories = true"
                )
                self._report.add(FOLDER, None, message)
        modules = tuple(
            dataclasses.replace(
                module,
                report_categories=tuple(
                    code for code in self._categories if self._module_of.get(code) == module.code
                ),
            )
            for module in sorted(self._modules, key=lambda module: module.order)
        )
        categories = {
            code: dataclasses.replace(category, module=self._module_of.get(code))
            for code, category in self._categories.items()
        }
        return modules, MappingProxyType(categories)

    def _take_categories(self, document: Document, shape: ModuleFile, module: str) -> None:
        for index, code in enumerate(shape.report_categories):
            line = document.line("report_categories", index)
            if code not in self._categories:
                if "categories.toml" not in self._report.unreadable:
                    message = f'report_categories: category "{code}" is not in categories.toml'
                    self._wrong(document, line, message)
            elif code in self._module_of:
                message = f'report_categories: "{code}" counts for {self._module_of[code]} already'
                self._wrong(document, line, message)
            self._module_of.setdefault(code, module)
        if shape.other_categories:
            if self._of_others is not None:
                message = f"other_categories: {self._of_others} has the others already"
                self._wrong(document, document.line("other_categories"), message)
            self._of_others = module

    def _indicator(
        self, document: Document, module: str, index: int, raw: RawIndicator
    ) -> Indicator:
        def wrong(key: str, message: str) -> None:
            line = document.line("indicator", index, key)
            self._wrong(document, line, f"indicator {raw.code}: {message}")

        check_names(self._report, document, ("indicator", index), raw.name, self._languages)
        if raw.question is not None:
            check_names(
                self._report,
                document,
                ("indicator", index),
                raw.question,
                self._languages,
                "question",
            )
        if raw.unit not in MEASURES:
            wrong("unit", f'expected a unit of {", ".join(MEASURES)}, found "{raw.unit}"')
        self._check_source(raw, wrong)
        _check_numbers(raw, wrong)
        for number, threshold in enumerate(raw.threshold):
            problem = _threshold_problem(raw, threshold)
            if problem:
                line = document.line("indicator", index, "threshold", number)
                self._wrong(document, line, f"indicator {raw.code}: threshold: {problem}")
        return Indicator(
            code=f"{module}.{raw.code}",
            module=module,
            names=MappingProxyType(dict(raw.name)),
            unit=raw.unit,
            period=raw.period,
            direction=raw.direction,
            source=raw.source,
            level=raw.level,
            aggregate=raw.aggregate,
            target=raw.target,
            lowest=raw.lowest,
            highest=raw.highest,
            decimals=raw.decimals,
            thresholds=tuple(_threshold(raw, each) for each in raw.threshold),
            question=None if raw.question is None else MappingProxyType(dict(raw.question)),
            from_system=raw.from_system,
            headline=raw.headline,
        )

    def _check_source(self, raw: RawIndicator, wrong: _Wrong) -> None:
        known = raw.source == SYSTEM or raw.source in self._agencies
        if not known and "agencies.toml" not in self._report.unreadable:
            message = f'agency "{raw.source}" is not in agencies.toml, nor is it "{SYSTEM}"'
            wrong("source", message)
        if (raw.from_system is not None) != (raw.source == SYSTEM):
            wrong("source", f'expected from_system together with the source "{SYSTEM}"')
        if raw.from_system is not None and raw.from_system not in SYSTEM_FIGURES:
            figures = ", ".join(SYSTEM_FIGURES)
            wrong("from_system", f'expected a figure of {figures}, found "{raw.from_system}"')

    def _wrong(self, document: Document, line: int | None, message: str) -> None:
        self._report.add(document.file, line, message)


def _check_numbers(raw: RawIndicator, wrong: _Wrong) -> None:
    if not all(map(math.isfinite, (raw.lowest, raw.highest))) or raw.lowest >= raw.highest:
        wrong("lowest", f"expected lowest below highest, found {raw.lowest} and {raw.highest}")
    elif raw.target is not None and not raw.lowest <= raw.target <= raw.highest:
        wrong("target", f"expected {raw.lowest} to {raw.highest}, found {raw.target}")


def _threshold_problem(raw: RawIndicator, threshold: RawThreshold) -> str | None:
    worse = threshold.worse or _WORSE.get(raw.direction)
    if worse is None:
        return 'expected worse = "higher" or "lower": the direction of the indicator is neutral'
    told = [b for b in (threshold.release, threshold.watch, threshold.alert) if b is not None]
    if threshold.watch is None and threshold.alert is None:
        return "expected a bound for watch or alert, found none"
    if not all(raw.lowest <= bound <= raw.highest for bound in told):
        return f"expected bounds from {raw.lowest} to {raw.highest}, found {told}"
    if told != sorted(told, reverse=worse == "lower"):
        order = "rising" if worse == "higher" else "falling"
        return f"expected release, watch, alert {order}, found {told}"
    return None


def _threshold(raw: RawIndicator, threshold: RawThreshold) -> Threshold:
    return Threshold(
        watch=threshold.watch,
        alert=threshold.alert,
        release=threshold.release,
        worse=threshold.worse or _WORSE.get(raw.direction, "higher"),
        quiet_h=threshold.quiet_h,
    )
