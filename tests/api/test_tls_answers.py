"""What is sent over TLS stays sealed, however long it takes."""

import datetime
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hotline.web_server import _shut
from tests.api.streaming_server import PIECES, WORDS


class Wire:
    """A TLS client that keeps what it received as it was on the wire."""

    def __init__(self, peer: socket.socket) -> None:
        self.peer = peer
        self.seen = bytearray()
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self._tls = context.wrap_bio(self._in, self._out)

    def shake_hands(self) -> None:
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._flush()
                self._fill()
        self._flush()

    def send(self, words: bytes) -> None:
        self._tls.write(words)
        self._flush()

    def read(self) -> bytes:
        """What comes next; empty at the end."""
        while True:
            try:
                return self._tls.read(65536)
            except ssl.SSLWantReadError:
                if not self._fill():
                    return b""

    def _fill(self) -> bool:
        came = self.peer.recv(65536)
        self.seen += came
        self._in.write(came)
        return bool(came)

    def _flush(self) -> None:
        if waiting := self._out.read():
            self.peer.sendall(waiting)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of our own, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def shaken(wire: Wire, context: ssl.SSLContext, ours: socket.socket) -> ssl.SSLSocket:
    """Our side of the connection, once both have shaken hands."""
    hands = threading.Thread(target=wire.shake_hands, daemon=True)
    hands.start()
    answering = context.wrap_socket(ours, server_side=True)
    hands.join(5)
    return answering


def test_a_connection_that_may_bring_no_more_is_answered_sealed(
    certificate: tuple[Path, Path],
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(5)
        wire = Wire(theirs)
        with shaken(wire, context, ours) as answering:
            _shut(answering, socket.SHUT_RD)
            answering.sendall(WORDS.encode())
            arrived = wire.read()

    assert arrived == WORDS.encode()
    assert WORDS.encode() not in wire.seen


@pytest.mark.slow
def test_an_answer_that_takes_longer_than_a_request_may_arrives_whole_and_sealed(
    certificate: tuple[Path, Path],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.api.streaming_server", str(listening.fileno())]
            + [str(path) for path in certificate],
            pass_fds=[listening.fileno()],
        )
        try:
            with socket.create_connection(listening.getsockname(), timeout=20) as peer:
                wire = Wire(peer)
                wire.shake_hands()
                wire.send(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                arrived = b"".join(iter(wire.read, b""))
        finally:
            process.terminate()
            process.wait(15)

    assert arrived.count(WORDS.encode()) == PIECES
    assert WORDS.encode() not in wire.seen
