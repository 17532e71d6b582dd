"""What signing in and one's own account say."""

from collections.abc import Mapping

WORDING: Mapping[str, Mapping[str, str]] = {
    "sign_in": {"vi": "Đăng nhập", "en": "Sign in"},
    "sign_out": {"vi": "Đăng xuất", "en": "Sign out"},
    "email": {"vi": "Thư điện tử", "en": "E-mail"},
    "password": {"vi": "Mật khẩu", "en": "Password"},
    "wrong_password": {
        "vi": "Thư điện tử hoặc mật khẩu không đúng.",
        "en": "The e-mail address or the password is wrong.",
    },
    "stale_form": {
        "vi": "Trang đã cũ, mời đăng nhập lại.",
        "en": "The page was too old. Please try again.",
    },
    "locked_out": {
        "vi": "Sai quá nhiều lần. Vui lòng đợi 15 phút rồi thử lại.",
        "en": "Too many wrong tries. Please wait 15 minutes, then try again.",
    },
    "password_missing": {"vi": "Hãy nhập mật khẩu.", "en": "Please enter your password."},
    "password_length": {
        "vi": "Mật khẩu cần từ 12 đến 200 ký tự.",
        "en": "A password has 12 to 200 characters.",
    },
    "password_same": {
        "vi": "Mật khẩu mới phải khác mật khẩu cũ.",
        "en": "The new password must differ from the old one.",
    },
    "passwords_differ": {
        "vi": "Hai lần nhập mật khẩu mới không giống nhau.",
        "en": "The two new passwords differ.",
    },
    "password_changed": {
        "vi": "Đã đổi mật khẩu. Các phiên khác đã bị đăng xuất.",
        "en": "The password is changed. Other sessions were signed out.",
    },
    "wrong_code": {
        "vi": "Mã không đúng hoặc đã dùng rồi.",
        "en": "The code is wrong, or was used already.",
    },
    "wrong_input": {"vi": "Không đọc được dữ liệu gửi lên.", "en": "What was sent cannot be read."},
    "signed_in": {"vi": "Đã đăng nhập.", "en": "You are signed in."},
    "signed_in_again": {"vi": "Đã xác nhận mật khẩu.", "en": "Your password is confirmed."},
    "sign_in_first": {"vi": "Hãy đăng nhập trước.", "en": "Please sign in first."},
    "sign_in_again_first": {
        "vi": "Hãy nhập lại mật khẩu trước khi đổi điều này.",
        "en": "Please enter your password again before changing this.",
    },
    "sign_in_again": {"vi": "Nhập lại mật khẩu", "en": "Your password once more"},
    "go_on": {"vi": "Tiếp tục", "en": "Go on"},
    "second_factor": {"vi": "Xác thực hai bước", "en": "Second factor"},
    "second_factor_set": {
        "vi": "Đã bật xác thực hai bước. Hãy lấy mã dự phòng ngay.",
        "en": "The second factor is on. Take your recovery codes now.",
    },
    "second_factor_removed": {"vi": "Đã tắt xác thực hai bước.", "en": "The second factor is off."},
    "second_factor_expired": {
        "vi": "Đã quá lâu, hãy bắt đầu lại.",
        "en": "It took too long, please begin again.",
    },
    "second_factor_note": {
        "vi": "Ngoài mật khẩu, ứng dụng xác thực trên điện thoại cho một mã mới mỗi 30 giây.",
        "en": "Besides the password, an authenticator on your telephone gives a new code every "
        "30 seconds.",
    },
    "second_factor_on": {"vi": "Đang bật", "en": "On"},
    "second_factor_off": {"vi": "Đang tắt", "en": "Off"},
    "second_factor_begin": {"vi": "Bật xác thực hai bước", "en": "Turn it on"},
    "second_factor_renew": {"vi": "Chuyển sang điện thoại khác", "en": "Move to another telephone"},
    "second_factor_remove": {"vi": "Tắt xác thực hai bước", "en": "Turn it off"},
    "second_factor_scan": {
        "vi": "Quét hình này bằng ứng dụng xác thực, hoặc gõ khóa bên dưới.",
        "en": "Scan this with your authenticator, or type the key below.",
    },
    "second_factor_square": {
        "vi": "Hình vuông chứa khóa cho ứng dụng xác thực",
        "en": "A square that holds the key for the authenticator",
    },
    "second_factor_key": {"vi": "Khóa", "en": "Key"},
    "code": {"vi": "Mã 6 chữ số", "en": "Code of 6 digits"},
    "code_note": {
        "vi": "Mở ứng dụng xác thực trên điện thoại và nhập mã đang hiện.",
        "en": "Open the authenticator on your telephone and enter the code that it shows.",
    },
    "code_lost": {
        "vi": "Không có điện thoại? Dùng mã dự phòng",
        "en": "No telephone? Use a recovery code",
    },
    "recovery": {"vi": "Đăng nhập bằng mã dự phòng", "en": "Sign in with a recovery code"},
    "recovery_code": {"vi": "Mã dự phòng", "en": "Recovery code"},
    "recovery_codes": {"vi": "Mã dự phòng", "en": "Recovery codes"},
    "recovery_note": {
        "vi": "Mỗi mã dùng được một lần khi không có điện thoại. Hãy cất ở nơi an toàn.",
        "en": "Each code is good for once, when you have no telephone. Keep them in a safe place.",
    },
    "recovery_make": {
        "vi": "Tạo mã mới (mã cũ hết hiệu lực)",
        "en": "Make new codes (old ones end)",
    },
    "recovery_show": {"vi": "Xem mã còn lại", "en": "Show the codes that are left"},
    "no_recovery_codes": {"vi": "Chưa có mã dự phòng.", "en": "There are no recovery codes yet."},
    "account": {"vi": "Tài khoản của bạn", "en": "Your account"},
    "account_role": {"vi": "Vai trò", "en": "Role"},
    "change_password": {"vi": "Đổi mật khẩu", "en": "Change the password"},
    "must_change": {
        "vi": "Mật khẩu này do người khác đặt. Hãy chọn mật khẩu của riêng bạn.",
        "en": "Somebody else made this password. Please choose your own.",
    },
    "password_now": {"vi": "Mật khẩu hiện tại", "en": "Present password"},
    "password_new": {
        "vi": "Mật khẩu mới (ít nhất 12 ký tự)",
        "en": "New password (12 characters or more)",
    },
    "password_repeat": {"vi": "Nhập lại mật khẩu mới", "en": "New password again"},
    "visits": {"vi": "Các phiên đăng nhập", "en": "Sessions"},
    "visits_note": {"vi": "Mỗi phiên kéo dài tối đa 12 giờ.", "en": "Each lasts 12 hours at most."},
    "visits_all": {"vi": "Phiên đăng nhập của mọi người", "en": "Everybody's sessions"},
    "visit_browser": {"vi": "Trình duyệt", "en": "Browser"},
    "visit_began": {"vi": "Bắt đầu", "en": "Began"},
    "visit_seen": {"vi": "Gần nhất", "en": "Seen last"},
    "visit_end": {"vi": "Kết thúc", "en": "End"},
    "visit_end_of": {
        "vi": "Kết thúc phiên {browser} của {email}",
        "en": "End the session {browser} of {email}",
    },
    "visit_here": {"vi": "Phiên này", "en": "This one"},
    "visit_ended": {"vi": "Đã kết thúc phiên.", "en": "The session has ended."},
    "visit_gone": {"vi": "Phiên này đã kết thúc rồi.", "en": "That session had ended already."},
}
