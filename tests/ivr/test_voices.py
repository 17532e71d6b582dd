"""Which prompts a call is spoken in."""

from pathlib import Path

import pytest

from ivr.errors import MissingPrompts
from ivr.prompts import Prompts
from ivr.steps import Manner
from ivr.voices import Voices


def prompts(language: str, folder: Path = Path("nowhere")) -> Prompts:
    return Prompts({"greeting": "Xin chào."}, language, folder)


VI, VI_SLOW, EN = prompts("vi"), prompts("vi"), prompts("en")
VOICES = Voices({("vi", False): VI, ("vi", True): VI_SLOW, ("en", False): EN})


@pytest.mark.parametrize(
    ("manner", "spoken"),
    [
        (Manner("vi"), VI),
        (Manner("vi", slow=True), VI_SLOW),
        (Manner("en"), EN),
        (Manner("en", slow=True), EN),
    ],
)
def test_a_language_without_slow_prompts_is_spoken_at_its_ordinary_pace(
    manner: Manner, spoken: Prompts
) -> None:
    assert VOICES.of(manner) is spoken
    assert VOICES[manner.language, manner.slow] is spoken


def test_another_language_is_never_spoken_instead() -> None:
    with pytest.raises(MissingPrompts, match="expected a language among vi, en; found 'km'"):
        VOICES["km", False]

    assert ("km", False) not in VOICES
    assert ("en", True) in VOICES


def test_the_languages_are_told_in_order() -> None:
    assert VOICES.languages == ("vi", "en")


def test_the_check_tells_of_every_voice(tmp_path: Path) -> None:
    voices = Voices(
        {(tag, False): prompts(tag, tmp_path / tag) for tag in ("vi", "en")},
    )

    with pytest.raises(MissingPrompts) as caught:
        voices.check(["farewell"])

    lines = str(caught.value).splitlines()
    assert [("/vi" in line, "/en" in line) for line in lines] == [(True, False), (False, True)]
    assert all("farewell → no wording" in line for line in lines)
