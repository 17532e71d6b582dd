"""Danger words: heard in southern spelling, and not heard where nothing burns."""

from functools import cache

import pytest

from hotline.learnt_dangers import danger_examples, dangers_of, learn_dangers
from tests.provinces.packs import bac_lieu
from understanding.danger import QUIET, DangerFound, Dangers, find_danger
from understanding.learning import Example
from understanding.learnt import NOTHING_LEARNT


@cache
def known() -> Dangers:
    return dangers_of(bac_lieu())


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
        ("co nguoi bi dam", "medical"),
        ("co nguoi chet duoi", "rescue"),
        ("chay nha roi", "fire"),  # to run is not said so: better an alarm too many
        # past, and present again
        ("hôm qua cháy nhà, bây giờ đang cháy lại", "fire"),
        ("Hôm qua rác không gom. Cháy nhà kế bên!", "fire"),
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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Rác ba ngày không ai gom. Cháy nhà kế bên rồi!", "cháy nhà kế bên rồi"),
        ("dạ tui gọi báo có người té sông", "người té sông"),
    ],
)
def test_an_alarm_names_the_words_it_came_from(text: str, words: str) -> None:
    found = find_danger(text, known())

    assert found is not None
    assert set(words.split()) & set(found.words.split())
    assert found.words in text.lower().replace(".", "").replace("!", "")


def test_of_two_dangers_the_one_not_denied_still_alarms() -> None:
    assert find_danger("không có cháy nhà nhưng có người té sông", known()) is not None


def test_a_pack_that_learnt_nothing_hears_nothing() -> None:
    nothing = Dangers(NOTHING_LEARNT, NOTHING_LEARNT, NOTHING_LEARNT)

    assert find_danger("cháy nhà", nothing) is None


def test_a_danger_is_not_lost_among_other_sentences() -> None:
    before = "Dạ cho tui hỏi giờ làm việc của phường. " * 5

    assert find_danger(before + "Cháy nhà rồi cứu với.", known()) is not None


def test_dangers_are_learnt_from_examples_of_both_kinds() -> None:
    told = [
        *(Example(words, "rescue") for words in ("đò chìm", "đò chìm rồi", "đò lật")),
        *(Example(words, "fire") for words in ("cháy nhà", "nhà cháy rồi")),
        *(Example(words, QUIET) for words in ("đò tới bến", "hỏi giờ đò", "nhà dột")),
    ]

    learnt = learn_dangers(told)

    assert find_danger("đò chìm", learnt) == DangerFound("rescue", "đò chìm")
    assert find_danger("nha chay", learnt) == DangerFound("fire", "nha chay")
    assert find_danger("hỏi giờ đò tới bến", learnt) is None


@pytest.mark.slow
def test_the_weights_of_the_pack_are_those_of_its_examples() -> None:
    examples = danger_examples(bac_lieu())
    learnt = learn_dangers(examples)

    assert known().accented.digest == learnt.accented.digest
    assert known().bare.digest == learnt.bare.digest
    assert known().which.digest == learnt.which.digest
