"""What the pages of prompts say."""

from collections.abc import Mapping

_GROUPS: Mapping[str, tuple[str, str]] = {
    "opening": ("Mở đầu cuộc gọi", "Opening"),
    "menu": ("Bảng chọn chính", "Main menu"),
    "category": ("Việc gì", "What it is about"),
    "statement": ("Lời phản ánh", "The statement"),
    "place": ("Ở đâu", "Where"),
    "contact": ("Số liên lạc", "Whom to ring"),
    "filing": ("Đọc lại và cấp mã", "Read-back and reference"),
    "follow_up": ("Hỏi kết quả", "What became of it"),
    "information": ("Thông tin", "Information"),
    "danger": ("Nguy hiểm", "Danger"),
    "person": ("Gặp người trực", "A person"),
    "outgoing": ("Tổng đài gọi đi", "We ring"),
    "endings": ("Kết thúc và sự cố", "Endings and faults"),
    "other": ("Câu khác", "Others"),
    "states": ("Tên trạng thái", "Names of states"),
    "kinds": ("Tên lĩnh vực", "Names of categories"),
    "digits": ("Chữ số", "Digits"),
    "numbers": ("Số lượng", "Amounts"),
    "places": ("Địa danh", "Places"),
}

WORDING: Mapping[str, Mapping[str, str]] = {
    **{f"prompt_group_{key}": {"vi": vi, "en": en} for key, (vi, en) in _GROUPS.items()},
    "prompts": {"vi": "Lời thoại", "en": "Prompts"},
    "prompts_note": {
        "vi": (
            "Những câu người gọi nghe. Bản thu chỉ được nghe sau khi công bố; "
            "cuộc gọi đang diễn ra giữ bản cũ đến hết."
        ),
        "en": (
            "What callers hear. A recording is heard once it is published; "
            "calls in progress keep the old ones to their end."
        ),
    },
    "prompt_voices": {"vi": "Ngôn ngữ và tốc độ", "en": "Language and pace"},
    "prompt_language_vi": {"vi": "Tiếng Việt", "en": "Vietnamese"},
    "prompt_language_en": {"vi": "Tiếng Anh", "en": "English"},
    "prompt_language_km": {"vi": "Tiếng Khmer", "en": "Khmer"},
    "prompt_within": {"vi": "Cả câu:", "en": "The whole sentence:"},
    "prompt_voice_slow": {"vi": "{language}, nói chậm", "en": "{language}, slower"},
    "prompt_any": {"vi": "tất cả", "en": "all"},
    "prompt_back": {"vi": "Về danh sách lời thoại", "en": "Back to the prompts"},
    "prompt_title": {"vi": "Câu “{name}”", "en": "Prompt “{name}”"},
    "prompt_seconds": {"vi": "{count} giây", "en": "{count} s"},
    "prompt_group": {"vi": "Phần của cuộc gọi", "en": "Part of the call"},
    "prompt_state": {"vi": "Tình trạng", "en": "State"},
    "prompt_state_draft": {"vi": "có bản chờ công bố", "en": "waits to be published"},
    "prompt_state_machine": {"vi": "còn giọng máy", "en": "spoken by a machine"},
    "prompt_state_faulty": {"vi": "cần xem lại", "en": "to be seen to"},
    "prompt_words": {"vi": "Có chữ", "en": "With the words"},
    "prompt_show": {"vi": "Xem", "en": "Show"},
    "prompt_sounds": {"vi": "Các câu ({count})", "en": "Prompts ({count})"},
    "prompts_none": {"vi": "Không có câu nào như vậy.", "en": "There are none like that."},
    "prompt_hear": {"vi": "Nghe câu {name}", "en": "Hear {name}"},
    "prompt_listen": {"vi": "Nghe và so sánh", "en": "Listen and compare"},
    "prompt_now": {"vi": "Đang dùng", "en": "In use"},
    "prompt_now_of": {"vi": "Bản đang dùng của {name}", "en": "In use for {name}"},
    "prompt_new": {"vi": "Bản mới", "en": "New"},
    "prompt_new_of": {"vi": "Bản mới của {name}", "en": "New for {name}"},
    "prompt_no_draft": {"vi": "Chưa có bản mới.", "en": "Nothing new yet."},
    "prompt_has_draft": {"vi": "chờ công bố", "en": "waits to be published"},
    "prompt_stale": {"vi": "bản thu không còn đúng lời", "en": "recorded for other words"},
    "prompt_stale_why": {
        "vi": "Bản thu không còn đúng lời nên không được dùng. Lời khi thu:",
        "en": "The words were changed, so the recording is not heard. It was made for:",
    },
    "prompt_waiting": {"vi": "chờ đủ mười chữ số", "en": "waits for all ten digits"},
    "prompt_waiting_why": {
        "vi": "Chữ số chỉ được dùng khi đủ cả mười bản đúng lời: một mã không đọc bằng hai giọng.",
        "en": "Digits are heard once all ten are recorded: a reference is not read by two voices.",
    },
    "prompt_lost": {"vi": "mất tệp âm thanh", "en": "its file is gone"},
    "prompt_lost_why": {
        "vi": "Tệp của bản đã công bố không còn: hãy thu lại, hoặc lấy từ bản sao lưu.",
        "en": "The file of what was published is gone: record it again, or take it from a backup.",
    },
    "prompt_too_long": {"vi": "quá dài", "en": "too long"},
    "prompt_too_long_why": {
        "vi": "Dài hơn 9 giây hoặc 32 chữ: người gọi khó nhớ. Nên sửa lời cho ngắn hơn.",
        "en": "Longer than 9 seconds or 32 words: callers lose the thread. Shorten the words.",
    },
    "heard_take": {"vi": "bản thu", "en": "recorded"},
    "heard_studio": {"vi": "bản thu phòng thu", "en": "from the studio"},
    "heard_units": {"vi": "ghép từ bản thu", "en": "put together of recordings"},
    "heard_voice": {"vi": "giọng máy", "en": "a machine's voice"},
    "heard_missing": {"vi": "chưa có âm thanh", "en": "no sound yet"},
    "coverage": {"vi": "Đã thu đến đâu", "en": "How much is recorded"},
    "coverage_recorded": {"vi": "Giọng người", "en": "Spoken by people"},
    "coverage_drafts": {"vi": "Chờ công bố", "en": "To publish"},
    "coverage_faults": {"vi": "Cần xem lại", "en": "To be seen to"},
    "drafts": {"vi": "Chờ công bố ({count})", "en": "To publish ({count})"},
    "publish_all": {"vi": "Công bố các bản đã chọn", "en": "Publish those chosen"},
    "publish_one": {"vi": "Công bố bản này", "en": "Publish this one"},
    "prompt_withdraw": {"vi": "Thôi dùng bản thu này", "en": "Stop using this recording"},
    "prompt_record": {"vi": "Thu bản mới", "en": "Record it anew"},
    "prompt_upload": {"vi": "Tệp từ phòng thu", "en": "A file of a studio"},
    "prompt_upload_note": {
        "vi": (
            "WAV, FLAC, MP3 hoặc Ogg; dài nhất {most} giây, lớn nhất {most_mb} MB. "
            "Âm lượng được chỉnh đều, khoảng lặng hai đầu được cắt."
        ),
        "en": (
            "WAV, FLAC, MP3 or Ogg; at most {most} seconds and {most_mb} MB. "
            "It is brought to the common level and cut to what is said."
        ),
    },
    "prompt_send": {"vi": "Gửi tệp", "en": "Send the file"},
    "prompt_next": {"vi": "Câu tiếp theo", "en": "The next one"},
    "prompt_next_unrecorded": {
        "vi": "Câu tiếp theo chưa thu",
        "en": "The next without a recording",
    },
    "prompt_bad_address": {"vi": "Yêu cầu không đọc được.", "en": "That cannot be read."},
    "record_start": {"vi": "Thu âm", "en": "Record"},
    "record_stop": {"vi": "Dừng", "en": "Stop"},
    "record_play": {"vi": "Nghe thử", "en": "Play"},
    "record_play_stop": {"vi": "Thôi nghe", "en": "Stop playing"},
    "record_save": {"vi": "Lưu bản thu", "en": "Keep it"},
    "record_drop": {"vi": "Bỏ", "en": "Throw it away"},
    "record_level": {"vi": "Độ lớn của tiếng", "en": "How loud it is"},
    "record_on": {"vi": "Đang thu…", "en": "Recording…"},
    "record_saving": {"vi": "Đang lưu…", "en": "Keeping it…"},
    "record_ready": {
        "vi": "Đã thu {count} giây. Nghe thử rồi lưu.",
        "en": "{count} s recorded. Play it, then keep it.",
    },
    "record_kept": {
        "vi": "Bản thu {count} giây chưa lưu của lần trước vẫn còn đây.",
        "en": "A recording of {count} s from before, not yet kept, is still here.",
    },
    "record_kept_other": {
        "vi": "Bản thu {count} giây của lần trước đọc lời cũ. Nghe lại, hoặc bỏ và thu lời mới.",
        "en": "A recording of {count} s from before has the old words. Play it, or record anew.",
    },
    "record_silent": {
        "vi": "Không nghe thấy gì: micrô có bật không?",
        "en": "Nothing was heard: is the microphone on?",
    },
    "record_denied": {
        "vi": "Trình duyệt không cho dùng micrô. Hãy cho phép, hoặc gửi tệp.",
        "en": "The browser gives no microphone. Allow it, or send a file.",
    },
    "record_insecure": {
        "vi": "Trình duyệt chỉ cho thu âm qua HTTPS. Có thể gửi tệp.",
        "en": "A browser records over HTTPS only. You may send a file.",
    },
    "record_signed_out": {
        "vi": "Phiên đã hết. Bản thu được giữ trong trình duyệt này: đăng nhập rồi mở lại trang.",
        "en": "Your session has ended. The recording stays in this browser: sign in, come back.",
    },
    "takes": {"vi": "Các bản thu", "en": "Recordings"},
    "takes_none": {"vi": "Chưa có bản thu nào.", "en": "There are none yet."},
    "take_of": {"vi": "Bản thu lúc {at}", "en": "Recorded at {at}"},
    "take_words": {"vi": "Lời khi thu:", "en": "Recorded for:"},
    "take_published": {"vi": "đang dùng", "en": "in use"},
    "take_was_published": {"vi": "đã từng dùng", "en": "was in use"},
    "take_confirm": {"vi": "Vẫn đúng với lời mới", "en": "It is right for the new words too"},
    "take_discard": {"vi": "Xóa bản này", "en": "Throw it away"},
    "take_kept": {
        "vi": "Đã lưu bản thu. Nghe lại rồi công bố.",
        "en": "It is kept. Listen, then publish.",
    },
    "take_confirmed": {
        "vi": "Đã ghi nhận. Bản thu chờ công bố.",
        "en": "Noted. It waits to be published.",
    },
    "take_discarded": {"vi": "Đã xóa bản thu.", "en": "It is thrown away."},
    "take_unknown": {
        "vi": "Bản thu này không còn, hoặc đã được công bố. Xin xem lại.",
        "en": "That recording is gone, or was published. Please look again.",
    },
    "take_unwritten": {
        "vi": "Không ghi được bản thu: đĩa đầy? Bản thu vẫn ở trên máy này; hãy báo quản trị viên.",
        "en": "The recording could not be written: is the disk full? It is still with you.",
    },
    "take_too_large": {"vi": "Tệp quá lớn.", "en": "The file is too large."},
    "take_fault_empty": {"vi": "Tệp trống: không có gì trong đó.", "en": "The file is empty."},
    "take_fault_unreadable": {
        "vi": "Không đọc được tệp: cần WAV, FLAC, MP3 hoặc Ogg.",
        "en": "The file cannot be read: WAV, FLAC, MP3 or Ogg is expected.",
    },
    "take_fault_endless": {
        "vi": "Bản thu dài hơn {most} giây.",
        "en": "It is longer than {most} seconds.",
    },
    "take_fault_silent": {
        "vi": "Không nghe thấy tiếng nói trong đó.",
        "en": "Nobody is heard in it.",
    },
    "take_fault_clipped": {
        "vi": "Tiếng bị vỡ vì quá lớn: hãy thu nhỏ hơn.",
        "en": "It is distorted: record it with less gain.",
    },
    "take_fault_too_short": {"vi": "Bản thu quá ngắn.", "en": "It is too short."},
    "take_remark_long": {"vi": "quá dài", "en": "too long"},
    "take_remark_hurried": {
        "vi": "quá nhanh, hoặc thiếu lời",
        "en": "hurried, or words are missing",
    },
    "take_remark_dragging": {"vi": "quá chậm, hoặc thừa lời", "en": "dragging, or too many words"},
    "take_remark_quiet": {"vi": "thu quá nhỏ", "en": "recorded too quietly"},
    "take_remark_clipped": {"vi": "hơi vỡ tiếng", "en": "a little distorted"},
    "take_remark_noisy": {"vi": "nhiều tiếng ồn", "en": "noisy"},
    "take_remark_cut_off": {
        "vi": "có thể bị cắt ở đầu hoặc cuối",
        "en": "perhaps cut off at an end",
    },
    "take_remark_narrow": {"vi": "chất lượng thấp hơn điện thoại", "en": "below telephone quality"},
    "editions": {"vi": "Các lần công bố", "en": "What was published"},
    "editions_of": {
        "vi": "Các lần công bố: {language}",
        "en": "What was published: {language}",
    },
    "editions_note": {
        "vi": "Quay lại một lần trước là công bố lại các bản thu của lần đó.",
        "en": "Going back publishes the recordings of that time again.",
    },
    "edition_now": {
        "vi": "Đang dùng lần công bố {number}, lúc {at}.",
        "en": "In use: number {number}, of {at}.",
    },
    "edition_none": {"vi": "Chưa công bố bản thu nào.", "en": "No recording was published yet."},
    "edition_number": {"vi": "Lần", "en": "Number"},
    "edition_at": {"vi": "Lúc", "en": "At"},
    "edition_by": {"vi": "Người công bố", "en": "By"},
    "edition_count": {"vi": "Số bản thu", "en": "Recordings"},
    "edition_restores": {"vi": "Lấy lại lần", "en": "Brings back"},
    "edition_back": {"vi": "Quay lại", "en": "Go back"},
    "edition_back_to": {"vi": "Quay lại lần {number}", "en": "Go back to number {number}"},
    "edition_back_to_nothing": {"vi": "Thôi dùng mọi bản thu", "en": "Stop using all recordings"},
    "edition_is_now": {"vi": "đang dùng", "en": "in use"},
    "edition_published": {
        "vi": "Đã công bố lần {number} với {count} bản thu. Cuộc gọi mới sẽ nghe.",
        "en": "Number {number} is published with {count} recordings. The next calls hear them.",
    },
    "edition_stale": {
        "vi": "Có người vừa công bố. Đây là tình trạng mới: xin xem lại rồi công bố.",
        "en": "Somebody has just published. This is how it stands now: look, then publish.",
    },
    "edition_unknown": {
        "vi": "Không có lần công bố đó.",
        "en": "Nothing was published under that number.",
    },
    "key_record": {"vi": "Thu âm, dừng thu", "en": "Record a prompt, stop"},
    "key_compare": {"vi": "Nghe bản đang dùng, bản mới", "en": "Hear what is in use, what is new"},
    "key_next_unrecorded": {"vi": "Câu tiếp theo chưa thu", "en": "The next prompt to record"},
    "sim_hear": {"vi": "Nghe lượt này", "en": "Hear this turn"},
    "sim_drafts": {
        "vi": "Nghe cả bản chưa công bố",
        "en": "With recordings that are not published yet",
    },
    "sim_aloud": {"vi": "Tự phát tiếng", "en": "Play by itself"},
}
