"""Danger words: heard in southern spelling, and not heard where nothing burns."""

from functools import cache

import pytest

from hotline.understood import danger_words_of
from tests.provinces.packs import bac_lieu
from understanding.danger import DangerFound, DangerSigns, DangerWords, danger_words, find_danger


@cache
def known() -> DangerWords:
    return danger_words_of(bac_lieu())


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("Cháy nhà rồi, cứu với!", "fire"),
        ("nhà tôi đang cháy", "fire"),
        ("nước không chảy cháy nhà rồi", "fire"),
        ("dây điện đứt nằm ngoài đường", "fire"),
        ("xì ga mùi nồng nặc", "fire"),
        ("có người té sông", "rescue"),
        ("sạt lở bờ sông, sập nhà", "rescue"),
        ("ghe chìm ngoài cửa biển", "rescue"),
        ("ba tôi khó thở quá", "medical"),
        ("ông già hông thở được", "medical"),
        ("có người chết đuối", "rescue"),
        ("tông xe, có người bất tỉnh", "medical"),
        ("nó uống thuốc sâu rồi", "medical"),
        ("ổng cầm dao rượt", "police"),
        ("mấy thằng uýnh lộn ngoài chợ", "police"),
        ("bị cướp giật dây chuyền", "police"),
        ("thằng cha đánh đập con nít", "child"),
        ("đứa nhỏ bị đánh bầm mình", "child"),
        ("hôm qua nó đánh đập con nít nữa", "child"),
        ("hổm rày đánh lộn hoài", "police"),
        # words that only sound like those that deny or imagine
        ("hồi trưa đánh lộn ngoài chợ", "police"),
        ("bờ sông lở sập nhà", "rescue"),
        ("cái phòng bị cháy", "fire"),
        # spelled by southern ears
        ("nhà đang chái lớn lắm", "fire"),
        ("xạt lỡ bờ kinh", "rescue"),
        ("bị đâm vô bụng", "police"),
        # without accents, where it is plain
        ("co nguoi bi dam", "police"),
        ("co nguoi chet duoi", "rescue"),
        ("chay nha roi", "fire"),  # to run is not said so: better an alarm too many
        # past, and present again
        ("hôm qua cháy nhà, bây giờ đang cháy lại", "fire"),
        ("Hôm qua rác không gom. Cháy nhà kế bên!", "fire"),
        # one denied, one not
        ("không có cháy nhà nhưng có người té sông", "rescue"),
    ],
)
def test_danger_is_heard(text: str, danger: str) -> None:
    found = find_danger(text, known())

    assert found is not None
    assert found.danger == danger


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rác ba ngày không ai gom",
        # denied
        "không có cháy nhà, chỉ là khói",
        "hổng có đánh lộn gì hết",
        "chưa có ai bị thương",
        "đâu có vụ cháy nhà nào",
        # past
        "hôm qua có vụ cháy nhà ở phường 7, giờ rác còn nguyên",
        "tuần rồi sạt lở sập nhà ông Ba, tới giờ chưa ai coi",
        "năm ngoái có người chết đuối ở đây",
        "vụ cháy nhà đã dập tắt rồi",
        # imagined
        "đường hư dễ xảy ra tai nạn giao thông",
        "nguy cơ sạt lở bờ sông",
        "phòng cháy chữa cháy ở chợ còn kém",
        "nếu cháy nhà thì xe không vô được",
        # figures of speech
        "quán đó cháy hàng",
        "tôi cháy túi",
        "xe tôi chết máy giữa đường",
        "đèn đường cháy bóng",
        "nóng chết được",
        # other words
        "xe chạy ẩu trên đường",
        "xe chay ngoai duong",
    ],
)
def test_no_danger_is_heard(text: str) -> None:
    assert find_danger(text, known()) is None


def test_the_words_that_told_of_it_are_given() -> None:
    found = find_danger("Ngoài bến Đò Chìm rồi", danger_words({"rescue": ["đò chìm"]}, []))

    assert found == DangerFound("rescue", "đò chìm")


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("có khói", None),
        ("khói với lửa", "fire"),
        ("khói, cứu với", "fire"),
        ("cứu với", None),
        ("không có khói với lửa", None),
    ],
)
def test_one_sign_is_not_enough(text: str, danger: str | None) -> None:
    signs = {"fire": DangerSigns(("khói", "lửa"), ())}
    words = danger_words({"fire": ["cháy nhà"]}, [], (), signs, ["cứu với"])

    found = find_danger(text, words)

    assert (found.danger if found else None) == danger


def test_the_parts_of_a_phrase_may_stand_a_few_words_apart() -> None:
    words = danger_words({"fire": ["nhà ... cháy"]}, ["xe cháy"])

    assert find_danger("nhà ông Ba kế bên cháy", words) == DangerFound(
        "fire", "nhà ông ba kế bên cháy"
    )
    assert find_danger("nhà có xe cháy", words) is None
    assert find_danger("nhà ông Ba không có cháy", words) is None


def test_the_longest_words_decide() -> None:
    words = danger_words({"police": ["đánh đập"], "child": ["đánh đập con"]}, [])

    found = find_danger("nó đánh đập con nó", words)

    assert found is not None
    assert found.danger == "child"


def test_every_danger_word_of_the_province_is_heard_by_itself() -> None:
    for danger in bac_lieu().dangers:
        for word in danger.words:
            assert find_danger(word.replace("...", "kia"), known()) is not None, word


def test_no_harmless_phrase_of_the_province_is_heard() -> None:
    for phrase in bac_lieu().harmless:
        assert find_danger(phrase.replace("...", "kia"), known()) is None, phrase
