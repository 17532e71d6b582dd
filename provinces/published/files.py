"""The texts of a pack: those on the disk, and those that a version puts before them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from provinces.changes import Difference, Merged, differences, merge, one_in_other
from provinces.errors import ProvinceBroken, UneditableText
from provinces.loader import load_province
from provinces.located import Report, read_text
from provinces.schema import Province

Texts = Mapping[str, str]
"""Name of a file, relative to the pack → its whole text."""

# What may be published: nothing here says what the phone's menus are, so that a call's way through
# them is that of the pack that was checked.
EDITABLE = (
    *("hours.toml", "agencies.toml", "categories.toml", "handling.toml", "limits.toml"),
    *("sms.toml", "numbers.toml", "retention.toml"),
)
TEXTS_FOLDER = "sms"


@dataclass(frozen=True)
class Pack:
    """A pack's folder, and what a version puts before its files."""

    folder: Path
    texts: Texts

    def text(self, file: str) -> str:
        """The whole text of a file as it holds.

        Raises:
            ProvinceBroken: it is not there, or cannot be read.
        """
        return self.texts.get(file) or text_on_disk(self.folder, file)

    def province(self) -> Province:
        """What the files say together.

        Raises:
            ProvinceBroken: they contradict themselves.
        """
        return load_province(self.folder, self.texts)

    def with_text(self, file: str, text: str) -> "Pack":
        """The pack with another text; one that says what the disk says is no change."""
        others = {name: each for name, each in self.texts.items() if name != file}
        if differences(file, text_on_disk(self.folder, file), text):
            others[file] = text
        return Pack(self.folder, others)


def text_on_disk(folder: Path, file: str) -> str:
    """The text of a file of the pack.

    Raises:
        ProvinceBroken: it is not there, or is no UTF-8.
    """
    report = Report(folder)
    text = read_text(report, file)
    if text is None:
        raise ProvinceBroken(report.problems)
    return text


def editable_files(languages: Iterable[str]) -> tuple[str, ...]:
    """The files of a pack in those languages that may be published."""
    return (*EDITABLE, *(f"{TEXTS_FOLDER}/{language}.toml" for language in languages))


def changed(before: Pack, after: Pack) -> tuple[Difference, ...]:
    """What is otherwise in `after`, file by file.

    Raises:
        ProvinceBroken: a file is missing.
        UneditableText: one is no TOML.
    """
    files = sorted({*before.texts, *after.texts})
    return tuple(
        each for file in files for each in differences(file, before.text(file), after.text(file))
    )


def merged(base: Pack, theirs: Pack, mine: Pack) -> tuple[Pack, tuple[Difference, ...]]:
    """`theirs` with what `mine` changed of `base`, and where both changed the same (mine holds).

    Raises:
        UneditableText: a file is written in a way that cannot be changed in part.
    """
    pack, quarrels = theirs, list[Difference]()
    for file in sorted({*base.texts, *theirs.texts, *mine.texts}):
        found: Merged = merge(file, base.text(file), theirs.text(file), mine.text(file))
        quarrels += found.quarrels
        pack = pack.with_text(file, found.text)
    return pack, tuple(quarrels)


def beneath(folder: Path, files: Texts, basis: Texts) -> tuple[Difference, ...]:
    """What was changed on the disk in files that a version goes before; before: as it was then.

    What these files say as well is none: it holds already.
    """
    found: list[Difference] = []
    for file, text in files.items():
        now = text_on_disk(folder, file)
        if file in basis and basis[file] != now:
            apart = [each.where for each in differences(file, text, now)]
            found += [
                each
                for each in differences(file, basis[file], now)
                if any(one_in_other(each.where, where) for where in apart)
            ]
    return tuple(found)


def load(folder: Path, files: Texts, basis: Texts) -> tuple[Province, bool]:
    """The province of a version, and whether changes on the disk had to be brought into it.

    A new release may want a key in a file that was published before: then the file on the disk
    with what was published is tried.

    Raises:
        ProvinceBroken: neither is sound.
    """
    try:
        return load_province(folder, files), False
    except ProvinceBroken as broken:
        if all(basis.get(file) == text_on_disk(folder, file) for file in files):
            raise
        try:
            together, _ = merged(Pack(folder, basis), Pack(folder, {}), Pack(folder, files))
        except UneditableText:
            raise broken from None
        return together.province(), True
