"""Webhooks against a real server that answers, fails, hangs, drips and sends elsewhere."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

import pytest
from sqlalchemy import Engine, select

from notifications.destinations import Destinations
from notifications.errors import BadDestination, BadSubscription
from notifications.models import Delivery, DeliveryState, Message, Subscription
from notifications.webhook_sending import (
    DISABLED_AFTER,
    HELD,
    PAUSES,
    Told,
    forget_deliveries,
    send_due,
)
from notifications.webhooks import Wanted, publish, replay, replay_failed, subscribe
from storage.database import reading, transaction
from tests.builders import CALLER_NUMBER, NOON
from tests.notifications.receiving import Receiver, receiving

LOCAL = Destinations((ip_network("127.0.0.0/8"),))
EVENT = "report.created"
THIS_MACHINE = "localhost"


@dataclass
class Hooks:
    engine: Engine
    receiver: Receiver
    now: datetime = NOON
    told: Told = field(default_factory=lambda: Told((CALLER_NUMBER,)))

    def subscribe(self, path: str = "/", events: tuple[str, ...] = (EVENT,)) -> Subscription:
        wanted = Wanted(self.receiver.url(path), events, "map")
        with transaction(self.engine) as session:
            return subscribe(session, wanted, LOCAL, "u1", self.now)

    def publish(self, event: str = EVENT) -> int:
        with transaction(self.engine) as session:
            return publish(session, event, "r1", {"reference": "482173908"}, self.now)

    def send(self, limit_s: float = 5.0) -> int:
        return send_due(self.engine, LOCAL, lambda: self.now, self.told, limit_s)

    def deliveries(self) -> list[Delivery]:
        with reading(self.engine) as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.created_at)))

    def subscription(self) -> Subscription:
        with reading(self.engine) as session:
            return session.scalars(select(Subscription)).one()


@pytest.fixture
def hooks(database: Engine) -> Iterator[Hooks]:
    with receiving() as receiver:
        yield Hooks(database, receiver)


def test_what_happened_arrives_once_signed_by_the_standard(hooks: Hooks) -> None:
    secret = hooks.subscribe("/hook?x=1").secret
    hooks.publish()

    assert (hooks.send(), hooks.send()) == (1, 0)

    (got,) = hooks.receiver.received
    assert got.path == "/hook?x=1"
    assert json.loads(got.body) == {
        "type": EVENT,
        "timestamp": "2026-11-22T05:00:00.000Z",
        "data": {"reference": "482173908"},
    }
    message_id, moment = got.headers["webhook-id"], got.headers["webhook-timestamp"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{message_id}.{moment}.".encode() + got.body, hashlib.sha256)
    expected = "v1," + base64.b64encode(signed.digest()).decode()
    assert got.headers["webhook-signature"] == expected
    assert int(moment) == int(NOON.timestamp())
    (delivery,) = hooks.deliveries()
    assert (delivery.state, delivery.status, delivery.id) == ("delivered", 204, message_id)


def test_only_what_was_subscribed_to_is_sent_and_only_if_it_really_happened(
    hooks: Hooks,
) -> None:
    hooks.subscribe(events=("report.resolved",))
    with pytest.raises(ZeroDivisionError), transaction(hooks.engine) as session:
        publish(session, "report.resolved", "r1", {}, NOON)
        raise ZeroDivisionError

    assert hooks.publish() == 0
    assert hooks.send() == 0 and hooks.receiver.received == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "problem"),
    [(500, None), (404, None), (302, None), (301, None), (0, "timeout"), (-1, "timeout")],
)
def test_what_did_not_arrive_is_tried_again_and_nobody_is_followed(
    hooks: Hooks, status: int, problem: str | None
) -> None:
    hooks.receiver.answers["/"] = status
    hooks.receiver.headers["Location"] = hooks.receiver.url("/elsewhere")
    hooks.subscribe()
    hooks.publish()
    begun = time.monotonic()

    hooks.send(limit_s=0.5)

    assert time.monotonic() - begun < 5
    (delivery,) = hooks.deliveries()
    assert (delivery.state, delivery.tries) == ("waiting", 1)
    assert (delivery.status, delivery.problem) == (status if status > 0 else None, problem)
    assert delivery.next_at == NOON + PAUSES[0]
    assert hooks.subscription().failing_since == NOON
    hooks.receiver.answers["/"] = 200
    assert hooks.send() == 0  # not before its time
    hooks.now += PAUSES[0]
    assert hooks.send() == 1
    assert hooks.deliveries()[0].state == "delivered"
    assert hooks.subscription().failing_since is None
    first, second = hooks.receiver.received
    assert first.path == second.path == "/"
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_where_nobody_listens_is_a_failure_like_any_other(hooks: Hooks) -> None:
    hooks.subscribe()
    with transaction(hooks.engine) as session:
        session.scalars(select(Subscription)).one().url = "http://127.0.0.1:9/"
    hooks.publish()

    hooks.send()

    assert hooks.deliveries()[0].problem == "ConnectError"


@pytest.mark.slow
def test_one_that_hangs_keeps_no_other_from_being_told(hooks: Hooks) -> None:
    hooks.receiver.answers["/hang"] = 0
    for path in ("/hang", "/a", "/b"):
        hooks.subscribe(path)
    hooks.publish()

    hooks.send(limit_s=1.0)

    assert {each.path for each in hooks.receiver.received} == {"/hang", "/a", "/b"}
    assert sorted(each.state for each in hooks.deliveries()) == [
        "delivered", "delivered", "waiting",
    ]  # fmt: skip


def test_the_other_side_may_ask_for_more_time(hooks: Hooks) -> None:
    hooks.receiver.answers["/"] = 429
    hooks.receiver.headers["Retry-After"] = "600"
    hooks.subscribe()
    hooks.publish()

    hooks.send()

    assert hooks.deliveries()[0].next_at == NOON + timedelta(seconds=600)


def test_after_the_last_try_it_is_given_up_and_can_be_replayed(hooks: Hooks) -> None:
    hooks.receiver.answers["/"] = 500
    subscription = hooks.subscribe()
    hooks.publish()
    for pause in (timedelta(0), *PAUSES):
        hooks.now += pause
        assert hooks.send() == 1
    (delivery,) = hooks.deliveries()
    assert delivery.state == DeliveryState.FAILED and delivery.tries == len(PAUSES) + 1
    assert hooks.subscription().disabled_at is None  # three days are not long enough

    with transaction(hooks.engine) as session:
        assert replay_failed(session, subscription.id, NOON, hooks.now) == 1
    hooks.receiver.answers["/"] = 200
    hooks.send()

    assert hooks.deliveries()[0].state == "delivered"
    with transaction(hooks.engine) as session:
        replay(session, subscription.id, delivery.id, hooks.now)
    hooks.send()
    assert len({each.headers["webhook-id"] for each in hooks.receiver.received}) == 1


def test_after_days_of_failure_it_is_disabled_and_staff_are_told_once(hooks: Hooks) -> None:
    hooks.receiver.answers["/"] = 500
    hooks.subscribe()
    hooks.publish()
    hooks.send()
    hooks.now = NOON + DISABLED_AFTER

    hooks.send()
    hooks.publish()
    hooks.send()

    found = hooks.subscription()
    assert (found.disabled_at, found.disabled_why) == (hooks.now, "failing")
    assert len(hooks.receiver.received) == 2
    with reading(hooks.engine) as session:
        (message,) = session.scalars(select(Message))
    assert (message.to_number, message.text_key) == (CALLER_NUMBER, "webhook_disabled")


@pytest.mark.slow
def test_who_says_that_it_is_gone_is_asked_no_more(hooks: Hooks) -> None:
    hooks.receiver.answers["/"] = 410
    hooks.subscribe()
    hooks.publish()

    hooks.send()

    assert hooks.subscription().disabled_why == "gone"


def test_what_a_sender_held_when_it_died_is_sent_by_another(hooks: Hooks) -> None:
    hooks.subscribe()
    hooks.publish()
    with transaction(hooks.engine) as session:
        session.scalars(select(Delivery)).one().held_until = NOON + HELD  # and dies

    assert hooks.send() == 0
    hooks.now += HELD
    assert hooks.send() == 1


def test_a_month_later_nothing_is_left_of_it(hooks: Hooks) -> None:
    hooks.subscribe()
    hooks.publish()
    with transaction(hooks.engine) as session:
        forget_deliveries(session, NOON + timedelta(days=29))
    assert len(hooks.deliveries()) == 1

    with transaction(hooks.engine) as session:
        forget_deliveries(session, NOON + timedelta(days=31))

    assert hooks.deliveries() == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.0.0.5",
        "192.168.1.1",
        "169.254.169.254",  # where clouds keep their secrets
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[fd00::1]",
        "0.0.0.0",
        "224.0.0.1",
        "100.64.0.1",
        "[::10.0.0.5]",
        "[::ffff:0:10.0.0.5]",
        "[64:ff9b::10.0.0.5]",
        "[64:ff9b::169.254.169.254]",
        "[64:ff9b:1::8.8.8.8]",
        "[2002:a00:5::1]",
        "[2002:7f00:1::]",
        "[fec0::1]",
        "[::]",
    ],
)
def test_nothing_is_sent_into_the_internal_network(host: str) -> None:
    with pytest.raises(BadDestination):
        Destinations().check_url(f"https://{host}/hook")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.vn/",  # in plain
        "ftp://example.vn/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https://user:secret@example.vn/",
        "https://example.vn:0/",
        "https://example.vn:99999/",
        "https://example.vn/#x",
        "https://example.vn/a b",
        "https://example.vn/đường",
        "https://example.vn/\r\nX: y",
        "https://{}/".format("example..vn"),
        "https://{}/".format(".vn"),
        "https://{}/".format("."),
        f"https://{'x' * 64}.vn/",
        "https://" + "x." * 130 + "vn/",
        "x" * 3000,
    ],
)
def test_a_url_that_is_none_or_in_plain_is_refused(url: str) -> None:
    with pytest.raises(BadDestination):
        Destinations().check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.vn",
        "https://{}/".format("example.vn."),
        f"https://{'x' * 63}.vn:8443/hook?a=b",
    ],
)
def test_a_name_of_labels_as_the_dns_has_them_is_taken(url: str) -> None:
    Destinations().check_url(url)


class Careless(Destinations):
    """Lets every URL through; one that holds `broken` fails as nobody foresaw."""

    def check_url(self, url: str) -> SplitResult:
        if "broken" in url:
            raise ZeroDivisionError
        return urlsplit(url)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://{}/".format("example..vn"), "no such host"),
        (f"https://{'x' * 64}.vn/", "no such host"),
        ("https://broken.example.vn/", "ZeroDivisionError"),
    ],
)
def test_one_letter_that_cannot_be_sent_takes_no_other_with_it(
    hooks: Hooks, url: str, problem: str
) -> None:
    hooks.subscribe("/well")
    bad = hooks.subscribe("/ill").id
    with transaction(hooks.engine) as session:
        session.get_one(Subscription, bad).url = url
    hooks.publish()

    send_due(hooks.engine, Careless(LOCAL.allowed), lambda: hooks.now, hooks.told)

    assert [each.path for each in hooks.receiver.received] == ["/well"]
    told = {each.subscription_id == bad: (each.state, each.problem) for each in hooks.deliveries()}
    assert told == {True: ("waiting", problem), False: ("delivered", None)}


def test_what_the_operator_opened_may_be_asked() -> None:
    opened = Destinations((ip_network("10.1.2.0/24"),))

    opened.check_url("http://{}:8080/hook".format("10.1.2.3"))
    for public in ("8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:4860:4860::8888"):
        opened.check_address(ip_address(public))
    opened.check_address(ip_address("::ffff:10.1.2.3"))
    Destinations((ip_network("::1/128"),)).check_address(ip_address("::1"))
    Destinations((ip_network("fec0::/10"),)).check_address(ip_address("fec0::1"))
    with pytest.raises(BadDestination):
        opened.check_address(ip_address("10.1.3.1"))


def test_a_name_that_leads_inside_is_found_out_when_it_is_asked(hooks: Hooks) -> None:
    hooks.subscribe()
    with transaction(hooks.engine) as session:
        session.scalars(
            select(Subscription)
        ).one().url = f"https://{THIS_MACHINE}:{hooks.receiver.port}/"
    hooks.publish()

    send_due(hooks.engine, Destinations(), lambda: hooks.now, Told())

    assert hooks.deliveries()[0].problem == "forbidden address"
    assert hooks.receiver.received == []


@pytest.mark.parametrize("events", [(), ("report.gone",), (EVENT, "x")])
def test_nobody_subscribes_to_what_does_not_happen(hooks: Hooks, events: tuple[str, ...]) -> None:
    with pytest.raises(BadSubscription):
        hooks.subscribe(events=events)


def test_neither_secret_nor_address_lies_open_in_the_database(hooks: Hooks) -> None:
    secret = hooks.subscribe("/let-me-in").secret

    with hooks.engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT url, secret FROM webhook_subscriptions").one()
    assert b"let-me-in" not in bytes(row[0]) and secret.encode() not in bytes(row[1])
