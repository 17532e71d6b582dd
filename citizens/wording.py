"""What the citizens' pages say, in Vietnamese and English."""

from collections.abc import Mapping

WORDING: Mapping[str, Mapping[str, str]] = {
    "name": {"vi": "Tổng đài {number}", "en": "Hotline {number}"},
    "skip": {"vi": "Đến nội dung chính", "en": "Skip to the content"},
    "pages": {"vi": "Các trang", "en": "Pages"},
    "other_language": {"vi": "English", "en": "Tiếng Việt"},
    "danger": {
        "vi": "Có người gặp nguy hiểm? Gọi ngay:",
        "en": "Is somebody in danger? Call at once:",
    },
    "report": {"vi": "Gửi phản ánh", "en": "Report a problem"},
    "report_note": {
        "vi": "Không cần tài khoản. Mất khoảng hai phút.",
        "en": "No account is needed. It takes about two minutes.",
    },
    "optional": {"vi": "không bắt buộc", "en": "optional"},
    "words": {"vi": "Chuyện gì xảy ra?", "en": "What is the matter?"},
    "words_hint": {
        "vi": "Ví dụ: Đèn đường trước số 12 bị hư ba ngày rồi.",
        "en": "For example: The street light at number 12 has been out for three days.",
    },
    "photos": {"vi": "Ảnh", "en": "Photos"},
    "photos_hint": {
        "vi": "Tối đa {most} ảnh JPEG, PNG hoặc WebP. Nơi và lúc chụp ghi trong ảnh được xóa đi.",
        "en": "At most {most}, JPEG, PNG or WebP. Where and when they were taken is removed.",
    },
    "photo_remove": {"vi": "Bỏ ảnh {number}", "en": "Remove photo {number}"},
    "where": {"vi": "Ở đâu?", "en": "Where?"},
    "where_hint": {
        "vi": "Cần ít nhất một trong các cách dưới đây.",
        "en": "At least one of these is needed.",
    },
    "locate": {"vi": "Lấy vị trí của tôi", "en": "Use my position"},
    "locating": {"vi": "Đang tìm vị trí…", "en": "Looking for your position…"},
    "located": {
        "vi": "Đã có vị trí, sai số khoảng {metres} m.",
        "en": "Position found, to about {metres} m.",
    },
    "unlocated": {
        "vi": "Không lấy được vị trí. Xin chọn xã, phường hoặc ghi địa chỉ.",
        "en": "Your position was not found. Please choose a commune or write an address.",
    },
    "unlocate": {"vi": "Bỏ vị trí", "en": "Drop the position"},
    "place": {"vi": "Xã, phường", "en": "Commune"},
    "place_none": {"vi": "Chưa chọn", "en": "Not chosen"},
    "place_nowhere": {"vi": "Không ở một nơi nào cả", "en": "It is about no place"},
    "place_today": {"vi": "Hiện nay", "en": "As they are today"},
    "place_former": {"vi": "Trước 1/7/2025: {district}", "en": "Before 1 July 2025: {district}"},
    "place_words": {"vi": "Gõ tên để tìm", "en": "Type a name to find it"},
    "place_words_hint": {
        "vi": "Tên mới hoặc cũ, có dấu hay không dấu đều được.",
        "en": "The new name or the old one, with or without accents.",
    },
    "place_find": {"vi": "Tìm xã, phường", "en": "Find the commune"},
    "place_found": {"vi": "Có phải nơi này?", "en": "Is it this one?"},
    "place_unfound": {
        "vi": "Không tìm thấy nơi này. Cứ để nguyên, cán bộ sẽ đọc.",
        "en": "No such place was found. Leave it so: staff will read it.",
    },
    "address": {"vi": "Địa chỉ, mốc dễ thấy", "en": "Address, or what stands near"},
    "address_hint": {
        "vi": "Số nhà, đường, ấp, khóm, gần chợ, trường nào…",
        "en": "Number, street, hamlet, near which market or school…",
    },
    "category": {"vi": "Thuộc lĩnh vực nào?", "en": "What is it about?"},
    "category_none": {"vi": "Tôi không rõ, để cán bộ chọn", "en": "I am not sure: staff choose"},
    "category_find": {"vi": "Tìm theo lời kể", "en": "Find it by my words"},
    "category_search": {"vi": "Gõ vài chữ để tìm", "en": "Type a few words to find it"},
    "category_found": {"vi": "Có phải là:", "en": "Is it:"},
    "category_unfound": {
        "vi": "Chưa đoán được từ lời kể. Xin chọn trong danh sách hoặc để trống.",
        "en": "Your words do not tell. Choose from the list, or leave it.",
    },
    "number": {"vi": "Số điện thoại", "en": "Telephone number"},
    "number_hint": {
        "vi": "Để nhận mã số và kết quả bằng tin nhắn. Không ghi thì không ai biết ai đã gửi.",
        "en": "For the reference and the outcome by SMS. Without it nobody knows who sent this.",
    },
    "consent": {
        "vi": "Tôi đồng ý để tổng đài {number} dùng những gì tôi gửi để giải quyết phản ánh này.",
        "en": "I agree that the hotline {number} uses what I send to have this report solved.",
    },
    "consent_note": {
        "vi": "Ai dùng: tổng đài {number} {province} và cơ quan giải quyết. Để làm gì: giải quyết "
        "phản ánh, báo kết quả, không việc nào khác. Giữ bao lâu kể từ khi kết thúc: số điện thoại "
        "{numbers} ngày, nội dung {words} ngày, ảnh {photos} ngày. Muốn xem, rút lại đồng ý hay "
        "xóa: gọi {number} (Luật 91/2025/QH15).",
        "en": "Who: the hotline {number} of {province} and the agency that handles it. What for: "
        "to have it solved and to tell you so, nothing else. How long after its end: your number "
        "{numbers} days, words {words} days, photos {photos} days. To see it, to take your consent "
        "back or to have it erased: call {number} (Law 91/2025/QH15).",
    },
    "send": {"vi": "Gửi phản ánh", "en": "Send the report"},
    "trap": {"vi": "Xin để trống ô này", "en": "Please leave this empty"},
    "wrong": {"vi": "Xin xem lại:", "en": "Please look again at:"},
    "photos_again": {
        "vi": "Ảnh chưa được gửi: xin chọn lại ảnh.",
        "en": "Photos were not sent: please choose them again.",
    },
    "problem_words": {"vi": "Xin kể chuyện gì xảy ra.", "en": "Please say what is the matter."},
    "problem_long": {
        "vi": "Dài quá, xin viết ngắn lại (nội dung tối đa {most} chữ cái).",
        "en": "This is too long; please shorten it (the words: {most} characters at most).",
    },
    "problem_broken": {
        "vi": "Có ký tự không đọc được. Xin gõ lại bằng chữ thường.",
        "en": "There are unreadable characters. Please type it again.",
    },
    "problem_place": {
        "vi": "Xin cho biết nơi xảy ra: vị trí, xã phường hoặc địa chỉ.",
        "en": "Please say where: a position, a commune or an address.",
    },
    "problem_point": {
        "vi": "Vị trí không đúng. Xin lấy lại hoặc bỏ vị trí.",
        "en": "The position is wrong. Please take it again, or drop it.",
    },
    "problem_choice": {
        "vi": "Xin chọn trong danh sách.",
        "en": "Please choose from the list.",
    },
    "problem_number": {
        "vi": "Số điện thoại không đúng. Ví dụ: 0912345678. Có thể để trống.",
        "en": "This is no telephone number such as 0912345678. It may be left empty.",
    },
    "problem_consent": {
        "vi": "Xin đánh dấu đồng ý thì tổng đài mới được nhận. Hoặc gọi {number}.",
        "en": "The hotline may take it only if you agree. Or call {number}.",
    },
    "problem_again": {
        "vi": "Chưa gửi được. Xin bấm gửi thêm một lần nữa.",
        "en": "It has not been sent yet. Please press send once more.",
    },
    "problem_sent": {
        "vi": "Trang này đã gửi một phản ánh khác rồi. Bấm gửi nếu đây là phản ánh mới.",
        "en": "This page has sent another report before. Press send if this is a new one.",
    },
    "problem_photos": {
        "vi": "Mỗi lần tối đa {photos_most} ảnh.",
        "en": "At most {photos_most} photos at once.",
    },
    "problem_photo": {
        "vi": "Một tệp không phải ảnh JPEG, PNG, WebP, hoặc ảnh bị hỏng.",
        "en": "One file is no JPEG, PNG or WebP photo, or it is damaged.",
    },
    "problem_photo_large": {
        "vi": "Ảnh lớn quá: mỗi ảnh tối đa 12 MB.",
        "en": "A photo is too large: 12 MB at most.",
    },
    "problem_photos_full": {
        "vi": "Phản ánh này đã đủ ảnh.",
        "en": "This report has as many photos as it may have.",
    },
    "put_off": {
        "vi": "Máy này vừa gửi nhiều lần. Xin gửi lại sau {time}. Việc gấp xin gọi {number}.",
        "en": "This device has sent a lot just now. Please try again after {time}. If it is "
        "urgent, call {number}.",
    },
    "diverted": {
        "vi": "Việc này không gửi ở đây được",
        "en": "This cannot be filed here",
    },
    "done": {"vi": "Đã nhận phản ánh", "en": "Your report was received"},
    "done_note": {
        "vi": "Xin ghi lại hoặc chụp màn hình: cần cả hai số để theo dõi, bổ sung, đánh giá. "
        "Mã bí mật không xem lại được ở trang này.",
        "en": "Please write both down or take a screenshot: they are needed to follow it, to add "
        "to it and to rate it. The PIN is not shown again.",
    },
    "reference": {"vi": "Mã phản ánh", "en": "Reference"},
    "pin": {"vi": "Mã bí mật", "en": "PIN"},
    "done_danger": {
        "vi": "Lời kể cho thấy có nguy hiểm. Trang này không thay được cuộc gọi khẩn cấp:",
        "en": "Your words tell of danger. This page does not replace an emergency call:",
    },
    "done_text": {
        "vi": "Hai số này cũng được gửi đến điện thoại của quý vị.",
        "en": "Both are sent to your telephone as well.",
    },
    "due": {"vi": "Hạn trả lời", "en": "Answer due"},
    "follow": {"vi": "Theo dõi phản ánh", "en": "Follow a report"},
    "follow_note": {
        "vi": "Chỉ có mã phản ánh thì xem được tình trạng. Có thêm mã bí mật thì xem hết, bổ sung, "
        "báo chưa xong và đánh giá.",
        "en": "The reference shows how far it has come. With the PIN you see everything, and can "
        "add to it, say that it is not solved, and rate it.",
    },
    "reference_hint": {"vi": "Chín chữ số, ví dụ 482-173-905", "en": "Nine digits, as 482-173-905"},
    "pin_hint": {"vi": "Bốn chữ số", "en": "Four digits"},
    "look_up": {"vi": "Xem", "en": "Look it up"},
    "lookup_malformed": {
        "vi": "Mã phản ánh không đúng: có chữ số nào gõ nhầm. Mã có chín chữ số.",
        "en": "This is no reference: a digit is wrong. It has nine digits.",
    },
    "lookup_unknown": {"vi": "Không có mã phản ánh này.", "en": "There is no such reference."},
    "lookup_pin": {"vi": "Mã bí mật có bốn chữ số.", "en": "The PIN has four digits."},
    "lookup_wrong": {"vi": "Mã bí mật không đúng.", "en": "The PIN is wrong."},
    "lookup_locked": {
        "vi": "Đã thử sai nhiều lần. Xin thử lại sau, hoặc gọi {number}.",
        "en": "Too many wrong tries. Please try again later, or call {number}.",
    },
    "state": {"vi": "Phản ánh {reference} {status}.", "en": "Report {reference}: {status}."},
    "me_too": {"vi": "Tôi cũng gặp chuyện này", "en": "This concerns me too"},
    "me_too_hint": {
        "vi": "Ghi số điện thoại để được báo khi xong (không bắt buộc).",
        "en": "Leave a mobile number to be told when it is solved (optional).",
    },
    "me_too_done": {
        "vi": "Đã ghi nhận. Hiện có {count} người cũng gặp chuyện này.",
        "en": "Noted. It concerns {count} more people by now.",
    },
    "me_too_ended": {
        "vi": "Phản ánh này đã kết thúc. Nếu vẫn còn, xin gửi phản ánh mới.",
        "en": "This report has ended. If it is still so, please report it anew.",
    },
    "supporters": {
        "vi": "{count} người cũng gặp chuyện này.",
        "en": "It concerns {count} more people.",
    },
    "filed_at": {"vi": "Gửi lúc", "en": "Sent"},
    "told": {"vi": "Nội dung đã gửi", "en": "What was sent"},
    "history": {"vi": "Diễn biến", "en": "What happened"},
    "nothing_yet": {"vi": "Chưa có gì mới.", "en": "Nothing yet."},
    "event_addition": {"vi": "Quý vị bổ sung", "en": "You added"},
    "event_reopened": {"vi": "Quý vị báo chưa xong", "en": "You said that it is not solved"},
    "event_rating": {"vi": "Quý vị đánh giá {score} trên 5", "en": "You gave {score} of 5"},
    "event_status": {"vi": "Phản ánh {status}", "en": "The report: {status}"},
    "event_other": {"vi": "Trả lời", "en": "Answer"},
    "photo_of": {"vi": "Ảnh {number}", "en": "Photo {number}"},
    "add": {"vi": "Bổ sung", "en": "Add to it"},
    "add_words": {"vi": "Lời bổ sung", "en": "What you want to add"},
    "add_send": {"vi": "Gửi bổ sung", "en": "Send it"},
    "added": {"vi": "Đã nhận bổ sung.", "en": "It was added."},
    "problem_nothing": {
        "vi": "Xin ghi vài lời hoặc chọn ảnh.",
        "en": "Please write something or choose a photo.",
    },
    "reopen": {"vi": "Chưa xong", "en": "It is not solved"},
    "reopen_words": {"vi": "Còn gì chưa xong?", "en": "What is still the matter?"},
    "reopen_send": {"vi": "Báo chưa xong, mở lại", "en": "Say so, and reopen it"},
    "reopened": {
        "vi": "Phản ánh đã được mở lại, có hạn trả lời mới.",
        "en": "The report was reopened, with a new deadline.",
    },
    "not_reopened": {
        "vi": "Không mở lại được nữa. Lời của quý vị đã được giữ lại cùng phản ánh.",
        "en": "It can no longer be reopened. What you said was kept with it.",
    },
    "rate": {"vi": "Đánh giá", "en": "Rate it"},
    "rate_hint": {"vi": "Việc này đã được giải quyết đến đâu?", "en": "How far was it solved?"},
    "score_1": {"vi": "1 – chưa được gì", "en": "1 – not at all"},
    "score_2": {"vi": "2 – được ít", "en": "2 – a little"},
    "score_3": {"vi": "3 – tạm được", "en": "3 – so far"},
    "score_4": {"vi": "4 – tốt", "en": "4 – well"},
    "score_5": {"vi": "5 – rất tốt", "en": "5 – very well"},
    "rate_send": {"vi": "Gửi đánh giá", "en": "Send the rating"},
    "rated": {"vi": "Cảm ơn quý vị đã đánh giá.", "en": "Thank you for the rating."},
    "problem_score": {"vi": "Xin chọn từ 1 đến 5.", "en": "Please choose 1 to 5."},
    "not_ratable": {
        "vi": "Phản ánh này chưa có trả lời mới để đánh giá.",
        "en": "There is no new answer of this report to rate.",
    },
    "another": {"vi": "Gửi phản ánh khác", "en": "Send another report"},
    "kept": {
        "vi": "Đã giữ trên máy này. Sẽ tự gửi khi có mạng.",
        "en": "Kept on this device. It will be sent when there is a connection.",
    },
    "kept_draft": {
        "vi": "Nội dung đang viết được giữ trên máy này cho đến khi gửi.",
        "en": "What you write is kept on this device until it is sent.",
    },
    "forget": {"vi": "Xóa bản đang viết", "en": "Discard what I wrote"},
    "draft_first": {
        "vi": "Xin gửi hoặc xóa bản đang viết trước.",
        "en": "Please send or discard what you are writing first.",
    },
    "unsent": {"vi": "Phản ánh của máy này", "en": "Reports of this device"},
    "waiting": {"vi": "Đang chờ gửi", "en": "Waiting to be sent"},
    "sending": {"vi": "Đang gửi…", "en": "Sending…"},
    "photos_waiting": {"vi": "Ảnh đang chờ gửi", "en": "Photos are waiting to be sent"},
    "photo_lost": {"vi": "Có ảnh không gửi được", "en": "A photo could not be sent"},
    "refused": {"vi": "Không gửi được:", "en": "It could not be sent:"},
    "edit": {"vi": "Sửa lại", "en": "Mend it"},
    "send_now": {"vi": "Gửi ngay", "en": "Send now"},
    "noted_down": {
        "vi": "Tôi đã ghi lại, xóa khỏi máy này",
        "en": "I have noted it, forget it here",
    },
    "offline": {"vi": "Đang không có mạng", "en": "There is no connection"},
    "nothing_found": {"vi": "Không tìm thấy", "en": "Nothing found"},
    "found": {"vi": "Tìm thấy {count}", "en": "{count} found"},
    "problem_elsewhere": {
        "vi": "Phản ánh chỉ gửi được từ trang này.",
        "en": "Reports can only be sent from this page.",
    },
    "problem_page_404": {"vi": "Không có trang này.", "en": "There is no such page."},
    "problem_page_413": {
        "vi": "Ảnh lớn quá: mỗi lần tối đa {photos_most} ảnh, mỗi ảnh 12 MB.",
        "en": "The photos are too large: at most {photos_most} of 12 MB each.",
    },
    "problem_page_429": {"vi": "Xin thử lại sau.", "en": "Please try again later."},
    "problem_page_503": {
        "vi": "Hệ thống tạm thời không trả lời. Xin thử lại sau ít phút, hoặc gọi {number}.",
        "en": "The system does not answer at the moment. Try again in a few minutes, or call "
        "{number}.",
    },
    "problem_page_cut_off": {
        "vi": "Đường truyền bị ngắt: xin gửi lại.",
        "en": "The connection was cut off: please send it again.",
    },
    "problem_page": {
        "vi": "Không thực hiện được. Xin thử lại, hoặc gọi {number}.",
        "en": "This could not be done. Please try again, or call {number}.",
    },
}


def words(key: str, language: str, **values: object) -> str:
    """The wording of that key in that language, its placeholders filled."""
    return WORDING[key][language].format(**values)


def has_wording(key: str) -> bool:
    """Whether there is such a key."""
    return key in WORDING
