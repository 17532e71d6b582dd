"""Numbers are read after head words and in telephone numbers, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.understanding.listed import (
    AUDIO,
    RIGHT,
    entries,
    halves,
    judge_numbers,
    spoken_words,
    tally,
)
from tests.understanding.misheard import KINDS, heard_as
from understanding.numbers import NumberFound, numbers_in, written
from understanding.word_sets import a_set

SOME_WORDS = sorted(a_set("số phường giờ không một năm mười trăm ngàn lẻ ba con , 3 a"))


def values(text: str) -> list[tuple[str, str]]:
    return [(number.head, number.value) for number in numbers_in(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ở khóm ba phường bảy", [("khóm", "3"), ("phường", "7")]),
        ("ấp tư xã Châu Thới", [("ấp", "4")]),
        ("nhà số hai mươi mốt", [("nhà số", "21")]),
        ("hẻm một trăm hai", [("hẻm", "120")]),
        ("hẻm số một trăm lẻ hai", [("hẻm", "102")]),
        ("số nhà mười hai xuyệt năm xuyệt ba", [("số nhà", "12/5/3")]),
        ("số nhà mười hai A", [("số nhà", "12A")]),
        ("cột điện số một không hai", [("số", "102")]),
        ("quốc lộ một A, cây số hai ngàn một trăm năm", [("quốc lộ", "1A"), ("cây số", "2150")]),
        ("tỉnh lộ chín bảy tám", [("tỉnh lộ", "978")]),
        ("km hai ngàn rưỡi", [("km", "2500")]),
        ("đường ba tháng hai", [("đường", "3/2")]),
        ("đường ba mươi tháng tư", [("đường", "30/4")]),
        ("ngày hăm mốt tháng chín năm hai ngàn hai mươi lăm",
         [("ngày", "21"), ("tháng", "9"), ("năm", "2025")]),
        ("lúc bảy giờ", [("giờ", "7")]),
        ("bảy giờ rưỡi tối", [("giờ", "7:30")]),
        ("tám giờ kém mười", [("giờ", "7:50")]),
        ("mười hai giờ mười lăm phút", [("giờ", "12:15")]),
        ("khom ba phuong bay", [("khóm", "3"), ("phường", "7")]),
        ("khóm ba, hẽm xố hai mươi", [("khóm", "3"), ("hẻm", "20")]),
    ],
)  # fmt: skip
def test_a_number_is_read_after_its_head_word(text: str, found: list[tuple[str, str]]) -> None:
    assert values(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "số không chín một hai ba bốn năm sáu bảy tám nghen",
        "không chín một hai rồi ba bốn năm dạ sáu bảy tám",
        "không chín mười hai, ba bốn, năm sáu, bảy tám",
        "không chín trăm mười hai ba trăm bốn lăm sáu trăm bảy mươi tám",
        "cộng tám tư chín một hai ba bốn năm sáu bảy tám",
        "khong chin mot hai ba bon nam sau bay tam",
    ],
)
def test_a_telephone_number_is_read_in_any_grouping(text: str) -> None:
    assert values(text) == [("phone", "0912345678")]


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("không chín một hai ba số tám hai con bảy một", "0912888771"),
        ("không hai chín một ba tám hai hai ba bốn năm", "02913822345"),
        ("không một sáu tám chín hai ba bốn năm sáu bảy", "01689234567"),
    ],
)
def test_repeated_digits_fixed_lines_and_old_numbers_are_read(text: str, phone: str) -> None:
    assert values(text) == [("phone", phone)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ba má tui với chị Tư anh Chín",
        "năm nay ngập hoài, mười mấy lần rồi, một hồi là hết",
        "phường không giải quyết",
        "lên phường một lần rồi thôi",
        "ấp năm nào cũng ngập",
        "hẻm hai bên toàn rác",
        "lộ ba mét",
        "hai vợ chồng, ba đứa con",
        "chờ hai giờ đồng hồ",
        "ba giờ đi làm rồi",
        "bệnh ngày một nặng",
        "mỗi tháng một lần",
        "đường Cách Mạng Tháng Tám",
        "khóm mười mấy đó",
        "cách ba cây số hai bên đường",
        "đường một chiều",
    ],
)
def test_words_that_count_by_themselves_are_no_numbers(text: str) -> None:
    assert values(text) == []


def test_a_number_tells_its_words_and_where_they_stand() -> None:
    text = "dạ số nhà mười hai xuyệt năm"

    assert numbers_in(text) == (NumberFound("số nhà", "12/5", "mười hai xuyệt năm", 10, len(text)),)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("khóm ba, số nhà mười hai xuyệt năm", "khóm 3, số nhà 12/5"),
        ("lúc bảy giờ rưỡi tối", "lúc 7 giờ 30 tối"),
        ("Ba tui nói năm nay ngập", "Ba tui nói năm nay ngập"),
    ],
)
def test_a_text_is_written_with_its_numbers_as_digits(said: str, text: str) -> None:
    assert written(said) == text


@given(st.text())
def test_no_text_is_an_error(text: str) -> None:
    for number in numbers_in(text):
        assert number.words


@given(st.lists(st.sampled_from(SOME_WORDS)))
def test_no_heap_of_counting_words_is_an_error(words: list[str]) -> None:
    text = " ".join(words)

    places = [(number.start, number.end) for number in numbers_in(text)]

    assert places == sorted(places)


def test_97_of_100_listed_sentences_have_all_their_numbers_and_no_other() -> None:
    for half in (entries("numbers"), *halves(entries("numbers"))):
        assert tally(half, judge_numbers).share(RIGHT) >= 0.97


@pytest.mark.parametrize(
    ("kind", "least"),
    # A number with a wrong digit cannot be told from a right one: a fifth of the words wrong
    # leaves every second sentence whole.
    [("accents dropped", 0.95), ("southern spelling", 0.88), ("a fifth of the words wrong", 0.48)],
)
def test_numbers_are_read_through_recognition_errors(kind: str, least: float) -> None:
    outcomes = tally(entries("numbers"), judge_numbers, heard_as(KINDS[kind], seed=1))

    assert outcomes.share(RIGHT) >= least


@pytest.mark.skipif(not AUDIO.exists(), reason="../shared/audio is not beside the project")
def test_the_words_of_the_real_recordings_hold_no_numbers() -> None:
    assert [text for text in spoken_words() if numbers_in(text)] == []
