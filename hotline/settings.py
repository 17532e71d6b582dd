"""Every setting, read once from `HOTLINE_*` and `.env`, checked at start."""

import os
import re
import shlex
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from hotline.errors import BadSetting
from ivr.drivers.twiml import MOST_RUNG
from understanding.phone_number import read_phone_number


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hotline"


def _language(tag: str) -> str:
    """`vi` of `vi-VN`: wordings are told apart by language alone."""
    return tag.strip().replace("_", "-").split("-")[0].lower()


def _e164(value: str) -> str:
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", value):
        raise ValueError(f"expected numbers such as +842912345678, found {value!r}")
    return value


class Settings(BaseSettings):
    """The settings of one installation; `.env.example` lists them with their units."""

    model_config = SettingsConfigDict(
        env_prefix="HOTLINE_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    data: Path = Path("var")
    cache: Path = Field(default_factory=_user_cache)
    database_url: str | None = None
    province: str = "bac_lieu"

    web_bind: str = "127.0.0.1:8000"
    web_threads: int = Field(default=16, ge=2, le=256)
    live_streams: int = Field(default=32, ge=0, le=1000)
    limits_storage: str = "memory://"
    tiles_url: str | None = None
    tiles_credit: str = ""
    citizens: bool = True
    citizens_browser_hour: int = Field(default=5, ge=1, le=1000)
    citizens_address_hour: int = Field(default=30, ge=1, le=100_000)
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    webhook_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()

    asterisk: str = "auto"
    sip_bind: str = "127.0.0.1:5060"
    manager_bind: str = "127.0.0.1:5038"
    rtp_ports: str = "20000-20499"
    agi_binds: Annotated[tuple[str, ...], NoDecode] = ("127.0.0.1:4573", "127.0.0.1:4574")
    trunk_addresses: Annotated[tuple[str, ...], NoDecode] = ()
    trunk_registration: str | None = None
    trunk_server: str | None = None
    emergency_dial: bool = False
    operators: Annotated[tuple[str, ...], NoDecode] = ()
    operator_networks: Annotated[tuple[str, ...], NoDecode] = ()
    phones: bool = True
    phone_bind: str = "127.0.0.1:8088"
    phone_url: str | None = None
    phone_ice: Annotated[tuple[str, ...], NoDecode] = ()
    phone_turn_secret: SecretStr = SecretStr("")
    listening_tone: bool = True
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    handling_s: int = Field(default=240, ge=10, le=3600)

    backups: Path | None = None

    alert_numbers: Annotated[tuple[str, ...], NoDecode] = ()

    public_url: str | None = None

    sms_provider: Literal["log", "twilio", "smpp"] = "log"
    sms_sender: str = ""
    sms_accents: bool = False
    sms_parts_s: float = Field(default=10.0, ge=0.1, le=1000)

    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_api_url: str = "https://api.twilio.com"
    twilio_numbers: Annotated[tuple[str, ...], NoDecode] = ()
    twilio_operators: Annotated[tuple[str, ...], NoDecode] = ()
    twilio_emergency_dial: bool = False
    twilio_words: Literal["none", "own", "twilio"] = "none"
    twilio_delete_recordings: bool = True

    smpp_server: str | None = None
    smpp_system_id: str = ""
    smpp_password: SecretStr = SecretStr("")
    smpp_tls: bool = False
    smpp_window: int = Field(default=1, ge=1, le=100)
    smpp_long: Literal["udh", "sar", "payload"] = "udh"

    disk_alarm_mb: int = Field(default=2000, ge=1)
    disk_reserve_mb: int = Field(default=500, ge=1)
    disk_ballast_mb: int = Field(default=100, ge=1)
    disk_last_mb: int = Field(default=50, ge=1)

    speech: Literal["auto", "none", "whisper", "vosk", "scripted"] = "auto"
    speech_bind: str = "127.0.0.1:9099"
    speech_workers: int = Field(default=1, ge=1, le=64)
    speech_streams: int = Field(default=8, ge=1, le=500)
    speech_model: str = "auto"
    speech_threads: int = Field(default=2, ge=1, le=64)

    voices: Annotated[tuple[str, ...], NoDecode] = ()
    voice_program: str = "piper"
    voice_limit_s: float = Field(default=30.0, ge=1, le=600)

    @field_validator(
        "agi_binds",
        "trunk_addresses",
        "operators",
        "operator_networks",
        "phone_ice",
        "alert_numbers",
        "twilio_numbers",
        "twilio_operators",
        "voices",
        "webhook_networks",
        "trusted_proxies",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("public_url", "twilio_api_url")
    @classmethod
    def _base_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value.rstrip("/"))
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query:
            raise ValueError(f"expected a URL such as https://hotline.example.vn, found {value!r}")
        return value.rstrip("/")

    @field_validator("tiles_url")
    @classmethod
    def _tiles_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            host = parts.hostname and (parts.port or True)
        except ValueError:  # of the port
            host = None
        drawn = all(mark in value for mark in ("{z}", "{x}", "{y}"))
        known = drawn or parts.path.endswith(".json")
        # The host goes into a header: only what a host may have.
        plain = host and re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", parts.netloc)
        if parts.scheme not in ("http", "https") or not plain or not known:
            raise ValueError(
                "expected a URL such as https://tiles.example.vn/{z}/{x}/{y}.png, or of a style "
                f"that ends in .json, found {value!r}"
            )
        return value

    @field_validator("phone_url")
    @classmethod
    def _socket(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        if value is not None and (parts.scheme not in ("ws", "wss") or not parts.netloc):
            raise ValueError(f"expected a URL such as wss://hotline.example.vn/ws, found {value!r}")
        return value

    @field_validator("phone_ice")
    @classmethod
    def _ice(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if not re.fullmatch(r"(stun|turns?):[^\s@]+", value):
                raise ValueError(f"expected such as turn:turn.example.vn:3478, found {value!r}")
        return values

    @field_validator("twilio_numbers")
    @classmethod
    def _e164(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_e164(value) for value in values)

    @field_validator("twilio_operators")
    @classmethod
    def _rung(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        if len(values) > MOST_RUNG:
            raise ValueError(f"expected at most {MOST_RUNG} operators, found {len(values)}")
        return tuple(v if v.startswith(("sip:", "sips:")) else _e164(v) for v in values)

    @field_validator("smpp_server")
    @classmethod
    def _server(cls, value: str | None) -> str | None:
        return cls._address(value) if value is not None else None

    @field_validator("web_bind", "sip_bind", "manager_bind", "phone_bind", "speech_bind")
    @classmethod
    def _address(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError(f"expected HOST:PORT, found {value!r}")
        return value

    @field_validator("agi_binds")
    @classmethod
    def _addresses(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(cls._address(value) for value in values)

    @field_validator("limits_storage")
    @classmethod
    def _storage(cls, value: str) -> str:
        if value != "memory://" and not value.startswith(("redis://", "rediss://")):
            raise ValueError("expected memory:// or redis://HOST:PORT/0")
        return value

    @field_validator("alert_numbers")
    @classmethod
    def _numbers(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        found = [read_phone_number(value) for value in values]
        for value, number in zip(values, found, strict=True):
            if number is None or not number.mobile:
                raise ValueError(f"expected mobile numbers, found {value!r}")
        return tuple(number.e164 for number in found if number)

    @field_validator("voices")
    @classmethod
    def _voice_files(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        languages = [_language(value.partition("=")[0]) for value in values]
        for value, language in zip(values, languages, strict=True):
            if not language or not value.partition("=")[2].strip():
                raise ValueError(f"expected LANGUAGE=FILE.onnx, found {value!r}")
            if languages.count(language) > 1:
                raise ValueError(f"expected one voice for each language, found two of {language!r}")
        return values

    @field_validator("voice_program")
    @classmethod
    def _command(cls, value: str) -> str:
        try:
            words = shlex.split(value)
        except ValueError as error:
            raise ValueError(f"expected a command, found {value!r}: {error}") from error
        if not words:
            raise ValueError("expected a command, found none")
        return value

    @field_validator("data", "cache", "backups", "tls_certificate", "tls_key")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value is not None else None

    @property
    def database(self) -> str:
        """The SQLAlchemy URL; the embedded SQLite file unless one is configured."""
        return self.database_url or f"sqlite:///{self.data / 'hotline.sqlite3'}"

    @property
    def queued(self) -> bool:
        """Whether there is a queue: somebody can be rung."""
        return self.asterisk != "none" and bool(self.operators or self.phones)

    @property
    def twilio_calls(self) -> bool:
        """Whether Twilio's calls can come here."""
        token = self.twilio_auth_token.get_secret_value()
        return bool(self.twilio_account_sid and token and self.public_url)

    @property
    def twilio_hears_itself(self) -> bool:
        """Whether our own recogniser listens at Twilio's menus."""
        return self.twilio_words == "own" and self.speech != "none"

    @property
    def recordings(self) -> Path:
        return self.data / "recordings"

    @property
    def attachments(self) -> Path:
        return self.data / "attachments"

    @property
    def uploads(self) -> Path:
        """Files between their preview and the word that they are to be kept."""
        return self.data / "uploads"

    @property
    def boundaries(self) -> Path:
        """Boundaries of units, as `hotline province boundaries` keeps them."""
        return self.data / "boundaries"

    @property
    def checkpoints(self) -> Path:
        """How far the audit log had come, outside the database."""
        return self.data / "audit" / "checkpoints.jsonl"

    @property
    def erasures(self) -> Path:
        """Ids of what was erased by law since the oldest backup."""
        return self.data / "audit" / "erasures.jsonl"

    @property
    def backup_folder(self) -> Path:
        return self.backups or self.data / "backups"

    @property
    def sounds(self) -> Path:
        return self.data / "sounds"

    @property
    def recorded_units(self) -> Path:
        """Where operators lay what a speaker recorded: LANGUAGE/units/NAME.wav."""
        return self.data / "prompts" / "recorded"

    @property
    def prompt_takes(self) -> Path:
        """What was recorded in the console, of which some is published."""
        return self.data / "prompts" / "takes"

    @property
    def prompts_played_alone(self) -> Path:
        """Of what is published, the few sounds that Asterisk plays by itself: LANGUAGE/NAME.wav."""
        return self.data / "prompts" / "alone"

    @property
    def voice_files(self) -> Mapping[str, Path]:
        """Language without region → Piper's voice that speaks it."""
        pairs = (value.partition("=") for value in self.voices)
        return {
            _language(tag): Path(file.strip()).expanduser().absolute() for tag, _, file in pairs
        }

    @property
    def voice_command(self) -> tuple[str, ...]:
        """Piper, and its first arguments."""
        return tuple(shlex.split(self.voice_program))

    @property
    def models(self) -> Path:
        return self.data / "models"

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def spool(self) -> Path:
        """Where Asterisk leaves word for us while we are not there."""
        return self.data / "spool"


def read_settings() -> Settings:
    """The settings of this process.

    Raises:
        BadSetting: a value is not what its field expects; the message names the variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "HOTLINE_" + str(first["loc"][0]).upper() if first["loc"] else "settings"
        raise BadSetting(f"{name}: {first['msg'].removeprefix('Value error, ')}") from error
