"""Ordinary words around and across names: "nhà mát rượi" is no Nhà Mát."""

from understanding.fold import Syllable, syllables
from understanding.places_names import Spelled
from understanding.word_sets import a_set

# Letters of "ba", "đi", "vô", "đó" too: without accents they make no person.
_OPEN = a_set("ba co di vo do ho le bac be hang ty van thi may dai bao muoi do khach")


class Words:
    """Words that a southern ear, or a text without accents, may spell otherwise."""

    def __init__(self, words: str) -> None:
        known = syllables(words)
        self._heard = frozenset(syllable.heard for syllable in known)
        self._letters = frozenset(syllable.folded for syllable in known) - _OPEN

    def hold(self, said: Syllable, bare: bool) -> bool:
        """Whether `said` is one of them; `bare`, where the whole text has no accents."""
        return said.heard in self._heard or (bare and said.text in self._letters)


# Words of two syllables, of which a name only holds one: "bảo hộ | phòng cháy", "định thành | lập".
_ENDS_IN_A_WORD = {
    "bình": "thường yên tĩnh đẳng quân luận xịt ổn",
    "điền": "đơn vào vô thông",
    "đông": "người đúc nghịt đảo vui",
    "giá": "cả tiền trị",
    "hải": "sản quan quân đăng âu",
    "hậu": "quả sản vệ cần đậu",
    "hiệp": "hội định sĩ",
    "hòa": "giải thuận nhập hợp khí nhạc tấu",
    "hội": "đồng nghị phụ viên thảo",
    "hưng": "phấn thịnh",
    "lộc": "cộc bình phát tài",
    "lợi": "dụng ích nhuận tức hại",
    "long": "trọng lanh đong",
    "mát": "mẻ rượi lạnh trời lòng",
    "mỹ": "phẩm thuật mãn miều",
    "phong": "trào phú tục bì tỏa",
    "phòng": "cháy chống ngừa tránh trừ khám ngủ trọ ốc dịch thủ vệ hờ",
    "phú": "quý",
    "phúc": "lợi đức hậu",
    "quới": "nhân",
    "tân": "trang tiến",
    "thanh": "tra toán niên xuân",
    "thành": "lập viên tích phần quả thạo",
    "thạnh": "vượng",
    "thịnh": "vượng soạn hành",
    "thới": "lai",
    "trạch": "bạch",
    "tròn": "trịa vo xoe",
}
_BEGINS_IN_A_WORD = {
    "an": "công bình bất trị tây",
    "châu": "chân",
    "điền": "đồn phát chủ",
    "đông": "mùa phía đám",
    "định": "quyết dự nhất quy xác ổn chỉ giám nhận cố ấn khẳng thẩm",
    "hiệp": "hòa liên",
    "hòa": "điều chan bão ôn hài",
    "hộ": "bảo giúp cứu biện ủng hô nông",
    "hưng": "chấn phục",
    "long": "bà lung",
    "minh": "chứng thông văn thuyết bình",
    "nhà": "trong",
    "phong": "tiên xung tác gió",
    "phước": "làm",
    "vĩnh": "mãi",
}
_AFTER_IN_A_WORD = {last: Words(words) for last, words in _ENDS_IN_A_WORD.items()}
_BEFORE_IN_A_WORD = {first: Words(words) for first, words in _BEGINS_IN_A_WORD.items()}


def is_in_a_word(said: Spelled, begin: int, end: int, name: Spelled, bare: bool) -> bool:
    """Whether the syllables at `begin` to `end` belong to the words around them, not together."""
    after, before = _AFTER_IN_A_WORD.get(name[-1].text), _BEFORE_IN_A_WORD.get(name[0].text)
    if after and end < len(said) and after.hold(said[end], bare):
        return said[end].sentence == said[end - 1].sentence
    if before and begin and before.hold(said[begin - 1], bare):
        return said[begin - 1].sentence == said[begin].sentence
    return False
