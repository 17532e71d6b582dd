"""How long a caller waits between a word and the next prompt.

    python -m benchmarks.answer_to_prompt --engine vosk

A SIP phone calls a real Asterisk; a conversation server asks question after question and goes on
as soon as it is told the word. Told are the seconds from the last sound of the answer, as the phone
sent it, to the first of the next prompt, as the phone hears it: the pause of 0.8 s that ends an
answer is in them, and 0.06 s that the phone wants to be sure of a sound.
"""

import asyncio
import socketserver
import statistics
import tempfile
from contextlib import suppress
from pathlib import Path

import click
import numpy as np

from benchmarks.listening_callers import PAUSE_S, Question, rendered
from benchmarks.listening_service import engine_choice, serving
from hotline.caller.errors import CallerError
from hotline.caller.line import SipLine
from hotline.caller.phone import Phone
from hotline.settings import read_settings
from hotline.telephony.fetch import provide_asterisk
from ivr.answers import Speech
from ivr.drivers.agi import Channel
from ivr.drivers.listening import Asked, SpeechService, Words
from ivr.drivers.simulator import tone
from ivr.errors import AgiError, SpeechGone
from speech.aeap import pcm_of
from speech.sound import Samples, write_wav
from tests.asterisk.running import RunningAsterisk, running_asterisk
from tests.serving import serving as serving_calls

PROMPT_S = 0.8
THINKING_S = 0.4
ANSWERS_A_CALL = 10
NEXT_PROMPT_S = 12.0
AIM_S = 1.2


class Asking(socketserver.ThreadingTCPServer):
    """Asks the same question again and again; `heard` has what came of each."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, speech: SpeechService, sound: str, asked: Asked) -> None:
        self.speech = speech
        self.sound = sound
        self.asked = asked
        self.heard: list[str] = []
        super().__init__(("127.0.0.1", port), _Call)


class _Call(socketserver.BaseRequestHandler):
    server: Asking

    def handle(self) -> None:
        channel = Channel(self.request, speech=self.server.speech)
        with suppress(AgiError, SpeechGone):  # the caller hangs up
            while True:
                told = channel.listen([self.server.sound], self.server.asked)
                self.server.heard.append(told.text if isinstance(told, Words) else "")


async def answered(asterisk: RunningAsterisk, caller: str, said: list[Samples]) -> list[float]:
    """The seconds that one caller waited after each of these answers."""
    waits = []
    async with Phone(asterisk.telephony.sip_bind, asterisk.secret) as phone:
        line = await phone.dial("19009120", caller)
        await _prompt(line)
        for samples in said:
            # Until it is over: the tone would be heard as the next prompt.
            await line.until(lambda now_s: line.hearing.quiet_s(now_s) >= THINKING_S)
            await line.speak(samples)
            spoken_s = line.now_s
            line.hearing.attend(spoken_s)
            waits.append(await _prompt(line) - spoken_s)
        with suppress(CallerError):
            await line.hang_up()
    return waits


async def _prompt(line: SipLine) -> float:
    """When the next prompt is heard, on the clock of the line."""
    async with asyncio.timeout(NEXT_PROMPT_S):
        await line.until(lambda now_s: line.hearing.has_sounded())
    return line.now_s


def sound_of(question: Question, number: int) -> Samples:
    spoken = question.sayings[number % len(question.sayings)].spoken
    samples: Samples = np.frombuffer(pcm_of("alaw", spoken), "<i2").astype(np.int16)
    return samples


@click.command()
@click.option("--engine", default="whisper", show_default=True, help="whisper or vosk.")
@click.option("--answers", default=40, show_default=True)
@click.option("--threads", default=1, show_default=True, help="Of the worker.")
def main(engine: str, answers: int, threads: int) -> None:
    """Print p50 and p95 of one caller's waits."""
    question = rendered("ko" if engine == "vosk" else "vi")
    asked = Asked(
        tuple(question.phrases), question.language, 5000, round(PAUSE_S * 1000),
        tuple(question.phrases.values()),
    )  # fmt: skip
    settings = read_settings()
    installation = provide_asterisk(settings.asterisk, settings.cache)
    waits: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_wav(folder / "prompt.wav", tone(Speech(PROMPT_S)))
        choice = engine_choice(engine, folder / "models", threads)
        with (
            serving(choice) as served,
            running_asterisk(installation, folder, speech_server=served.address) as asterisk,
            serving_calls(
                Asking(
                    asterisk.agi_port, SpeechService(served.address), str(folder / "prompt"), asked
                )
            ) as server,
        ):
            for first in range(0, answers, ANSWERS_A_CALL):
                numbers = range(first, min(first + ANSWERS_A_CALL, answers))
                said = [sound_of(question, number) for number in numbers]
                waits += asyncio.run(answered(asterisk, f"09120{first:05}", said))
            heard = sum(bool(text) for text in server.heard)
    waits.sort()
    p95 = waits[min(len(waits) - 1, round(0.95 * len(waits)))]
    click.echo(
        f"{engine}: {len(waits)} answers, {heard} of them understood; next prompt after "
        f"p50 {statistics.median(waits):.2f} s, p95 {p95:.2f} s, longest {waits[-1]:.2f} s "
        f"(aim: p95 under {AIM_S} s)"
    )


if __name__ == "__main__":
    main()
