"""Measuring a recogniser on a folder: the figures, and folders that are not as they should be."""

import json
from pathlib import Path

import pytest

from speech.degraded import Condition, conditions
from speech.errors import BadManifest, RecogniserUnavailable, RecognitionFailed
from speech.measuring import measure_slots, measure_words, read_noises
from speech.scripted import ScriptedRecogniser
from speech.sound import write_wav
from speech.spoken_folder import read_folder
from tests.speech.answering import AnsweringRecogniser
from tests.speech.sounds import a_tone, some_noise

CLEAN = conditions({})[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def manifest(folder: Path, *entries: object) -> Path:
    for number, _ in enumerate(entries):
        write_wav(folder / f"{number}.wav", a_tone(1.0))
    lines = [
        entry if isinstance(entry, str) else json.dumps({"file": f"{number}.wav", **entry})  # type: ignore[dict-item]
        for number, entry in enumerate(entries)
    ]
    (folder / "manifest.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def test_error_rates_are_told_over_all_and_by_region(folder: Path) -> None:
    spoken = read_folder(
        manifest(
            folder, {"text": "một hai", "region": "South"}, {"text": "ba bốn", "region": "North"}
        )
    )

    found = measure_words(ScriptedRecogniser(["một hai", "ba năm"]), spoken, CLEAN, "vi")

    assert (found.condition, found.recordings, found.failed) == ("clean", 2, 0)
    assert found.rates.word_error_rate == 0.25
    assert {name: rates.word_error_rate for name, rates in found.regions.items()} == {
        "North": 0.5,
        "South": 0.0,
    }
    assert found.sound_s == pytest.approx(2.0)


def test_a_sound_that_cannot_be_read_or_decoded_counts_as_nothing_heard(folder: Path) -> None:
    spoken = read_folder(manifest(folder, {"text": "một"}, {"text": "hai"}, {"text": "ba"}))
    (folder / "1.wav").write_bytes(b"no sound")
    recogniser = ScriptedRecogniser(["một", RecognitionFailed("gave up")])

    found = measure_words(recogniser, spoken, CLEAN, "vi")

    assert (found.failed, len(recogniser.asked)) == (2, 2)
    assert found.rates.word_error_rate == pytest.approx(2 / 3)


def test_an_engine_that_cannot_work_at_all_is_no_measurement(folder: Path) -> None:
    spoken = read_folder(manifest(folder, {"text": "một"}))

    with pytest.raises(RecogniserUnavailable):
        measure_words(ScriptedRecogniser([RecogniserUnavailable("no model")]), spoken, CLEAN, "vi")


def test_recordings_are_degraded_each_with_its_own_seed(folder: Path) -> None:
    spoken = read_folder(manifest(folder, {"text": "một"}, {"text": "hai"}))
    seeds: list[int] = []
    condition = Condition("noted", lambda sound, seed: seeds.append(seed) or sound)  # type: ignore[func-returns-value]

    measure_words(ScriptedRecogniser(["", ""]), spoken, condition, "vi")

    assert seeds == [0, 1]


def test_answers_are_right_unheard_or_wrong(folder: Path) -> None:
    yes_no = ["đúng", "không"]
    spoken = read_folder(
        manifest(
            folder,
            {"text": "đúng", "phrases": yes_no, "answer": "đúng"},
            {"text": "không", "phrases": yes_no, "answer": "không"},
            {"text": "đúng", "phrases": yes_no, "answer": "đúng"},
            {"text": "con mèo", "phrases": yes_no, "answer": ""},
            {"text": "một câu"},
        )
    )
    recogniser = AnsweringRecogniser(["đúng", "đúng", "", ""])

    found = measure_slots(recogniser, spoken, CLEAN, "vi")

    assert (found.answers, found.right, found.unheard, found.wrong) == (4, 2, 1, 1)
    assert found.accuracy == 0.5
    assert [asked.phrases for asked in recogniser.asked] == [("đúng", "không")] * 4
    assert recogniser.closed == 4


def test_another_phrase_of_the_same_key_is_the_same_answer(folder: Path) -> None:
    keys = {"đúng": "1", "đúng rồi": "1", "Không": "2"}
    spoken = read_folder(
        manifest(
            folder,
            {"text": "đúng", "phrases": keys, "answer": "1"},
            {"text": "không", "phrases": keys, "answer": "2"},
        )
    )

    found = measure_slots(AnsweringRecogniser(["đúng rồi", "không"]), spoken, CLEAN, "vi")

    assert (found.right, found.wrong) == (2, 0)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("not json", "line 2: expected one JSON object, found no JSON"),
        ("[1]", "line 2: expected one JSON object, found list"),
        ('{"text": "x"}', "line 2: expected 'file' as text, found None"),
        ('{"file": "0.wav", "text": 7}', "line 2: expected 'text' as text, found 7"),
        ('{"file": "../../x.wav", "text": "x"}', "lies outside the folder"),
        ('{"file": "/etc/passwd", "text": "x"}', "lies outside the folder"),
        ('{"file": "0.wav", "text": "x", "phrases": "y"}', "'phrases' as a list"),
        ('{"file": "0.wav", "text": "x", "phrases": [["y"]]}', "'phrases' as a list"),
        (
            '{"file": "0.wav", "text": "x", "phrases": ["y"], "answer": "z"}',
            "expected 'answer' to be one of 'phrases', found 'z'",
        ),
    ],
)
def test_a_manifest_line_that_is_not_right_is_named(folder: Path, line: str, problem: str) -> None:
    manifest(folder, {"text": "một"}, line)

    with pytest.raises(BadManifest, match=problem):
        read_folder(folder)


def test_a_folder_without_a_manifest_or_with_an_empty_one_is_refused(folder: Path) -> None:
    with pytest.raises(BadManifest, match=r"expected manifest\.jsonl in"):
        read_folder(folder)
    (folder / "manifest.jsonl").write_text("\n\n")
    with pytest.raises(BadManifest, match="is empty"):
        read_folder(folder)


def test_only_so_many_recordings_are_read_as_asked(folder: Path) -> None:
    manifest(folder, {"text": "một"}, {"text": "hai"}, "not json")

    assert [one.said for one in read_folder(folder, 2)] == ["một", "hai"]


def test_noises_are_known_by_their_files(folder: Path) -> None:
    write_wav(folder / "rain.wav", some_noise(rate_hz=16000))

    found = read_noises(folder)

    assert {name: sound.rate_hz for name, sound in found.items()} == {"rain": 8000}
