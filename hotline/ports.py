"""Whether the ports that we are about to use are free."""

import socket

from hotline.errors import SetupFailed
from hotline.settings import Settings
from hotline.telephony.wanted import NONE


def check_ports(settings: Settings) -> None:
    """Raises: SetupFailed: a port is taken; the message names it, its setting and the mend."""
    wanted = [("HOTLINE_WEB_BIND", settings.web_bind, socket.SOCK_STREAM)]
    wanted += [("HOTLINE_AGI_BINDS", bind, socket.SOCK_STREAM) for bind in settings.agi_binds]
    if settings.asterisk != NONE:
        wanted.append(("HOTLINE_SIP_BIND", settings.sip_bind, socket.SOCK_DGRAM))
        wanted.append(("HOTLINE_SIP_BIND", settings.sip_bind, socket.SOCK_STREAM))
    for setting, bind, kind in wanted:
        if (why := _busy(bind, kind)) is not None:
            raise SetupFailed(
                f"{bind} cannot be used ({why}): end what uses it, which may be another copy of "
                f"the hotline, or choose another port with {setting}"
            )


def _busy(bind: str, kind: socket.SocketKind) -> str | None:
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
            if kind == socket.SOCK_STREAM:
                probe.listen(1)
        except OSError as error:
            return (error.strerror or "unknown reason").lower()
    return None
