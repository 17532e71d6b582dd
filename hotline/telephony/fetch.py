"""Fetch an Asterisk without root: signed packages, unpacked into the cache folder.

apt works in folders of its own and never sees the host's package database. It checks the
archive's signature; only the expiry date is waived, because mirrors that keep a frozen copy of the
archive serve an old one.
"""

import fcntl
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from hotline.telephony.archives import Archive, host_archive
from hotline.telephony.errors import AsteriskMissing
from hotline.telephony.installation import (
    MANIFEST,
    Installation,
    find_asterisk,
    newest_private,
    private,
    this_machine,
    unpacked,
)

NEEDED_BYTES = 600_000_000  # packages, the unpacked tree, and room for a newer release
PATIENCE_S = 900

_CONFIGURATION = """\
# The host's hooks are for the host's own package database.
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc "{work}/etc/apt";
Dir::State "{work}";
Dir::State::lists "{work}/lists";
Dir::State::status "{work}/status";
Dir::Cache "{work}";
Dir::Cache::archives "{work}/debs";
APT::Architecture "{architecture}";
#clear APT::Architectures;
APT::Architectures {{ "{architecture}"; }};
APT::Sandbox::User "";
APT::Install-Recommends "false";
APT::Update::Error-Mode "any";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
Debug::NoLocking "1";
"""


def provide_asterisk(
    wanted: str, cache: Path, say: Callable[[str], None] = lambda _line: None
) -> Installation:
    """A usable Asterisk: found as `find_asterisk` does, fetched into `cache` if need be.

    Raises:
        AsteriskMissing: there is none and it cannot be had; one line, with the mend.
    """
    return find_asterisk(wanted, cache) or fetch(cache, say)


def fetch(
    cache: Path, say: Callable[[str], None] = lambda _line: None, archive: Archive | None = None
) -> Installation:
    """A private Asterisk in `cache`, downloaded and unpacked unless one is there already.

    Takes about 20 s and 80 MB of download. What was downloaded before an interruption is used
    again. `say` is told the steps, one line each; `archive` is the host's own unless given.

    Raises:
        AsteriskMissing: it could not be had; one line, with the mend.
    """
    machine = this_machine()
    _need_tools("apt-get", "dpkg-deb")
    cache.mkdir(parents=True, exist_ok=True)
    with _alone(cache / "asterisk.lock"):
        if (found := newest_private(cache)) is not None:
            return found
        archive = archive or host_archive()
        _need_room(cache)
        work = cache / "asterisk.part"
        say(f"fetching Asterisk ({archive.suite}, {machine.architecture}) without root")
        debs = _download(archive, work, machine.architecture)
        say(f"unpacking {len(debs)} packages")
        return _unpack(debs, work, cache)


def _need_tools(*names: str) -> None:
    missing = [name for name in names if shutil.which(name) is None]
    if missing:
        raise AsteriskMissing(
            f"{' and '.join(missing)} not found, so no packages can be fetched: "
            "install Asterisk 20 or newer yourself"
        )


def _need_room(folder: Path) -> None:
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < NEEDED_BYTES:
        raise AsteriskMissing(
            f"expected {NEEDED_BYTES // 1_000_000} MB free in {folder}, found "
            f"{free_bytes // 1_000_000} MB: make room, or point HOTLINE_CACHE elsewhere"
        )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Only one process fetches at a time; the second finds the work done."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _download(archive: Archive, work: Path, architecture: str) -> list[Path]:
    for folder in ("etc/apt/sources.list.d", "lists/partial", "debs/partial"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    (work / "status").write_text("")  # nothing is installed, so every dependency is fetched
    (work / "etc/apt/sources.list.d/hotline.sources").write_text(
        f"Types: deb\nURIs: {archive.uri}\nSuites: {archive.suite}\n"
        f"Components: {' '.join(archive.components)}\nSigned-By: {archive.keyring}\n"
    )
    configuration = work / "apt.conf"
    configuration.write_text(_CONFIGURATION.format(work=work, architecture=architecture))
    _apt(configuration, "update")
    _apt(configuration, "--yes", "--download-only", "install", "asterisk")
    return sorted((work / "debs").glob("*.deb"))


def _apt(configuration: Path, *arguments: str) -> None:
    environment = os.environ | {"LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            ["apt-get", "-q", f"--config-file={configuration}", *arguments],
            capture_output=True,
            text=True,
            env=environment,
            timeout=PATIENCE_S,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise AsteriskMissing(f"apt-get did not end within {PATIENCE_S} s: try again") from error
    if done.returncode:
        raise AsteriskMissing(explain(done.stderr + done.stdout))


def explain(said: str) -> str:
    """One line for what apt complained of, with the mend."""
    complaints = [line for line in said.splitlines() if line.startswith(("E:", "W:", "Err:"))]
    first = complaints[0] if complaints else (said.strip().splitlines() or ["nothing said"])[-1]
    first = re.sub(r"^(E|W): *", "", first)
    if "NO_PUBKEY" in said or "is not signed" in said or "BADSIG" in said:
        return f"the archive's signature was refused ({first}): update the host's archive keyring"
    if re.search(r"resolv|connect|timed out|Network is unreachable", said, re.IGNORECASE):
        return f"no network to the host's package mirror ({first}): connect, then try again"
    if "No space left" in said:
        return f"the disk is full ({first}): make room, then try again"
    return f"apt-get could not fetch Asterisk: {first}"


def _unpack(debs: list[Path], work: Path, cache: Path) -> Installation:
    root = work / "root"
    shutil.rmtree(root, ignore_errors=True)  # an interrupted unpacking
    root.mkdir()
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(lambda deb: _run("dpkg-deb", "--extract", str(deb), str(root)), debs))
    found = unpacked(root)  # starts it once: what does not run is not kept
    if missing := found.missing_modules():
        raise AsteriskMissing(
            f"Asterisk {found.version} lacks {', '.join(missing)}: install another one yourself"
        )
    packages = dict(_package(deb) for deb in debs)
    architecture = this_machine().architecture
    manifest = {"version": found.version, "architecture": architecture, "packages": packages}
    (work / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    for leftover in ("lists", "etc"):
        shutil.rmtree(work / leftover)
    for leftover in ("status", "apt.conf", "pkgcache.bin", "srcpkgcache.bin"):
        (work / leftover).unlink(missing_ok=True)
    home = cache / f"asterisk-{found.version}-{architecture}"
    shutil.rmtree(home, ignore_errors=True)  # a broken one: a whole one would have been found
    work.rename(home)  # complete or absent, never half
    installation = private(home)
    if installation is None:
        raise AsteriskMissing(f"expected Asterisk for {architecture} in {home}")
    return installation


def _package(deb: Path) -> tuple[str, str]:
    name, version, _ = deb.stem.split("_", 2)
    return name, version.replace("%3a", ":")  # apt escapes the epoch's colon in file names


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise AsteriskMissing(f"{command[0]} failed on {command[2]}: {done.stderr.strip()}")
