"""Which package archive of the host can give us an Asterisk, read from the host's own settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hotline.telephony.errors import AsteriskMissing
from hotline.telephony.installation import OLDEST


@dataclass(frozen=True)
class Source:
    """One line or paragraph of the host's package sources."""

    uris: tuple[str, ...]
    suites: tuple[str, ...]
    components: tuple[str, ...]


@dataclass(frozen=True)
class Archive:
    """Where to fetch from: a suite of the host's mirror, and the keys that must have signed it."""

    uri: str
    suite: str
    components: tuple[str, ...]
    keyring: Path


def host_archive(root: Path = Path("/")) -> Archive:
    """The archive to fetch Asterisk from, on the machine whose files lie under `root`.

    Debian's stable releases have no Asterisk, so on Debian it is the unstable suite of the mirror
    that the host already uses; on Ubuntu it is the host's own release.

    Raises:
        AsteriskMissing: the host is neither, or its mirror or its keyring cannot be told.
    """
    release = _release(root / "etc/os-release")
    components: tuple[str, ...]
    name, codename = release.get("ID", "unknown"), release.get("VERSION_CODENAME", "")
    match name:
        case "debian":
            own = {codename, "stable", "testing", "unstable", "sid"} - {""}
            suite, components, needed = "sid", ("main",), "main"
        case "ubuntu":
            own, suite, components, needed = {codename}, codename, ("main", "universe"), "universe"
        case _:
            raise AsteriskMissing(
                f"Asterisk is fetched on Debian and Ubuntu, this is {name}: "
                f"install Asterisk {OLDEST} or newer yourself"
            )
    keyring = _keyring(root, name)
    for source in read_sources(root / "etc/apt"):
        mirrors = [uri for uri in source.uris if not uri.startswith("cdrom:")]
        if mirrors and own & set(source.suites) and needed in source.components:
            return Archive(mirrors[0], suite, components, keyring)
    raise AsteriskMissing(
        f"no mirror with {needed} for {codename or name} in {root / 'etc/apt'}: "
        "mend the host's package sources, or install Asterisk yourself"
    )


def read_sources(folder: Path) -> list[Source]:
    """The package sources that apt keeps in `folder`, in both of its formats."""
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    found: list[Source] = []
    for path in files:
        if not path.is_file():
            continue
        text = path.read_text(errors="replace")
        if path.suffix == ".sources":
            found += [source for part in text.split("\n\n") if (source := _paragraph(part))]
        elif path.suffix == ".list":
            found += [source for line in text.splitlines() if (source := _line(line))]
    return found


def _paragraph(text: str) -> Source | None:
    fields: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line[0].isspace():  # the field above goes on
            fields.setdefault(name, []).extend(line.split())
            continue
        name, _, value = line.partition(":")
        name = name.strip().lower()
        fields[name] = value.split()
    if "deb" not in fields.get("types", []) or fields.get("enabled", ["yes"]) == ["no"]:
        return None
    suites = fields.get("suites", [])
    return Source(tuple(fields.get("uris", [])), tuple(suites), tuple(fields.get("components", [])))


def _line(text: str) -> Source | None:
    words = text.partition("#")[0].split()
    if not words or words[0] != "deb":
        return None
    words = words[1:]
    if words and words[0].startswith("["):  # options, which may hold blanks
        closing = next((at for at, word in enumerate(words) if word.endswith("]")), len(words))
        words = words[closing + 1 :]
    return Source((words[0],), (words[1],), tuple(words[2:])) if len(words) > 2 else None


def _release(path: Path) -> Mapping[str, str]:
    if not path.is_file():
        return {}
    pairs = (line.partition("=") for line in path.read_text().splitlines())
    return {name: value.strip("\"'") for name, _, value in pairs}


def _keyring(root: Path, name: str) -> Path:
    keys = root / "usr/share/keyrings"
    for ending in ("gpg", "pgp"):  # Debian renames them in newer releases
        path = keys / f"{name}-archive-keyring.{ending}"
        if path.is_file():
            return path
    package = f"{name}-archive-keyring" if name == "debian" else "ubuntu-keyring"
    raise AsteriskMissing(
        f"no {name}-archive-keyring in {keys}, so nothing fetched could be trusted: "
        f"install the package {package}"
    )
