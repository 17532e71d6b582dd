"""The words after which a number is a number, and the words that take it back.

"Ba" is three and father, "năm" five and year, "không" zero and no: a word that counts is read
only where a head word stands before it, and not where it counts what follows ("hẻm hai bên").
"""

from understanding.word_sets import a_set

# What an address or a date is numbered with. In the order of length: the longest is the head.
AREAS = frozenset(["phường", "khóm", "ấp"])
DOORS = frozenset(["số nhà", "nhà số", "căn số", "hẻm", "ngõ", "số"])
ROADS = frozenset(
    ["quốc lộ", "tỉnh lộ", "hương lộ", "huyện lộ", "đường tỉnh", "đường huyện", "đường số", "lộ"]
)
MARKS = frozenset(["km", "cây số", "ki lô mét"])
DATES = frozenset(["ngày", "mùng", "mồng", "tháng", "năm"])
NAMED_FOR_A_DAY = frozenset(["đường", "lộ", "đại lộ", "phố"])
HEADS = AREAS | DOORS | ROADS | MARKS | DATES | NAMED_FOR_A_DAY
FIRST_WORDS = frozenset(head.split()[0] for head in HEADS)
MOST_WORDS = max(len(head.split()) for head in HEADS)
# Between head and number: "hẻm số bốn", "ngày mùng ba".
BETWEEN = frozenset(["số", "mùng", "mồng"])
NUMBERED = frozenset(["số nhà", "nhà số", "căn số", "đường số", "số"])
# "cây số" and its like are heads of their own; their "số" is none.
BEFORE_NUMBERED = frozenset(["cây", "đường", "căn", "nhà"])

SLASHES = a_set("xuyệt xuyệc suyệt suyệc xẹt xẹc sẹt sẹc xiệt xiệc siệt siệc xiết xuyên gạch trên")
LETTERS = {"a": "A", "b": "B", "bê": "B", "c": "C", "xê": "C", "d": "D"}

AFTER_AN_OH = frozenset(["lô", "không", "quên", "lộn", "hông", "khong", "quen", "lon", "lo"])

# What a number counts when these follow, whatever stood before it.
COUNTED = a_set(
    "lần bận lượt chuyến buổi đứa hộ mét thước tấc phân tiếng tuần bữa vợ vụ đồng triệu tỷ"
)
# These too, unless it is the number of an area: "ấp ba con đường" names one.
COUNTED_BY_ROADS = a_set(
    "bên đầu chiều làn người chiếc cái con căn khúc đoạn cây xe hàng dãy tầng nhà chỗ vợ ông bà "
    "anh chị tháng ngày năm hôm đêm"
)
# "hai tháng nay", "ba ngày liền": a time, not a number of a place.
SPANS = frozenset(["ngày", "tháng", "năm", "đêm", "hôm", "giờ", "buổi", "phút"])
SPAN_ENDS = a_set("nay rồi qua trước liền liên rày trời sau nữa lận đồng")
PEOPLE = frozenset(["ta", "dân", "lạ", "nào"])
# "một" is as often the article.
AFTER_ONE = a_set(
    "cái con chiếc người ông bà anh chị mình chút tí lát hồi vài số ít loạt phần nửa bên chiều "
    "buổi đống bãi khúc đoạn thời dạo kiểu cách tờ lá đơn tuần ngày tháng năm hôm"
)
AFTER_FIVE = a_set("nay ngoái nào trước kia xưa tê")
AFTER_FOUR = a_set("nhân thục gia cách vấn liệu tưởng")
FATHERS = a_set("tôi tui em con mình má mẹ nó ảnh chỉ tụi cháu")

# The hour stands before its head.
BEFORE_HOURS = a_set(
    "lúc hồi khoảng chừng tầm cỡ từ tới đến vào gần đúng sau trước quá cứ độ đâu đầu mới là"
)
BEFORE_SPANS = a_set("suốt trong mất chờ đợi cả dài tốn được hết mỗi lâu liền")
AFTER_SPANS = a_set("đồng liền liên nữa trời mỗi rưởi rồi")
PARTS_OF_DAY = a_set("sáng trưa chiều tối khuya đêm rạng hừng")
SHORT_OF = frozenset(["kém", "thiếu"])
# Names, not dates.
BEFORE_NAMED_MONTHS = frozenset(["mạng"])
BEFORE_EACH = frozenset(["mỗi", "một", "mấy", "vài", "từng", "hằng", "hàng"])

# All that is read, for texts without accents: what stands around, and what holds over it.
_AROUND = (
    BETWEEN
    | SLASHES
    | COUNTED
    | COUNTED_BY_ROADS
    | SPANS
    | SPAN_ENDS
    | PEOPLE
    | AFTER_ONE
    | AFTER_FIVE
    | AFTER_FOUR
    | FATHERS
    | BEFORE_HOURS
    | BEFORE_SPANS
    | AFTER_SPANS
    | PARTS_OF_DAY
    | SHORT_OF
    | {"phút", "mạng", "rưỡi"}
)
_IN_HEADS = frozenset(word for head in HEADS for word in head.split()) | {"giờ"}
AROUND = tuple(sorted(_AROUND))
FIRST = ("lần", *sorted(_IN_HEADS))
