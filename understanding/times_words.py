"""The words for days and parts of the day, and those that only look like them."""

from understanding.word_sets import a_set

NIGHT, MORNING, NOON, AFTERNOON, EVENING = "night", "morning", "noon", "afternoon", "evening"

# Phrase → (days before, part). The longest phrase is read.
FIXED: dict[str, tuple[int | None, str | None]] = {
    **dict.fromkeys(
        (
            *("hôm nay", "bữa nay", "ngày nay", "bây giờ", "bi giờ", "hiện giờ", "hiện nay"),
            *(
                "hồi nãy",
                "hồi nay",
                "khi nãy",
                "khi nay",
                "lúc nay",
                "lúc nãy",
                "ban nãy",
                "nãy giờ",
                "mới nãy",
                "vừa nãy",
            ),
            *("tức thì", "mới tức thì", "mới tức thời", "nãy", "hồi nảy", "nảy giờ", "khi nảy"),
            *("lúc nảy", "ngay lúc này", "lúc này", "giờ này", "bây chừ"),
        ),
        (0, None),
    ),
    **dict.fromkeys(("hồi hôm", "hồi hôm này", "hồi hôm rồi"), (1, NIGHT)),
    **dict.fromkeys(("hồi tối này", "hồi đầu hôm"), (1, EVENING)),
    **dict.fromkeys(
        ("hồi hôm qua", "hồi bữa qua", "hôm qua", "bữa qua", "ngày qua", "hổm qua"), (1, None)
    ),
    **dict.fromkeys(
        ("hồi hôm kia", "hôm kia", "bữa kia", "hôm tê", "hôm kia kìa", "ngày kia"), (2, None)
    ),
    **dict.fromkeys(("hôm kìa", "bữa kìa", "hôm kỉa", "bữa kỉa"), (3, None)),
    **dict.fromkeys(("tuần trước", "tuần rồi", "tuần qua", "cả tuần nay", "tuần nay"), (7, None)),
    **dict.fromkeys(("tháng trước", "tháng rồi", "tháng qua", "tháng nay"), (30, None)),
    **dict.fromkeys(("năm ngoái", "năm rồi", "năm trước", "cả năm nay"), (365, None)),
    **dict.fromkeys(("năm kia", "năm kìa"), (730, None)),
    **dict.fromkeys(("ngày xưa", "hồi xưa", "hồi đó", "lâu nay"), (None, None)),
    # Nobody knows how long ago.
    **dict.fromkeys(
        (
            *("hôm trước", "bữa trước", "hôm bữa", "bữa hổm", "hổm rày", "hôm rày", "bữa rày"),
            *("hồi hôm trước", "hồi hôm nọ", "hồi hôm bữa", "hồi hôm rày", "hồi hôm thứ"),
            *(
                "hổm nay",
                "hôm nọ",
                "bữa nọ",
                "bữa giờ",
                "hôm giờ",
                "dạo này",
                "hổm giờ",
                "ngày trước",
            ),
        ),
        (None, None),
    ),
    "tháng này": (None, None),
    **dict.fromkeys(("hồi sớm mơi", "hồi sớm mai", "hồi sớm", "sớm nay", "sớm giờ"), (0, MORNING)),
}

# A word for a part of the day, and what must not stand beside it.
PARTS = {
    "sáng": MORNING,
    "trưa": NOON,
    "chiều": AFTERNOON,
    "tối": EVENING,
    "khuya": NIGHT,
    "đêm": NIGHT,
}
PART_PHRASES = {
    **dict.fromkeys(("nửa đêm", "giữa đêm", "giữa khuya", "nửa khuya", "đêm khuya"), NIGHT),
    **dict.fromkeys(("khuya lắc", "khuya lơ", "tối khuya", "khuya khoắt"), NIGHT),
    **dict.fromkeys(("sáng sớm", "sớm mơi", "sớm mai", "hừng đông", "rạng sáng"), MORNING),
    **dict.fromkeys(("hừng sáng", "mờ sáng", "gà gáy", "từ sớm", "gần sáng"), MORNING),
    **dict.fromkeys(("giữa trưa", "đứng bóng", "trưa trờ", "xế trưa"), NOON),
    **dict.fromkeys(("xế chiều", "chiều tà", "hồi xế", "lúc xế", "chiều chiều"), AFTERNOON),
    **dict.fromkeys(
        ("chạng vạng", "chập tối", "đầu hôm", "sập tối", "xẩm tối", "chiều tối"), EVENING
    ),
    **dict.fromkeys(("nhá nhem", "nhá nhem tối", "tối tối"), EVENING),
    **dict.fromkeys(("sáng sáng",), MORNING),
    **dict.fromkeys(("đêm đêm",), NIGHT),
}

# Before a part they make it a time ("hồi sáng", "buổi trưa").
TIMELY_BEFORE = a_set(
    "hồi buổi ban lúc từ mỗi hôm bữa gần tới đến cứ suốt cả hằng hàng mấy hừng nửa giữa đầu giờ "
    "khoảng chừng tầm vô vào hết rưỡi ngày xế qua trời khi thì"
)
# After a part they do so too ("tối qua", "sáng hôm kia", "chiều nào cũng").
TIMELY_AFTER = a_set(
    "nay qua hôm bữa giờ nào sớm kia ngày thứ mùng này tới là đó rồi lại mai chủ cũng hổm"
)
# "khuya", "trưa" and "đêm" need none of these.
SURE_PARTS = frozenset(["khuya", "trưa", "đêm"])
# What makes light, darkness, a width or a meal of it.
NOT_BEFORE = a_set(
    "đèn đường chỗ hẻm trời bóng bật thắp không hông hổng hong chưa ánh tươi soi u tăm đen mù một "
    "hai ngược xuôi đúng đủ trái theo xe chợ ăn ngủ nghỉ cơm bữa ca trực anh chị chú bác cô ông "
    "bà em dì thằng con phát lối nuông mọi nghèo lớp học"
)
NOT_AFTER = a_set(
    "om sủa bừng ngời chói tỏ hoắc ý theo hướng khách thui thùi hù mò mịt đen tăm như thiểu đa ưu "
    "tân màu nghĩa đèn rực choang trưng mắt suốt kiến tạo tác chế bóng dạ loáng rộng dài cao "
    "ngang sâu chuộng lòng đi dữ quá lửa bưng đường"
)

# After "tối ngày", which is all day long otherwise.
DAY_NAMES = frozenset(["hôm", "qua", "kia", "thứ", "mùng", "mồng", "rằm"])

# "ba bữa trước", "hai tuần nay": counts of these lie back.
SPAN_DAYS = {"ngày": 1, "bữa": 1, "hôm": 1, "đêm": 1, "tuần": 7, "tháng": 30, "năm": 365}
SPAN_TODAY = frozenset(["tiếng", "phút", "giờ"])
BACK = a_set("trước nay rày qua rồi giờ")
UNTOLD = frozenset(["mấy", "vài", "nhiều", "bao", "mí"])
MANY = frozenset(["chục", "mươi", "trăm", "ngàn"])
TELLS_THE_DAY = frozenset(["nay", "qua", "hôm", "bữa", "này"])
HALF = "nửa"

# All that is read, for texts without accents: what stands around, and what holds over it.
_AROUND = TIMELY_BEFORE | TIMELY_AFTER | NOT_BEFORE | NOT_AFTER | BACK | UNTOLD
_IN_PHRASES = frozenset(word for phrase in (*FIXED, *PART_PHRASES) for word in phrase.split())
AROUND = (*sorted(_AROUND), *sorted(_IN_PHRASES), HALF, "cách", "đây", "được", "mai", "mốt")
FIRST = (*sorted(SPAN_DAYS), "tiếng", *PARTS)
# "Toi" without accents is tối, tới and tôi: an evening only beside one of these.
EVENING_BEFORE = frozenset(["hồi", "buổi", "mỗi", "lúc", "ban", "khuya"])
EVENING_AFTER = frozenset(["qua", "hôm", "bữa", "nào", "khuya"])
