"""What the settings of an installation are read as."""

from ipaddress import ip_network

import pytest
from pydantic import ValidationError

from hotline.settings import Settings


def test_proxies_are_named_by_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_TRUSTED_PROXIES", "127.0.0.1, 10.1.2.0/24,fd00::1")

    assert Settings().trusted_proxies == (
        ip_network("127.0.0.1"),
        ip_network("10.1.2.0/24"),
        ip_network("fd00::1"),
    )


def test_no_proxy_is_trusted_unless_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOTLINE_TRUSTED_PROXIES", raising=False)

    assert Settings(_env_file=None).trusted_proxies == ()  # type: ignore[call-arg]


def test_a_proxy_that_is_no_address_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_TRUSTED_PROXIES", "proxy.example.vn")

    with pytest.raises(ValidationError, match="trusted_proxies"):
        Settings()


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://tiles.example.vn/{z}/{x}/{y}.png", True),
        ("http://tiles.example.vn:8080/style.json", True),
        ("https://tiles.example.vn/", False),
        (
            "https://tiles.example.vn; script-src *.evil.vn/style.json",
            False,
        ),  # it goes into a header
        ("ftp://tiles.example.vn/style.json", False),
    ],
)
def test_tiles_come_from_one_host_that_is_well_written(url: str, good: bool) -> None:
    if good:
        assert Settings(tiles_url=url).tiles_url == url
    else:
        with pytest.raises(ValidationError):
            Settings(tiles_url=url)
