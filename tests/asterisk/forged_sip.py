"""Strangers at the SIP port: attempts to call in, call out, register or learn something.

Each attempt is one request written by hand and sent from a plain UDP socket. Run it by itself
against an Asterisk of yours: `python tests/asterisk/forged_sip.py 127.0.0.1:5060`.
"""

import hashlib
import itertools
import re
import socket
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

HOTLINE = "19009120"
PASSWORDS = ("", "1234", "123456", "password", "admin", "asterisk", "phone", "19009120", "secret")
NAMES = ("phone", "trunk", "asterisk", "anonymous", "nobody-of-that-name", HOTLINE, "100")
OUTSIDE = ("0084912345678", "+12025550123", "0912345678", "113", "900912345678", "s", "h", "T")
OFFER = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 40000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
)


@dataclass(frozen=True)
class Attempt:
    """One forged request: what it tries, and what is odd about it."""

    name: str
    method: str = "INVITE"
    to: str = HOTLINE
    sender: str = "0912345678"
    login: str | None = None
    password: str = ""
    headers: tuple[str, ...] = ()
    contact: str | None = None
    via: str | None = None
    raw: bytes | None = None
    body: str = OFFER


@dataclass
class Answers:
    """What came back for one attempt: every status, and every text in full."""

    statuses: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return any(200 <= status < 300 for status in self.statuses)

    @property
    def final(self) -> int | None:
        return next((status for status in self.statuses if status >= 200), None)


def attempts() -> Iterator[Attempt]:
    """Every attempt of a stranger: none may be accepted."""
    for name in NAMES:
        yield Attempt(f"INVITE as {name}", sender=name)
        yield Attempt(
            f"INVITE as {name} with a made-up login", sender=name, login=name, password="x"
        )
        yield Attempt(f"REGISTER as {name}", "REGISTER", to=name, sender=name, body="")
    for password in PASSWORDS:
        yield Attempt(f"INVITE guessing {password!r}", login="phone", password=password)
        yield Attempt(
            f"REGISTER guessing {password!r}",
            "REGISTER", to="phone", sender="phone", login="phone", password=password, body="",
        )  # fmt: skip
    for number in OUTSIDE:
        yield Attempt(f"INVITE to {number}", to=number)
        yield Attempt(f"INVITE to {number} as phone", to=number, sender="phone", login="phone")
    yield from _pretences()
    yield from _broken()


def _pretences() -> Iterator[Attempt]:
    trusted = "<sip:0912345678@127.0.0.1>"
    yield Attempt("P-Asserted-Identity", headers=(f"P-Asserted-Identity: {trusted}",))
    yield Attempt("Remote-Party-ID", headers=(f"Remote-Party-ID: {trusted};screen=yes",))
    yield Attempt(
        "Diversion", headers=("Diversion: <sip:19009120@127.0.0.1>;reason=unconditional",)
    )
    yield Attempt("Via of the carrier", via="203.0.113.7:5060", sender="trunk")
    yield Attempt("Contact elsewhere", contact="<sip:thief@203.0.113.9:5060>")
    yield Attempt("Contact by name", contact="<sip:thief@elsewhere.invalid>", sender="phone")
    yield Attempt("From of the hotline to itself", sender=HOTLINE)
    yield Attempt("REFER to outside", "REFER", headers=("Refer-To: <sip:113@127.0.0.1>",), body="")
    yield Attempt("Replaces a call", headers=("Replaces: 1@x;to-tag=a;from-tag=b",))
    yield Attempt("MESSAGE", "MESSAGE", body="hello")
    yield Attempt("SUBSCRIBE", "SUBSCRIBE", headers=("Event: presence", "Expires: 60"), body="")
    yield Attempt("PUBLISH", "PUBLISH", headers=("Event: presence", "Expires: 60"), body="")
    yield Attempt("UPDATE outside a call", "UPDATE")
    yield Attempt("BYE for no call", "BYE", body="")
    yield Attempt("a made-up method", "FROBNICATE", body="")
    yield Attempt("dialplan in the number", to="${SHELL(id)}")
    yield Attempt("a wildcard number", to="_X.")


def _broken() -> Iterator[Attempt]:
    yield Attempt(
        "no end of the header", raw=b"INVITE sip:19009120@127.0.0.1 SIP/2.0\r\nVia: x\r\n"
    )
    yield Attempt("no headers", raw=b"INVITE sip:19009120@127.0.0.1 SIP/2.0\r\n\r\n")
    yield Attempt("zeros", raw=bytes(400))
    yield Attempt("noise", raw=bytes(range(256)) * 4)
    yield Attempt("an HTTP request", raw=b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    yield Attempt("a very long name", sender="9" * 1500)
    yield Attempt("many headers", headers=tuple(f"X-{at}: y" for at in range(200)))
    yield Attempt("a body that is not SDP", body="not a session description")


def options() -> Iterator[Attempt]:
    """A small flood of questions; an answer is allowed but must say nothing about us."""
    for at, name in zip(range(40), itertools.cycle(NAMES), strict=False):
        yield Attempt(f"OPTIONS {at} as {name}", "OPTIONS", to=name, sender=name, body="")


def send(
    target: tuple[str, int],
    attempt: Attempt,
    bound_to: str = "127.0.0.1",
    while_up: Callable[[], object] = lambda: None,
) -> Answers:
    """Make one attempt from address `bound_to`, answering a challenge if it has a login.

    A call that is accepted is ended when `while_up` returns.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind((bound_to, 0))
        wire.connect(target)
        here = "{}:{}".format(*wire.getsockname())
        answers = Answers()
        call_id = uuid.uuid4().hex
        request = attempt.raw or _request(attempt, target, here, call_id, 1, None)
        _exchange(wire, request, answers)
        _acknowledge(wire, attempt, target, here, call_id, 1, answers)
        if attempt.login is not None and answers.final == 401:
            login = _login(attempt, target, answers.texts[-1])
            second = Answers()
            _exchange(wire, _request(attempt, target, here, call_id, 2, login), second)
            _acknowledge(wire, attempt, target, here, call_id, 2, second)
            answers.statuses = second.statuses
            answers.texts += second.texts
        if answers.accepted and attempt.method == "INVITE":
            while_up()
            _end(wire, attempt, target, here, call_id, answers)
        return answers


def _exchange(wire: socket.socket, request: bytes, answers: Answers) -> None:
    wire.send(request)
    wire.settimeout(0.3)
    try:
        while answers.final is None:
            text = wire.recv(65535).decode(errors="replace")
            answers.texts.append(text)
            if found := re.match(r"SIP/2\.0 (\d{3})", text):
                answers.statuses.append(int(found[1]))
    except TimeoutError:
        pass  # silence is a refusal too
    except ConnectionRefusedError:
        raise AssertionError(f"nothing listens at {wire.getpeername()}") from None


def _request(
    attempt: Attempt,
    target: tuple[str, int],
    here: str,
    call_id: str,
    number: int,
    login: str | None,
) -> bytes:
    uri = f"sip:{attempt.to}@{target[0]}:{target[1]}"
    lines = [
        f"{attempt.method} {uri} SIP/2.0",
        f"Via: SIP/2.0/UDP {attempt.via or here};rport;branch=z9hG4bK{call_id}{number}",
        "Max-Forwards: 70",
        f'From: "x" <sip:{attempt.sender}@{target[0]}>;tag={call_id[:8]}',
        f"To: <{uri}>",
        f"Call-ID: {call_id}",
        f"CSeq: {number} {attempt.method}",
        f"Contact: {attempt.contact or f'<sip:{attempt.sender}@{here}>'}",
        *attempt.headers,
        *([login] if login else []),
        *(["Content-Type: application/sdp"] if attempt.body else []),
        f"Content-Length: {len(attempt.body)}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + attempt.body).encode()


def _login(attempt: Attempt, target: tuple[str, int], challenge: str) -> str:
    realm = _quoted("realm", challenge)
    nonce = _quoted("nonce", challenge)
    uri = f"sip:{attempt.to}@{target[0]}:{target[1]}"
    user = attempt.login or ""
    cnonce = uuid.uuid4().hex[:8]
    first = _md5(f"{user}:{realm}:{attempt.password}")
    second = _md5(f"{attempt.method}:{uri}")
    response = _md5(f"{first}:{nonce}:00000001:{cnonce}:auth:{second}")
    return (
        f'Authorization: Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{uri}", '
        f'response="{response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="{cnonce}", '
        f'opaque="{_quoted("opaque", challenge)}"'
    )


def _quoted(name: str, challenge: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', challenge)
    return found[1] if found else ""


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def _tag(answers: Answers) -> str:
    found = re.search(r"^To:.*?;tag=([^\s;]+)", answers.texts[-1], re.MULTILINE | re.IGNORECASE)
    return found[1] if found else ""


def _within(
    method: str,
    attempt: Attempt,
    target: tuple[str, int],
    here: str,
    call_id: str,
    number: int,
    answers: Answers,
    branch: str,
) -> bytes:
    uri = f"sip:{attempt.to}@{target[0]}:{target[1]}"
    lines = [
        f"{method} {uri} SIP/2.0",
        f"Via: SIP/2.0/UDP {attempt.via or here};rport;branch={branch}",
        "Max-Forwards: 70",
        f'From: "x" <sip:{attempt.sender}@{target[0]}>;tag={call_id[:8]}',
        f"To: <{uri}>;tag={_tag(answers)}",
        f"Call-ID: {call_id}",
        f"CSeq: {number} {method}",
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _acknowledge(
    wire: socket.socket,
    attempt: Attempt,
    target: tuple[str, int],
    here: str,
    call_id: str,
    number: int,
    answers: Answers,
) -> None:
    if attempt.raw or attempt.method != "INVITE" or answers.final is None:
        return
    # A refusal is acknowledged within its transaction, an acceptance in one of its own.
    branch = f"z9hG4bK{call_id}{number}" if answers.final >= 300 else f"z9hG4bK{call_id}ack"
    wire.send(_within("ACK", attempt, target, here, call_id, number, answers, branch))


def _end(
    wire: socket.socket,
    attempt: Attempt,
    target: tuple[str, int],
    here: str,
    call_id: str,
    answers: Answers,
) -> None:
    branch = f"z9hG4bK{call_id}bye"
    ended = Answers()
    _exchange(wire, _within("BYE", attempt, target, here, call_id, 3, answers, branch), ended)


def main() -> int:
    """Make every attempt against HOST:PORT; exit code 1 when one was accepted."""
    host, _, port = sys.argv[1].rpartition(":")
    accepted = 0
    for attempt in [*attempts(), *options()]:
        answers = send((host, int(port)), attempt)
        wrong = answers.accepted and attempt.method != "OPTIONS"
        accepted += wrong
        print(f"{'ACCEPTED' if wrong else 'refused ':8}  {answers.statuses!s:12}  {attempt.name}")
    print(f"{accepted} accepted")
    return 1 if accepted else 0


if __name__ == "__main__":
    sys.exit(main())
