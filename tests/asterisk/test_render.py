"""What is written for Asterisk, from which settings."""

import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.errors import BadSetting
from hotline.telephony.errors import AsteriskMissing
from hotline.telephony.installation import Installation
from hotline.telephony.kept_secrets import phone_secret
from hotline.telephony.modules import MODULES
from hotline.telephony.render import render
from hotline.telephony.telephony import Telephony

INSTALLATION = Installation(
    command=("/opt/asterisk",),
    version="22.0.0",
    modules=Path("/opt/modules"),
    data=Path("/opt/data"),
    private=False,
)


def a_telephony(**changes: object) -> Telephony:
    plain = Telephony(
        data=Path("/srv/hotline"),
        sip_bind="127.0.0.1:5060",
        rtp_ports="20000-20499",
        agi_servers=("127.0.0.1:4573", "127.0.0.1:4574"),
        hotline_number="19009120",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def rendered(data: Path, name: str, **changes: object) -> str:
    return (render(a_telephony(data=data, **changes), INSTALLATION) / f"{name}.conf").read_text()


def test_exactly_the_listed_modules_are_loaded(tmp_path: Path) -> None:
    text = rendered(tmp_path, "modules")

    assert "autoload = no" in text
    loaded = [line.split()[-1] for line in text.splitlines() if line.startswith("load")]
    assert loaded == [f"{name}.so" for name in MODULES]


def test_every_folder_is_absolute_and_the_recordings_folder_is_there(tmp_path: Path) -> None:
    text = rendered(tmp_path, "asterisk")

    folders = [line.split(" => ")[1] for line in text.splitlines() if " => " in line]
    assert len(folders) == 12
    assert all(Path(folder).is_absolute() for folder in folders)
    assert (tmp_path / "recordings").is_dir()
    for name in ("ended", "last_resort", "unreached"):
        assert stat.S_IMODE((tmp_path / "spool" / name).stat().st_mode) == 0o700


def test_a_call_needs_two_ports_so_half_as_many_calls_are_taken(tmp_path: Path) -> None:
    assert "maxcalls = 250" in rendered(tmp_path, "asterisk")


def test_every_agi_server_is_tried_and_nothing_is_dialled(tmp_path: Path) -> None:
    text = rendered(tmp_path, "extensions")

    assert text.count("AGI(agi://127.0.0.1:4573/call,") == 1
    assert text.count("AGI(agi://127.0.0.1:4574/call,") == 1
    assert "RAND(0,1)" in text
    assert "Dial(" not in text and "Queue(" not in text and "hotline-outgoing" not in text


def test_a_server_that_listens_everywhere_is_reached_on_this_machine(tmp_path: Path) -> None:
    text = rendered(tmp_path, "extensions", agi_servers=("0.0.0.0:4573",))

    assert "agi://127.0.0.1:4573/call," in text


def test_nobody_is_served_anonymously(tmp_path: Path) -> None:
    text = rendered(tmp_path, "pjsip") + rendered(tmp_path, "modules")

    assert "anonymous" not in text
    assert "registrar" not in text


def test_secrets_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    first = rendered(tmp_path, "pjsip")
    second = rendered(tmp_path, "pjsip")

    secret = phone_secret(tmp_path)
    assert first == second
    assert len(secret) >= 32
    assert f"password = {secret}\n" in first
    for path in (tmp_path / "secrets/phone", *(tmp_path / "run/asterisk/etc").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_without_a_carrier_there_is_no_trunk(tmp_path: Path) -> None:
    assert "type =" not in rendered(tmp_path, "pjsip_trunk")


def test_a_carrier_is_identified_by_its_addresses_alone(tmp_path: Path) -> None:
    text = rendered(tmp_path, "pjsip_trunk", trunk_addresses=("203.0.113.4", "203.0.113.128/28"))

    assert "identify_by = ip\n" in text
    assert "match = 203.0.113.4/32\n" in text
    assert "match = 203.0.113.128/28\n" in text
    assert "type = registration" not in text


def test_each_operator_has_a_secret_of_their_own_and_a_place_in_the_queue(tmp_path: Path) -> None:
    text = rendered(tmp_path, "pjsip_operators", operators=("101", "102"))
    queue = (tmp_path / "run/asterisk/etc/queues.conf").read_text()

    for name in ("101", "102"):
        secret = tmp_path / f"secrets/operator-{name}"
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        assert f"password = {secret.read_text().strip()}\n" in text
        assert f"member => PJSIP/{name},0,{name},PJSIP/{name}\n" in queue
    assert text.count("password = ") == 2


def test_what_the_settings_do_not_want_is_not_loaded(tmp_path: Path) -> None:
    plain = rendered(tmp_path, "modules")
    full = rendered(
        tmp_path,
        "modules",
        trunk_addresses=("203.0.113.4",),
        trunk_server="203.0.113.4",
        emergency_numbers=("113",),
        operators=("101",),
    )

    for name in ("app_dial", "app_queue", "pbx_spool", "res_pjsip_registrar"):
        assert f"load = {name}.so\n" not in plain
        assert f"load = {name}.so\n" in full


def test_callers_can_be_connected_to_the_listed_numbers_only(tmp_path: Path) -> None:
    text = rendered(
        tmp_path,
        "extensions",
        trunk_addresses=("203.0.113.4",),
        trunk_server="203.0.113.4:5080",
        emergency_numbers=("113", "115"),
    )

    assert re.findall(r"Dial\((\S+?),", text) == [
        "PJSIP/trunk/sip:113@203.0.113.4:5080",
        "PJSIP/trunk/sip:115@203.0.113.4:5080",
    ]


def test_a_registration_keeps_every_sign_of_its_secret(tmp_path: Path) -> None:
    text = rendered(
        tmp_path,
        "pjsip_trunk",
        trunk_addresses=("203.0.113.4",),
        trunk_registration="19009120:a;b@c:d@sip.carrier.example:5080",
    )

    assert "server_uri = sip:sip.carrier.example:5080\n" in text
    assert "client_uri = sip:19009120@sip.carrier.example:5080\n" in text
    assert "password = a\\;b@c:d\n" in text


def test_taking_the_carrier_away_takes_it_out_of_the_configuration(tmp_path: Path) -> None:
    rendered(tmp_path, "pjsip_trunk", trunk_addresses=("203.0.113.4",))

    assert "203.0.113.4" not in rendered(tmp_path, "pjsip_trunk")
    assert "203.0.113.4" not in rendered(tmp_path, "pjsip")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rtp_ports": "20000"}, "HOTLINE_RTP_PORTS: expected FIRST-LAST"),
        ({"rtp_ports": "20499-20000"}, "HOTLINE_RTP_PORTS: expected FIRST-LAST"),
        ({"sip_bind": "localhost:5060"}, "HOTLINE_SIP_BIND: expected ADDRESS:PORT"),
        ({"agi_servers": ("4573",)}, "HOTLINE_AGI_BINDS: expected HOST:PORT, found '4573'"),
        ({"trunk_addresses": ("sip.carrier.example",)}, "expected an address or network"),
        ({"trunk_addresses": ("0.0.0.0/0",)}, "too wide to be one carrier's"),
        ({"trunk_registration": "a:b@c"}, "expected the carrier's addresses"),
        ({"trunk_server": "sip.carrier.example"}, "expected the carrier's addresses"),
        ({"trunk_server": "a/b"}, "HOTLINE_TRUNK_SERVER: expected HOST"),
        (
            {
                "trunk_server": "203.0.113.4",
                "trunk_addresses": ("203.0.113.4",),
                "hotline_number": "",
            },
            "expected a hotline number of 3 to 15 digits",
        ),
        ({"emergency_numbers": ("113",)}, "HOTLINE_EMERGENCY_DIAL: expected where calls go"),
        ({"emergency_numbers": ("0912345678",)}, "emergency numbers of 3 to 5 digits"),
        ({"operators": ("phone",)}, "HOTLINE_OPERATORS: expected names"),
        ({"operators": ("101", "101")}, "stands there twice"),
        ({"operators": ("1;x",)}, "HOTLINE_OPERATORS: expected names"),
        (
            {"operators": ("101",), "operator_networks": ("0.0.0.0/0",)},
            "HOTLINE_OPERATOR_NETWORKS: 0.0.0.0/0 is too wide",
        ),
        (
            {"trunk_registration": "nobody", "trunk_addresses": ("203.0.113.4",)},
            "expected USER:SECRET@HOST",
        ),
        (
            {"trunk_registration": "a:b\n[x]@c", "trunk_addresses": ("203.0.113.4",)},
            "printable characters only",
        ),
        ({"data": Path("var")}, "HOTLINE_DATA: expected an absolute path"),
        ({"data": Path("/srv/a;b")}, "HOTLINE_DATA: expected an absolute path without"),
    ],
)
def test_a_bad_setting_is_named_with_what_was_expected(
    tmp_path: Path, changes: dict[str, object], expected: str
) -> None:
    with pytest.raises(BadSetting) as caught:
        render(a_telephony(**{"data": tmp_path, **changes}), INSTALLATION)

    assert expected in str(caught.value)
    assert "b\n" not in str(caught.value), "the secret is in the message"


def test_a_long_data_path_keeps_the_control_socket_short(tmp_path: Path) -> None:
    telephony = a_telephony(data=tmp_path / ("long-" * 30))

    folder = telephony.socket_folder

    assert not folder.is_relative_to(tmp_path)
    assert len(str(folder / "asterisk.ctl")) < 100
    render(telephony, INSTALLATION)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.rmdir()


def test_a_socket_folder_that_somebody_else_laid_is_refused(tmp_path: Path) -> None:
    telephony = a_telephony(data=tmp_path / ("long-" * 31))
    telephony.socket_folder.symlink_to(tmp_path)

    try:
        with pytest.raises(AsteriskMissing, match="belongs to another user"):
            render(telephony, INSTALLATION)
    finally:
        telephony.socket_folder.unlink()
