"""What the pages of rounds and of those who are asked say."""

from collections.abc import Mapping

# Why a round was not begun: by `BadRound.reason`, and what a form alone may get wrong.
_BAD_ROUNDS: Mapping[str, tuple[str, str]] = {
    "indicator": ("Hãy chọn một chỉ số.", "Choose an indicator."),
    "no_question": (
        "Chỉ số này không có câu hỏi để hỏi qua điện thoại.",
        "This indicator has no question that could be asked by telephone.",
    ),
    "day": (
        "“{found}” không phải một ngày giờ: cần một ngày có thật; giờ thì phải kèm ngày.",
        "“{found}” is no moment: expected a day of the calendar; a time needs its day.",
    ),
    "until": (
        "“{found}” không phải một thời hạn: cần ngày và giờ có thật.",
        "“{found}” is no deadline: expected a day of the calendar and a time.",
    ),
    "not_over": (
        "Kỳ có ngày {found} chưa kết thúc: số liệu chưa ai biết.",
        "The period of {found} is not over: nobody knows its figure yet.",
    ),
    "future": ("Kỳ này còn ở tương lai.", "That period has not begun yet."),
    "before_2000": ("Kỳ này trước năm 2000.", "That period is before the year 2000."),
    "too_old": (
        "Kỳ này quá cũ: số liệu lẻ của thời gian đó không còn được giữ.",
        "That period is too old: single figures of that time are no longer kept.",
    ),
    "counted_here": (
        "Hệ thống tự đếm chỉ số này, không hỏi ai.",
        "The system counts this indicator itself and asks nobody.",
    ),
    "due": ("Thời hạn đã qua.", "The deadline has passed already."),
    "unit": ("Không có xã, phường này: {found}.", "There is no such commune today: {found}."),
    "whole": (
        "Chỉ số này của toàn địa bàn: không chọn xã, phường.",
        "This indicator is of the whole province: choose no communes.",
    ),
    "asked": (
        "Điều này đang được hỏi trong một đợt khác.",
        "The same is being asked in another round.",
    ),
    "answered": (
        "Mọi nơi đã trả lời cho kỳ này. Muốn hỏi lại thì chọn rõ xã, phường.",
        "All have answered for that period. To ask once more, choose the communes.",
    ),
    "nobody": (
        "Chưa có ai trả lời cho những nơi này: trước hết hãy thêm người được hỏi.",
        "Nobody answers for these communes: first add who is to be asked.",
    ),
}
# Why somebody was not added: by `BadRespondent.reason`.
_BAD_RESPONDENTS: Mapping[str, tuple[str, str]] = {
    "name": (
        "Cần họ tên từ 1 đến 80 chữ, không có ký tự ẩn.",
        "Expected a name of 1 to 80 letters, without hidden signs.",
    ),
    "unit": ("Hãy chọn một xã, phường hiện nay.", "Choose a commune of today."),
    "language": ("Hãy chọn một ngôn ngữ.", "Choose a language."),
    "number": (
        "Cần một số điện thoại thường trong nước, như 0912 345 678.",
        "Expected an ordinary number within the country, such as 0912 345 678.",
    ),
    "twice": (
        "Số này đã được ghi để trả lời cho nơi này.",
        "This number answers for this commune already.",
    ),
}
# By `QuestionState`.
_STATES: Mapping[str, tuple[str, str]] = {
    "waiting": ("chờ gọi", "to be rung"),
    "calling": ("đang gọi", "being rung"),
    "answered": ("đã trả lời", "answered"),
    "refused": ("không có số liệu", "no such figure"),
    "unreached": ("không gặp được", "not reached"),
    "failed": ("không hỏi được", "could not be asked"),
}


def _both(texts: Mapping[str, tuple[str, str]], prefix: str) -> Mapping[str, Mapping[str, str]]:
    return {f"{prefix}{key}": {"vi": vi, "en": en} for key, (vi, en) in texts.items()}


WORDING: Mapping[str, Mapping[str, str]] = {
    **_both(_BAD_ROUNDS, "round_bad_"),
    **_both(_BAD_RESPONDENTS, "respondent_bad_"),
    **_both(_STATES, "question_"),
    "rounds": {"vi": "Hỏi số liệu qua điện thoại", "en": "Rounds by telephone"},
    "rounds_note": {
        "vi": (
            "Một đợt hỏi gọi cho người phụ trách từng xã, phường và hỏi một số liệu; họ bấm số "
            "để trả lời. Chỉ gọi trong giờ quy định."
        ),
        "en": (
            "A round rings whoever answers for each commune and asks for one figure, which they "
            "key in. Calls are made in the allowed hours only."
        ),
    },
    "rounds_more": {"vi": "Trang liên quan", "en": "Related pages"},
    "rounds_no_line": {
        "vi": "Chưa có đường gọi ra: không ai được gọi cho đến khi có (HOTLINE_TRUNK_SERVER).",
        "en": "There is no line out: nobody is rung until there is one (HOTLINE_TRUNK_SERVER).",
    },
    "rounds_none_going": {"vi": "Không có đợt nào đang hỏi.", "en": "No round goes on."},
    "rounds_none_over": {"vi": "Chưa có đợt nào đã xong.", "en": "No round is over yet."},
    "round_going": {"vi": "Đang hỏi", "en": "Going on"},
    "round_over": {"vi": "Đã xong, mới nhất trước", "en": "Over, the latest first"},
    "round_open": {"vi": "Bắt đầu đợt hỏi mới", "en": "Begin a round"},
    "round_indicator": {"vi": "Chỉ số", "en": "Indicator"},
    "round_choose": {"vi": "Chọn chỉ số", "en": "Choose an indicator"},
    "round_day": {"vi": "Một ngày trong kỳ được hỏi", "en": "A day of the period asked about"},
    "round_day_note": {
        "vi": "Để trống: kỳ gần nhất đã kết thúc.",
        "en": "Empty: the last period that is over.",
    },
    "round_time": {"vi": "Giờ", "en": "Time"},
    "round_time_note": {
        "vi": "Chỉ cho chỉ số theo giờ.",
        "en": "Only for hourly indicators.",
    },
    "round_until": {"vi": "Gọi đến lúc", "en": "Ring until"},
    "round_until_note": {
        "vi": "Để trống: trong {hours} giờ.",
        "en": "Empty: for {hours} hours.",
    },
    "round_units": {"vi": "Chọn xã, phường", "en": "Choose communes"},
    "round_units_note": {
        "vi": "Không chọn gì: hỏi tất cả. Nơi được chọn sẽ được hỏi lại dù đã trả lời.",
        "en": "None ticked: all are asked. Those ticked are asked even if they have answered.",
    },
    "round_unit_nobody": {"vi": "chưa có ai trả lời", "en": "nobody to ask"},
    "round_asked_there": {"vi": "Xem đợt đó", "en": "See that round"},
    "round_about": {"vi": "Kỳ", "en": "Period"},
    "round_week": {"vi": "tuần từ {when}", "en": "week of {when}"},
    "round_opened": {"vi": "Bắt đầu", "en": "Begun"},
    "round_due": {"vi": "Gọi đến lúc", "en": "Until"},
    "round_closed_at": {"vi": "Kết thúc", "en": "Ended"},
    "round_answers": {"vi": "Trả lời", "en": "Answers"},
    "round_answered": {"vi": "{answered} trên {asked}", "en": "{answered} of {asked}"},
    "round_states": {"vi": "Các câu hỏi", "en": "Questions"},
    "round_of": {"vi": "{name}, {about}", "en": "{name}, {about}"},
    "round_begun": {
        "vi": "Đã bắt đầu: {count} nơi được hỏi.",
        "en": "The round has begun: {count} asked.",
    },
    "round_unasked": {
        "vi": "{count} nơi chưa có ai để hỏi:",
        "en": "{count} have nobody to ask:",
    },
    "round_known": {
        "vi": "{count} nơi không hỏi nữa vì đã trả lời hoặc đang được hỏi:",
        "en": "{count} are left out, for they have answered or are being asked:",
    },
    "round_look_again": {"vi": "Xem lại lúc này", "en": "Look again"},
    "round_state": {"vi": "Tình trạng", "en": "State"},
    "round_is_going": {"vi": "đang hỏi", "en": "going on"},
    "round_is_over": {"vi": "đã xong", "en": "over"},
    "round_by_command": {"vi": "bằng dòng lệnh", "en": "by command"},
    "round_close": {"vi": "Kết thúc đợt hỏi", "en": "End the round"},
    "round_close_note": {
        "vi": "Không gọi ai nữa. Số liệu đã trả lời vẫn còn; ai đang nghe máy vẫn trả lời được.",
        "en": "Nobody is rung any more. Answers stay; whoever is on the line may still answer.",
    },
    "round_close_yes": {"vi": "Kết thúc, không gọi nữa", "en": "End it, ring nobody more"},
    "round_closed": {"vi": "Đợt hỏi đã kết thúc.", "en": "The round has ended."},
    "round_questions": {"vi": "Từng nơi", "en": "Place by place"},
    "round_unit": {"vi": "Xã, phường", "en": "Commune"},
    "round_question_state": {"vi": "Kết quả", "en": "Outcome"},
    "round_value": {"vi": "Số liệu", "en": "Figure"},
    "round_answered_at": {"vi": "Trả lời lúc", "en": "Answered at"},
    "round_tries": {"vi": "Số lần gọi", "en": "Tries"},
    "round_next_at": {"vi": "Gọi sớm nhất lúc", "en": "Rung not before"},
    "round_next_note": {
        "vi": "Gọi trong giờ quy định của tỉnh.",
        "en": "Calls are made in the province's hours for rounds.",
    },
    "round_call": {"vi": "Cuộc gọi", "en": "Call"},
    "round_to_call": {"vi": "Xem cuộc gọi", "en": "See the call"},
    "respondents": {"vi": "Người được hỏi", "en": "Who is asked"},
    "respondents_note": {
        "vi": (
            "Cán bộ trả lời cho từng xã, phường. Cùng một nơi thì người được thêm trước được hỏi "
            "trước. Số điện thoại chỉ hiện ba chữ số cuối. Mọi thay đổi được ghi vào nhật ký "
            "kiểm soát."
        ),
        "en": (
            "Officers who answer for communes. Of one commune, who was added first is asked "
            "first. Numbers show their last three digits. Every change goes into the audit log."
        ),
    },
    "respondents_none": {"vi": "Chưa có ai được hỏi.", "en": "Nobody is asked yet."},
    "respondent_add": {"vi": "Thêm người được hỏi", "en": "Add somebody to ask"},
    "respondent_added": {"vi": "Đã thêm.", "en": "Added."},
    "respondent_name": {"vi": "Họ tên", "en": "Name"},
    "respondent_number": {"vi": "Số điện thoại", "en": "Number"},
    "respondent_choose": {"vi": "Chọn xã, phường", "en": "Choose a commune"},
    "respondent_language": {"vi": "Hỏi bằng", "en": "Asked in"},
    "respondent_added_at": {"vi": "Thêm lúc", "en": "Added at"},
    "respondent_erased": {"vi": "(đã xóa)", "en": "(erased)"},
    "respondent_remove": {"vi": "Bỏ", "en": "Remove"},
    "respondent_remove_yes": {
        "vi": "Không hỏi nữa và xóa số",
        "en": "Ask no more, and wipe the number",
    },
    "respondent_removed": {
        "vi": "Đã bỏ, số đã xóa. Số liệu họ đã trả lời vẫn còn.",
        "en": "Removed, and the number is wiped. What they answered stays.",
    },
}
