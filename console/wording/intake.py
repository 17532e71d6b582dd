"""What the page of a report that staff write down says."""

from collections.abc import Mapping

WORDING: Mapping[str, Mapping[str, str]] = {
    "intake": {"vi": "Ghi phản ánh mới", "en": "Write down a report"},
    "intake_call": {
        "vi": "Gắn với cuộc gọi đang mở, bắt đầu lúc {time}.",
        "en": "It belongs to the call that began at {time}.",
    },
    "intake_call_gone": {
        "vi": "Không tìm thấy cuộc gọi này; phản ánh sẽ không gắn với cuộc gọi.",
        "en": "There is no such call; the report will belong to none.",
    },
    "intake_what": {"vi": "Người dân phản ánh điều gì?", "en": "What is it about?"},
    "intake_category": {
        "vi": "Lĩnh vực (gõ vài từ, không dấu cũng được)",
        "en": "Category (a few words; accents are not needed)",
    },
    "intake_other_draft": {
        "vi": "Còn một phản ánh ghi dở chưa gửi: mở lại",
        "en": "A report that was begun was not sent: go on with it",
    },
    "intake_place": {
        "vi": "Xã, phường (gõ như nói, không dấu cũng được)",
        "en": "Commune (as it is spoken; accents are not needed)",
    },
    "intake_address": {"vi": "Địa chỉ, chỗ dễ nhận", "en": "Address, landmark"},
    "intake_number_of": {
        "vi": "Số điện thoại (không bắt buộc)",
        "en": "Telephone number (not required)",
    },
    "intake_name": {"vi": "Tên (không bắt buộc)", "en": "Name (not required)"},
    "intake_calls_number": {
        "vi": "Báo kết quả về số đang gọi, nếu không ghi số khác",
        "en": "Tell the outcome to the number that calls, unless another is given",
    },
    "intake_source": {"vi": "Người dân", "en": "The citizen"},
    "intake_by_phone": {"vi": "qua điện thoại, lời nhắn", "en": "by telephone or message"},
    "intake_visits": {"vi": "đến trực tiếp", "en": "is here"},
    "intake_urgent": {"vi": "Khẩn cấp", "en": "Urgent"},
    "intake_send": {"vi": "Ghi nhận phản ánh", "en": "File the report"},
    "intake_look": {"vi": "Xem đề xuất", "en": "Show proposals"},
    "intake_found": {"vi": "Đề xuất từ lời đã gõ", "en": "What the words propose"},
    "intake_nothing": {
        "vi": "Gõ nội dung thì đề xuất hiện ở đây.",
        "en": "Proposals appear here as you type.",
    },
    "intake_take_category": {"vi": "Lĩnh vực: {what}", "en": "Category: {what}"},
    "intake_take_place": {"vi": "Địa điểm: {what}", "en": "Place: {what}"},
    "intake_danger": {
        "vi": "Có thể nguy hiểm: “{words}”. Nếu người dân đang gặp nguy, bảo họ gọi 113, 114 "
        "hoặc 115 ngay.",
        "en": "It may be dangerous: “{words}”. If somebody is in danger, have them ring 113, 114 "
        "or 115 now.",
    },
    "intake_alike": {"vi": "Có thể đã được phản ánh", "en": "It may have been reported already"},
    "intake_broken": {
        "vi": "Có ký tự không đọc được, hãy gõ lại.",
        "en": "There are characters that nobody writes: please type it again.",
    },
    "intake_long": {"vi": "Quá dài. Hãy rút gọn.", "en": "It is too long: please shorten it."},
    "intake_words": {"vi": "Hãy ghi nội dung phản ánh.", "en": "Please write what it is about."},
    "intake_number": {"vi": "Không phải số điện thoại.", "en": "This is no telephone number."},
    "intake_again": {
        "vi": "Trang này đã được gửi một lần với nội dung khác. Gửi lại sẽ thành phản ánh mới.",
        "en": "This page was sent before with other words. Sent again, it is another report.",
    },
    "unknown_category": {"vi": "Không có lĩnh vực này", "en": "There is no such category"},
    "several_categories": {
        "vi": "Có nhiều lĩnh vực như vậy, hãy chọn một",
        "en": "Several categories are called so: please choose one",
    },
    "intake_done": {"vi": "Đã ghi nhận phản ánh", "en": "The report is filed"},
    "intake_read_out": {
        "vi": "Đọc cho người dân mã phản ánh và mã bí mật:",
        "en": "Read the reference and the PIN out:",
    },
    "intake_pin": {"vi": "Mã bí mật", "en": "PIN"},
    "intake_texted": {
        "vi": "Hai mã này cũng được nhắn vào điện thoại của họ.",
        "en": "They are sent to them by SMS, too.",
    },
    "intake_support": {
        "vi": "Ghi thêm vào {reference}",
        "en": "Add them to {reference}",
    },
    "intake_supported": {
        "vi": "Đã ghi thêm người cùng phản ánh",
        "en": "They are added to the report",
    },
    "intake_supporters": {
        "vi": "Đến nay có {count} người cùng phản ánh. Có kết quả, ai để lại số di động "
        "được nhắn tin.",
        "en": "{count} reported the same. Who left a mobile number is told when it is solved.",
    },
    "intake_open": {"vi": "Mở phản ánh", "en": "Open the report"},
    "intake_next": {"vi": "Ghi phản ánh khác", "en": "Write down another"},
    "key_new": {"vi": "Ghi phản ánh mới", "en": "Write down a report"},
}
