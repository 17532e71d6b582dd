"""Finding and fetching an Asterisk; what fails is said in a line, with its mend."""

import json
import platform
import shutil
import socket
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from hotline.telephony.archives import Archive
from hotline.telephony.errors import AsteriskMissing
from hotline.telephony.fetch import explain, fetch, provide_asterisk
from hotline.telephony.installation import (
    MANIFEST,
    Installation,
    find_asterisk,
    newest_private,
    this_machine,
)

needs_apt = pytest.mark.skipif(
    not (shutil.which("apt-get") and shutil.which("dpkg-deb")), reason="no apt-get and dpkg-deb"
)


def an_unpacked(cache: Path, version: str, architecture: str | None = None) -> Path:
    """A folder that looks like a fetched Asterisk."""
    machine = this_machine()
    folder = cache / f"asterisk-{version}"
    for path in (f"root/lib64/{machine.loader}", "root/usr/sbin/asterisk"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("")
    manifest = {"version": version, "architecture": architecture or machine.architecture}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    return folder


def test_the_newest_private_asterisk_of_this_machine_is_used(tmp_path: Path) -> None:
    an_unpacked(tmp_path, "22.9.0")
    an_unpacked(tmp_path, "22.10.1")
    an_unpacked(tmp_path, "23.0.0", architecture="m68k")
    an_unpacked(tmp_path, "24.0.0").joinpath("root/usr/sbin/asterisk").unlink()
    an_unpacked(tmp_path, "25.0.0").joinpath(MANIFEST).write_text("{")

    found = newest_private(tmp_path)

    assert found is not None
    assert found.version == "22.10.1"


def test_an_empty_cache_has_no_asterisk(tmp_path: Path) -> None:
    assert newest_private(tmp_path / "absent") is None


def a_program(path: Path, says: str) -> Path:
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ("Asterisk 18.2.1", "expected Asterisk 20 or newer, found 18.2.1"),
        ("something else", "expected a version, found 'something else'"),
    ],
)
def test_a_configured_asterisk_that_will_not_do_is_refused(
    tmp_path: Path, says: str, expected: str
) -> None:
    path = a_program(tmp_path / "asterisk", says)

    with pytest.raises(AsteriskMissing, match=expected):
        find_asterisk(str(path), tmp_path)


def test_a_configured_asterisk_is_used(tmp_path: Path) -> None:
    path = a_program(tmp_path / "asterisk", "Asterisk certified/20.7-cert1")

    found = find_asterisk(str(path), tmp_path)

    assert found is not None
    assert found.version == "20.7"
    assert found.command == (str(path),)


@pytest.mark.parametrize("wanted", ["absent", "."])
def test_a_configured_path_without_an_asterisk_is_refused(tmp_path: Path, wanted: str) -> None:
    with pytest.raises(AsteriskMissing, match="expected an"):
        find_asterisk(str(tmp_path / wanted), tmp_path)


def test_another_processor_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")

    with pytest.raises(AsteriskMissing, match="amd64 and arm64 only, this machine is riscv64"):
        this_machine()


def test_without_apt_the_missing_programs_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(AsteriskMissing, match="apt-get and dpkg-deb not found"):
        fetch(tmp_path)


@needs_apt
def test_an_archive_that_nobody_signed_is_refused(tmp_path: Path) -> None:
    suite = tmp_path / "mirror/dists/sid"
    (suite / "main").mkdir(parents=True)
    (suite / "Release").write_text("Suite: sid\nCodename: sid\nComponents: main\n")
    archive = Archive(f"file:{tmp_path}/mirror", "sid", ("main",), tmp_path / "keys.gpg")
    (tmp_path / "keys.gpg").write_bytes(b"")

    with pytest.raises(AsteriskMissing, match="signature was refused"):
        fetch(tmp_path / "cache", archive=archive)

    assert newest_private(tmp_path / "cache") is None


@pytest.mark.slow
@needs_apt
def test_a_mirror_out_of_reach_is_said_to_be_a_matter_of_the_network(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    archive = Archive(f"http://127.0.0.1:{port}/debian", "sid", ("main",), tmp_path / "keys.gpg")

    with pytest.raises(AsteriskMissing, match="no network to the host's package mirror"):
        fetch(tmp_path / "cache", archive=archive)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("W: x: NO_PUBKEY 0E98", "signature was refused"),
        ("E: Could not resolve 'mirror.example'", "no network"),
        ("E: write error (28: No space left on device)", "the disk is full"),
        ("E: Unable to locate package asterisk", "could not fetch Asterisk: Unable to locate"),
        ("", "nothing said"),
    ],
)
def test_what_apt_complains_of_becomes_one_line(said: str, expected: str) -> None:
    assert expected in explain(said)
    assert "\n" not in explain(said)


def test_too_little_room_is_said_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=10**8))
    archive = Archive("file:/nowhere", "sid", ("main",), tmp_path / "keys.gpg")

    with pytest.raises(AsteriskMissing, match=r"expected 600 MB free in .*, found 100 MB"):
        fetch(tmp_path, archive=archive)

    assert not (tmp_path / "asterisk.part").exists()


@pytest.mark.asterisk
def test_what_is_here_already_is_not_fetched_again(installation: Installation) -> None:
    if not installation.private:
        pytest.skip("this machine has an Asterisk of its own")
    cache = Path(installation.command[-1]).parents[4]
    steps: list[str] = []

    again = provide_asterisk("auto", cache, steps.append)

    assert again == installation
    assert steps == []
