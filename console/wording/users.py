"""What the users' page says."""

from collections.abc import Mapping

WORDING: Mapping[str, Mapping[str, str]] = {
    "users": {"vi": "Người dùng", "en": "Users"},
    "users_note": {
        "vi": "Mọi thay đổi ở đây được ghi vào nhật ký kiểm soát.",
        "en": "Every change here goes into the audit log.",
    },
    "user_add": {"vi": "Thêm người dùng", "en": "Add a user"},
    "user_email": {"vi": "Thư điện tử", "en": "E-mail"},
    "user_role": {"vi": "Vai trò", "en": "Role"},
    "user_agency": {
        "vi": "Cơ quan (chỉ cho vai trò cơ quan)",
        "en": "Agency (for the role agency only)",
    },
    "user_state": {"vi": "Tình trạng", "en": "State"},
    "user_active": {"vi": "Đang dùng", "en": "Active"},
    "user_disabled": {"vi": "Đã khóa", "en": "Disabled"},
    "user_disable": {"vi": "Khóa", "en": "Disable"},
    "user_enable": {"vi": "Mở lại", "en": "Enable"},
    "user_actions": {"vi": "Việc làm", "en": "Actions"},
    "user_reset_password": {"vi": "Đặt lại mật khẩu", "en": "Reset the password"},
    "user_reset_factor": {"vi": "Gỡ xác thực hai bước", "en": "Remove the second factor"},
    "user_of": {"vi": "{action}: {email}", "en": "{action}: {email}"},
    "user_password_told": {
        "vi": "Mật khẩu tạm của {email}, chỉ hiện một lần:",
        "en": "The password of {email} for now, shown once:",
    },
    "user_changed": {"vi": "Đã lưu.", "en": "Saved."},
    "user_own": {
        "vi": "Không thể tự làm điều này với chính mình.",
        "en": "You cannot do this to yourself.",
    },
    "user_bad_email": {"vi": "Địa chỉ thư điện tử không đúng.", "en": "That is no e-mail address."},
    "user_taken": {
        "vi": "Địa chỉ này đã có tài khoản.",
        "en": "That address has an account already.",
    },
    "user_wrong_agency": {
        "vi": "Vai trò cơ quan cần một cơ quan hiện có, và chỉ vai trò đó.",
        "en": "The role agency takes an agency of today, and no other role does.",
    },
    "user_last": {
        "vi": "Phải còn ít nhất một quản trị viên.",
        "en": "At least one administrator has to remain.",
    },
    "user_unknown": {"vi": "Không có người dùng này.", "en": "There is no such user."},
    "role_operator": {"vi": "Điện thoại viên", "en": "Operator"},
    "role_supervisor": {"vi": "Trưởng ca", "en": "Supervisor"},
    "role_agency": {"vi": "Cán bộ cơ quan", "en": "Agency officer"},
    "role_auditor": {"vi": "Kiểm soát viên", "en": "Auditor"},
    "role_administrator": {"vi": "Quản trị viên", "en": "Administrator"},
}
