"""What is published of recorded prompts, and which call hears which of it."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, event, func, select

from accounts.models import AuditEntry
from ivr.errors import StaleEdition, TakeInUse, UnknownEdition, UnknownTake
from ivr.prompt_editions import LEAD, Edition, current_edition, publish, restore, withdraw
from ivr.prompt_models import PromptTake
from ivr.prompt_overview import Heard, Overview, overview
from ivr.prompt_takes import (
    Spot,
    discard_take,
    forget_take,
    keep_for_new_words,
    keep_take,
    sound_path,
)
from ivr.prompts import Prompts
from ivr.published_prompts import PublishedPrompts, lay_played_alone
from ivr.take_sound import take_sound
from ivr.voices import LiveVoices, Voices
from speech.sound import Sound, read_wav, write_wav
from storage.database import reading, transaction
from tests.builders import NOON
from tests.ivr.studio import heights, record

WORDING = {
    "greeting": "Tổng đài xin nghe.",
    "filed": "Mã là: {reference}.",
    "please_wait": "Xin chờ một chút.",
    **{f"digit_{digit}": f"số {digit}" for digit in range(10)},
}
BY = "a-supervisor"
Change = Callable[..., Edition]


@dataclass
class Studio:
    """A small hotline's prompts; `now` moves by hand."""

    database: Engine
    folder: Path
    wording: dict[str, str] = field(default_factory=lambda: dict(WORDING))
    now: datetime = NOON

    @property
    def takes(self) -> Path:
        return self.folder / "takes"

    @property
    def made(self) -> Voices:
        return Voices(
            {
                ("vi", slow): Prompts(self.wording, "vi", self.folder / f"made-{slow}")
                for slow in (False, True)
            }
        )

    def record(self, name: str, hz: float = 500.0, slow: bool = False) -> str:
        """A new take; its id."""
        path = self.folder / "spoken.wav"
        record(path, hz, said_s=1.0)
        words = next(p.text for p in self.made["vi", False].pieces if p.name == name)
        sound = take_sound(io.BytesIO(path.read_bytes()), words, "vi")
        spot = Spot("vi", slow, name)
        self.now += timedelta(seconds=1)
        return keep_take(self.database, self.takes, spot, words, sound, BY, self.now).id

    def publish(self, *takes: str, seen: int | None = None) -> Edition:
        return self._change(
            lambda session, at: publish(session, "vi", takes, at, BY, lambda: self.now), seen
        )

    def restore(self, number: int) -> Edition:
        return self._change(
            lambda session, at: restore(session, "vi", number, at, BY, lambda: self.now)
        )

    def withdraw(self, name: str) -> Edition:
        spot = Spot("vi", False, name)
        return self._change(lambda session, at: withdraw(session, spot, at, BY, lambda: self.now))

    def _change(self, change: Change, seen: int | None = None) -> Edition:
        with transaction(self.database) as session:
            newest = current_edition(session, "vi").number
            made = change(session, newest if seen is None else seen)
        self.now += LEAD
        return made

    def heard(self, name: str, began_at: datetime | None = None, slow: bool = False) -> str:
        """The file that a call hears."""
        voices = PublishedPrompts(self.database, self.takes).voices(self.made, began_at or self.now)
        return voices["vi", slow].sound(name)

    def overview(self, slow: bool = False) -> Overview:
        with reading(self.database) as session:
            return overview(session, self.made["vi", slow], slow, self.takes)


@pytest.fixture
def studio(engine: Engine, tmp_path: Path) -> Studio:
    return Studio(engine, tmp_path)


def test_a_recording_is_heard_once_it_is_published(studio: Studio) -> None:
    made = studio.heard("greeting")
    take = studio.record("greeting", 620.0)
    assert studio.heard("greeting") == made

    studio.publish(take)

    assert studio.heard("greeting") == str(studio.takes / take)
    assert heights(read_wav(sound_path(studio.takes, take))) == [620]


def test_a_call_hears_to_its_end_what_was_published_when_it_began(
    database: Engine, tmp_path: Path
) -> None:
    studio = Studio(database, tmp_path)
    first, second = studio.record("greeting"), studio.record("please_wait")
    studio.publish(first)
    began_at = studio.now

    studio.publish(second, studio.record("greeting"))

    assert studio.heard("greeting", began_at).endswith(first)
    assert not studio.heard("please_wait", began_at).endswith(second)
    assert studio.heard("please_wait").endswith(second)


def test_an_edition_that_is_being_committed_is_in_force_for_no_call_yet(studio: Studio) -> None:
    take = studio.record("greeting")
    began_at = studio.now

    studio.publish(take)

    assert not studio.heard("greeting", began_at).endswith(take)
    assert studio.heard("greeting", began_at + LEAD).endswith(take)


def test_going_back_is_one_step_and_is_itself_published(studio: Studio) -> None:
    first = studio.record("greeting")
    studio.publish(first)
    studio.publish(studio.record("greeting"), studio.record("please_wait"))

    made = studio.restore(1)

    assert made.number == 3 and made.restores == 1
    assert studio.heard("greeting").endswith(first)
    assert studio.restore(0).takes == ()
    assert "made-False" in studio.heard("greeting")
    with pytest.raises(UnknownEdition):
        studio.restore(17)
    # What callers have heard once is published again only by whoever asks for it.
    assert all(row.draft is None for row in studio.overview().rows)


def test_a_recording_taken_back_leaves_the_others(studio: Studio) -> None:
    greeting, wait = studio.record("greeting"), studio.record("please_wait")
    studio.publish(greeting, wait)

    studio.withdraw("greeting")

    assert "made-False" in studio.heard("greeting")
    assert studio.heard("please_wait").endswith(wait)
    with pytest.raises(UnknownTake):
        studio.withdraw("greeting")


def test_whoever_publishes_has_seen_what_was_published_before(studio: Studio) -> None:
    take, other = studio.record("greeting"), studio.record("please_wait")
    studio.publish(take, seen=0)

    with pytest.raises(StaleEdition):
        studio.publish(other, seen=0)


def test_a_recording_for_other_words_is_not_heard_until_somebody_says_it_is_right(
    studio: Studio,
) -> None:
    take = studio.record("greeting")
    studio.publish(take)
    studio.wording["greeting"] = "Tổng đài  xin nghe"  # signs are not heard
    assert studio.heard("greeting").endswith(take)

    studio.wording["greeting"] = "Tổng đài Cà Mau xin nghe."

    assert "made-False" in studio.heard("greeting")
    row = studio.overview().row("greeting")
    assert row is not None and row.stale is not None and row.heard is not Heard.TAKE
    kept = keep_for_new_words(
        studio.database, studio.takes, take, studio.wording["greeting"], BY, studio.now
    )
    studio.publish(kept.id)
    assert studio.heard("greeting").endswith(kept.id)


def test_digits_are_heard_all_ten_or_not_at_all(studio: Studio) -> None:
    takes = [studio.record(f"digit_{digit}") for digit in range(10)]
    studio.publish(*takes[:9])
    assert "made-False" in studio.heard("digit_0")
    row = studio.overview().row("digit_0")
    assert row is not None and row.waiting is not None

    studio.publish(takes[9])

    assert studio.heard("digit_0").endswith(takes[0])


def test_who_asked_for_slower_words_hears_a_recording_at_its_own_pace(studio: Studio) -> None:
    ordinary = studio.record("greeting")
    studio.publish(ordinary)
    assert studio.heard("greeting", slow=True).endswith(ordinary)

    slow = studio.record("greeting", slow=True)
    studio.publish(slow)

    assert studio.heard("greeting", slow=True).endswith(slow)
    assert studio.heard("greeting").endswith(ordinary)


def test_a_recording_whose_file_is_gone_is_no_silence(studio: Studio) -> None:
    take = studio.record("greeting")
    studio.publish(take)

    sound_path(studio.takes, take).unlink()

    assert "made-False" in studio.heard("greeting")
    row = studio.overview().row("greeting")
    assert row is not None and row.lost is not None


def test_what_was_never_heard_can_be_thrown_away_and_nothing_else(studio: Studio) -> None:
    heard, unheard = studio.record("greeting"), studio.record("greeting")
    studio.publish(heard)

    discard_take(studio.database, studio.takes, unheard, BY, studio.now)
    with pytest.raises(UnknownTake):
        discard_take(studio.database, studio.takes, heard, BY, studio.now)

    assert [path.stem for path in studio.takes.glob("*.wav")] == [heard]
    with pytest.raises(UnknownTake):
        studio.publish(unheard)


def test_all_of_it_is_in_the_audit_log_by_ids_alone(studio: Studio) -> None:
    take = studio.record("greeting")
    studio.publish(take)
    studio.restore(0)

    with reading(studio.database) as session:
        told = [(entry.action, entry.object_id) for entry in session.scalars(select(AuditEntry))]
    assert told == [
        ("prompt.recorded", "vi/greeting"),
        ("prompts.published", "vi/1"),
        ("prompts.published", "vi/2"),
    ]


def test_what_asterisk_plays_by_itself_follows_what_is_published(studio: Studio) -> None:
    folder = studio.folder / "alone"
    prompts = studio.made["vi", False]

    def lay() -> bool:
        with reading(studio.database) as session:
            return lay_played_alone(session, prompts, False, studio.takes, folder)

    assert not lay()
    take = studio.record("please_wait", 740.0)
    studio.publish(take, studio.record("greeting"))

    assert lay() and not lay()
    assert [path.name for path in folder.iterdir()] == ["please_wait.wav"]
    assert heights(read_wav(folder / "please_wait.wav")) == [740]
    studio.restore(0)
    assert lay() and not list(folder.iterdir())


def test_coverage_counts_what_people_speak_and_what_waits(studio: Studio) -> None:
    write_wav(studio.folder / "silence.wav", Sound(np.zeros(800, np.int16), 8000))
    studio.publish(studio.record("greeting"))
    studio.record("please_wait")

    told = {part.group.value: part for part in studio.overview().coverage}

    assert (told["opening"].sounds, told["opening"].recorded) == (1, 1)
    assert (told["place"].recorded, told["place"].drafts) == (0, 1)
    assert told["digits"].faults == 10  # no sound was made in this test


def test_a_publisher_who_had_to_wait_publishes_from_the_end_of_the_wait_on(studio: Studio) -> None:
    take = studio.record("greeting")
    waited_until = studio.now + timedelta(seconds=5)

    def clock() -> datetime:
        # Who asks now is alone with the editions: SQLite's writers queue where they begin to write.
        return waited_until

    with transaction(studio.database) as session:
        made = publish(session, "vi", [take], 0, BY, clock)

    assert made.published_at == waited_until + LEAD


def test_a_recording_that_cannot_be_written_leaves_neither_row_nor_file(studio: Studio) -> None:
    take = studio.record("greeting")
    sound_path(studio.takes, take).with_suffix(".flac").unlink()
    before = sorted(studio.takes.iterdir())

    with pytest.raises(FileNotFoundError):
        keep_for_new_words(studio.database, studio.takes, take, "Xin chào.", BY, studio.now)

    assert sorted(studio.takes.iterdir()) == before
    with reading(studio.database) as session:
        assert session.scalar(select(func.count()).select_from(PromptTake)) == 1


def test_a_recording_is_erased_for_good_unless_callers_hear_it(studio: Studio) -> None:
    first, second = studio.record("greeting"), studio.record("greeting")
    studio.publish(first)
    studio.publish(second)

    with pytest.raises(TakeInUse):
        forget_take(studio.database, studio.takes, second, BY, studio.now)
    forget_take(studio.database, studio.takes, first, BY, studio.now)

    assert {path.stem for path in studio.takes.iterdir()} == {second}
    assert studio.restore(1).takes == ()


def test_changed_words_are_heard_by_the_next_call_with_what_is_recorded_for_them(
    studio: Studio,
) -> None:
    known = studio.made
    live = LiveVoices(lambda: known)
    published = PublishedPrompts(studio.database, studio.takes)
    studio.wording["greeting"] = "Tổng đài Cà Mau xin nghe."
    known = studio.made
    take = studio.record("greeting")
    studio.publish(take)

    heard = published.voices(live.now, studio.now)

    assert heard["vi", False].sound("greeting").endswith(take)


def test_what_a_call_hears_is_looked_up_once(studio: Studio) -> None:
    studio.publish(studio.record("greeting"))
    made, published = studio.made, PublishedPrompts(studio.database, studio.takes)
    heard = published.voices(made, studio.now)
    asked: list[str] = []
    event.listen(studio.database, "before_cursor_execute", lambda *given: asked.append(given[2]))

    assert published.voices(made, studio.now) is heard

    assert not asked


def test_what_is_being_published_cannot_be_thrown_away_meanwhile(
    database: Engine, tmp_path: Path
) -> None:
    studio = Studio(database, tmp_path)
    take = studio.record("greeting")

    with ThreadPoolExecutor() as others:
        with transaction(database) as session:
            publish(session, "vi", [take], 0, BY, lambda: studio.now)
            discarding = others.submit(
                discard_take, database, studio.takes, take, "another", studio.now
            )
            with pytest.raises(TimeoutError):
                discarding.result(timeout=0.3)
        with pytest.raises(UnknownTake):
            discarding.result()

    assert sound_path(studio.takes, take).is_file()
