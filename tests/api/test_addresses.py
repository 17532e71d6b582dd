"""Clients are told apart by their address, also behind a proxy, and none chooses its own."""

from ipaddress import ip_network

import pytest
from flask import Flask

from api.addresses import client_address

PROXIES = (ip_network("127.0.0.1/32"), ip_network("10.1.2.0/24"), ip_network("fd00::/8"))


def address(peer: str, *forwarded: str, trusted: bool = True) -> str:
    headers = [("X-Forwarded-For", each) for each in forwarded]
    with Flask("x").test_request_context(headers=headers, environ_base={"REMOTE_ADDR": peer}):
        return client_address(PROXIES if trusted else ())


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        (("203.0.113.7",), "203.0.113.7"),
        (("198.51.100.1, 203.0.113.7",), "203.0.113.7"),  # the first is the client's own word
        (("198.51.100.1", "203.0.113.7"), "203.0.113.7"),
        (("203.0.113.7, 10.1.2.3",), "203.0.113.7"),  # through two proxies
        (("10.1.2.3",), "10.1.2.3"),
        ((), "127.0.0.1"),
        (("",), "127.0.0.1"),
        (("203.0.113.7, nobody",), "127.0.0.1"),
        (("203.0.113.7, ,10.1.2.3",), "10.1.2.3"),
    ],
)
def test_of_trusted_proxies_the_last_that_is_none_of_them_is_the_client(
    forwarded: tuple[str, ...], client: str
) -> None:
    assert address("127.0.0.1", *forwarded) == client
    assert address("::ffff:127.0.0.1", *forwarded) == client


def test_nobody_else_is_believed_whom_they_were_asked_by() -> None:
    assert address("203.0.113.9", "198.51.100.1") == "203.0.113.9"
    assert address("127.0.0.1", "198.51.100.1", trusted=False) == "127.0.0.1"


def test_of_ipv6_a_line_is_counted_and_not_each_of_its_addresses() -> None:
    assert address("2001:db8:1:2::3") == address("2001:db8:1:2:ffff::4") == "2001:db8:1:2::/64"
    assert address("fd00::1", "2001:db8:1:2::5") == "2001:db8:1:2::/64"
    assert address("2001:db8:1:3::3") != "2001:db8:1:2::/64"


def test_what_is_no_address_is_counted_as_it_is() -> None:
    assert address("", "203.0.113.7") == ""
