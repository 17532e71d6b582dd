"""An SMSC as a process of its own: `python -m tests.notifications.smsc FOLDER PORT [OPTION…]`.

The library's server, which answers, tells of deliveries and forgets nothing: every part that it
took is a line of FOLDER/taken.jsonl, written before it is answered. Options:

    quiet        takes parts and never answers
    throttles=N  refuses every Nth with ESME_RTHROTTLED
    plain        tells of deliveries in text alone, without parameters
    undelivered  tells that nothing arrived
    hello        sends an SMS of two parts to whoever binds
"""

import asyncio
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import smpp34

from notifications.parts import in_parts
from notifications.providers.smpp_link import Tag
from notifications.providers.smpp_parts import pdus, read_fragment
from tests.processes import end_with_parent

FILE = "taken.jsonl"
HELLO = "Đường trước nhà tôi ngập từ sáng đến giờ, nước lên tới đầu gối, trẻ con không đi học được."
HELLO_FROM = "84912345678"


async def serve(folder: Path, port: int, options: set[str]) -> None:
    server = smpp34.Server("127.0.0.1", port, system_id="TEST")
    await server.start()
    print("ready", flush=True)
    every = next((int(o.partition("=")[2]) for o in options if o.startswith("throttles=")), 0)
    numbers = itertools.count(1)
    sessions: dict[str, smpp34.Esme] = {}
    telling: set[asyncio.Task[None]] = set()
    with (folder / FILE).open("a") as file:
        while True:
            event = await server.next()
            if isinstance(event, smpp34.Esme):
                sessions[event.session_id] = event
                if "hello" in options:
                    telling.add(asyncio.create_task(hello(event)))
            elif isinstance(event, smpp34.SubmitSmEvent):
                number = next(numbers)
                if every and number % every == 0:
                    event.reject(smpp34.ESME_RTHROTTLED)  # type: ignore[attr-defined]
                    continue
                message_id = f"{time.time_ns():x}"
                file.write(json.dumps({"id": message_id, **shown(event)}) + "\n")
                file.flush()
                if "quiet" in options:
                    telling.add(asyncio.create_task(hold(event)))
                    continue
                event.accept(message_id)
                esme = sessions[event.session_id]
                telling.add(asyncio.create_task(tell(esme, event, message_id, options)))


async def hold(event: smpp34.SubmitSmEvent) -> None:
    await asyncio.sleep(3600)
    event.reject()


async def tell(
    esme: smpp34.Esme, event: smpp34.SubmitSmEvent, message_id: str, options: set[str]
) -> None:
    state, name = (5, "UNDELIV") if "undelivered" in options else (2, "DELIVRD")
    text = (
        f"id:{message_id} sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 "
        f"stat:{name} err:{'012' if state == 5 else '000'} text:"
    )
    tlvs = [
        smpp34.Tlv(Tag.RECEIPTED_MESSAGE_ID, message_id.encode() + b"\0"),
        smpp34.Tlv(Tag.MESSAGE_STATE, bytes((state,))),
    ]
    await esme.deliver_sm(
        event.source_addr,
        text.encode(),
        source_addr=event.destination_addr,
        esm_class=0x04,
        tlvs=[] if "plain" in options else tlvs,
    )


async def hello(esme: smpp34.Esme) -> None:
    for pdu in pdus(in_parts(HELLO), 7, "udh"):
        await esme.deliver_sm(
            "19009120",
            pdu.short_message,
            source_addr=HELLO_FROM,
            source_addr_ton=1,
            source_addr_npi=1,
            esm_class=pdu.esm_class,
            data_coding=pdu.data_coding,
        )


def shown(event: smpp34.SubmitSmEvent) -> dict[str, Any]:
    tlvs = {tlv.tag: tlv.value.hex() for tlv in event.tlvs}
    fragment = read_fragment(event.short_message, event.data_coding, event.esm_class)
    return {
        "at": time.time(),
        "to": event.destination_addr,
        "from": event.source_addr,
        "ton": event.source_addr_ton,
        "coding": event.data_coding,
        "esm_class": event.esm_class,
        "receipt": event.registered_delivery,
        "text": fragment.text,
        "reference": fragment.reference,
        "total": fragment.total,
        "number": fragment.number,
        "tlvs": {f"{tag:#06x}": value for tag, value in tlvs.items()},
    }


def taken(folder: Path) -> list[dict[str, Any]]:
    """Every part that was taken; a line that a death cut off was never answered."""
    path = folder / FILE
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n") and line.startswith("{")]


def start(folder: Path, port: int, *options: str) -> "subprocess.Popen[bytes]":
    """The process, once it listens."""
    folder.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.notifications.smsc", str(folder), str(port), *options],
        stdout=subprocess.PIPE,
        preexec_fn=end_with_parent(),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n", "the SMSC did not start"
    return process


@contextmanager
def running_smsc(folder: Path, port: int, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    with start(folder, port, *options) as process:
        try:
            yield process
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), set(sys.argv[3:])))
