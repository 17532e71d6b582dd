"""What the console says, in Vietnamese and English."""

from collections.abc import Mapping

LANGUAGES = ("vi", "en")  # the first where the visitor asks for neither

WORDING: Mapping[str, Mapping[str, str]] = {
    "title": {"vi": "Tổng đài {number}", "en": "Hotline {number}"},
    "skip": {"vi": "Đến nội dung chính", "en": "Skip to the content"},
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
    "latest": {"vi": "Phản ánh mới nhất", "en": "Latest reports"},
    "latest_note": {
        "vi": "{count} phản ánh gần đây nhất, mới nhất ở trên. Giờ {zone}.",
        "en": "The {count} most recent reports, newest first. Times of {zone}.",
    },
    "none_yet": {"vi": "Chưa có phản ánh nào.", "en": "There are no reports yet."},
    "reference": {"vi": "Mã số", "en": "Reference"},
    "time": {"vi": "Thời gian", "en": "Time"},
    "category": {"vi": "Lĩnh vực", "en": "Category"},
    "no_category": {"vi": "Chưa chọn", "en": "Not chosen"},
    "status": {"vi": "Trạng thái", "en": "Status"},
    "partial": {"vi": "Chưa đầy đủ", "en": "Partial"},
    "partial_note": {
        "vi": "Người gọi gác máy hoặc ngừng nói trước khi xác nhận.",
        "en": "The caller hung up or fell silent before confirming.",
    },
    "words": {"vi": "Nội dung", "en": "Words"},
    "draft": {
        "vi": "Bản nháp do máy chép, chưa ai đọc lại",
        "en": "Draft by machine, not read by a person yet",
    },
    "words_pending": {"vi": "Đang chép lời…", "en": "Being put into words…"},
    "words_failed": {
        "vi": "Máy không chép được, mời nghe ghi âm.",
        "en": "The machine could not write it down; please listen.",
    },
    "words_empty": {"vi": "Không nghe thấy lời nào.", "en": "No words were heard."},
    "words_none": {"vi": "Không có ghi âm", "en": "No recording"},
    "sound": {"vi": "Ghi âm", "en": "Recording"},
    "sound_of": {
        "vi": "Nghe ghi âm {number} của phản ánh {reference}, dài {seconds} giây",
        "en": "Recording {number} of report {reference}, {seconds} seconds",
    },
    "silent": {"vi": "không có tiếng", "en": "silent"},
    "other_language": {"vi": "English", "en": "Tiếng Việt"},
    "status_new": {"vi": "Mới", "en": "New"},
    "problem_404": {"vi": "Không có trang này.", "en": "There is no such page."},
    "problem_503": {
        "vi": "Cơ sở dữ liệu tạm thời không trả lời. Vui lòng thử lại sau ít phút.",
        "en": "The database does not answer at the moment. Please try again in a few minutes.",
    },
    "problem": {
        "vi": "Không thực hiện được yêu cầu này.",
        "en": "This request could not be carried out.",
    },
    "to_start": {"vi": "Về trang đầu", "en": "To the first page"},
}


def words(key: str, language: str, **values: object) -> str:
    """The wording of that key in that language, its placeholders filled."""
    return WORDING[key][language].format(**values)


def has_wording(key: str) -> bool:
    """Whether there is such a key."""
    return key in WORDING
