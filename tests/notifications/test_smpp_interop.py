"""Our side of SMPP against an SMSC by another library: npm's `smpp`, in Node.js."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk.running import free_ports
from tests.having import cannot_have
from tests.notifications.outboxes import until
from tests.notifications.test_smpp_provider import LONG, bound, outgoing
from tests.processes import end_with_parent

PACKAGE = "smpp@0.5.1"
SCRIPT = Path(__file__).with_name("smsc.js")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which Node.js finds the package."""
    folder = tmp_path_factory.mktemp("npm")
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        cannot_have("Node.js", "neither node nor npm is here")
    try:
        subprocess.run(
            [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE],
            check=True,
            capture_output=True,
            timeout=60,
        )
    except (subprocess.SubprocessError, OSError) as error:
        cannot_have(PACKAGE, type(error).__name__)
    return folder / "node_modules"


@pytest.fixture
def smsc(modules: Path) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    (port,) = free_ports(1)
    with subprocess.Popen(
        ["node", str(SCRIPT), str(port)],
        env={**os.environ, "NODE_PATH": str(modules)},
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=end_with_parent(),
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        try:
            yield port, process
        finally:
            process.kill()


def test_another_smsc_understands_us_and_we_its_receipts(
    smsc: tuple[int, "subprocess.Popen[str]"],
) -> None:
    port, process = smsc
    plain = "Phan anh 482-173-905 {5€} @"
    with bound(port) as (provider, told):
        ids = (*provider.send(outgoing(plain)), *provider.send(outgoing(LONG)))
        until(lambda: len(told.receipts) == len(ids))

    assert process.stdout is not None
    parts = [json.loads(process.stdout.readline()) for _ in ids]
    assert [part["id"] for part in parts] == list(ids)
    assert parts[0]["text"] == plain and parts[0]["to"] == "84912345678"
    assert "".join(part["text"] for part in parts[1:]) == LONG
    assert [part["headers"] for part in parts[1:]] == [
        [f"0003cd{len(ids) - 1:02x}{number:02x}"] for number in range(1, len(ids))
    ]
    assert {each.provider_id for each in told.receipts} == set(ids)
    assert {each.state for each in told.receipts} == {"delivered"}
