"""An Asterisk on this machine: the host's own, or a private one unpacked in the cache folder."""

import json
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from hotline.telephony.errors import AsteriskMissing
from hotline.telephony.modules import MODULES

OLDEST = 20  # the oldest long-term release whose dialplan functions and PJSIP options we use
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Machine:
    """How Debian names a processor and its folders."""

    architecture: str
    triplet: str
    loader: str


_MACHINES = {
    "x86_64": Machine("amd64", "x86_64-linux-gnu", "ld-linux-x86-64.so.2"),
    "aarch64": Machine("arm64", "aarch64-linux-gnu", "ld-linux-aarch64.so.1"),
}


def this_machine() -> Machine:
    """The processor of this computer.

    Raises:
        AsteriskMissing: it is neither amd64 nor arm64.
    """
    found = platform.machine()
    if found not in _MACHINES:
        raise AsteriskMissing(
            f"a private Asterisk is fetched for amd64 and arm64 only, this machine is {found}: "
            f"install Asterisk {OLDEST} or newer yourself"
        )
    return _MACHINES[found]


@dataclass(frozen=True)
class Installation:
    """One Asterisk: how it is started, and where its parts lie."""

    command: tuple[str, ...]
    version: str
    modules: Path
    data: Path
    private: bool

    def missing_modules(self, wanted: tuple[str, ...] = MODULES) -> tuple[str, ...]:
        """Those of the modules that it does not have."""
        return tuple(name for name in wanted if not (self.modules / f"{name}.so").is_file())


def find_asterisk(wanted: str, cache: Path) -> Installation | None:
    """The Asterisk to use, or None when one must be fetched first.

    `wanted` is "auto" (the host's own when it is good enough, else a private one in `cache`), or
    the path of an executable or of an unpacked folder. Nothing is downloaded.

    Raises:
        AsteriskMissing: `wanted` is a path and what lies there cannot be used.
    """
    if wanted != "auto":
        return _at_path(Path(wanted))
    host = _host()
    return host if host and not host.missing_modules() else newest_private(cache)


def newest_private(cache: Path) -> Installation | None:
    """The newest complete private Asterisk in `cache`; None when there is none."""
    usable: list[Installation] = []
    for path in cache.glob(f"asterisk-*/{MANIFEST}"):
        try:
            one = private(path.parent)
        except AsteriskMissing:
            continue  # somebody removed parts of it; fetching puts it right
        if one is not None:
            usable.append(one)
    return max(usable, key=lambda one: _numbers(one.version), default=None)


def private(folder: Path) -> Installation | None:
    """The Asterisk that `fetch` unpacked in `folder`; None when it is another machine's.

    Raises:
        AsteriskMissing: it is not whole.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        architecture, version = manifest["architecture"], manifest["version"]
    except (OSError, ValueError, KeyError) as error:
        raise AsteriskMissing(f"expected a manifest in {folder / MANIFEST}: {error}") from error
    if architecture != this_machine().architecture:
        return None
    return unpacked(folder / "root", version)


def unpacked(root: Path, version: str | None = None) -> Installation:
    """The Asterisk whose packages were unpacked under `root`; asks it for its version if not told.

    Raises:
        AsteriskMissing: there is none, or it does not start.
    """
    machine = this_machine()
    libraries = [root / "usr/lib" / machine.triplet, root / "lib" / machine.triplet]
    # The host's C library may be older than the one these packages were built against, so
    # Asterisk runs through the loader that came with it.
    loaders = [
        root / folder / machine.loader for folder in ("lib64", "usr/lib64", "lib", "usr/lib")
    ]
    loaders += [folder / machine.loader for folder in libraries]
    loader = next((path for path in loaders if path.exists()), None)
    executable = root / "usr/sbin/asterisk"
    if loader is None or not executable.is_file():
        raise AsteriskMissing(f"expected an unpacked Asterisk, found none under {root}")
    search = [*libraries, libraries[0] / "pulseaudio"]  # some libraries hide one folder deeper
    command = (str(loader), "--library-path", ":".join(map(str, search)), str(executable))
    return Installation(
        command=command,
        version=version or ask_version(command),
        modules=libraries[0] / "asterisk/modules",
        data=root / "usr/share/asterisk",
        private=True,
    )


def ask_version(command: tuple[str, ...]) -> str:
    """What `asterisk -V` says, such as "22.10.1".

    Raises:
        AsteriskMissing: it does not start, or says no version.
    """
    try:
        done = subprocess.run([*command, "-V"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AsteriskMissing(f"{command[-1]} does not start: {error}") from error
    found = re.search(r"Asterisk\D*(\d+(?:\.\d+)*)", done.stdout)
    if done.returncode or found is None:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise AsteriskMissing(
            f"{command[-1]} -V: expected a version, found {said[-1] if said else 'nothing'!r}"
        )
    return found[1]


def _at_path(path: Path) -> Installation:
    if path.is_dir():
        folder = private(path) if (path / MANIFEST).is_file() else unpacked(path)
        if folder is None:
            raise AsteriskMissing(f"the Asterisk in {path} was made for another processor")
        found = folder
    elif path.is_file():
        found = _installed(path)
    else:
        raise AsteriskMissing(f"expected an Asterisk, found nothing at {path}")
    if _numbers(found.version)[0] < OLDEST:
        raise AsteriskMissing(
            f"expected Asterisk {OLDEST} or newer, found {found.version} at {path}"
        )
    return found


def _host() -> Installation | None:
    # /usr/sbin is not on an ordinary user's path.
    found = shutil.which("asterisk") or shutil.which("asterisk", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        return None
    try:
        installation = _installed(Path(found))
    except AsteriskMissing:
        return None  # one that does not start is as good as none: a private one can be fetched
    return installation if _numbers(installation.version)[0] >= OLDEST else None


def _installed(executable: Path) -> Installation:
    folders = [
        *Path("/usr/lib").glob("*-linux-gnu/asterisk/modules"),
        *map(Path, ("/usr/lib/asterisk/modules", "/usr/lib64/asterisk/modules")),
        Path("/usr/local/lib/asterisk/modules"),
    ]
    data = [Path("/usr/share/asterisk"), Path("/var/lib/asterisk")]
    return Installation(
        command=(str(executable),),
        version=ask_version((str(executable),)),
        modules=next((folder for folder in folders if folder.is_dir()), folders[-1]),
        data=next((folder for folder in data if (folder / "documentation").is_dir()), data[0]),
        private=False,
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
