"""What is said around words of danger: that it is not so, was so, may be so, or is so now."""

from enum import StrEnum

NOW_APART = 5  # words between what says that it is now and the danger
MOST_APART = 14  # words between a time of the past and the danger that was then
REACH = 9  # words between an "if" and what would be


class Context(StrEnum):
    """What the words say of the ones near them."""

    DENIED = "denied"  # straight before them
    IMAGINED = "imagined"  # straight before them
    IF = "if"  # somewhere before them in the sentence
    PAST = "past"  # anywhere in the sentence
    NOW = "now"  # near them: present again, "hôm qua cháy, bây giờ đang cháy lại"


CONTEXTS: dict[Context, tuple[str, ...]] = {
    Context.DENIED: (
        *("không có", "không phải", "không bị", "không thấy", "không còn", "không hề", "không"),
        *("hông có", "hông phải", "hông bị", "hông thấy", "hông còn", "hông"),
        *("hổng có", "hổng phải", "hổng bị", "hổng thấy", "hổng còn", "hổng hề", "hổng"),
        *("hỏng có", "hỏng phải", "chưa có", "chưa bị", "chưa thấy", "chưa tới nỗi", "chưa"),
        *("chẳng có", "chẳng phải", "chả có", "đâu có", "đâu phải", "khỏi", "hết", "làm gì có"),
        *("nào có", "có đâu mà", "không ai", "hổng ai", "hông ai", "đừng nói"),
    ),
    Context.IMAGINED: (
        *("nguy cơ", "dễ", "dễ xảy ra", "dễ gây", "dễ bị", "sẽ gây", "có thể", "có thể gây"),
        *("phòng chống", "phòng tránh", "phòng ngừa", "tránh", "chống", "khỏi lo", "ngừa", "sợ"),
        *(
            "sợ bị",
            "lo bị",
            "hạn chế",
            "để tránh",
            "muốn gây",
            "suýt",
            "suýt nữa",
            "xém",
            "xém nữa",
        ),
        *("xém chút", "mém", "mém chút", "tưởng", "tưởng bị", "tưởng có", "cứ tưởng", "như bị"),
        *("gần", "gần như", "y như", "giống như", "có ngày", "chờ", "đợi", "tin đồn"),
        "báo động giả",
    ),
    Context.IF: (
        *("nếu", "nếu như", "nếu lỡ", "nếu có", "lỡ như", "lỡ có", "lỡ mà", "lỡ", "rủi", "rủi có"),
        *("giả sử", "giả dụ", "ví dụ", "thí dụ", "sợ có ngày", "sợ mai mốt", "sợ lỡ", "sợ rủi"),
        *("lo có ngày", "có ngày", "mai mốt", "chừng nào", "kẻo", "không khéo", "hổng khéo"),
        *(
            "coi chừng",
            "đề phòng",
            "phòng khi",
            "phòng lúc",
            "tập huấn",
            "diễn tập",
            "tuyên truyền",
        ),
        *("đừng để", "đợi tới", "đợi có", "chờ có", "tới chừng", "biết đâu", "phải chi", "bữa nào"),
        *(
            "hướng dẫn",
            "dạy cách",
            "cách xử lý",
            "lớp học",
            "khóa học",
            "nằm mơ",
            "chiêm bao",
            "phim",
        ),
        *(
            "coi phim",
            "trong phim",
            "vở",
            "tuồng",
            "trò chơi",
            "chơi game",
            "trong game",
            "hỏi coi",
        ),
    ),
    Context.PAST: (
        *("hôm qua", "hôm kia", "hôm trước", "hôm nọ", "hôm bữa", "bữa trước", "bữa hổm"),
        *("bữa kia", "bữa nọ", "bữa đó", "hôm đó", "lúc đó", "ngày trước", "tuần trước"),
        *("tuần rồi", "tháng trước", "tháng rồi", "năm ngoái", "năm trước", "năm rồi", "năm kia"),
        *("hồi trước", "hồi xưa", "hồi năm", "hồi đó", "hồi nhỏ", "hồi tết", "hồi tháng", "xưa"),
        *("trước đây", "lần trước", "đợt trước", "mùa trước", "bão trước", "tối qua", "đêm qua"),
        *(
            "khuya qua",
            "chiều qua",
            "trưa qua",
            "sáng qua",
            "cách đây",
            "đã dập tắt",
            "dập tắt rồi",
        ),
        *(
            "dập rồi",
            "dập xong",
            "dập được rồi",
            "tắt rồi",
            "đã tắt",
            "đã cứu được",
            "cứu được rồi",
        ),
        *("vớt được rồi", "vớt lên rồi", "đã giải quyết", "giải quyết xong", "đã bắt được"),
        *("bắt được rồi", "bắt rồi", "bị bắt rồi", "xong rồi", "hết rồi", "êm rồi", "ổn rồi"),
        *("khỏe rồi", "tỉnh rồi", "xuất viện", "ra viện", "về nhà rồi", "qua khỏi", "may mà"),
        *(
            "năm đó",
            "hồi bão",
            "hồi nẫm",
            "dạo trước",
            "dạo đó",
            "bắt tay về",
            "về rồi",
            "cứu được",
            "vớt được",
            "thoát rồi",
            "chở đi rồi",
            "đi viện rồi",
        ),
        *(
            "cứu rồi",
            "dập tắt",
            "đã dập",
            "hết cháy",
            "hết đánh",
            "công an bắt",
            "bị công an",
            "đền rồi",
        ),
        *("giải tán", "hòa giải rồi", "yên rồi", "lâu rồi"),
    ),
    Context.NOW: (
        *(
            "đang",
            "bây giờ",
            "bi giờ",
            "hiện giờ",
            "hiện tại",
            "ngay lúc này",
            "lúc này",
            "mới đây",
        ),
        *(
            "vừa",
            "mới xảy ra",
            "liền",
            "gấp",
            "khẩn cấp",
            "cứu với",
            "cứu tôi",
            "cứu dùm",
            "cứu tui",
        ),
        *("tiếp tục", "giờ lại", "giờ nó", "lại nữa", "nữa rồi", "nữa nè", "vẫn còn", "vẫn đang"),
        *("mau lên", "lẹ lên", "nhanh lên"),
    ),
}
