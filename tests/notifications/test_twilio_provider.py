"""SMS over Twilio's REST API, asked at a stand-in that answers as it is documented to."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notifications.errors import BadProvider, OutcomeUnknown, Refused, SendingFailed, TryLater
from notifications.parts import in_parts
from notifications.providers.provider import Outgoing, Search
from notifications.providers.twilio import TwilioProvider
from notifications.providers.twilio_client import TwilioAccount, twilio_client
from tests.fake_twilio.messages import ROUTES, taken
from tests.fake_twilio.rest import ACCOUNT_SID, AUTH_TOKEN, FakeTwilio, Fault, refusal

NUMBER, SENDER = "+84912345678", "+842913819120"
CALLBACK = "https://hotline.example.vn/webhooks/twilio/receipts"


@pytest.fixture
def twilio(tmp_path: Path) -> Iterator[FakeTwilio]:
    fake = FakeTwilio(tmp_path / "twilio", ROUTES)
    yield fake
    fake.close()


@pytest.fixture
def provider(twilio: FakeTwilio) -> Iterator[TwilioProvider]:
    account = TwilioAccount(ACCOUNT_SID, AUTH_TOKEN, twilio.url, timeout_s=0.5)
    provider = TwilioProvider(twilio_client(account), SENDER, CALLBACK)
    yield provider
    provider.close()


def outgoing(body: str = "Ma 482-173-905", to: str = NUMBER, message_id: str = "m1") -> Outgoing:
    return Outgoing(message_id, "test", to, body, in_parts(body))


def search(body: str = "Ma 482-173-905", taken: tuple[str, ...] = ()) -> Search:
    since = datetime.now(UTC) - timedelta(seconds=5)
    return Search("m1", NUMBER, since, lambda found: found == body, lambda sid: sid in taken)


def test_a_message_is_created_with_its_own_callback(
    twilio: FakeTwilio, provider: TwilioProvider
) -> None:
    [sid] = provider.send(outgoing("Đã nhận 🚨"))

    [message] = taken(twilio)
    assert (message["sid"], message["to"], message["from"]) == (sid, NUMBER, SENDER)
    assert message["body"] == "Đã nhận 🚨"
    assert message["status_callback"] == f"{CALLBACK}?message=m1"


def test_a_messaging_service_sends_by_its_sid(twilio: FakeTwilio) -> None:
    client = twilio_client(TwilioAccount(ACCOUNT_SID, AUTH_TOKEN, twilio.url))
    provider = TwilioProvider(client, "MG" + "0" * 32, None)

    provider.send(outgoing())
    provider.close()

    assert twilio.asked[0].fields["MessagingServiceSid"] == "MG" + "0" * 32
    assert "StatusCallback" not in twilio.asked[0].fields


@pytest.mark.parametrize(
    ("code", "opted_out"), [(21211, False), (21610, True), (21614, False), (21408, False)]
)
def test_what_twilio_never_takes_is_refused(
    twilio: FakeTwilio, provider: TwilioProvider, code: int, opted_out: bool
) -> None:
    twilio.refusals[NUMBER] = refusal(400, code, "no")

    with pytest.raises(Refused) as caught:
        provider.send(outgoing())

    assert (caught.value.code, caught.value.opted_out) == (str(code), opted_out)


@pytest.mark.parametrize("number", ["anonymous", "113", "0912345678", "+8419", ""])
def test_numbers_of_other_forms_are_refused(
    twilio: FakeTwilio, provider: TwilioProvider, number: str
) -> None:
    with pytest.raises(Refused):
        provider.send(outgoing(to=number))


def test_a_text_that_is_too_long_is_refused(twilio: FakeTwilio, provider: TwilioProvider) -> None:
    with pytest.raises(Refused) as caught:
        provider.send(outgoing("x" * 2000))

    assert caught.value.code == "21617"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "error", "code", "was_taken"),
    [
        (Fault("429", 7), TryLater, "20429", 0),
        (Fault("500"), OutcomeUnknown, "20500", 0),
        (Fault("503"), OutcomeUnknown, "20500", 0),
        (Fault("drop"), OutcomeUnknown, "no_answer", 0),
        (Fault("drop_after"), OutcomeUnknown, "no_answer", 1),
        (Fault("hang", 0.8), OutcomeUnknown, "no_answer", 1),
    ],
)
def test_faults_are_told_apart(
    twilio: FakeTwilio,
    provider: TwilioProvider,
    fault: Fault,
    error: type[SendingFailed],
    code: str,
    was_taken: int,
) -> None:
    twilio.faults = [fault]

    with pytest.raises(error) as caught:
        provider.send(outgoing())

    assert caught.value.code == code
    if isinstance(caught.value, TryLater):
        assert caught.value.after_s == 7
    if fault.kind != "hang":
        assert len(taken(twilio)) == was_taken
        assert (provider.find(search()) is not None) == bool(was_taken)


def test_slow_is_not_a_fault(twilio: FakeTwilio, provider: TwilioProvider) -> None:
    twilio.faults = [Fault("slow", 0.2)]

    assert len(provider.send(outgoing())) == 1


def test_a_wrong_token_stops_everybody_and_not_this_message(twilio: FakeTwilio) -> None:
    client = twilio_client(TwilioAccount(ACCOUNT_SID, "another", twilio.url))

    with pytest.raises(TryLater) as caught:
        TwilioProvider(client, SENDER, None).send(outgoing())

    assert caught.value.everybody and caught.value.code == "20003"


def test_without_a_connection_nothing_was_sent(twilio: FakeTwilio) -> None:
    url = twilio.url
    twilio.close()
    client = twilio_client(TwilioAccount(ACCOUNT_SID, AUTH_TOKEN, url))

    with pytest.raises(TryLater) as caught:
        TwilioProvider(client, SENDER, None).send(outgoing())

    assert caught.value.code == "unreachable"


@pytest.mark.slow
def test_a_message_is_found_among_others_to_the_same_number(
    twilio: FakeTwilio, provider: TwilioProvider
) -> None:
    for index in range(20):
        provider.send(outgoing(f"another {index}"))
    [first] = provider.send(outgoing())
    provider.send(outgoing(to="+84912000001"))
    [second] = provider.send(outgoing())

    assert provider.find(search()) == (second,)
    assert provider.find(search(taken=(second,))) == (first,)
    assert provider.find(search(taken=(first, second))) is None
    assert provider.find(search("another 0")) is not None


def test_what_was_sent_long_before_is_not_it(twilio: FakeTwilio, provider: TwilioProvider) -> None:
    provider.send(outgoing())
    later = Search(
        "m1", NUMBER, datetime.now(UTC) + timedelta(hours=1), lambda _: True, lambda _: False
    )

    assert provider.find(later) is None


def test_while_twilio_is_away_nothing_is_said_about_what_it_has(
    twilio: FakeTwilio, provider: TwilioProvider
) -> None:
    twilio.faults = [Fault("500"), Fault("drop")]

    for _ in range(2):
        with pytest.raises(TryLater):
            provider.find(search())


def test_neither_number_nor_token_reaches_a_log(
    twilio: FakeTwilio, provider: TwilioProvider, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        provider.send(outgoing())
        provider.find(search())

    account = TwilioAccount(ACCOUNT_SID, AUTH_TOKEN)
    assert NUMBER[3:] not in caplog.text and AUTH_TOKEN not in caplog.text
    assert AUTH_TOKEN not in repr((account, provider, provider._client))


def test_settings_that_are_missing_are_named() -> None:
    with pytest.raises(BadProvider, match="HOTLINE_TWILIO_ACCOUNT_SID"):
        twilio_client(TwilioAccount("", ""))
    with pytest.raises(BadProvider, match="HOTLINE_SMS_SENDER"):
        TwilioProvider(twilio_client(TwilioAccount("AC1", "x")), "", None)
