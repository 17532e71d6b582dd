"""The console with its telephones, at a real Asterisk with the real conversation behind it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import Browser, ConsoleMessage, Page
from sqlalchemy import Engine, select
from werkzeug.serving import make_server

from accounts.models import User
from hotline.app import create_app
from hotline.calls import the_hotline
from hotline.settings import Settings
from hotline.telephony.installation import Installation
from hotline.voices import the_voices
from hotline.wiring import DATA_KEY, the_province
from ivr.drivers.agi_server import AgiServer
from speech.sound import Sound, write_wav
from storage.crypto import use_key
from storage.database import open_engine, transaction
from storage.migrations import upgrade
from tests.asterisk.carrier import Carrier
from tests.asterisk.running import RunningAsterisk, free_ports, running_asterisk, until
from tests.asterisk.watched import MorningClock, lay_short_sounds
from tests.builders import PASSWORD, a_user
from tests.conftest import TEST_KEY
from tests.networks import Network
from tests.processes import end_with_parent
from tests.serving import serving

MICROPHONE_HZ = 48_000
OPERATOR_TONE_HZ = 1000.0
REGISTERED_S = 15
CONSOLE_START_S = 60.0
ARGUMENTS = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    # Loopback addresses are left out of ICE as everywhere; only names instead of addresses are not.
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--ignore-certificate-errors",  # ours is self-made
    "--autoplay-policy=no-user-gesture-required",
)


def a_certificate(folder: Path, address: str) -> tuple[Path, Path]:
    """A self-made certificate of that address, and its key."""
    certificate, key = folder / "own.crt", folder / "own.key"
    order = (
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={address} "
        f"-addext subjectAltName=IP:{address} -keyout {key} -out {certificate}"
    )
    subprocess.run(order.split(), check=True, capture_output=True, timeout=30)
    return certificate, key


def microphone(folder: Path) -> str:
    """The argument with which a browser's microphone hears a tone."""
    path = folder / "microphone.wav"
    at = np.arange(MICROPHONE_HZ * 10) / MICROPHONE_HZ
    tone = (8000 * np.sin(2 * np.pi * OPERATOR_TONE_HZ * at)).astype(np.int16)
    write_wav(path, Sound(tone, MICROPHONE_HZ))
    return f"--use-file-for-fake-audio-capture={path}"


@dataclass
class Exchange:
    """Asterisk, the conversation's server, and the console at `address`; `complaints` of pages."""

    asterisk: RunningAsterisk
    engine: Engine
    settings: Settings
    address: str
    carrier: Carrier
    browser: str = ""  # the program that runs one
    complaints: list[str] = field(default_factory=list)

    def add_user(self, role: str = "operator", name: str | None = None) -> str:
        """The address of a user of that role; made anew unless a test is tried once more."""
        email = f"{name or role}@example.vn"
        with transaction(self.engine) as session:
            if session.scalar(select(User.id).where(User.email == email)) is None:
                session.add(a_user(email=email, role=role))
        return email

    def sign_in(self, browser: Browser, email: str) -> Page:
        """A window of that user's, with a microphone, at the telephone's page."""
        context = browser.new_context(
            permissions=["microphone"], locale="vi", ignore_https_errors=True
        )
        page = context.new_page()

        def listen(said: ConsoleMessage) -> None:
            if "Content Security Policy" in said.text:
                self.complaints.append(said.text)

        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", listen)
        page.goto(f"{self.address}/sign-in?next=/phone")
        page.get_by_label("Thư điện tử").fill(email)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/phone")
        return page


class Console:
    """The console once more, as a process of its own that may be killed and started again."""

    def __init__(self, exchange: Exchange) -> None:
        host = urlsplit(exchange.address).hostname
        self._at = (host or "", free_ports(1)[0])
        self._settings = exchange.settings
        self.address = f"https://{self._at[0]}:{self._at[1]}"

    def start(self) -> None:
        settings = self._settings
        given = {
            "DATA": settings.data,
            "MANAGER_BIND": settings.manager_bind,
            "PHONE_BIND": settings.phone_bind,
            "WEB_BIND": f"{self._at[0]}:{self._at[1]}",
            "TLS_CERTIFICATE": settings.tls_certificate,
            "TLS_KEY": settings.tls_key,
            "OPERATOR_NETWORKS": ",".join(settings.operator_networks),
            "TRUNK_ADDRESSES": ",".join(settings.trunk_addresses),
            "TRUNK_SERVER": settings.trunk_server,
            "SPEECH": "none",
        }
        environment = os.environ | {f"HOTLINE_{name}": str(given[name]) for name in given}
        with (settings.data / "console.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hotline", "web"],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent(),
            )
        until(self._answers, CONSOLE_START_S)

    def kill(self) -> None:
        """As a machine that loses its power ends it: nothing of it says good-bye."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(self._at, 1.0):
            return True
        return False


@contextmanager
def another_console(exchange: Exchange) -> Iterator[Console]:
    """One that runs."""
    console = Console(exchange)
    console.start()
    try:
        yield console
    finally:
        console.kill()


def forget_telephones_soon(etc: Path) -> None:
    """They register anew every few seconds: a test waits for it."""
    file = etc / "pjsip_seats.conf"
    told = file.read_text().replace("minimum_expiration = 30", "minimum_expiration = 5")
    file.write_text(
        told.replace("maximum_expiration = 120", f"maximum_expiration = {REGISTERED_S}")
    )


@contextmanager
def an_exchange(
    installation: Installation, data: Path, carrier: Carrier, network: Network
) -> Iterator[Exchange]:
    """Asterisk and the rest, in this process; browsers come from the neighbour's machine."""
    certificate, key = a_certificate(data, network.address)
    use_key(TEST_KEY)
    manager, phone, web = free_ports(3)
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        data=data,
        manager_bind=f"127.0.0.1:{manager}",
        phone_bind=f"{network.address}:{phone}",
        web_bind=f"{network.address}:{web}",
        tls_certificate=certificate,
        tls_key=key,
        operator_networks=(f"{network.address}/24",),
        speech="none",
        trunk_addresses=(carrier.host,),
        trunk_server=carrier.address,
    )
    settings.secrets.mkdir(mode=0o700, exist_ok=True)
    (settings.secrets / DATA_KEY).write_bytes(TEST_KEY)  # of a console in another process, too
    province = the_province(settings)
    lay_short_sounds(the_voices(settings, province))
    database = open_engine(settings.database)
    upgrade(database)
    clock = MorningClock()
    with ExitStack() as stack:
        stack.callback(database.dispose)
        asterisk = stack.enter_context(
            running_asterisk(
                installation,
                data,
                agi_servers=1,
                manager_bind=settings.manager_bind,
                phone_bind=settings.phone_bind,
                operators=settings.operators,
                trunk_addresses=settings.trunk_addresses,
                trunk_server=settings.trunk_server,
                operator_networks=settings.operator_networks,
                weaken=forget_telephones_soon,
                tls_certificate=certificate,
                tls_key=key,
            )
        )
        real = the_hotline(settings, database, the_province(settings))
        hotline = replace(real, conversations=replace(real.conversations, clock=clock))
        stack.enter_context(serving(AgiServer(("127.0.0.1", asterisk.agi_port), hotline)))
        app = create_app(settings)
        server = make_server(
            network.address, web, app, threaded=True, ssl_context=(str(certificate), str(key))
        )
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Exchange(asterisk, database, settings, f"https://{network.address}:{web}", carrier)
        server.shutdown()
        thread.join()
        server.server_close()
