"""The secrets with which telephones and our software sign in at Asterisk: made at first need."""

import os
import secrets
from pathlib import Path

from hotline.telephony.checked import MANAGER, PHONE


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
