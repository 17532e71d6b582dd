"""What each step of a call is about, in a word or two: for staff who watch a call or read one."""

from collections.abc import Mapping

WORDING: Mapping[str, Mapping[str, str]] = {
    "step_line_dropped": {"vi": "Tiếp cuộc gọi trước?", "en": "Go on with the last call?"},
    "step_open_reports": {"vi": "Phản ánh đang giải quyết", "en": "Reports of theirs"},
    "step_main_menu": {"vi": "Menu chính", "en": "Main menu"},
    "step_category": {"vi": "Chọn lĩnh vực", "en": "Kind of matter"},
    "step_category_by_key": {"vi": "Chọn lĩnh vực bằng phím", "en": "Kind of matter, by key"},
    "step_subcategory": {"vi": "Chọn việc cụ thể", "en": "What exactly"},
    "step_statement": {"vi": "Nói phản ánh", "en": "Statement"},
    "step_confirm_category": {"vi": "Xác nhận lĩnh vực", "en": "Kind of matter right?"},
    "step_place": {"vi": "Nói địa điểm", "en": "Place"},
    "step_place_words": {"vi": "Tìm địa điểm đã nói", "en": "Looking for the place"},
    "step_confirm_place": {"vi": "Xác nhận địa điểm", "en": "Place right?"},
    "step_area": {"vi": "Chọn khu vực", "en": "Area"},
    "step_unit_page": {"vi": "Chọn xã, phường", "en": "Commune or ward"},
    "step_unit_last_page": {"vi": "Chọn xã, phường", "en": "Commune or ward"},
    "step_round_ready": {"vi": "Hỏi số liệu: sẵn sàng?", "en": "Asked for a figure: ready?"},
    "step_round_figure": {"vi": "Hỏi số liệu: nhập số", "en": "Asked for a figure: the number"},
    "step_round_confirm": {"vi": "Hỏi số liệu: xác nhận", "en": "Asked for a figure: confirmed?"},
    "step_contact": {"vi": "Số liên lạc", "en": "Number to reach them"},
    "step_contact_unknown": {"vi": "Số liên lạc", "en": "Number to reach them"},
    "step_other_number": {"vi": "Nhập số khác", "en": "Another number"},
    "step_confirm_number": {"vi": "Xác nhận số", "en": "Number right?"},
    "step_confirm_report": {"vi": "Xác nhận phản ánh", "en": "Report right?"},
    "step_anything_else": {"vi": "Còn việc khác?", "en": "Anything else?"},
    "step_enter_reference": {"vi": "Nhập mã phản ánh", "en": "Reference"},
    "step_enter_pin": {"vi": "Nhập mã bí mật", "en": "PIN"},
    "step_open_actions": {"vi": "Nghe kết quả", "en": "Status heard"},
    "step_solved_actions": {"vi": "Hài lòng chưa?", "en": "Satisfied?"},
    "step_addition": {"vi": "Nói bổ sung", "en": "Addition"},
    "step_why_not_solved": {"vi": "Nói vì sao chưa xong", "en": "Why it is not solved"},
    "step_information": {"vi": "Hỏi thông tin", "en": "Information"},
    "step_information_more": {"vi": "Hỏi thêm thông tin", "en": "More information"},
    "step_queue_seen": {"vi": "Xem hàng chờ", "en": "Look at the queue"},
    "step_queue": {"vi": "Chờ người trực", "en": "Queue for a person"},
    "step_queue_long": {"vi": "Chờ tiếp không?", "en": "Wait on?"},
    "step_instead_of_person": {"vi": "Lời nhắn hay hẹn gọi lại?", "en": "Message or call back?"},
    "step_instead_unrecorded": {"vi": "Hẹn gọi lại", "en": "Call back"},
    "step_callback_number": {"vi": "Số để gọi lại", "en": "Number to ring"},
    "step_callback_greeting": {"vi": "Gọi lại", "en": "Call back"},
    "step_message": {"vi": "Để lại lời nhắn", "en": "Message"},
    "step_danger_menu": {"vi": "BÁO NGUY HIỂM", "en": "DANGER"},
    "step_danger_connect": {"vi": "NGUY HIỂM: nối máy?", "en": "DANGER: connect?"},
    "step_danger_line": {"vi": "NGUY HIỂM: đang nối máy", "en": "DANGER: connected"},
    "step_survey": {"vi": "Hỏi mức hài lòng", "en": "Survey"},
    "step_survey_unhappy": {"vi": "Hỏi lý do chưa hài lòng", "en": "Survey: why not"},
    "step_blocked": {"vi": "Số bị tạm ngừng", "en": "Blocked number"},
}


def step_said(step: str, language: str) -> str:
    """What a step asks or does, as the journal names it (`Gather:category`), in words; its own name
    where there are none."""
    name = step.partition(":")[2]
    known = WORDING.get(f"step_{name}")
    return known[language] if known is not None else name or step
