"""A long-lived connection to an SMSC, kept up by a thread. The only file that knows smpp34.

The library frames, windows, times and answers enquire_link; it acknowledges what the SMSC delivers
by itself. Here it is bound again whenever it was lost, and asked from other threads.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum

import smpp34
import structlog

from notifications.providers.smpp_parts import Delivered, Pdu

log = structlog.get_logger()

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
CONNECT_S = 10.0
ANSWER_S = 20.0
_INTERNATIONAL, _ALPHANUMERIC, _ISDN = 1, 5, 1
_RECEIPT_WANTED = 1


class Tag(IntEnum):
    """Optional parameters, SMPP 3.4, 5.3.2."""

    RECEIPTED_MESSAGE_ID = 0x001E
    SAR_MSG_REF_NUM = 0x020C
    SAR_TOTAL_SEGMENTS = 0x020E
    SAR_SEGMENT_SEQNUM = 0x020F
    MESSAGE_PAYLOAD = 0x0424
    MESSAGE_STATE = 0x0427


@dataclass(frozen=True)
class SmscAccount:
    """How the SMSC knows us. `window`: requests that may be unanswered, each for `answer_s`."""

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    tls: bool = False
    window: int = 1
    answer_s: float = ANSWER_S


@dataclass(frozen=True)
class Answer:
    """What the SMSC said to a submit_sm: its id, or a command status that is not 0."""

    message_id: str | None
    status: int


class NotBound(Exception):
    """There is no connection at the moment; nothing was sent."""


class AnswerLost(Exception):
    """The connection broke, or no answer came: the part may have been taken."""


class SmppLink:
    """Binds as a transceiver, and stays so. `on_delivered` is called in the link's thread."""

    def __init__(self, account: SmscAccount, on_delivered: Callable[[Delivered], None]) -> None:
        self._account = account
        self._on_delivered = on_delivered
        self._smsc: smpp34.Smsc | None = None
        self._bound = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="smpp", daemon=True)
        self._stopping = asyncio.Event()
        self._thread.start()

    def submit(self, sender: str, number: str, pdu: Pdu) -> Answer:
        """Hand over one part to `number` (E.164), and wait for the answer.

        Raises:
            NotBound: nothing was sent.
            AnswerLost: it may have been.
        """
        asked = asyncio.run_coroutine_threadsafe(self._submit(sender, number, pdu), self._loop)
        return asked.result()

    def wait_bound(self, limit_s: float) -> bool:
        """Whether there is a connection, at the latest after so many seconds."""
        return self._bound.wait(limit_s)

    def close(self) -> None:
        """Unbind and end the thread."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(timeout=5.0)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._keep())
        finally:
            self._loop.close()

    async def _keep(self) -> None:
        """Bind, listen, bind again."""
        failures = 0
        while not self._stopping.is_set():
            client = smpp34.Client(
                self._account.host,
                self._account.port,
                self._account.system_id,
                self._account.password,
                bind_type="TRX",
                tls=self._account.tls,
                window_size=self._account.window,
                connect_timeout_ms=round(1000 * CONNECT_S),
            )
            try:
                smsc = await asyncio.wait_for(client.connect(), CONNECT_S)
                failures = 0
                await self._while_bound(smsc)
            except (smpp34.SmppError, TimeoutError, OSError) as error:
                failures += 1
                log.warning("smsc out of reach", error=type(error).__name__, failures=failures)
            finally:
                self._smsc = None
                self._bound.clear()
                await _quietly(client.stop())
            pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(failures, 10))
            await _until(self._stopping, pause_s)

    async def _while_bound(self, smsc: smpp34.Smsc) -> None:
        log.info("smsc bound")
        self._smsc = smsc
        self._bound.set()
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            while True:
                coming = asyncio.ensure_future(smsc.next())
                await asyncio.wait({coming, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if not coming.done():
                    coming.cancel()
                    await _quietly(smsc.unbind())
                    return
                event = coming.result()
                if not isinstance(event, smpp34.DeliverSmEvent):
                    log.warning("smsc disconnected")
                    return
                self._hand_on(event)
        finally:
            stopping.cancel()

    def _hand_on(self, event: smpp34.DeliverSmEvent) -> None:
        parameters = {tlv.tag: tlv for tlv in event.tlvs}

        def number(tag: int) -> int | None:
            found = parameters.get(tag)
            return found.as_int() if found else None

        sar = [
            number(tag)
            for tag in (
                Tag.SAR_MSG_REF_NUM,
                Tag.SAR_TOTAL_SEGMENTS,
                Tag.SAR_SEGMENT_SEQNUM,
            )
        ]
        payload = parameters.get(Tag.MESSAGE_PAYLOAD)
        receipted = parameters.get(Tag.RECEIPTED_MESSAGE_ID)
        delivered = Delivered(
            sender=event.source_addr,
            content=event.short_message or (payload.value if payload else b""),
            data_coding=event.data_coding,
            esm_class=event.esm_class,
            receipted_id=receipted.as_string() if receipted else None,
            message_state=number(Tag.MESSAGE_STATE),
            sar=(sar[0], sar[1], sar[2])
            if sar[0] is not None and sar[1] is not None and sar[2] is not None
            else None,
        )
        try:
            self._on_delivered(delivered)
        except Exception as error:  # the next receipt may be noted all the same
            log.exception("deliver_sm not kept", error=type(error).__name__)

    async def _submit(self, sender: str, number: str, pdu: Pdu) -> Answer:
        smsc = self._smsc
        if smsc is None:
            raise NotBound
        ton, npi = _type_of(sender)
        tlvs = []
        if pdu.sar is not None:
            reference, total, part = pdu.sar
            tlvs = [
                smpp34.Tlv(Tag.SAR_MSG_REF_NUM, reference.to_bytes(2, "big")),
                smpp34.Tlv(Tag.SAR_TOTAL_SEGMENTS, bytes((total,))),
                smpp34.Tlv(Tag.SAR_SEGMENT_SEQNUM, bytes((part,))),
            ]
        if pdu.payload is not None:
            tlvs.append(smpp34.Tlv(Tag.MESSAGE_PAYLOAD, pdu.payload))
        try:
            answer = await asyncio.wait_for(
                smsc.submit_sm(
                    number.removeprefix("+"),
                    pdu.short_message,
                    source_addr=sender.removeprefix("+"),
                    source_addr_ton=ton,
                    source_addr_npi=npi,
                    dest_addr_ton=_INTERNATIONAL,
                    dest_addr_npi=_ISDN,
                    esm_class=pdu.esm_class,
                    registered_delivery=_RECEIPT_WANTED,
                    data_coding=pdu.data_coding,
                    tlvs=tlvs,
                ),
                self._account.answer_s,
            )
        except (smpp34.SmppError, TimeoutError, OSError) as error:
            raise AnswerLost from error
        return Answer(answer.message_id, answer.command_status)


def _type_of(sender: str) -> tuple[int, int]:
    """Type of number and numbering plan: a name, an international number, or a short code."""
    if not sender.removeprefix("+").isdigit():
        return _ALPHANUMERIC, 0
    return (_INTERNATIONAL, _ISDN) if sender.startswith("+") else (0, _ISDN)


async def _quietly(doing: Awaitable[None]) -> None:
    # It is over with that connection either way.
    with suppress(smpp34.SmppError, TimeoutError, OSError):
        await asyncio.wait_for(doing, 2.0)


async def _until(event: asyncio.Event, limit_s: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), limit_s)
