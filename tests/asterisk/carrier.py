"""A carrier at the other end of the trunk: takes one call at a time, as it is told."""

import re
import socket
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

Answer = Literal["answers", "busy", "rings", "refuses"]
_STATUS = {"busy": "486 Busy Here", "refuses": "503 Service Unavailable"}


@dataclass
class Carrier:
    """Answers INVITEs over UDP; `invited` are the requests it got, in full."""

    answer: Answer = "answers"
    host: str = "127.0.0.1"
    invited: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._wire.bind((self.host, 0))
        self._wire.settimeout(0.1)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._wire.close()

    @property
    def address(self) -> str:
        return f"{self.host}:{self._wire.getsockname()[1]}"

    @property
    def numbers(self) -> list[str]:
        """Which numbers were rung."""
        return [
            found[1] for text in self.invited if (found := re.match(r"INVITE sip:([^@]+)@", text))
        ]

    def hang_up(self) -> None:
        """The person rung puts the phone down."""
        invite, peer = self._talk
        head = _headers(invite)
        contact = re.search(r"<(sip:[^>]+)>", head["contact"])
        assert contact
        lines = [
            f"BYE {contact[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.address};rport;branch=z9hG4bKbye",
            f"From: {head['to']};tag=carrier",
            f"To: {head['from']}",
            f"Call-ID: {head['call-id']}",
            "CSeq: 1 BYE",
            "Max-Forwards: 70",
            "Content-Length: 0",
        ]
        self._wire.sendto(("\r\n".join(lines) + "\r\n\r\n").encode(), peer)

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                received, peer = self._wire.recvfrom(65535)
            except TimeoutError:
                continue
            text = received.decode()
            method = text.partition(" ")[0]
            if method == "INVITE" and text not in self.invited:
                self.invited.append(text)
                self._talk = (text, peer)
                self._reply(text, peer, "180 Ringing")
                if self.answer == "answers":
                    self._reply(text, peer, "200 OK", self._offer())
                elif self.answer in _STATUS:
                    self._reply(text, peer, _STATUS[self.answer])
            elif method in ("BYE", "CANCEL"):
                self._reply(text, peer, "200 OK")
                if method == "CANCEL":
                    self._reply(self._talk[0], peer, "487 Request Terminated")
                self.ended.set()

    def _offer(self) -> str:
        return (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            "m=audio 39999 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
        )

    def _reply(self, request: str, peer: tuple[str, int], status: str, body: str = "") -> None:
        head = _headers(request)
        to = head["to"] if "tag=" in head["to"] else f"{head['to']};tag=carrier"
        lines = [
            f"SIP/2.0 {status}",
            f"Via: {head['via']}",
            f"From: {head['from']}",
            f"To: {to}",
            f"Call-ID: {head['call-id']}",
            f"CSeq: {head['cseq']}",
            f"Contact: <sip:carrier@{self.address}>",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        self._wire.sendto(("\r\n".join(lines) + "\r\n\r\n" + body).encode(), peer)


def _headers(text: str) -> dict[str, str]:
    lines = text.partition("\r\n\r\n")[0].split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
