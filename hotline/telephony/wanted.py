"""The telephone side as the settings want it."""

from hotline.settings import Settings
from hotline.telephony.render import Telephony

NONE = "none"


def wanted_telephony(settings: Settings) -> Telephony:
    return Telephony(
        data=settings.data,
        sip_bind=settings.sip_bind,
        rtp_ports=settings.rtp_ports,
        agi_servers=settings.agi_binds,
        trunk_addresses=settings.trunk_addresses,
        trunk_registration=settings.trunk_registration,
    )
