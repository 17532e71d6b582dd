"""When something happened, told by days before and the part of the day."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.understanding.listed import (
    AUDIO,
    RIGHT,
    entries,
    halves,
    judge_times,
    spoken_words,
    tally,
)
from tests.understanding.misheard import KINDS, heard_as
from understanding.times import NO_TIME, TimeFound, times_in


@pytest.mark.parametrize(
    ("text", "days", "part"),
    [
        ("hồi tối qua", 1, "evening"),
        ("hồi hôm", 1, "night"),
        ("hồi sáng", 0, "morning"),
        ("mới hồi nãy nè", 0, None),
        ("sáng nay", 0, "morning"),
        ("từ sáng tới giờ", 0, "morning"),
        ("hôm qua lúc ba giờ chiều", 1, "afternoon"),
        ("trưa hôm kia", 2, "noon"),
        ("khuya hôm qua", 1, "night"),
        ("ba bữa trước", 3, None),
        ("cách đây hai tuần", 14, None),
        ("tuần trước", 7, None),
        ("nửa tháng nay", 15, None),
        ("cách đây chừng nửa tiếng", 0, None),
        ("mấy bữa nay", None, None),
        ("bữa hổm", None, None),
        ("mấy chục năm nay", None, None),
        ("trưa nào cũng vậy", None, "noon"),
        ("mỗi tối tụi nó nhậu", None, "evening"),
        ("nửa đêm đua xe", None, "night"),
        ("hoi toi qua", 1, "evening"),
    ],
)
def test_a_time_is_days_before_and_part_of_the_day(
    text: str, days: int | None, part: str | None
) -> None:
    found = times_in(text)

    assert (found.days_before, found.part) == (days, part)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "đường tối thui",
        "chỗ đó tối om",
        "đèn đường không sáng",
        "đường một chiều",
        "chiều rộng ba mét",
        "giải quyết sớm giùm tui",
        "ăn sáng xong",
        "chị Sáng nói vậy",
        "ổng tối ngày say xỉn",
        "năm nay ngập hoài",
    ],
)
def test_light_and_darkness_and_names_are_no_times(text: str) -> None:
    assert times_in(text) == NO_TIME


def test_a_time_tells_its_words() -> None:
    found = times_in("Dạ hôm qua, lúc ba giờ chiều đó")

    assert found == TimeFound(1, "afternoon", ("hôm qua", "chiều"))


@settings(max_examples=40)
@given(st.text())
def test_no_text_is_an_error(text: str) -> None:
    assert times_in(text).days_before in (None, *range(10**6))


def test_97_of_100_listed_sentences_are_dated_right() -> None:
    for half in (entries("times"), *halves(entries("times"))):
        assert tally(half, judge_times).share(RIGHT) >= 0.97


@pytest.mark.parametrize(
    ("kind", "least"),
    [("accents dropped", 0.91), ("southern spelling", 0.84), ("a fifth of the words wrong", 0.67)],
)
def test_times_are_read_through_recognition_errors(kind: str, least: float) -> None:
    outcomes = tally(entries("times"), judge_times, heard_as(KINDS[kind], seed=1))

    assert outcomes.share(RIGHT) >= least


@pytest.mark.skipif(not AUDIO.exists(), reason="../shared/audio is not beside the project")
def test_few_words_of_the_real_recordings_look_like_a_time() -> None:
    assert [text for text in spoken_words() if times_in(text).words] == []
