"""Write Asterisk's configuration from the templates in `asterisk_conf` and the settings."""

import hashlib
import ipaddress
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from asterisk_conf import TEMPLATES
from hotline.errors import BadSetting
from hotline.private_files import write_private
from hotline.telephony.checked import (
    MANAGER,
    PHONE,
    QUEUE,
    emergency_numbers,
    is_address,
    literal,
    loopback,
    network,
    operators,
    ports,
    reachable,
    registration,
    trunk_server,
)
from hotline.telephony.errors import AsteriskMissing
from hotline.telephony.installation import Installation
from hotline.telephony.modules import (
    DIAL_MODULES,
    MODULES,
    OUTGOING_MODULES,
    PHONE_MODULES,
    QUEUE_MODULES,
    SPEECH_MODULES,
)
from hotline.telephony.waiting_tone import write_silence, write_waiting_tone
from ivr.ami import USER

LONGEST_CALL_S = 1800
LONGEST_TALK_S = 7200  # with an operator, or with 113; ivr.drivers.agi_sweep knows it too
LAST_RESORT_S = 120
RING_S = 25
# How often the dialplan asks how the listening goes; speech.service_hearing knows it too.
LISTENING_ROUND_S = 0.5
MOST_LISTENING_ROUNDS = 300
LOOPBACK = ("127.0.0.0/8", "::1/128")
# An operator's browser or machine may die in every talk; after so many the flow decides.
MOST_LOST = 3
EMPTY_ROUNDS = 7  # of two seconds: as long as a page takes to come back
FIRST_IN_QUEUE = 1_000_000  # more than the seconds that anybody waits, which are the others' order
SEAT_SILENCE_S = 6
LONGEST_HOLD_S = 600
MOST_PHONES = 200  # WebSockets at once
SOCKET_PATH_BYTES = 100  # a Unix socket's path may have 107; Asterisk's own is asterisk.ctl
# Files that Asterisk's core looks for and complains of when they are absent; its defaults do.
UNSET = ("acl", "ccss", "features", "pjproject", "stasis", "udptl", "websocket_client")


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


@dataclass(frozen=True)
class Operator:
    """A telephone that takes calls from the queue."""

    name: str
    secret: str


def render(telephony: Telephony, installation: Installation) -> Path:
    """Write the configuration and make the folders; the folder `etc` for `asterisk_command`.

    Everything is written anew each time; the secrets are made once and kept.

    Raises:
        BadSetting: a setting is not what its field expects; the message names the variable.
        AsteriskMissing: a folder of Asterisk's cannot be made safely.
    """
    values = _values(telephony, installation)
    for folder in ("etc", "lib", "cache", "spool/outgoing", "spool/tmp", "log", "waiting"):
        (telephony.run / folder).mkdir(parents=True, exist_ok=True)
    telephony.recordings.mkdir(parents=True, exist_ok=True)
    # Callers' numbers and words lie here for a while: for our own eyes only.
    for folder_path in (telephony.ended_calls, telephony.last_resort, telephony.unreached):
        folder_path.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder_path.chmod(0o700)
    _empty(telephony.seats)
    write_waiting_tone(telephony.run / "waiting" / "tone.wav")
    write_silence(telephony.run / "silence.wav")
    _own_folder(telephony.socket_folder)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["literal"] = literal
    for template in sorted(TEMPLATES.glob("*.conf")):
        text = environment.get_template(template.name).render(values)
        write_private(telephony.etc / template.name, text)
    for name in UNSET:
        write_private(telephony.etc / f"{name}.conf", "; nothing to set\n")
    return telephony.etc


@dataclass(frozen=True)
class Phones:
    """Where browsers' telephones connect."""

    host: str
    port: str
    certificate: Path | None
    key: Path | None
    most: int = MOST_PHONES

    @property
    def host_port(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Manager:
    """Where Asterisk's manager listens, and the one user that it knows."""

    host: str
    port: str
    user: str
    secret: str


def manager_secret(data: Path) -> str:
    """The secret with which our software signs in at Asterisk's manager."""
    return _kept_secret(data / "secrets" / MANAGER)


def phone_secret(data: Path) -> str:
    """The secret of this machine's own phone, made at first need and kept with mode 0600."""
    return _kept_secret(data / "secrets" / PHONE)


def operator_secret(data: Path, name: str) -> str:
    """The secret with which an operator's telephone signs in."""
    return _kept_secret(data / "secrets" / f"operator-{name}")


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    secret = secrets.token_urlsafe(24)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret + "\n")
    return secret


def _values(telephony: Telephony, installation: Installation) -> dict[str, object]:
    for name, path in (("HOTLINE_DATA", telephony.data), ("HOTLINE_CACHE", installation.modules)):
        if not path.is_absolute() or any(sign in str(path) for sign in ';",${}[]()&\n'):
            raise BadSetting(
                f'{name}: expected an absolute path without the signs ; " , $ {{ }} [ ] ( ), '
                f"found {str(path)!r}"
            )
    speech_server = _speech_server(telephony, installation)
    first, last = ports(telephony.rtp_ports)
    host = telephony.sip_bind.rpartition(":")[0].strip("[]")
    everywhere = ipaddress.ip_address(host).is_unspecified if is_address(host) else False
    if not is_address(host):
        raise BadSetting(f"HOTLINE_SIP_BIND: expected ADDRESS:PORT, found {telephony.sip_bind!r}")
    return {
        "etc": telephony.etc,
        "run": telephony.run,
        "socket_folder": telephony.socket_folder,
        "ended_calls": telephony.ended_calls,
        "modules": installation.modules,
        "asterisk_data": installation.data,
        "language": telephony.language,
        "max_calls": (last - first + 1) // 2,
        "module_names": _modules(telephony) + (SPEECH_MODULES if speech_server else ()),
        "speech_server": speech_server,
        "listening_round_s": LISTENING_ROUND_S,
        "most_listening_rounds": MOST_LISTENING_ROUNDS,
        "silence": telephony.run / "silence",
        "rtp_first": first,
        "rtp_last": last,
        "sip_bind": telephony.sip_bind,
        "media_address": None if everywhere else host,
        "phone_name": PHONE,
        "phone_secret": phone_secret(telephony.data),
        "trunk_addresses": tuple(
            network(address, "HOTLINE_TRUNK_ADDRESSES") for address in telephony.trunk_addresses
        ),
        "registration": registration(telephony.trunk_registration, telephony.trunk_addresses),
        "agi_servers": tuple(reachable(server) for server in telephony.agi_servers),
        "longest_call_s": LONGEST_CALL_S,
        "failed_rounds": telephony.failed_rounds,
        "most_rounds": telephony.most_rounds,
        "longest_talk_s": LONGEST_TALK_S,
        "last_resort_s": LAST_RESORT_S,
        "ring_s": RING_S,
        "queue": QUEUE,
        "leave_keys": tuple(telephony.leave_keys),
        "last_resort": telephony.last_resort,
        "unreached": telephony.unreached,
        "sounds": telephony.data / "sounds",
        "manager": _manager(telephony),
        "phones": _phones(telephony),
        "seats": telephony.seats,
        "seat_silence_s": SEAT_SILENCE_S,
        "longest_hold_s": LONGEST_HOLD_S,
        "queued": telephony.queued,
        "most_lost": MOST_LOST,
        "empty_rounds": EMPTY_ROUNDS,
        "first_in_queue": FIRST_IN_QUEUE,
        "waiting_sounds": telephony.run / "waiting",
        "trunk_server": trunk_server(
            telephony.trunk_server, telephony.trunk_addresses, telephony.hotline_number
        ),
        "hotline_number": telephony.hotline_number,
        "emergency_numbers": emergency_numbers(telephony.emergency_numbers, telephony.trunk_server),
        "operators": tuple(
            Operator(name, operator_secret(telephony.data, name))
            for name in operators(telephony.operators)
        ),
        "operator_networks": LOOPBACK
        + tuple(network(one, "HOTLINE_OPERATOR_NETWORKS") for one in telephony.operator_networks),
    }


def _manager(telephony: Telephony) -> Manager | None:
    if telephony.manager_bind is None:
        return None
    host, port = loopback(telephony.manager_bind, "HOTLINE_MANAGER_BIND")
    return Manager(host, port, USER, manager_secret(telephony.data))


def _phones(telephony: Telephony) -> Phones | None:
    if telephony.phone_bind is None:
        return None
    host, _, port = telephony.phone_bind.rpartition(":")
    host = host.strip("[]")
    if not is_address(host) or not port.isdigit():
        raise BadSetting(f"HOTLINE_PHONE_BIND: expected ADDRESS:PORT, found {telephony.phone_bind}")
    certificate, key = telephony.tls_certificate, telephony.tls_key
    if (certificate is None) != (key is None):
        raise BadSetting("expected HOTLINE_TLS_CERTIFICATE and HOTLINE_TLS_KEY, found one of them")
    for path in (certificate, key):
        if path is not None and not path.is_file():
            raise BadSetting(f"HOTLINE_TLS_CERTIFICATE, HOTLINE_TLS_KEY: no file at {path}")
    return Phones(host, port, certificate, key)


def _empty(folder: Path) -> None:
    """Passwords of former sessions open nothing after a start."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    for path in folder.glob("*.conf"):
        path.unlink(missing_ok=True)


def _speech_server(telephony: Telephony, installation: Installation) -> str | None:
    """Who listens; nobody where Asterisk has not the modules: calls are answered all the same."""
    if telephony.speech_server is None or installation.missing_modules(SPEECH_MODULES):
        return None
    return reachable(telephony.speech_server, "HOTLINE_SPEECH_BIND")


def _modules(telephony: Telephony) -> tuple[str, ...]:
    """Only what the settings need: what is not loaded can neither ring nor be rung."""
    modules: tuple[str, ...] = MODULES
    if telephony.queued:
        modules += QUEUE_MODULES
    if telephony.phone_bind:
        modules += PHONE_MODULES
    if telephony.emergency_numbers:
        modules += DIAL_MODULES
    if telephony.trunk_server:
        modules += OUTGOING_MODULES
    return tuple(dict.fromkeys(modules + telephony.extra_modules))


def _own_folder(folder: Path) -> None:
    """Make `folder` ours alone; in a shared temporary folder somebody else could have made it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    state = folder.lstat()
    if folder.is_symlink() or state.st_uid != os.getuid():
        raise AsteriskMissing(
            f"{folder} belongs to another user: remove it, or shorten HOTLINE_DATA"
        )
    folder.chmod(0o700)
