"""Whether the ports that we are about to use are free."""

from hotline.errors import SetupFailed
from hotline.port_holders import holder_of, is_free
from hotline.settings import Settings
from hotline.telephony.wanted import NONE


def check_ports(settings: Settings) -> None:
    """Raises: SetupFailed: a port is taken; the message names it, its holder and the mend."""
    wanted = [("HOTLINE_WEB_BIND", settings.web_bind, "tcp")]
    wanted += [("HOTLINE_AGI_BINDS", bind, "tcp") for bind in settings.agi_binds]
    if settings.speech != NONE:
        wanted.append(("HOTLINE_SPEECH_BIND", settings.speech_bind, "tcp"))
    if settings.asterisk != NONE:
        wanted += [("HOTLINE_SIP_BIND", settings.sip_bind, kind) for kind in ("udp", "tcp")]
        wanted.append(("HOTLINE_MANAGER_BIND", settings.manager_bind, "tcp"))
        if settings.phones:
            wanted.append(("HOTLINE_PHONE_BIND", settings.phone_bind, "tcp"))
    for setting, bind, kind in wanted:
        try:
            free = is_free(bind, kind)
        except OSError as error:
            raise SetupFailed(f"{setting}: {bind} cannot be used: {error.strerror}") from error
        if not free:
            holder = holder_of(int(bind.rpartition(":")[2]), kind)
            raise SetupFailed(
                f"{bind} ({kind}) is in use by {holder}: end that, or choose another with {setting}"
            )
