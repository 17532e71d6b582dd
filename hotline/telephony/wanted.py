"""The telephone side as the settings want it."""

from hotline.settings import Settings
from hotline.telephony.kept_secrets import manager_secret
from hotline.telephony.telephony import Telephony
from ivr.ami import Manager

NONE = "none"


def wanted_telephony(
    settings: Settings,
    hotline_number: str = "",
    emergency_numbers: tuple[str, ...] = (),
) -> Telephony:
    """`emergency_numbers`: those of the province; nobody is connected to them unless set so."""
    return Telephony(
        data=settings.data,
        sip_bind=settings.sip_bind,
        rtp_ports=settings.rtp_ports,
        agi_servers=settings.agi_binds,
        trunk_addresses=settings.trunk_addresses,
        trunk_registration=settings.trunk_registration,
        trunk_server=settings.trunk_server,
        hotline_number=hotline_number,
        emergency_numbers=emergency_numbers if settings.emergency_dial else (),
        operators=settings.operators,
        operator_networks=settings.operator_networks,
        speech_server=None if settings.speech == NONE else settings.speech_bind,
        manager_bind=settings.manager_bind,
        phone_bind=settings.phone_bind if settings.phones else None,
        tls_certificate=settings.tls_certificate,
        tls_key=settings.tls_key,
    )


def the_manager(settings: Settings) -> Manager:
    """The manager interface of Asterisk."""
    return Manager(settings.manager_bind, manager_secret(settings.data))
