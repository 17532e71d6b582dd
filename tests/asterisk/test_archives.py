"""Which archive Asterisk would be fetched from, on which host."""

from pathlib import Path

import pytest

from hotline.telephony.archives import Archive, host_archive, read_sources
from hotline.telephony.errors import AsteriskMissing

DEB822 = """\
# the host's mirror
Types: deb deb-src
URIs: http://mirror.example/debian
 http://other.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
"""
THIRD_PARTY = "deb [arch=amd64 signed-by=/k.gpg] https://tools.example/apt bookworm-tools main\n"


def a_host(root: Path, name: str, codename: str, keyring: str | None = None, **files: str) -> Path:
    (root / "etc/apt/sources.list.d").mkdir(parents=True)
    (root / "usr/share/keyrings").mkdir(parents=True)
    (root / "etc/os-release").write_text(f'ID={name}\nVERSION_CODENAME="{codename}"\n')
    if keyring:
        (root / "usr/share/keyrings" / keyring).write_bytes(b"")
    for file, text in files.items():
        (root / "etc/apt/sources.list.d" / file.replace("_", ".")).write_text(text)
    return root


def test_debian_uses_the_unstable_suite_of_its_own_mirror(tmp_path: Path) -> None:
    host = a_host(
        tmp_path, "debian", "bookworm", "debian-archive-keyring.gpg",
        a_list=THIRD_PARTY, b_sources=DEB822,
    )  # fmt: skip

    assert host_archive(host) == Archive(
        "http://mirror.example/debian",
        "sid",
        ("main",),
        host / "usr/share/keyrings/debian-archive-keyring.gpg",
    )


def test_one_line_sources_are_read_too_and_a_cdrom_is_passed_over(tmp_path: Path) -> None:
    host = a_host(tmp_path, "debian", "trixie", "debian-archive-keyring.pgp")
    (host / "etc/apt/sources.list").write_text(
        "deb cdrom:[Debian]/ trixie main\n"
        "# deb http://old.example/debian trixie main\n"
        "deb-src http://src.example/debian trixie main\n"
        "deb [ arch=amd64 ] http://mirror.example/debian trixie main # ours\n"
    )

    assert host_archive(host).uri == "http://mirror.example/debian"


def test_ubuntu_uses_its_own_release_with_universe(tmp_path: Path) -> None:
    host = a_host(
        tmp_path, "ubuntu", "noble", "ubuntu-archive-keyring.gpg",
        ubuntu_sources="Types: deb\nURIs: http://mirror.example/ubuntu\n"
        "Suites: noble noble-updates\nComponents: main universe\n",
    )  # fmt: skip

    assert host_archive(host).suite == "noble"
    assert host_archive(host).components == ("main", "universe")


@pytest.mark.parametrize(
    ("name", "keyring", "text", "expected"),
    [
        ("fedora", None, "", "this is fedora: install Asterisk 20 or newer"),
        ("debian", None, DEB822, "install the package debian-archive-keyring"),
        ("debian", "debian-archive-keyring.gpg", THIRD_PARTY, "no mirror with main for bookworm"),
        ("ubuntu", "ubuntu-archive-keyring.gpg", DEB822, "no mirror with universe for bookworm"),
    ],
)
def test_what_is_missing_is_said_in_one_line_with_the_mend(
    tmp_path: Path, name: str, keyring: str | None, text: str, expected: str
) -> None:
    ending = "a_sources" if "Types:" in text else "a_list"
    host = a_host(tmp_path, name, "bookworm", keyring, **{ending: text})

    with pytest.raises(AsteriskMissing) as caught:
        host_archive(host)

    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_source_that_is_switched_off_is_not_used(tmp_path: Path) -> None:
    host = a_host(tmp_path, "debian", "bookworm", a_sources=DEB822)

    uris = [uri for source in read_sources(host / "etc/apt") for uri in source.uris]

    assert uris == [
        "http://mirror.example/debian",
        "http://other.example/debian",
        "http://mirror.example/debian-security",
    ]
