"""What Asterisk's configuration depends on, and where its files lie."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

SOCKET_PATH_BYTES = 100  # a Unix socket's path may have 107; Asterisk's own is asterisk.ctl


@dataclass(frozen=True)
class Telephony:
    """What the configuration depends on; every folder is absolute.

    `sip_bind` and `agi_servers` are HOST:PORT, `rtp_ports` is FIRST-LAST, `trunk_addresses` are
    addresses or networks, `trunk_registration` is USER:SECRET@HOST, `trunk_server` is where our own
    calls go, HOST[:PORT]; without one none do. `emergency_numbers` are the only ones to which
    callers can be connected. `operators` are the names of the telephones that take calls from the
    queue, `operator_networks` are where they may sign in from besides this machine, `leave_keys`
    leave the queue. `failed_rounds` is how often all servers may fail in a row before the dialplan
    records by itself; `most_rounds` bounds the rounds of a call altogether; `speech_server` is
    the HOST:PORT that listens to callers, without one nobody does; `manager_bind` is where
    Asterisk's manager listens, on this machine; `phone_bind` is where browsers' telephones connect,
    HOST:PORT, without one there are none, encrypted with `tls_certificate` and `tls_key` where they
    are set; `extra_modules` are for tests.
    """

    data: Path
    sip_bind: str
    rtp_ports: str
    agi_servers: tuple[str, ...]
    trunk_addresses: tuple[str, ...] = ()
    trunk_registration: str | None = None
    trunk_server: str | None = None
    hotline_number: str = ""
    emergency_numbers: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    operator_networks: tuple[str, ...] = ()
    leave_keys: str = "12"
    language: str = "vi"
    most_rounds: int = 20
    # A second between them and a prompt of two or three: six seconds, long enough to restart an
    # AGI server, and no caller is left longer without a word.
    failed_rounds: int = 5
    speech_server: str | None = None
    manager_bind: str | None = None
    phone_bind: str | None = None
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    extra_modules: tuple[str, ...] = ()

    @property
    def run(self) -> Path:
        return self.data / "run" / "asterisk"

    @property
    def etc(self) -> Path:
        return self.run / "etc"

    @property
    def ended_calls(self) -> Path:
        """Where a call that ended without our software's knowledge leaves a file with its id."""
        return self.data / "spool" / "ended"

    @property
    def last_resort(self) -> Path:
        """Where the dialplan leaves what it recorded by itself, with a note beside each."""
        return self.data / "spool" / "last_resort"

    @property
    def unreached(self) -> Path:
        """Where an outgoing call that nobody answered leaves a file with its id."""
        return self.data / "spool" / "unreached"

    @property
    def spool(self) -> Path:
        """Asterisk's own spool; call files go into its folder `outgoing`."""
        return self.run / "spool"

    @property
    def seats(self) -> Path:
        """Where each telephone in a browser has a file that Asterisk reads."""
        return self.run / "seats"

    @property
    def queued(self) -> bool:
        """Whether there is a queue: somebody can be rung."""
        return bool(self.operators or self.phone_bind)

    @property
    def recordings(self) -> Path:
        return self.data / "recordings"

    @property
    def socket_folder(self) -> Path:
        """Where Asterisk keeps its control socket and its pid."""
        if len(os.fsencode(self.run / "asterisk.ctl")) <= SOCKET_PATH_BYTES:
            return self.run
        # The kernel refuses longer socket paths, so this one thing lies outside the data folder.
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"hotline-{os.getuid()}-{name}"
