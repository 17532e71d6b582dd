"""Write Asterisk's configuration from the templates in `asterisk_conf` and the settings."""

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from asterisk_conf import TEMPLATES
from hotline.errors import BadSetting
from hotline.private_files import write_private
from hotline.telephony.checked import (
    PHONE,
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
from hotline.telephony.kept_secrets import manager_secret, operator_secret, phone_secret
from hotline.telephony.modules import (
    DIAL_MODULES,
    MODULES,
    OUTGOING_MODULES,
    PHONE_MODULES,
    QUEUE_MODULES,
    SPEECH_MODULES,
)
from hotline.telephony.telephony import Telephony
from hotline.telephony.waiting_tone import write_silence, write_waiting_tone
from ivr.ami import USER
from ivr.queue_members import QUEUE

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
# Files that Asterisk's core looks for and complains of when they are absent; its defaults do.
UNSET = ("acl", "ccss", "features", "pjproject", "stasis", "udptl", "websocket_client")


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
