"""A prompt from the microphone to the caller: recorded, heard and published in a real browser, then
heard in the next call of a real Asterisk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select

from console.assets import find_assets
from hotline.calls import the_hotline
from hotline.clock import utc_now
from hotline.settings import Settings
from hotline.telephony.installation import Installation
from hotline.voices import the_voices
from hotline.wiring import the_province
from ivr.drivers.agi_server import AgiServer
from ivr.prompt_models import PromptTake
from ivr.prompt_takes import sound_path
from provinces.schema import Province
from speech.sound import Sound, padded, read_wav, resampled, write_wav
from speech.synthesis import Synthesiser
from speech.voices import default_voice
from storage.crypto import use_key
from storage.database import open_engine, reading
from storage.migrations import upgrade
from tests.asterisk.conftest import installation as installation
from tests.asterisk.running import RunningAsterisk, running_asterisk, until
from tests.asterisk.watched import lay_short_sounds
from tests.browsers import chromium
from tests.conftest import TEST_KEY
from tests.console.conftest import Browser as Visitor
from tests.console.conftest import a_browser
from tests.console.desk import Desk, desk
from tests.ivr.studio import heights, record
from tests.serving import serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_assets().scripts, reason="the scripts are not bundled: make test"),
]
MACHINE_HZ = 700.0
SAID = "Xin chào, đây là lời chào mới của tổng đài tỉnh nhà."
MICROPHONE_HZ = 48_000
LISTENED_S = 6
OPENED = """new Promise(resolve => {
  const asked = indexedDB.open("prompts", 1);
  asked.onsuccess = () => resolve(asked.result);
})"""
KEPT = f"""async () => {{
  const asked = (await {OPENED}).transaction("takes").objectStore("takes").count();
  return new Promise(resolve => (asked.onsuccess = () => resolve(asked.result)));
}}"""
KEEP = f"""async ([path, user]) => {{
  const store = (await {OPENED}).transaction("takes", "readwrite").objectStore("takes");
  const sound = {{ samples: new Float32Array(48000), rate: 48000, words: "Lời cũ." }};
  const asked = store.put(sound, `${{user}} ${{path}}`);
  return new Promise(resolve => (asked.onsuccess = () => resolve()));
}}"""


@dataclass
class House:
    """A console and a hotline of one database; `spoken` is what the microphone hears."""

    settings: Settings
    engine: Engine
    visitor: Visitor
    spoken: Path


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, province: Province) -> Iterator[House]:
    use_key(TEST_KEY)
    data = tmp_path_factory.mktemp("prompts")
    settings = Settings(_env_file=None, data=data, speech="none")  # type: ignore[call-arg]
    voices = the_voices(settings, province)
    lay_short_sounds(voices)
    record(voices["vi", False].folder / "greeting.wav", MACHINE_HZ, rate_hz=8000, dbfs=-20.0)
    engine = open_engine(settings.database)
    upgrade(engine)
    visitor = a_browser(engine, province, settings.prompt_takes.parent)
    visitor.now = utc_now()
    spoken = data / "spoken.wav"
    with Synthesiser() as synthesiser:
        voice = synthesiser.speak(SAID, default_voice("vi"))
    write_wav(spoken, padded(resampled(voice, MICROPHONE_HZ), 0.6, 0.6))
    yield House(settings, engine, visitor, spoken)
    engine.dispose()


@pytest.fixture(scope="module")
def supervisor(house: House) -> Iterator[Desk]:
    with (
        chromium(
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-audio-capture={house.spoken}%noloop",
            "--autoplay-policy=no-user-gesture-required",
        ) as browser,
        desk(browser, house.visitor) as made,
    ):
        made.sign_in("supervisor")
        yield made
        assert made.strangers == [] and made.complaints == []


def takes_of(house: House) -> list[PromptTake]:
    with reading(house.engine) as session:
        return list(session.scalars(select(PromptTake).order_by(PromptTake.taken_at)))


def likeness(heard: Sound, sent: Sound) -> float:
    """How alike the stretch of `heard` that fits best is to `sent`: 1 is the same."""
    long, short = heard.as_float(), sent.as_float()
    size = len(long) + len(short)
    spectrum = np.fft.rfft(long, size) * np.conj(np.fft.rfft(short, size))
    matched = np.fft.irfft(spectrum, size)[: max(1, len(long) - len(short))]
    at = int(np.argmax(matched))
    stretch = long[at : at + len(short)]
    return float(matched[at] / (np.linalg.norm(stretch) * np.linalg.norm(short)))


def sign_in_again(supervisor: Desk) -> None:
    supervisor.go("/sign-in")
    supervisor.page.get_by_label("Thư điện tử").fill("supervisor@example.vn")
    supervisor.page.get_by_label("Mật khẩu").fill("a right password")
    supervisor.page.keyboard.press("Enter")
    supervisor.page.wait_for_url(lambda url: "/sign-in" not in url)


def plays(page: Page, place: int) -> bool:
    """Whether the player of that place comes to its end."""
    return bool(
        page.evaluate(
            """place => new Promise(resolve => {
              const side = document.querySelectorAll("[data-compare] > div")[place];
              const audio = side.querySelector("audio");
              audio.addEventListener("timeupdate", () => audio.currentTime > 0.3 && resolve(true));
              audio.addEventListener("error", () => resolve(false));
            })""",
            place,
        )
    )


def test_a_prompt_is_recorded_compared_and_published_by_keys(
    supervisor: Desk, house: House
) -> None:
    page = supervisor.page
    supervisor.go("/prompts/vi/sounds/greeting")
    take_button = page.get_by_role("button", name="Thu âm")
    expect(take_button).to_be_visible()

    page.keyboard.press("r")
    expect(page.locator("[data-told]")).to_have_text("Đang thu…")
    page.wait_for_timeout(4500)
    page.keyboard.press("r")
    expect(page.locator("[data-told]")).to_contain_text("Nghe thử rồi lưu")
    assert supervisor.violations() == []

    # A reload costs nothing, and neither does the end of the session.
    page.reload()
    expect(page.locator("[data-told]")).to_contain_text("vẫn còn đây")
    supervisor.context.clear_cookies()
    page.get_by_role("button", name="Lưu bản thu").click()
    expect(page.locator("[data-told]")).to_contain_text("Phiên đã hết")
    sign_in_again(supervisor)
    supervisor.go("/prompts/vi/sounds/greeting")
    expect(page.locator("[data-told]")).to_contain_text("vẫn còn đây")
    # Should the page have other words by now, it is still a recording of those that were read.
    words = page.locator("form[data-upload] [name=words]")
    read = words.input_value()
    words.evaluate("field => (field.value = 'Lời khác.')")
    page.get_by_role("button", name="Lưu bản thu").click()

    expect(page.locator("#toasts")).to_contain_text("Đã lưu bản thu")
    (take,) = takes_of(house)
    assert 2.0 < take.length_s < 9.0 and take.words == read
    sent = resampled(read_wav(house.spoken), 8000)
    made = read_wav(sound_path(house.settings.prompt_takes, take.id))
    # On a busy machine the made-up microphone leaves pieces out; another sound comes to under 0.2.
    assert likeness(sent, made) > 0.4
    page.keyboard.press("2")
    assert plays(page, 1)

    page.get_by_role("button", name="Công bố bản này").first.click()
    expect(page.locator("#toasts")).to_contain_text("Đã công bố lần 1")
    page.keyboard.press("1")
    assert plays(page, 0)
    assert supervisor.violations() == []


def test_a_recording_that_was_not_sent_is_gone_after_signing_out(supervisor: Desk) -> None:
    page = supervisor.page
    goodbye = "/prompts/vi/sounds/goodbye"
    supervisor.go(goodbye)
    page.evaluate(KEEP, [goodbye, "x"])
    page.evaluate(KEEP, [goodbye, page.evaluate("document.body.dataset.user")])
    page.reload()
    expect(page.locator("[data-told]")).to_contain_text("đọc lời cũ")
    assert page.evaluate(KEPT) == 1  # that of another user is gone

    page.locator("form[data-sign-out] button").click()
    page.wait_for_url("**/sign-in*")

    assert page.evaluate(KEPT) == 0
    sign_in_again(supervisor)


@pytest.mark.asterisk
def test_the_next_call_hears_what_was_published(
    supervisor: Desk, house: House, installation: Installation
) -> None:
    (take,) = takes_of(house)
    hotline = the_hotline(house.settings, house.engine, the_province(house.settings))
    with (
        running_asterisk(
            installation, house.settings.data, agi_servers=1, weaken=_records
        ) as asterisk,
        serving(AgiServer(("127.0.0.1", asterisk.agi_port), hotline)),
    ):
        heard = _caller_hears(asterisk, house.settings.data / "heard-1")
        sent = read_wav(sound_path(house.settings.prompt_takes, take.id))
        assert likeness(heard, sent) > 0.9

        # One step back: the call after that hears it no more, and nothing was started anew.
        house.visitor.now = utc_now() - timedelta(seconds=2)
        supervisor.go("/prompts/vi/editions")
        supervisor.page.get_by_role("button", name="Thôi dùng mọi bản thu").click()
        expect(supervisor.page.locator("#toasts")).to_contain_text("Đã công bố lần 2")
        heard = _caller_hears(asterisk, house.settings.data / "heard-2")
        assert heights(heard) == [MACHINE_HZ]


def _records(etc: Path) -> None:
    with (etc / "modules.conf").open("a") as modules:
        modules.write("load = app_record.so\n")


def _caller_hears(asterisk: RunningAsterisk, path: Path) -> Sound:
    """What a caller hears who says nothing for a while."""
    said = asterisk.rx(
        "channel originate Local/19009120@hotline-incoming "
        f"application Record {path}.wav,0,{LISTENED_S},qk"
    )
    assert "not found" not in said.lower(), said
    until(lambda: asterisk.channels())
    until(lambda: not asterisk.channels(), timeout_s=LISTENED_S + 10)
    return read_wav(path.with_suffix(".wav"))
