"""What the pages of settings say."""

from collections.abc import Mapping

from console.wording.settings_fields import FIELDS

WORDING: Mapping[str, Mapping[str, str]] = {
    **FIELDS,
    "settings": {"vi": "Thiết lập", "en": "Settings"},
    "settings_holds": {
        "vi": "Đang áp dụng phiên bản {number}, công bố",
        "en": "In force: version {number}, published",
    },
    "settings_none": {
        "vi": "Chưa công bố thay đổi nào: các tệp của gói tỉnh đang được áp dụng.",
        "en": "Nothing has been published: the files of the province pack are in force.",
    },
    "settings_trouble": {
        "vi": "Không đọc được phiên bản {number}; phiên bản trước vẫn được áp dụng. Xem nhật ký "
        "hệ thống.",
        "en": "Version {number} could not be taken; the one before stays in force. See the logs.",
    },
    "settings_beneath": {
        "vi": "Tệp của gói tỉnh đã được sửa trên đĩa dưới phiên bản đang áp dụng: {count} chỗ. "
        "Chỗ sửa đó chưa có hiệu lực.",
        "en": "The pack's files were changed on the disk under the version in force, at {count} "
        "places. Those changes do not hold yet.",
    },
    "settings_beneath_note": {
        "vi": "Đưa vào bản nháp để công bố; hoặc công bố mà không đưa vào: thay đổi trên đĩa vẫn "
        "ở đó "
        "nhưng không còn được nhắc.",
        "en": "Take them into your draft and publish it; or publish without them: they stay on the "
        "disk and are mentioned no more.",
    },
    "settings_on_disk": {"vi": "Thay đổi trên đĩa", "en": "Changes on the disk"},
    "settings_disk_then": {"vi": "Khi công bố", "en": "When published"},
    "settings_disk_now": {"vi": "Trên đĩa bây giờ", "en": "On the disk now"},
    "settings_bring_disk": {"vi": "Đưa vào bản nháp", "en": "Take into my draft"},
    "settings_history": {"vi": "Các phiên bản", "en": "Versions"},
    "settings_elsewhere": {"vi": "Không sửa ở đây", "en": "Not changed here"},
    "settings_elsewhere_note": {
        "vi": "Khóa, mật khẩu, cổng mạng, đường trung kế, nhà cung cấp tin nhắn: trong tệp .env "
        "trên "
        "máy chủ. Mã lĩnh vực, thực đơn bàn phím, đơn vị hành chính, lời thoại và số khẩn cấp: "
        "trong "
        "tệp của gói tỉnh, vì chúng đi cùng kịch bản cuộc gọi. Âm thanh lời thoại: trang Lời "
        "thoại.",
        "en": "Keys, passwords, ports, the trunk and the SMS provider: in .env on the server. "
        "Category codes, the phone's menus, administrative units, wording and emergency numbers: "
        "in the pack's files, because calls are led by them. Sounds of prompts: the page Prompts.",
    },
    "settings_draft": {
        "vi": "Bản nháp của bạn: {count} thay đổi chưa công bố.",
        "en": "Your draft: {count} changes not published.",
    },
    "settings_late": {
        "vi": "Có người vừa công bố phiên bản {number}.",
        "en": "Somebody has published version {number} meanwhile.",
    },
    "settings_theirs": {"vi": "Họ đã thay đổi", "en": "What they changed"},
    "settings_bring_theirs": {
        "vi": "Gộp thay đổi của họ vào bản nháp của tôi",
        "en": "Take their changes into my draft",
    },
    "settings_together": {
        "vi": "Đã gộp, không có chỗ nào trùng. Xem lại rồi công bố.",
        "en": "Brought together without a conflict. Look through it, then publish.",
    },
    "settings_quarrels": {
        "vi": "Cùng một chỗ được sửa hai lần; bản nháp giữ giá trị của bạn",
        "en": "Changed by both; your draft keeps your value",
    },
    "settings_their_value": {"vi": "Giá trị của họ", "en": "Theirs"},
    "settings_my_value": {"vi": "Giá trị của bạn", "en": "Yours"},
    "settings_review": {"vi": "Xem lại và công bố", "en": "Review and publish"},
    "settings_mine": {"vi": "Thay đổi của bạn", "en": "Your changes"},
    "settings_mine_count": {"vi": "{count} thay đổi", "en": "{count} changes"},
    "settings_restores": {
        "vi": "Trở lại như phiên bản {number}.",
        "en": "As it was in version {number}.",
    },
    "settings_nothing": {
        "vi": "Không có gì khác với đang áp dụng.",
        "en": "Nothing differs from what is in force.",
    },
    "settings_other_draft": {
        "vi": "Bản nháp đã khác lúc bạn xem. Xin xem lại.",
        "en": "The draft is another than the one you looked at. Please look again.",
    },
    "settings_reason": {"vi": "Lý do", "en": "Reason"},
    "settings_reason_note": {
        "vi": "Căn cứ vào đâu; lưu cùng phiên bản, ai quản lý thiết lập cũng đọc được. Đừng ghi "
        "tên hay "
        "số điện thoại của người dân. Nếu tên đọc cho người gọi thay đổi, kiểm tra kịch bản mất "
        "đến nửa phút.",
        "en": "On what grounds; kept with the version. No names or numbers of citizens. Where a "
        "name "
        "that callers hear changes, checking the flows takes up to half a minute.",
    },
    "settings_reason_missing": {"vi": "Xin ghi lý do.", "en": "Please give the reason."},
    "settings_reason_long": {
        "vi": "Lý do dài quá 500 ký tự.",
        "en": "The reason is longer than 500 characters.",
    },
    "settings_publish": {"vi": "Công bố", "en": "Publish"},
    "settings_published": {
        "vi": "Đã công bố phiên bản {number}. Cuộc gọi mới theo phiên bản này trong vài giây.",
        "en": "Version {number} is published. New calls follow it within seconds.",
    },
    "settings_published_part": {
        "vi": "Đã công bố phiên bản {number}. Những gì bạn giữ thêm trong lúc kiểm tra chưa được "
        "công bố: vẫn còn trong bản nháp.",
        "en": "Version {number} is published. What you kept while it was checked is not in it: it "
        "is still in your draft.",
    },
    "settings_sure_discard": {
        "vi": "Bỏ bản nháp thì {count} thay đổi dưới đây mất hẳn.",
        "en": "The {count} changes below will be lost.",
    },
    "settings_sure_restore": {
        "vi": "Bạn đang có bản nháp chưa công bố. Trở lại phiên bản {number} thì {count} thay đổi "
        "dưới đây mất hẳn.",
        "en": "You have a draft that is not published. Taking back to version {number} loses the "
        "{count} changes below.",
    },
    "settings_do_discard": {"vi": "Bỏ hẳn", "en": "Discard them"},
    "settings_do_restore": {
        "vi": "Bỏ bản nháp, trở lại phiên bản {number}",
        "en": "Discard my draft, take back to version {number}",
    },
    "settings_do_not": {"vi": "Giữ bản nháp", "en": "Keep my draft"},
    "settings_shorter": {
        "vi": "Thời gian lưu ngắn hơn (ngày). Sau khi công bố, dữ liệu cũ hơn bị xóa hẳn trong "
        "vòng một ngày và không lấy lại được:",
        "en": "Kept for a shorter time (days). Once published, what is older is erased within a "
        "day and cannot be had back:",
    },
    "settings_erases": {"vi": "xóa {count} mục", "en": "erases {count}"},
    "settings_older": {"vi": "Các phiên bản cũ hơn", "en": "Older versions"},
    "settings_discard": {"vi": "Bỏ bản nháp", "en": "Discard the draft"},
    "settings_discarded": {"vi": "Đã bỏ bản nháp.", "en": "The draft is discarded."},
    "settings_what": {"vi": "Mục", "en": "What"},
    "settings_before": {"vi": "Đang áp dụng", "en": "In force"},
    "settings_after": {"vi": "Sẽ là", "en": "Will be"},
    "settings_absent": {"vi": "(không có)", "en": "(none)"},
    "settings_empty": {"vi": "(trống)", "en": "(empty)"},
    "settings_entry": {"vi": "Mã", "en": "Code"},
    "settings_changed": {"vi": "Chưa công bố", "en": "Not published"},
    "settings_add": {"vi": "Thêm", "en": "Add"},
    "settings_remove": {"vi": "Gỡ mục này", "en": "Take this out"},
    "settings_keep": {"vi": "Giữ trong bản nháp", "en": "Keep in my draft"},
    "settings_keep_note": {
        "vi": "Chưa có hiệu lực cho đến khi công bố.",
        "en": "It does not hold before it is published.",
    },
    "settings_kept": {"vi": "Đã giữ trong bản nháp.", "en": "Kept in your draft."},
    "settings_kept_broken": {
        "vi": "Đã giữ, nhưng gói chưa hợp lệ: xem các chỗ được đánh dấu.",
        "en": "Kept, but the pack is not sound yet: see what is marked.",
    },
    "settings_moved": {
        "vi": "Chưa giữ: trong khi trang này mở, có giá trị đã được thay đổi. Dưới đây là giá trị "
        "hiện nay cùng những gì bạn đã nhập. Xin xem lại rồi giữ lần nữa.",
        "en": "Not kept: values were changed while this page was open. Below are those of now, and "
        "what you typed. Please look again, then keep it.",
    },
    "settings_as_it_was": {
        "vi": "Không có gì thay đổi.",
        "en": "Nothing was changed.",
    },
    "settings_problem": {
        "vi": "Gói tỉnh không nhận giá trị này:",
        "en": "The pack does not take this value:",
    },
    "settings_refused": {
        "vi": "Chưa giữ được: xin sửa các ô được đánh dấu.",
        "en": "Not kept: please mend what is marked.",
    },
    "settings_broken": {
        "vi": "Chưa thể công bố. Gói sẽ không hợp lệ:",
        "en": "This cannot be published. The pack would not be sound:",
    },
    "settings_readonly": {
        "vi": "Bạn xem được; quản trị viên mới sửa được.",
        "en": "You may look; administrators may change.",
    },
    "settings_preview": {"vi": "Tin nhắn sẽ như sau", "en": "What the SMS looks like"},
    "settings_no_preview": {
        "vi": "Chưa xem trước được: bản nháp chưa hợp lệ.",
        "en": "No preview: the draft is not sound.",
    },
    "settings_accents": {"vi": "có dấu", "en": "with accents"},
    "settings_no_accents": {"vi": "không dấu", "en": "without accents"},
    "settings_parts": {
        "vi": "{signs} ký tự, {parts} phần ({encoding})",
        "en": "{signs} characters, {parts} parts ({encoding})",
    },
    "settings_version": {"vi": "Phiên bản", "en": "Version"},
    "settings_version_of": {"vi": "Phiên bản {number}", "en": "Version {number}"},
    "settings_when": {"vi": "Lúc", "en": "When"},
    "settings_who": {"vi": "Người công bố", "en": "Published by"},
    "settings_why": {"vi": "Lý do", "en": "Why"},
    "settings_now": {"vi": "Đang áp dụng", "en": "In force"},
    "settings_back": {"vi": "Trở lại", "en": "Take back to this"},
    "settings_back_to": {
        "vi": "Trở lại phiên bản {number}",
        "en": "Take back to version {number}",
    },
    "settings_back_to_files": {
        "vi": "Trở lại các tệp của gói tỉnh",
        "en": "Take back to the pack's files",
    },
    "tongue_vi": {"vi": "tiếng Việt", "en": "Vietnamese"},
    "tongue_en": {"vi": "tiếng Anh", "en": "English"},
    "tongue_km": {"vi": "tiếng Khmer", "en": "Khmer"},
}
