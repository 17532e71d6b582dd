"""What is it about: categories from words that name them, hint at them, or only mention them."""

from functools import cache

import pytest

from hotline.weights import categories_of
from tests.provinces.packs import bac_lieu
from understanding.categories import Categories, CategoryFound, categories_in
from understanding.learning import Example, learn
from understanding.learnt import NOTHING_LEARNT

REPORTS = [
    (
        "xe ben chở đất chạy riết cái mặt lộ nó bong hết trơn, tối đi không thấy sụp "
        "bánh muốn chết",
        "GT01",
    ),
    (
        "cây cầu bắc qua kinh xáng chỗ ấp Nội Ô ván nó mục hết trơn, đi ngang nó lắc lư thấy ghê",
        "GT02",
    ),
    (
        "thành cầu ngay chợ bị xe tải tông gãy mấy tháng rồi không ai sửa, con nít đi "
        "qua dễ rớt xuống kinh",
        "GT02",
    ),
    ("ngã tư chỗ bệnh viện cái đèn nó đứng một màu hoài, xe hai bên cứ lấn nhau", "GT03"),
    ("bảng cấm xe tải bị nhánh cây che mất tiêu, tài xế đâu có thấy", "GT03"),
    (
        "chiều nào tan trường chỗ cổng trường tiểu học xe cũng nghẹt cứng, phụ huynh "
        "đậu bít hết lối",
        "GT04",
    ),
    ("qua phà chờ cả tiếng đồng hồ, xe nối đuôi tới tận quốc lộ", "GT04"),
    ("có chiếc xe khách với xe tải đụng nhau ngay khúc cua, người nằm la liệt", "GT05"),
    ("thằng nhỏ chạy xe máy tự té xuống mương, chảy máu đầu, kêu nó không trả lời", "GT05"),
    (
        "quán nhậu kế nhà tôi bày bàn ghế ra tới mé lộ, người đi bộ phải xuống dưới đường đi",
        "GT06",
    ),
    (
        "mấy ông chạy xe tải cứ đem xe đậu trước cửa nhà em qua đêm, em không dắt xe ra được",
        "GT06",
    ),
    ("cả tuần nay không thấy xe tới gom, bọc ni lông chất đống đầu hẻm ruồi bu đen", "MT01"),
    ("người ta đem xác heo quăng xuống kinh, trôi tấp vô bến nhà tôi", "MT01"),
    (
        "cái nhà máy chế biến tôm ban đêm nó xả ra kinh, sáng ra nước đen thui cá nổi lềnh bềnh",
        "MT02",
    ),
    ("mấy hộ nuôi tôm công nghiệp bơm bùn thẳng ra sông, nước xài bị ngứa hết trơn", "MT02"),
    (
        "ông hàng xóm tối nào cũng nhậu rồi hát tới mười hai giờ khuya, con tôi không ngủ được",
        "MT03",
    ),
    (
        "cái xưởng cưa kế bên chạy máy tối ngày, điếc lỗ tai, nhà có người già chịu không nổi",
        "MT03",
    ),
    ("trại heo gần nhà mùi bay qua nồng nặc, ăn cơm không nổi", "MT04"),
    ("xe chở cát không che bạt, bay mù mịt vô nhà, quét ngày ba bốn lần", "MT04"),
    (
        "nguyên con hẻm tối thui, mấy bóng trên trụ tắt cả tháng, con gái đi làm về sợ lắm",
        "DT01",
    ),
    ("đèn ngoài lộ nó sáng ban ngày còn ban đêm thì tắt, kỳ cục vậy đó", "DT01"),
    ("cây bàng trước cổng trường nó nghiêng qua một bên, gió lớn là nó đè vô lớp học", "DT02"),
    ("sau trận giông tối qua có nhánh lớn gãy nằm ngang đường xe không qua được", "DT02"),
    ("cái hố trên lề đường mất nắp mấy bữa nay, ai đó cắm cái cây cho người ta biết", "DT03"),
    ("miếng đan đậy mương thoát nước bị bể, con nít lọt chân xuống trầy hết", "DT03"),
    ("nhà kế bên đang đúc thêm lầu mà hổng có giấy phép gì hết, nứt tường nhà tôi", "DT04"),
    (
        "người ta cất quán cà phê lấn ra mé sông, phường xuống lập biên bản rồi vẫn cất tiếp",
        "DT04",
    ),
    ("từ sáng tới giờ cả ấp không có điện, tôm trong vuông không có quạt chết hết", "DI01"),
    ("điện gì mà cứ chớp chớp tối nào cũng tắt một hai tiếng, hư cái tủ lạnh nhà tôi", "DI01"),
    ("sợi dây điện sà xuống mặt đường, mưa ướt vầy ai đụng vô là chết", "DI02"),
    ("trụ điện trước nhà nó mục gốc, nghiêng qua phía nhà dân", "DI02"),
    ("ba ngày nay mở vòi không ra giọt nào, phải đi xin nước về nấu cơm", "CN01"),
    ("nước máy khu này chảy nhỏ xíu, tắm giặt không được, khuya mới có chút đỉnh", "CN01"),
    ("ống cái trước nhà xì nước phun lên hai ba ngày rồi, uổng quá", "CN02"),
    ("nước máy nhà em vàng khè, đóng cặn, giặt áo trắng thành áo vàng", "CN02"),
    ("mưa có một tiếng mà nước lên tới đầu gối, xe chết máy hết, cống không thoát kịp", "NG01"),
    ("hẻm nhà tôi hễ mưa là nước tràn vô nhà, đồ đạc ướt hết, móc cống giùm", "NG01"),
    ("rằm này nước dưới sông lên cao quá, tràn qua lộ, ngập hết vuông tôm của tôi", "NG02"),
    ("trời không mưa mà nước nó dâng lên tới nền nhà, khu Nhà Mát ai cũng khổ", "NG02"),
    ("bờ sông sau nhà tôi nó nứt một đường dài, sợ tối nay nhà tuột xuống sông", "TT01"),
    ("cái kè mới làm năm rồi mà sụp hết một khúc, sóng đánh vô tới nhà dân", "TT01"),
    ("hồi khuya gió giật mạnh quá bay hết mái tôn nhà tôi với hai nhà kế bên", "TT02"),
    ("có cơn lốc đi qua ấp, sập năm sáu căn, dân không có chỗ ở", "TT02"),
    ("nước ngoài kinh mặn chát rồi, lúa đang trổ mà không có nước bơm, chết khô hết", "TT03"),
    ("sao không đóng cống lại, mặn nó tràn vô ruộng, mạ mới sạ chết hết trơn", "TT03"),
    ("khuya hôm qua kẻ gian cạy cửa vô lấy hai chiếc xe máy với cái ti vi nhà tôi", "AN01"),
    ("xóm này mất gà mất chó hoài, tụi nó đi xe không biển số, bắn điện bắt chó", "AN01"),
    ("đám thanh niên xách mã tấu rượt nhau ngoài chợ, bà con đóng cửa hết", "AN02"),
    ("thằng cha say xỉn đứng trước nhà tôi chửi bới đập cửa, hăm đốt nhà", "AN02"),
    ("nhà đó tối nào cũng gầy sòng, xe người lạ đậu đầy, có người canh ngoài hẻm", "AN03"),
    ("sau chùa có nhóm thanh niên hay tụ tập chích, bỏ kim đầy đất", "AN03"),
    ("cháy lớn lắm, cháy nguyên dãy nhà ở chợ, mau lên", "AN04"),
    ("có tiếng nổ ầm rồi khói bốc lên đen kịt ở kho gạo", "AN04"),
    (
        "tụi nó tới nhà tạt sơn, kêu trả tiền, lãi một ngày mấy trăm ngàn, vợ con tôi sợ quá",
        "AN05",
    ),
    ("dán giấy vay nóng đầy trụ điện, bà con mượn rồi trả không nổi bỏ xứ đi", "AN05"),
    ("trong xóm có năm sáu đứa nhỏ nóng sốt, nổi mụn nước ở tay chân, sợ lây", "YT01"),
    (
        "khu này muỗi quá trời, đã có ba người nhập viện vì sốt xuất huyết, xịt thuốc giùm",
        "YT01",
    ),
    (
        "đem mẹ tôi vô bệnh viện từ sáng, chờ tới chiều không ai khám, cô điều dưỡng còn nạt",
        "YT02",
    ),
    ("có bảo hiểm mà bác sĩ kê toa ra ngoài mua hết, tốn gần triệu bạc", "YT02"),
    ("ăn bánh mì ngoài chợ xong cả nhà bốn người ói rồi đau bụng, đang nằm trạm xá", "YT03"),
    ("tiệm thịt ngoài chợ bán thịt ôi, bôi thuốc cho tươi, tôi thấy tận mắt", "YT03"),
    ("đầu năm trường bắt mỗi đứa đóng triệu rưỡi nói là tự nguyện mua máy lạnh", "GD01"),
    ("cô chủ nhiệm kêu nộp quỹ lớp hoài mà không có biên lai gì hết", "GD01"),
    (
        "con gái tôi bị mấy đứa lớp trên chặn đánh, quay clip đưa lên mạng, giờ nó "
        "không dám đi học",
        "GD02",
    ),
    ("cô giữ trẻ đánh cháu tôi bầm đùi, hỏi thì nói nó té", "GD02"),
    ("lớp học của con tôi mưa dột tùm lum, bàn ghế gãy hết", "GD03"),
    ("thầy dạy toán ép tụi nhỏ học thêm ở nhà thầy, không học thì điểm thấp", "GD03"),
    (
        "có người gọi nói là công an, kêu tôi đọc mã số rồi mất sạch tám chục triệu trong thẻ",
        "KM01",
    ),
    ("mẹ tôi mua đồ trên mạng, chuyển tiền cọc rồi họ chặn luôn", "KM01"),
    ("trên face có người đăng là sắp vỡ đê, bà con hoang mang, mà đâu có thiệt", "KM02"),
    ("có đứa nó ghép hình con gái tôi rồi tung lên zalo nói bậy bạ", "KM02"),
    ("một ngày mấy chục cuộc gọi mời vay tiền mời mua đất, bắt máy miết mệt quá", "KM03"),
    ("tin nhắn cờ bạc quảng cáo cứ gửi tới hoài, chặn số này nó ra số khác", "KM03"),
    ("mấy bữa nay điện thoại không có một vạch sóng nào, gọi cấp cứu cũng không được", "VT01"),
    ("bó cáp mạng sà xuống ngang đầu người, chạy xe không khéo là quấn cổ", "VT01"),
    ("tôi nộp giấy xin làm khai sinh cho cháu hai tuần rồi, hẹn tới hẹn lui chưa có", "DV01"),
    (
        "đi sao y có tờ giấy mà chạy ba bốn lần, người thì nói thiếu cái này người nói "
        "thiếu cái kia",
        "DV01",
    ),
    (
        "ông cán bộ tiếp dân nói chuyện như tát nước vô mặt, kêu già rồi không biết chữ thì về",
        "DV02",
    ),
    ("muốn làm nhanh thì phải kẹp tiền vô, không có thì ngâm đó", "DV02"),
    ("anh em tôi giành nhau miếng vườn của ông bà, ông anh cắm cột lấn qua hai mét", "DD01"),
    ("nhà nước lấy ruộng của tôi làm đường mà đền có mấy chục triệu, không thỏa đáng", "DD01"),
    ("đi đổ xăng một trăm ngàn mà bình vơi hơn mọi bữa, chắc nó ăn gian", "TG01"),
    ("khách du lịch vô quán ăn tô bún mà tính trăm rưỡi, chém dữ quá", "TG01"),
    ("mua phân ở đại lý về bón hoài lúa không lên, nghi là đồ dỏm", "TG02"),
    ("kem dưỡng da bán ngoài chợ không tem nhãn, xài xong nổi mụn đầy mặt", "TG02"),
    ("thằng cha ghẻ ngày nào cũng đập con nhỏ sáu tuổi, nó khóc cả xóm nghe", "XH01"),
    (
        "có đứa nhỏ chừng tám tuổi bị bắt đi bán vé số tới khuya, không về đủ tiền bị bỏ đói",
        "XH01",
    ),
    ("bà cụ tám chục tuổi ở một mình nhà lá mà không được xét vô hộ nghèo", "XH02"),
    ("tôi bị cụt chân mà mấy tháng nay không lãnh được tiền trợ cấp", "XH02"),
    ("vuông của tôi tôm nổi đầu tấp mé rồi chết trắng, mấy vuông kế bên cũng vậy", "NN01"),
    ("bầy vịt năm trăm con tự nhiên lăn ra chết, thú y chưa thấy xuống", "NN01"),
    ("tôi thấy tỉnh mình nên mở thêm tuyến xe buýt ra biển cho bà con đi lại", "KH01"),
    ("theo tôi thì nên trồng thêm cây, làm chỗ tập thể dục cho người già", "KH01"),
    ("dạ cho em hỏi chút, em không biết gọi số này có đúng không", "KH99"),
    ("alô, tôi có chuyện này khó nói lắm, cho tôi gặp người nào đi", "KH99"),
]


@cache
def known() -> Categories:
    return categories_of(bac_lieu())


@cache
def small() -> Categories:
    """Of two categories and what is said of neither."""
    examples = [
        *(Example(text, "waste") for text in ("đống rác trước nhà", "rác thúi quá", "xe rác")),
        *(Example(text, "road") for text in ("ổ gà trước nhà", "đường hư quá", "lộ ổ gà")),
    ]
    return Categories(learn(examples), "other")


def test_reports_are_understood_and_the_right_category_is_proposed() -> None:
    found = [
        ([one.category for one in categories_in(text, known())], category)
        for text, category in REPORTS
    ]

    assert sum(codes[0] == category for codes, category in found) >= 0.9 * len(REPORTS)
    assert sum(category in codes[:3] for codes, category in found) >= 0.97 * len(REPORTS)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("rac dong thanh dong khong ai gom", "MT01"),  # without accents
        ("xạt lỡ bờ xông", "TT01"),  # as a southern ear writes
        ("gần bệnh viện có đống rác", "MT01"),  # where it is tells less
    ],
)
def test_what_was_misheard_or_stands_beside_is_understood(text: str, category: str) -> None:
    assert categories_in(text, known())[0].category == category


def test_the_words_that_told_are_given_as_they_were_said() -> None:
    (found, *_) = categories_in("Dạ trước nhà có Đống Rác!", small())

    assert found.category == "waste"
    assert "đống rác" in found.words


def test_scores_are_probabilities_the_likeliest_first() -> None:
    found = categories_in("đống rác ngoài đường", small())

    assert [one.category for one in found] == ["waste", "road"]
    assert sum(one.score for one in found) == pytest.approx(1.0, abs=0.01)


def test_a_word_in_southern_spelling_counts_as_much() -> None:
    assert categories_in("rát thúi quá", small())[0].score == pytest.approx(
        categories_in("rác thúi quá", small())[0].score
    )


def test_who_says_nothing_of_anything_is_unclear() -> None:
    for text in ("", "…", "12345"):
        assert categories_in(text, small()) == (CategoryFound("other", 0.02, ()),)


def test_nothing_learnt_tells_nothing() -> None:
    assert categories_in("đống rác", Categories(NOTHING_LEARNT)) == ()
