"""What a speaker has to record, and of which recordings a part is put together."""

from datetime import date, time

import pytest

from ivr.errors import MissingPrompts
from ivr.recorded_units import GROUP_S, Part, RecordedUnits
from ivr.unit_words import amount_row
from tests.provinces.packs import bac_lieu

VI = RecordedUnits(bac_lieu().wording["vi"], "vi")
EN = RecordedUnits(bac_lieu().wording["en"], "en")
WORDS = {
    "vi": {unit.name: unit.words for unit in VI.units},
    "en": {unit.name: unit.words for unit in EN.units},
}


def read(part: Part, language: str = "vi") -> str:
    """What the speaker's recordings of a part say."""
    return " ".join(WORDS[language][name] for name, _ in part.units)


@pytest.mark.parametrize("units", [VI, EN], ids=["vi", "en"])
def test_every_unit_has_a_plain_file_name_and_words_to_read(units: RecordedUnits) -> None:
    for unit in units.units:
        assert unit.name.isascii() and unit.name.replace("_", "").isalnum(), unit
        assert unit.words.strip() == unit.words != ""

    assert len({unit.name for unit in units.units}) == len(units.units)


def test_a_speaker_reads_two_hundred_units_for_all_digits_amounts_and_places() -> None:
    wording = bac_lieu().wording["vi"]
    spoken = [key for key in wording if VI.of_sound(key) is not None]

    assert len(VI.units) < 210
    assert {"digit_0", "number_99", "unit_31894", "old_unit_31825"} <= set(spoken)
    assert "greeting" not in spoken and "unit_page" not in spoken


@pytest.mark.parametrize("language", ["vi", "en"])
def test_recorded_amounts_say_what_the_wording_says(language: str) -> None:
    units = {"vi": VI, "en": EN}[language]
    wording = bac_lieu().wording[language]

    for amount in range(100):
        said = read(units.amount(amount), language)
        assert said.replace("-", " ") == wording[f"number_{amount}"].replace("-", " ")


def test_amounts_to_sixty_are_one_recording() -> None:
    assert [len(amount_row(amount, "vi")) for amount in (5, 21, 60)] == [1, 1, 1]
    assert amount_row(61, "vi") == ("number_60", "one_after_tens")
    assert amount_row(75, "vi") == ("number_70", "five_after_tens")
    assert amount_row(75, "en") == ("number_70", "number_5")
    assert amount_row(75, "km") == ("number_75",)


@pytest.mark.parametrize("amount", [-1, 100])
def test_an_amount_without_a_word_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match=f"0 to 99, found {amount}"):
        amount_row(amount, "vi")
    with pytest.raises(MissingPrompts, match=f"found {amount}"):
        VI.amount(amount)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_recorded_places_say_what_the_wording_says(language: str) -> None:
    units = {"vi": VI, "en": EN}[language]

    for key, text in bac_lieu().wording[language].items():
        part = units.of_sound(key)
        if part is None or not key.removeprefix("old_").startswith("unit_"):
            continue
        said = read(part, language)
        expected = " ".join(
            WORDS[language][f"number_{word}"] if word.isdigit() else word for word in text.split()
        )
        assert said == expected, key


def test_a_name_is_recorded_once_for_all_communes_that_bear_it() -> None:
    today, before = VI.place("31858"), VI.place("old_31858")

    assert [name for name, _ in today.units] == ["place_word_xa", "place_vinh_loc"]
    assert [name for name, _ in before.units] == [
        "place_word_xa",
        "place_vinh_loc",
        "place_word_cu",
    ]


def test_names_that_differ_in_accents_alone_are_two_recordings() -> None:
    units = RecordedUnits({"unit_1": "xã Châu Thới", "unit_2": "xã Châu Thổi"}, "vi")

    places = {unit.words: unit.name for unit in units.units if unit.group == "places"}
    assert len({places["Châu Thới"], places["Châu Thổi"]}) == 2
    assert all(name.startswith("place_chau_thoi_") for w, name in places.items() if w != "xã")


@pytest.mark.parametrize(
    ("said", "text"),
    [("31900", "xã Vĩnh Lợi"), ("vinh loi", "xã Vĩnh Lợi"), ("Xã Vĩnh Lợi", "xã Vĩnh Lợi")],
)
def test_a_place_is_found_by_code_or_name(said: str, text: str) -> None:
    assert VI.place(said).text == text


@pytest.mark.parametrize("said", ["99999", "Hà Nội", "xã", "", "phường 1 cũ"])
def test_a_place_that_is_none_or_many_is_refused(said: str) -> None:
    with pytest.raises(MissingPrompts, match="expected the code or the name of a commune"):
        VI.place(said)


def test_a_reference_is_its_digits_with_a_pause_between_groups() -> None:
    part = VI.digits("482-19")

    assert read(part) == "bốn tám hai một chín"
    assert [gap_s == GROUP_S for _, gap_s in part.units] == [False, False, True, False, True]
    assert part.text == "bốn tám hai, một chín"


def test_digits_are_recorded_all_or_not_at_all() -> None:
    every = {f"digit_{digit}" for digit in range(10)}

    assert VI.digits("1").needs == every
    single = VI.of_sound("digit_1")
    assert single is not None and single.needs == every


@pytest.mark.parametrize("value", ["", "-", "12a", "1.2", "١٢"])
def test_what_is_no_digits_is_refused(value: str) -> None:
    with pytest.raises(MissingPrompts, match="expected digits in groups"):
        VI.digits(value)


@pytest.mark.parametrize(
    ("at", "vi", "en"),
    [
        (time(14, 30), "hai giờ ba mươi phút chiều", "two thirty p m"),
        (time(9, 0), "chín giờ sáng", "nine a m"),
        (time(12, 5), "mười hai giờ năm phút trưa", "twelve oh five p m"),
        (time(0, 15), "mười hai giờ mười lăm phút đêm", "twelve fifteen a m"),
        (time(19, 45), "bảy giờ bốn mươi lăm phút tối", "seven forty-five p m"),
        (time(23, 59), "mười một giờ năm mươi chín phút đêm", "eleven fifty-nine p m"),
    ],
)
def test_times_are_said_by_the_clock_and_the_part_of_day(at: time, vi: str, en: str) -> None:
    assert read(VI.time(at)) == VI.time(at).text == vi
    assert read(EN.time(at), "en") == en


def test_every_minute_of_a_day_and_every_day_of_a_year_can_be_recorded() -> None:
    for units, language in ((VI, "vi"), (EN, "en")):
        for minute in range(24 * 60):
            assert read(units.time(time(minute // 60, minute % 60)), language)
        for ordinal in range(date(2028, 1, 1).toordinal(), date(2029, 1, 1).toordinal()):
            assert read(units.date(date.fromordinal(ordinal)), language)


def test_a_date_has_its_weekday_before_it() -> None:
    monday = date(2026, 11, 23)

    assert VI.date(monday).text == "thứ hai, ngày hai mươi ba tháng mười một"
    assert EN.date(monday).text == "Monday, November twenty-three"
    assert VI.date(monday, weekday=False).text == "ngày hai mươi ba tháng mười một"


def test_letters_are_said_one_by_one_and_unknown_signs_refused() -> None:
    assert VI.letters("95-B1").text == "chín năm bê một"
    assert VI.letters("AĐ").needs == {"letter_a", "letter_dd"}
    with pytest.raises(MissingPrompts, match="'é' has no name"):
        VI.letters("é")
    with pytest.raises(MissingPrompts, match="found none"):
        VI.letters("-")


def test_a_language_of_which_nothing_is_known_has_digits_amounts_and_places_as_worded() -> None:
    units = RecordedUnits({"digit_1": "មួយ", "number_75": "ចិតប្រាំ", "unit_31900": "ឃុំ"}, "km")

    assert [unit.words for unit in units.units] == ["មួយ", "ចិតប្រាំ", "ឃុំ"]
    with pytest.raises(MissingPrompts, match="no words in 'km'"):
        units.time(time(9, 0))
