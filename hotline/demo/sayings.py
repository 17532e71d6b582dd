"""What made-up citizens say, in the words of the south; `{where}` is where it is.

Nobody has said any of it. `ANYBODY` says it of whatever has no sentence of its own.
"""

from collections.abc import Mapping, Sequence

SAYINGS: Mapping[str, Sequence[str]] = {
    "GT01": (
        "Đường trước cửa nhà tui ở {where} lủng ổ gà tùm lum, mưa xuống hổng thấy đường mà tránh.",
        "Lộ nhựa {where} sụt một khúc dài, xe ba gác chở lúa qua sợ lật lắm.",
        "Đoạn lộ ngang {where} bong tróc hết trơn, mấy đứa nhỏ đi học té hoài.",
        "Xe tải chở đá chạy riết, mặt lộ {where} lún thành rãnh rồi, nhờ coi giùm.",
    ),
    "GT02": (
        "Cây cầu ván ở {where} mục hết hai ba tấm, bà con đi qua run chân.",
        "Lan can cầu {where} gãy một bên từ hôm qua, ban đêm hổng ai thấy.",
        "Cầu sắt qua kinh {where} rung dữ lắm, xe máy chạy qua kêu rầm rầm.",
    ),
    "GT03": (
        "Đèn xanh đèn đỏ ở ngã tư {where} tắt ngúm hai bữa rày, xe cộ giành nhau chạy.",
        "Bảng chỉ đường gần {where} bị cây che mất tiêu, người lạ tới đi lộn hoài.",
        "Đèn tín hiệu {where} đếm sai giây, vừa xanh cái đỏ liền.",
    ),
    "GT04": (
        "Kẹt xe cứng ngắc ở {where}, xe cứu thương cũng hổng qua được.",
        "Giờ tan trường mà xe đậu đón con tràn hết lộ {where}, nhích hổng nổi.",
        "Xe ben đậu lấy hàng giữa lộ {where}, xe sau kẹt nối đuôi cả cây số.",
    ),
    "GT05": (
        "Hai xe máy đụng nhau gần {where}, có người nằm ngoài lộ, nhờ kêu xe cấp cứu.",
        "Xe khách quẹt xe đạp ở {where}, bà con đang xúm lại đỡ người ta.",
        "Mới có vụ quẹt xe ở khúc cua {where}, khúc đó tháng nào cũng có.",
    ),
    "GT06": (
        "Mấy quán nhậu {where} bày bàn ghế ra hết lề, người đi bộ phải bước xuống lộ.",
        "Xe hơi đậu chắn ngang hẻm {where} cả ngày, kêu hoài hổng dời.",
        "Chợ tự phát {where} lấn hết nửa lộ, sáng nào cũng nghẹt.",
    ),
    "MT01": (
        "Rác ở {where} ba bữa chưa ai gom, thúi rùm trời.",
        "Thùng rác đầu hẻm {where} đầy nhóc, chó bươi tùm lum.",
        "Ai đổ xà bần đầy bãi đất trống {where}, ruồi nhặng bay đen.",
        "Rác trôi nghẹt cống {where}, nước ứ lên sân nhà người ta.",
    ),
    "MT02": (
        "Nước kinh {where} đen thui, cá chết nổi trắng, chắc có chỗ xả bậy.",
        "Trại heo gần {where} xả thẳng xuống mương, bà con hổng dám xài nước.",
        "Lò chế biến tôm {where} ban đêm lén xả nước, sáng ra thúi um.",
    ),
    "MT03": (
        "Nhà kế bên {where} hát karaoke loa kéo tới mười hai giờ khuya, mấy đứa nhỏ ngủ hổng được.",
        "Quán {where} mở nhạc ầm ầm suốt đêm, nói thì họ chửi lại.",
        "Xưởng cưa {where} cưa cây từ năm giờ sáng, nhức đầu quá chừng.",
    ),
    "MT04": (
        "Lò than {where} khói mù mịt, nhà tui có người già ho suốt.",
        "Người ta đốt rác ở {where}, mùi khét lẹt bay vô nhà.",
        "Bụi từ bãi vật liệu {where} bay phủ trắng đồ phơi.",
    ),
    "DT01": (
        "Đèn đường {where} tắt cả tuần nay, tối thui hổng dám đi.",
        "Dãy đèn lộ {where} cháy ban ngày mà tối lại tắt, ngộ quá.",
        "Trụ đèn trước trường ở {where} hư bóng, học sinh học tối về sợ lắm.",
    ),
    "DT02": (
        "Cây bàng già ở {where} nghiêng muốn ngã vô mái nhà, gió lớn là tiêu.",
        "Nhánh cây gãy treo lủng lẳng trên dây điện {where}, coi chừng rớt trúng người.",
        "Mưa giông làm cây ngã chắn ngang lộ {where}, xe hổng qua được.",
    ),
    "DT03": (
        "Nắp cống {where} ai lấy mất, cái lỗ sâu hoắm giữa lộ.",
        "Hố ga {where} bể nắp, tối qua có người lọt bánh xe.",
        "Miệng cống trước chợ {where} sụp, con nít chạy giỡn nguy hiểm lắm.",
    ),
    "DT04": (
        "Họ cất nhà lấn ra mé sông {where}, hổng thấy giấy phép gì.",
        "Công trình {where} xây lố ranh, rào luôn đường đi của xóm.",
        "Ban đêm người ta lén đổ móng ở {where}, xã tới là ngưng.",
    ),
    "DI01": (
        "Cúp điện ở {where} từ trưa tới giờ, đồ ăn trong tủ hư hết.",
        "Điện {where} chập chờn hoài, quạt cũng quay hổng nổi.",
        "Nguyên xóm {where} tối thui, ao tôm hổng chạy quạt được, nhờ gấp giùm.",
    ),
    "DI02": (
        "Dây điện đứt nằm dưới lộ {where}, đừng cho ai lại gần.",
        "Sau giông dây điện ở {where} thòng xuống sát đầu người.",
        "Trụ điện {where} nghiêng, dây căng muốn đứt rồi.",
    ),
    "CN01": (
        "Nước máy {where} yếu xìu, vặn cả buổi hổng đầy thùng.",
        "Cúp nước ở {where} hai bữa rày hổng nghe báo gì hết.",
        "Xóm trong {where} mở vòi hổng ra giọt nào, phải đi đổi nước.",
    ),
    "CN02": (
        "Ống nước bể phun trắng lộ {where}, uổng quá trời.",
        "Nước máy {where} đục ngầu, hôi phèn, hổng dám nấu ăn.",
        "Đồng hồ nước đầu hẻm {where} rỉ rả cả tháng nay chưa ai sửa.",
    ),
    "NG01": (
        "Mưa có chút xíu mà {where} ngập tới đầu gối, xe chết máy hết.",
        "Cống nghẹt, nước mưa tràn vô nhà dân {where}.",
        "Sân trường ở {where} ngập lênh láng, học trò lội bì bõm.",
    ),
    "NG02": (
        "Nước rong lên dữ quá, {where} ngập lút mặt lộ, bà con dọn đồ hổng kịp.",
        "Triều cường tràn qua bờ bao {where}, nước vô nhà tới ống quyển.",
        "Nước dưới sông dâng lên ngập chợ {where}, hàng hóa ướt hết trơn.",
        "Con nước này lớn hơn mọi năm, {where} ngập hết đường ra vô xóm.",
        "Bờ kè {where} nước tràn qua, mấy nhà mé sông phải kê đồ lên cao.",
    ),
    "TT01": (
        "Bờ sông {where} sạt một mảng lớn, nhà tui còn cách có hai thước.",
        "Hồi hôm đất mé kinh {where} lở kéo theo cái chái bếp.",
        "Đê biển khúc {where} bị sóng đánh lở hàm ếch, sợ vỡ quá.",
    ),
    "TT02": (
        "Giông tốc mái mấy căn nhà ở {where}, tôn bay tứ tung.",
        "Lốc xoáy quét qua {where}, cây cối ngã rạp hết.",
        "Sét đánh trúng nhà ở {where}, may hổng ai bị gì.",
    ),
    "TT03": (
        "Nước mặn vô tới ruộng {where}, lúa vàng lá hết.",
        "Cống {where} đóng hổng kín, mặn rò vô kinh nội đồng.",
        "Mùa khô này {where} hổng có nước ngọt tưới, rau cháy khô.",
    ),
    "AN01": (
        "Nhà tui ở {where} bị cạy cửa lấy mất chiếc xe, camera có quay được.",
        "Chiều nay có hai người chạy xe giật bóp ở {where}.",
        "Dạo này {where} hay mất gà, mất máy bơm, nhờ công an đi tuần giùm.",
    ),
    "AN02": (
        "Đám thanh niên nhậu xong đánh lộn ở {where}, có đứa cầm cây.",
        "Người ta la lối đập phá ở quán {where}, bà con sợ quá.",
        "Có nhóm chạy xe nẹt pô quậy phá {where} khuya nào cũng có.",
    ),
    "AN03": (
        "Trong vườn {where} chiều nào cũng tụ tập đá gà ăn tiền.",
        "Nghi có chỗ chích choác sau chợ {where}, kim vứt đầy.",
        "Quán cà phê {where} chứa bài bạc, người ra vô tới khuya.",
    ),
    "AN04": (
        "Cháy nhà kho ở {where}, khói lên đen kịt.",
        "Bình ga ở quán {where} xì, bà con chạy hết ra lộ.",
        "Cỏ khô cháy lan gần cây xăng {where}, xuống liền giùm.",
    ),
    "AN05": (
        "Tụi cho vay nóng tới {where} tạt sơn vô nhà người ta.",
        "Tờ rơi vay tiền dán đầy cột điện {where}.",
        "Người đòi nợ thuê cứ canh trước cửa nhà ở {where}, tụi tui hổng dám ra.",
    ),
    "YT01": (
        "Xóm {where} có mấy đứa nhỏ sốt cao nổi ban, người ta nói sốt xuất huyết.",
        "Con tui ở {where} mới nhập viện sốt xuất huyết, nhờ xuống xịt muỗi giùm.",
        "Muỗi nhiều quá trời, {where} có hai ba nhà sốt hết rồi.",
        "Lớp mẫu giáo {where} bốn cháu tay chân miệng, phụ huynh lo lắm.",
        "Nhà kế bên {where} vừa có người sốt xuất huyết, lu vại đầy lăng quăng.",
    ),
    "YT02": (
        "Trạm y tế {where} giờ hành chánh mà đóng cửa, ẵm con tới phải quay về.",
        "Chờ khám ở {where} từ sáng tới trưa chưa tới lượt.",
        "Mua thuốc theo bảo hiểm ở {where} cứ nói hết thuốc hoài.",
    ),
    "YT03": (
        "Ăn đám cưới ở {where} về cả chục người ói mửa, tiêu chảy.",
        "Quán cơm {where} bán thịt có mùi, ăn vô đau bụng.",
        "Người ta bán trà sữa trước trường {where} hổng rõ nguồn gốc.",
    ),
    "GD01": (
        "Trường con tui ở {where} thu đủ thứ tiền, hổng có biên lai.",
        "Cô kêu đóng quỹ lớp ở {where} năm trăm ngàn, nhà nghèo lo hổng nổi.",
        "Phụ huynh {where} hỏi tiền học thêm sao bắt buộc.",
    ),
    "GD02": (
        "Mấy đứa học trò đánh nhau trước cổng trường {where}, quay phim đăng lên mạng.",
        "Con tui bị bạn chặn đường hăm dọa ở {where}, hổng dám đi học.",
        "Cổng trường {where} xe chạy ào ào, hổng ai đứng điều khiển.",
    ),
    "GD03": (
        "Mái phòng học ở {where} dột, mưa là nghỉ học.",
        "Nhà vệ sinh trường {where} hư, mấy cháu nhịn cả buổi.",
        "Bàn ghế lớp {where} mục gãy, học trò ngồi ba đứa một bàn.",
    ),
    "KM01": (
        "Có người gọi xưng công an kêu tui ở {where} chuyển tiền, nghi lừa quá.",
        "Nhắn tin trúng thưởng biểu bấm đường dẫn, má tui ở {where} mất mười triệu rồi.",
        "Họ gọi nói khóa sim, kêu đọc mã, bà con {where} bị mấy người.",
        "Giả cán bộ xã {where} kêu cài phần mềm định danh, cài xong mất tiền.",
        "Mạo danh điện lực nhắn bà con {where} đóng tiền qua tài khoản lạ.",
    ),
    "KM02": (
        "Trên mạng có người đăng tin bậy nói {where} vỡ đê, bà con hoảng.",
        "Có trang đăng hình cũ nói {where} đang có dịch, nhờ đính chính.",
        "Người ta bịa chuyện bắt cóc con nít ở {where} chia sẻ rần rần.",
    ),
    "KM03": (
        "Ngày nào cũng có số lạ gọi mời vay tiền, mời đất, tui ở {where} phiền quá.",
        "Tin nhắn cờ bạc gửi hoài, chặn số này nó xài số khác, ở {where} ai cũng bị.",
        "Tổng đài gì gọi tự động mười lần một ngày, người già {where} sợ nghe máy.",
    ),
    "VT01": (
        "Sóng điện thoại ở {where} yếu xìu, ra ngoài lộ mới nghe được.",
        "Cáp viễn thông thòng xuống lộ {where}, xe tải vướng hoài.",
        "Trụ cáp {where} nghiêng sát mái nhà tui rồi.",
    ),
    "TG01": (
        "Chợ {where} cân thiếu, mua ký thịt về còn tám lạng.",
        "Sau bão vật tư ở {where} tăng giá gấp đôi.",
        "Cây xăng {where} đong thiếu, bà con nói hoài.",
    ),
    "TG02": (
        "Phân bón mua ở {where} bón hổng ăn thua, nghi hàng giả.",
        "Cửa hàng {where} bán mỹ phẩm hổng nhãn mác.",
        "Thuốc tôm bán ở {where} dán nhãn lem nhem, xài xong tôm chết.",
    ),
    "XH01": (
        "Nhà gần {where} đêm nào cũng nghe đánh con, thằng nhỏ la khóc tội lắm.",
        "Có bé gái ở {where} bị người quen làm bậy, nhờ người tới liền.",
        "Mấy đứa nhỏ bán vé số ở {where} bị bắt đi bán tới khuya.",
    ),
    "XH02": (
        "Bà già neo đơn ở {where} chưa được nhận tiền trợ cấp mấy tháng nay.",
        "Nhà tui ở {where} sập, xét hộ nghèo hoài chưa xong.",
        "Thẻ bảo hiểm người khuyết tật ở {where} làm lâu quá chưa có.",
    ),
    "NN01": (
        "Tôm ở {where} chết đỏ mé ao, vuông nào cũng bị.",
        "Heo nhà tui ở {where} bỏ ăn chết hai con, sợ dịch tả.",
        "Vịt chạy đồng {where} chết hàng loạt, người ta quăng xuống kinh.",
    ),
    "KH01": (
        "Góp ý xã {where} làm thêm bãi giữ xe chợ đêm cho gọn.",
        "Nên trồng thêm cây mát dọc lộ {where}, nắng quá trời.",
        "Đề nghị {where} có thêm giờ tiếp dân buổi tối cho người đi làm.",
    ),
    "KH99": (
        "Có con chó lạ chạy rông cắn người ở {where}, nhờ bắt giùm.",
        "Ong vò vẽ làm tổ trước nhà {where}, to bằng cái nón lá.",
        "Tui nhặt được cái bóp có giấy tờ ở {where}, hổng biết gửi đâu.",
        "Loa phát thanh xã {where} hư, thông báo gì bà con hổng nghe.",
    ),
}
ANYBODY = (
    "Nhờ tổng đài coi giùm chuyện này ở {where}, bà con trông lắm.",
    "Tui phản ánh chuyện ở {where}, nói xã rồi mà chưa thấy ai tới.",
)
ANSWERED = (
    "Đơn vị đã kiểm tra và xử lý xong. Cảm ơn bà con đã báo.",
    "Tổ công tác đã tới nơi khắc phục trong ngày.",
    "Đã sửa chữa xong, mời bà con kiểm tra lại.",
    "Đã nhắc nhở và yêu cầu cam kết không tái phạm.",
    "Đã xác minh, lập biên bản và xử lý theo quy định.",
)
ASKED = (
    "Nhờ bà con cho biết thêm chỗ đó gần nhà ai, số mấy.",
    "Xin cho biết sự việc xảy ra lúc nào, có còn không.",
)
WORKING = (
    "Đã cử người xuống hiện trường.",
    "Đang chờ vật tư, dự kiến xong trong tuần.",
    "Đang phối hợp với ủy ban xã.",
)
