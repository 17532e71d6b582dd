"""Which phrase lists reach an engine: a malformed one would end the process in native code."""

from typing import Any

import pytest

from speech.errors import BadListening, BadPhrases, SpeechError
from speech.phrases import checked, checked_language, meaning_alike
from speech.streaming import Listening


def test_a_list_comes_out_composed_in_lower_case_and_without_repeats() -> None:
    decomposed = "kho\u0302ng pha\u0309i"

    found = checked(["Đúng", " đúng  rồi ", decomposed, "ĐÚNG"], "vi-VN")

    assert found == ("đúng", "đúng rồi", "không phải")


def test_letters_of_any_language_will_do() -> None:
    assert checked(["បាទ", "네 맞아요", "yes"], "km") == ("បាទ", "네 맞아요", "yes")


@pytest.mark.parametrize(
    ("phrases", "said"),
    [
        ([], "expected 1 to 50 phrases, found 0"),
        (["đúng"] * 51, "found 51"),
        ("đúng", "expected a list of phrases, found str"),
        (None, "found NoneType"),
        ({"đúng": 1}, "found dict"),
        ([1], "expected a phrase as text, found int"),
        ([None], "found NoneType"),
        ([["đúng"]], "found list"),
        ([""], "expected 1 to 8 words, found 0"),
        (["   "], "found 0"),
        (["một hai ba bốn năm sáu bảy tám chín"], "found 9"),
        (["đúng\x00"], "letters and spaces"),
        (["đúng\n"], "letters and spaces"),
        (["đúng\tsai"], "letters and spaces"),
        (['đúng", "sai'], "letters and spaces"),
        (["[unk]"], "letters and spaces"),
        (["<eps>"], "letters and spaces"),
        (["#0"], "letters and spaces"),
        (["bấm 1"], "letters and spaces"),
        (["đúng."], "letters and spaces"),
        (["\u0301"], "letters and spaces"),
        (["\ud800"], "letters and spaces"),
        (["x" * 25], "words of at most 24 letters"),
        (["đúng " * 100_000], "expected 1 to 8 words"),
    ],
)
def test_a_malformed_list_is_refused_in_one_line(phrases: Any, said: str) -> None:
    with pytest.raises(BadPhrases) as refused:
        checked(phrases, "vi")

    message = str(refused.value)
    assert said in message
    assert len(message) < 200 and message.isprintable()


@pytest.mark.parametrize("language", ["", "v", "vi_VN", "vi-", "vi;", "vi-VN-" * 20, None, 5])
def test_a_language_that_is_no_tag_is_refused(language: Any) -> None:
    with pytest.raises(BadListening, match="expected a language tag"):
        checked(["đúng"], language)


def test_a_tag_gives_its_language() -> None:
    assert [checked_language(tag) for tag in ("vi", "vi-VN", "KM")] == ["vi", "vi", "km"]


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("đúng", "đúng rồi", True),
        ("không phải", "không", True),
        ("phải", "không phải", False),
        ("đúng", "sai", False),
        ("đường", "đường hư", True),
    ],
)
def test_a_phrase_that_only_goes_on_says_the_same(first: str, second: str, alike: bool) -> None:
    assert meaning_alike(first, second) is alike


@pytest.mark.parametrize("rate_hz", [0, -8000, 1, 44_100, 10**9])
def test_a_stream_of_an_impossible_rate_is_refused(rate_hz: int) -> None:
    with pytest.raises(BadListening, match="expected a sampling rate of 8000 or 16000 Hz"):
        Listening(rate_hz, "vi", ("đúng",))


@pytest.mark.parametrize("pause_s", [0.0, -1.0, 11.0, float("nan"), float("inf")])
def test_a_pause_out_of_all_measure_is_refused(pause_s: float) -> None:
    with pytest.raises(BadListening, match=r"expected a pause of 0\.2 to 10"):
        Listening(8000, "vi", ("đúng",), pause_s)


def test_meanings_go_along_with_the_phrases_or_are_not_told() -> None:
    assert Listening(8000, "vi", ("đúng", "sai"), meanings=("1", "2")).meanings == ("1", "2")
    with pytest.raises(BadListening, match="expected 2 meanings or none, found 1"):
        Listening(8000, "vi", ("đúng", "sai"), meanings=("1",))


def test_every_refusal_is_an_error_of_this_package() -> None:
    assert issubclass(BadPhrases, BadListening) and issubclass(BadListening, SpeechError)
