"""How many callers the speech service listens to at once, in real time.

    python -m benchmarks.listening --engine whisper --callers 1,2,4

Simulated callers speak one rendered answer after another into the real service with real workers,
as Asterisk would: 20 ms of A-law at a time over a WebSocket each. Told are the seconds from the end
of an answer to its text (the pause that ends it, 0.8 s, included), and the processor's time.
"""

import asyncio
import io
import json
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import click
import numpy as np
import psutil
import soundfile
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from hotline.settings import read_settings
from speech.aeap import SUBPROTOCOL
from speech.catalogue import find_model
from speech.fetching import fetch
from speech.level import FRAME_S, level
from speech.service_asked import SUBPROTOCOL as ASKING
from speech.sound import TELEPHONE_HZ
from speech.synthesis import Synthesiser
from speech.voices import default_voice
from tests.asterisk.listening import SpeechProcess, speech_process
from tests.asterisk.running import free_ports

ANSWERS = {
    "đúng": "1",
    "đúng rồi": "1",
    "dạ phải": "1",
    "không": "2",
    "không phải": "2",
    "sai": "2",
}
FRAME = 160
BEFORE_S = 1.5
LONGEST_S = 12.0
ASKED = {
    "ask": "listen",
    "language": "vi",
    "phrases": list(ANSWERS),
    "meanings": list(ANSWERS.values()),
    "pause_ms": 800,
    "timeout_ms": 6000,
    "extra_ms": 4000,
}


@dataclass
class Seen:
    """What the callers of one run came to know."""

    waits_s: list[float] = field(default_factory=list)
    right: int = 0
    wrong: int = 0
    nothing: int = 0
    refused: int = 0
    late_s: float = 0.0
    listened_s: float = 0.0


def answers() -> dict[str, bytes]:
    """Each answer from its first loud moment to its last, in A-law."""
    made = {}
    with Synthesiser() as voice:
        for text in ANSWERS:
            spoken = voice.speak(text, default_voice("vi-VN"))
            loud = np.flatnonzero(level(spoken).frames_dbfs > -45)
            frame = round(FRAME_S * spoken.rate_hz)
            wire = io.BytesIO()
            samples = spoken.samples[loud[0] * frame : (loud[-1] + 1) * frame]
            soundfile.write(wire, samples, TELEPHONE_HZ, format="RAW", subtype="ALAW")
            made[text] = wire.getvalue()
    return made


async def one_answer(address: str, text: str, spoken: bytes, seen: Seen) -> None:
    url = f"ws://{address}"
    async with connect(url, subprotocols=[Subprotocol(ASKING)], proxy=None) as server:
        await server.send(json.dumps(ASKED))
        token = json.loads(await server.recv()).get("token")
        if token is None:
            seen.refused += 1
            await asyncio.sleep(1.0)
            return
        async with connect(url, subprotocols=[Subprotocol(SUBPROTOCOL)], proxy=None) as line:
            setup = {"request": "setup", "id": "1", "codecs": [{"name": "alaw"}]}
            await line.send(json.dumps(setup))
            attach = {"request": "set", "id": "2", "params": {"listening": token}}
            await line.send(json.dumps(attach))
            heard: asyncio.Future[tuple[str, str]] = asyncio.get_running_loop().create_future()

            async def read() -> None:
                async for message in line:
                    value = json.loads(message)
                    if value.get("request") == "set" and not heard.done():
                        result = value["params"]["results"][0]
                        if result["grammar"] != "began":
                            heard.set_result((result["grammar"], result["text"]))

            reading = asyncio.create_task(read())
            silence = b"\xd5" * FRAME
            sound = silence * round(BEFORE_S / FRAME_S) + spoken
            ended_at = time.monotonic() + len(sound) / TELEPHONE_HZ
            began_at = due_at = time.monotonic()
            while not heard.done() and time.monotonic() < began_at + LONGEST_S:
                await line.send(sound[:FRAME].ljust(FRAME, b"\xd5") or silence)
                sound = sound[FRAME:]
                due_at += FRAME_S
                seen.late_s = max(seen.late_s, time.monotonic() - due_at)
                await asyncio.sleep(max(0.0, due_at - time.monotonic()))
            reading.cancel()
            seen.listened_s += time.monotonic() - began_at
            told, said = heard.result() if heard.done() else ("nothing", "")
            if told != "heard":
                seen.nothing += 1
                return
            seen.waits_s.append(time.monotonic() - ended_at)
            if ANSWERS[said] == ANSWERS[text]:
                seen.right += 1
            else:
                seen.wrong += 1


async def run(speech: SpeechProcess, callers: int, seconds: float, seen: Seen) -> None:
    spoken = answers()
    until = time.monotonic() + seconds

    async def call(index: int) -> None:
        await asyncio.sleep(index * 0.37)  # people do not speak in chorus
        texts = list(spoken)
        while time.monotonic() < until:
            text = texts[index % len(texts)]
            await one_answer(speech.address, text, spoken[text], seen)
            index += 1

    await asyncio.gather(*(call(index) for index in range(callers)))


def cpu_s(processes: list[psutil.Process]) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in processes)


@click.command()
@click.option("--engine", default="whisper", show_default=True, help="whisper, vosk or scripted.")
@click.option("--model", default="whisper-base", show_default=True)
@click.option("--callers", default="1,2,4", show_default=True, help="How many at once, in turn.")
@click.option("--seconds", default=20.0, show_default=True, help="For each of them.")
def main(engine: str, model: str, callers: str, seconds: float) -> None:
    """Print one line for each number of callers."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        if engine != "scripted":
            fetch(find_model(model), read_settings().cache, data / "models")
        with speech_process(data, free_ports(1)[0], engine, streams=500) as speech:
            asyncio.run(run(speech, 1, 8.0, Seen()))  # phrases are rated once when first asked for
            for count in map(int, callers.split(",")):
                service, workers = [psutil.Process(speech.process.pid)], speech.workers
                before, seen = (cpu_s(service), cpu_s(workers)), Seen()
                asyncio.run(run(speech, count, seconds, seen))
                used = cpu_s(service) - before[0], cpu_s(workers) - before[1]
                memory = sum(one.memory_info().rss for one in workers) / 1e6
                waits = sorted(seen.waits_s) or [float("nan")]
                p95 = waits[min(len(waits) - 1, round(0.95 * len(waits)))]
                click.echo(
                    f"{engine} {count:3} callers: {len(seen.waits_s)} heard "
                    f"({seen.right} right, {seen.wrong} wrong, {seen.nothing} not heard), "
                    f"answer after p50 {statistics.median(waits):.2f} p95 {p95:.2f} s, "
                    f"CPU per second listened: service {used[0] / seen.listened_s * 1000:.0f} ms, "
                    f"worker {used[1] / seen.listened_s * 1000:.0f} ms, worker {memory:.0f} MB, "
                    f"our callers at most {seen.late_s:.2f} s late"
                )


if __name__ == "__main__":
    main()
