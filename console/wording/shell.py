"""What every page says."""

from collections.abc import Mapping

WORDING: Mapping[str, Mapping[str, str]] = {
    "title": {"vi": "Tổng đài {number}", "en": "Hotline {number}"},
    "skip": {"vi": "Đến nội dung chính", "en": "Skip to the content"},
    "other_language": {"vi": "English", "en": "Tiếng Việt"},
    "problem_404": {"vi": "Không có trang này.", "en": "There is no such page."},
    "problem_503": {
        "vi": "Cơ sở dữ liệu tạm thời không trả lời. Vui lòng thử lại sau ít phút.",
        "en": "The database does not answer at the moment. Please try again in a few minutes.",
    },
    "problem_cut_off": {
        "vi": "Đường truyền bị ngắt: xin gửi lại.",
        "en": "The connection was cut off: please send it again.",
    },
    "problem": {
        "vi": "Không thực hiện được yêu cầu này.",
        "en": "This request could not be carried out.",
    },
    "demo_shown": {
        "vi": "Có dữ liệu trình diễn: cuộc gọi, phản ánh và số liệu ghi “dữ liệu trình diễn” "
        "là tự đặt ra, không có thật.",
        "en": "Demonstration data: calls, reports and figures so marked are made up.",
    },
    "sms_trouble": {
        "vi": "Nhà mạng không nhận tin nhắn SMS từ {since}; {count} tin đang chờ.",
        "en": "The provider takes no SMS since {since}; {count} are waiting.",
    },
    "sms_trouble_late": {
        "vi": "{count} cảnh báo nguy hiểm đang chờ gửi đến cán bộ trực từ {since}: "
        "hãy xem các phản ánh khẩn và gọi điện.",
        "en": "{count} alarms about danger have been waiting to go to the staff on duty since "
        "{since}: look at the urgent reports, and telephone.",
    },
    "sms_trouble_lost": {
        "vi": "{count} cảnh báo nguy hiểm trong một giờ qua không đến được cán bộ trực: "
        "hãy xem các phản ánh khẩn và gọi điện.",
        "en": "{count} alarms about danger of the last hour did not arrive at the staff on duty: "
        "look at the urgent reports, and telephone.",
    },
    "to_start": {"vi": "Về trang đầu", "en": "To the first page"},
    "nav": {"vi": "Các trang", "en": "Pages"},
    "nav_reports": {"vi": "Phản ánh", "en": "Reports"},
    "nav_users": {"vi": "Người dùng", "en": "Users"},
    "nav_audit": {"vi": "Nhật ký kiểm soát", "en": "Audit log"},
    "close": {"vi": "Đóng", "en": "Close"},
    "save": {"vi": "Lưu", "en": "Save"},
    "cancel": {"vi": "Hủy", "en": "Cancel"},
    "back": {"vi": "Quay lại", "en": "Back"},
    "undo": {"vi": "Hoàn tác", "en": "Undo"},
    "problem_403": {"vi": "Bạn không được phép mở trang này.", "en": "You may not open this page."},
    "problem_400": {
        "vi": "Trang đã cũ hoặc dữ liệu gửi không đọc được.",
        "en": "The page was too old, or what was sent cannot be read.",
    },
    "problem_409": {
        "vi": "Việc này lúc này không làm được.",
        "en": "That cannot be done just now.",
    },
    "problem_413": {"vi": "Dữ liệu gửi lên quá lớn.", "en": "What was sent is too large."},
    "problem_405": {
        "vi": "Trang này không nhận cách gửi đó.",
        "en": "This page takes no such request.",
    },
    "keys_help": {"vi": "Phím tắt", "en": "Keyboard"},
    "keys_note": {
        "vi": "Phím tắt chỉ có tác dụng khi không gõ vào ô nào.",
        "en": "Keys work while you type in no field.",
    },
    "key_help": {"vi": "Mở bảng phím tắt này", "en": "This help"},
    "key_next": {"vi": "Dòng kế tiếp", "en": "Next row"},
    "key_previous": {"vi": "Dòng trước", "en": "Previous row"},
    "key_open": {"vi": "Mở phản ánh", "en": "Open the report"},
    "key_assign": {"vi": "Giao cho cơ quan", "en": "Assign to an agency"},
    "key_category": {"vi": "Đổi lĩnh vực", "en": "Change the category"},
    "key_place": {"vi": "Đổi địa điểm", "en": "Change the place"},
    "key_status": {"vi": "Đổi trạng thái", "en": "Change the status"},
    "key_duplicate": {"vi": "Ghép vào phản ánh trùng", "en": "Join as a duplicate"},
    "key_pick": {"vi": "Chọn hoặc bỏ chọn dòng", "en": "Pick the row, or not"},
    "key_pick_stretch": {"vi": "Chọn đến dòng này", "en": "Pick up to this row"},
    "key_pick_none": {"vi": "Bỏ mọi lựa chọn", "en": "Pick none"},
    "key_undo": {"vi": "Hoàn tác việc vừa làm (30 giây)", "en": "Undo the last change (30 s)"},
    "key_search": {"vi": "Tìm", "en": "Search"},
    "key_accept": {"vi": "Nhận đề xuất", "en": "Accept the proposal"},
    "key_list": {"vi": "Về danh sách", "en": "Back to the list"},
    "session_ended": {
        "vi": "Phiên làm việc đã hết. Những gì đã ghi vẫn còn trong thẻ này.",
        "en": "You are signed out. What was typed stays in this tab.",
    },
    "session_again": {"vi": "Đăng nhập lại", "en": "Sign in again"},
    "lost_connection": {
        "vi": "Mất kết nối. Điều vừa làm chưa được gửi, hãy thử lại.",
        "en": "The connection is lost. What you did was not sent, please try again.",
    },
}
