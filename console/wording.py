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
    "status_triaged": {"vi": "Đã phân loại", "en": "Triaged"},
    "status_assigned": {"vi": "Đã chuyển xử lý", "en": "Assigned"},
    "status_in_progress": {"vi": "Đang xử lý", "en": "In progress"},
    "status_waiting_citizen": {"vi": "Chờ người dân", "en": "Waiting for the citizen"},
    "status_reopened": {"vi": "Mở lại", "en": "Reopened"},
    "status_resolved": {"vi": "Đã xử lý", "en": "Resolved"},
    "status_closed": {"vi": "Đã đóng", "en": "Closed"},
    "status_rejected": {"vi": "Không tiếp nhận", "en": "Rejected"},
    "status_duplicate": {"vi": "Trùng", "en": "Duplicate"},
    "status_diverted": {"vi": "Chuyển nơi khác", "en": "Diverted"},
    "problem_404": {"vi": "Không có trang này.", "en": "There is no such page."},
    "problem_503": {
        "vi": "Cơ sở dữ liệu tạm thời không trả lời. Vui lòng thử lại sau ít phút.",
        "en": "The database does not answer at the moment. Please try again in a few minutes.",
    },
    "problem": {
        "vi": "Không thực hiện được yêu cầu này.",
        "en": "This request could not be carried out.",
    },
    "simulator": {"vi": "Gọi thử", "en": "Simulator"},
    "simulator_note": {
        "vi": "Gọi thử không cần điện thoại: kịch bản và cách xử lý là thật, dữ liệu bỏ đi sau đó.",
        "en": "A call without a telephone: flows and handlers are real, the data are thrown away.",
    },
    "sim_call": {"vi": "Cuộc gọi", "en": "The call"},
    "sim_number": {"vi": "Số gọi đến", "en": "Caller's number"},
    "sim_withheld": {"vi": "Giấu số", "en": "Number withheld"},
    "sim_moment": {"vi": "Gọi lúc (để trống: bây giờ)", "en": "Time of the call (empty: now)"},
    "sim_facts": {"vi": "Điều khác thường", "en": "What is unusual"},
    "sim_begin": {"vi": "Gọi", "en": "Call"},
    "sim_keys": {"vi": "Bàn phím điện thoại", "en": "Telephone keys"},
    "sim_silence": {"vi": "Im lặng", "en": "Silence"},
    "sim_speaks": {"vi": "Nói 10 giây", "en": "Speak 10 s"},
    "sim_speaks_key": {"vi": "Nói 10 giây rồi bấm #", "en": "Speak 10 s, then #"},
    "sim_words_found": {"vi": "Chép được lời", "en": "Words found"},
    "sim_no_words": {"vi": "Không chép được", "en": "No words"},
    "sim_queue_short": {"vi": "Không ai đang chờ", "en": "Nobody is waiting"},
    "sim_queue_long": {"vi": "Ba người đang chờ", "en": "Three are waiting"},
    "sim_queue_nobody": {"vi": "Không có người trực", "en": "Nobody on duty"},
    "sim_agent": {"vi": "Người trực nghe máy", "en": "A person answers"},
    "sim_queue_timeout": {"vi": "Hết giờ chờ", "en": "The wait ends"},
    "sim_queue_unavailable": {"vi": "Người trực rời máy", "en": "Nobody is there any more"},
    "sim_queue_key_1": {"vi": "Bấm 1 khi đang chờ", "en": "Press 1 while waiting"},
    "sim_queue_key_2": {"vi": "Bấm 2 khi đang chờ", "en": "Press 2 while waiting"},
    "sim_dial_answered": {"vi": "Bên kia nghe máy", "en": "It is answered"},
    "sim_dial_busy": {"vi": "Máy bận", "en": "It is busy"},
    "sim_dial_no_answer": {"vi": "Không ai nghe", "en": "Nobody answers"},
    "sim_reference": {"vi": "Mã phản ánh vừa nhận", "en": "The reference just given"},
    "sim_pin": {"vi": "Mã bí mật vừa nhận", "en": "The PIN just given"},
    "sim_again": {"vi": "Gọi lại từ số này", "en": "Another call of this number"},
    "sim_hang_up": {"vi": "Gác máy", "en": "Hang up"},
    "sim_typed": {
        "vi": "Hoặc gõ: nhiều phím, hay lời nói trong ngoặc kép",
        "en": "Or type: several keys, or words in quotes",
    },
    "sim_send": {"vi": "Trả lời", "en": "Answer"},
    "sim_back": {"vi": "Lùi một bước", "en": "Take it back"},
    "sim_restart": {"vi": "Cuộc gọi mới", "en": "A new call"},
    "sim_over": {"vi": "Cuộc gọi đã kết thúc.", "en": "The call is over."},
    "sim_done": {"vi": "Đã làm ({count} mục nhật ký)", "en": "Done ({count} journal entries)"},
    "to_start": {"vi": "Về trang đầu", "en": "To the first page"},
}


def words(key: str, language: str, **values: object) -> str:
    """The wording of that key in that language, its placeholders filled."""
    return WORDING[key][language].format(**values)


def has_wording(key: str) -> bool:
    """Whether there is such a key."""
    return key in WORDING
