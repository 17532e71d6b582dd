"""Places of other provinces: a pack's list, so that they are not taken for places here."""

from provinces.located import Report, read_toml

FILE = "elsewhere.toml"


def read_elsewhere(report: Report) -> tuple[str, ...]:
    """Every name of the pack's file, each once; a pack need not have one."""
    if not (report.folder / FILE).exists():
        return ()
    document = read_toml(report, FILE)
    if document is None:
        return ()
    found: dict[str, None] = {}
    for kind, names in document.values.items():
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            report.add(FILE, document.line(kind), f"{kind}: expected a list of names")
            continue
        found.update(dict.fromkeys(name.strip() for name in names if name.strip()))
    return tuple(found)
