"""Operators' telephones in the browser, as Asterisk knows them: one seat for each user.

A seat has a file among Asterisk's configuration with a password that is made anew each time its
page is opened, so that a password is worth nothing once somebody else or another tab has the seat.
"""

import os
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import BadSeat

_OPENING = "; opened as "
_NAME = re.compile(r"seat-[0-9a-f]{8,32}")
# A page that has lain open for longer opens its seat anew.
PASSWORD_LIFE_S = 12 * 3600


@dataclass(frozen=True)
class Line:
    """With what a browser signs in at Asterisk; `opening` tells this time from others."""

    seat: str
    password: str
    opening: str


@dataclass(frozen=True)
class Seats:
    """The seats of one Asterisk; `folder` is read by it whenever `reload` is called."""

    folder: Path
    reload: Callable[[], None]

    def open(self, user_id: str) -> Line:
        """The user's seat under a new password; the former one ends with the next registration.

        Raises:
            BadSeat: the user's id cannot be part of a name.
        """
        line = Line(seat_of(user_id), secrets.token_urlsafe(24), secrets.token_hex(8))
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._forget_old()
        text = (
            f"{_OPENING}{line.opening}\n"
            f"[{line.seat}](hotline-seat)\nauth = {line.seat}\naors = {line.seat}\n"
            f"set_var = HOTLINE_SEAT={line.seat}\n"
            f"[{line.seat}](hotline-seat-auth)\n"
            f"username = {line.seat}\npassword = {line.password}\n"
            f"[{line.seat}](hotline-seat-aor)\n"
        )
        ready = self.folder / f".{line.seat}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(ready, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        ready.replace(self._file(line.seat))
        self.reload()
        return line

    def close(self, user_id: str) -> None:
        """Nobody signs in there any more; a talk that is going on ends by itself."""
        path = self._file(seat_of(user_id))
        if path.exists():
            path.unlink(missing_ok=True)
            self.reload()

    def opened_elsewhere(self, user_id: str, opening: str) -> bool:
        """Whether the user's seat was opened once more since; not so where Asterisk forgot it."""
        try:
            first, _, _ = self._file(seat_of(user_id)).read_text().partition("\n")
        except FileNotFoundError:
            return False
        return first != f"{_OPENING}{opening}"

    def users(self) -> list[str]:
        """Whose seats are open."""
        names = sorted(path.stem for path in self.folder.glob("seat-*.conf"))
        return [user_id for name in names if (user_id := user_of(name)) is not None]

    def _file(self, seat: str) -> Path:
        return self.folder / f"{seat}.conf"

    def _forget_old(self) -> None:
        """Seats whose page was opened long ago; the next reload does without them."""
        oldest = time.time() - PASSWORD_LIFE_S
        for path in self.folder.glob("seat-*.conf"):
            try:
                if path.stat().st_mtime < oldest:
                    path.unlink()
            except FileNotFoundError:
                continue  # another web server was quicker


def seat_of(user_id: str) -> str:
    """The name of the user's seat at Asterisk.

    Raises:
        BadSeat: the id cannot be part of a name.
    """
    name = f"seat-{user_id}"
    if not _NAME.fullmatch(name):
        raise BadSeat("expected a user's id of 8 to 32 hexadecimal digits, found another")
    return name


def user_of(interface: str) -> str | None:
    """Whose seat that interface of the queue is; None where it is none."""
    name = interface.removeprefix("PJSIP/")
    return name.removeprefix("seat-") if _NAME.fullmatch(name) else None
