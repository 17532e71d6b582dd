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
from hotline.telephony.errors import AsteriskMissing
from hotline.telephony.installation import Installation
from hotline.telephony.modules import MODULES

PHONE = "phone"
LONGEST_CALL_S = 1800
SOCKET_PATH_BYTES = 100  # a Unix socket's path may have 107; Asterisk's own is asterisk.ctl
# Files that Asterisk's core looks for and complains of when they are absent; its defaults do.
UNSET = ("acl", "ccss", "features", "pjproject", "stasis", "udptl")
SMALLEST_PREFIX = {4: 16, 6: 32}  # a larger network is not one carrier's


@dataclass(frozen=True)
class Telephony:
    """What the configuration depends on; every folder is absolute.

    `sip_bind` and `agi_servers` are HOST:PORT, `rtp_ports` is FIRST-LAST, `trunk_addresses` are
    addresses or networks, `trunk_registration` is USER:SECRET@HOST. `technical_problem` is the
    prompt for the case that no server answers, without ".wav"; it need not exist.
    `failed_rounds` is how often all servers may fail in a row before the caller is let go;
    `most_rounds` bounds the rounds of a call altogether; `extra_modules` are for tests.
    """

    data: Path
    sip_bind: str
    rtp_ports: str
    agi_servers: tuple[str, ...]
    trunk_addresses: tuple[str, ...] = ()
    trunk_registration: str | None = None
    technical_problem: Path | None = None
    language: str = "vi"
    most_rounds: int = 20
    failed_rounds: int = 15  # a second between them: long enough to restart every AGI server
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
class Registration:
    """How we make ourselves known to a carrier that wants it."""

    user: str
    secret: str
    host: str


def render(telephony: Telephony, installation: Installation) -> Path:
    """Write the configuration and make the folders; the folder `etc` for `asterisk_command`.

    Everything is written anew each time; the secrets are made once and kept.

    Raises:
        BadSetting: a setting is not what its field expects; the message names the variable.
        AsteriskMissing: a folder of Asterisk's cannot be made safely.
    """
    values = _values(telephony, installation)
    for folder in ("etc", "lib", "cache", "spool", "log"):
        (telephony.run / folder).mkdir(parents=True, exist_ok=True)
    for folder_path in (telephony.ended_calls, telephony.recordings):
        folder_path.mkdir(parents=True, exist_ok=True)
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


def phone_secret(data: Path) -> str:
    """The secret of this machine's own phone, made at first need and kept with mode 0600."""
    path = data / "secrets" / "phone"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    secret = secrets.token_urlsafe(24)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret + "\n")
    return secret


def literal(value: str) -> str:
    """`value` as Asterisk reads it back unchanged: a semicolon would begin a comment.

    Raises:
        BadSetting: it holds a character that ends a line or cannot be written.
    """
    if any(not character.isprintable() for character in value):
        raise BadSetting("HOTLINE_TRUNK_REGISTRATION: expected printable characters only")
    return value.replace(";", "\\;")


def _values(telephony: Telephony, installation: Installation) -> dict[str, object]:
    for name, path in (("HOTLINE_DATA", telephony.data), ("HOTLINE_CACHE", installation.modules)):
        if not path.is_absolute() or any(sign in str(path) for sign in ';",${}[]()\n'):
            raise BadSetting(
                f'{name}: expected an absolute path without the signs ; " , $ {{ }} [ ] ( ), '
                f"found {str(path)!r}"
            )
    first, last = _ports(telephony.rtp_ports)
    host = telephony.sip_bind.rpartition(":")[0].strip("[]")
    everywhere = ipaddress.ip_address(host).is_unspecified if _is_address(host) else False
    if not _is_address(host):
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
        "module_names": MODULES + telephony.extra_modules,
        "rtp_first": first,
        "rtp_last": last,
        "sip_bind": telephony.sip_bind,
        "media_address": None if everywhere else host,
        "phone_name": PHONE,
        "phone_secret": phone_secret(telephony.data),
        "trunk_addresses": tuple(_network(address) for address in telephony.trunk_addresses),
        "registration": _registration(telephony),
        "agi_servers": tuple(_reachable(server) for server in telephony.agi_servers),
        "longest_call_s": LONGEST_CALL_S,
        "failed_rounds": telephony.failed_rounds,
        "most_rounds": telephony.most_rounds,
        "technical_problem": telephony.technical_problem
        or telephony.data / "sounds" / telephony.language / "technical_problem",
    }


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _ports(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdigit() and last.isdigit() and 1024 <= int(first) < int(last) < 65536):
        raise BadSetting(
            f"HOTLINE_RTP_PORTS: expected FIRST-LAST, such as 20000-20499, found {text!r}"
        )
    return int(first), int(last)


def _network(text: str) -> str:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise BadSetting(
            f"HOTLINE_TRUNK_ADDRESSES: expected an address or network, found {text!r} "
            "(a name would let whoever answers for it in the DNS call in as the carrier)"
        ) from None
    if network.prefixlen < SMALLEST_PREFIX[network.version]:
        raise BadSetting(f"HOTLINE_TRUNK_ADDRESSES: {text} is too wide to be one carrier's")
    return str(network)


def _registration(telephony: Telephony) -> Registration | None:
    if telephony.trunk_registration is None:
        return None
    account, _, host = telephony.trunk_registration.rpartition("@")
    user, _, secret = account.partition(":")
    if not (user and secret and host):
        raise BadSetting("HOTLINE_TRUNK_REGISTRATION: expected USER:SECRET@HOST")
    if not telephony.trunk_addresses:
        raise BadSetting(
            "HOTLINE_TRUNK_REGISTRATION: expected the carrier's addresses in "
            "HOTLINE_TRUNK_ADDRESSES too, since its calls are known by them"
        )
    return Registration(user, secret, host)


def _reachable(server: str) -> str:
    host, _, port = server.rpartition(":")
    if not host or not port.isdigit():
        raise BadSetting(f"HOTLINE_AGI_BINDS: expected HOST:PORT, found {server!r}")
    # A server that listens everywhere is reached on this machine.
    return f"127.0.0.1:{port}" if host == "0.0.0.0" else server


def _own_folder(folder: Path) -> None:
    """Make `folder` ours alone; in a shared temporary folder somebody else could have made it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    state = folder.lstat()
    if folder.is_symlink() or state.st_uid != os.getuid():
        raise AsteriskMissing(
            f"{folder} belongs to another user: remove it, or shorten HOTLINE_DATA"
        )
    folder.chmod(0o700)
