"""What the pages of figures say; `…_note` defines a figure: what is counted, and without what."""

from collections.abc import Mapping

_PAGE: Mapping[str, Mapping[str, str]] = {
    "nav_statistics": {"vi": "Thống kê", "en": "Statistics"},
    "stat_title": {"vi": "Thống kê", "en": "Statistics"},
    "stat_report_title": {
        "vi": "Báo cáo tổng đài {number}, {period}",
        "en": "Report of hotline {number}, {period}",
    },
    "stat_day": {"vi": "ngày {day}", "en": "{day}"},
    "stat_month": {"vi": "tháng {month}", "en": "month {month}"},
    "stat_days": {"vi": "từ {first} đến {last}", "en": "{first} to {last}"},
    "stat_since": {"vi": "Từ ngày", "en": "From"},
    "stat_until": {"vi": "Đến ngày", "en": "To"},
    "stat_show": {"vi": "Xem", "en": "Show"},
    "stat_usual": {"vi": "Khoảng thời gian thường dùng", "en": "Usual periods"},
    "stat_last_30": {"vi": "30 ngày qua", "en": "Last 30 days"},
    "stat_last_7": {"vi": "7 ngày qua", "en": "Last 7 days"},
    "stat_today": {"vi": "Hôm nay", "en": "Today"},
    "stat_yesterday": {"vi": "Hôm qua", "en": "Yesterday"},
    "stat_this_month": {"vi": "Tháng này", "en": "This month"},
    "stat_last_month": {"vi": "Tháng trước", "en": "Last month"},
    "stat_bad_day": {
        "vi": "Không đọc được ngày; đang xem 30 ngày qua.",
        "en": "A date could not be read; these are the last 30 days.",
    },
    "stat_bad_period": {
        "vi": "Ngày đầu phải trước ngày cuối; đang xem 30 ngày qua.",
        "en": "The first day has to come before the last one; these are the last 30 days.",
    },
    "stat_too_long": {
        "vi": "Nhiều nhất 366 ngày: đang xem 366 ngày cuối.",
        "en": "At most 366 days: these are the last ones.",
    },
    "stat_compared": {
        "vi": "Kỳ so sánh: {before}. Ngày giờ theo {zone}.",
        "en": "Compared with {before}. Days and hours of {zone}.",
    },
    "stat_calls_counted": {
        "vi": "Đã tính các cuộc gọi từ {since} đến {until}.",
        "en": "Calls are counted from {since} up to {until}.",
    },
    "stat_no_calls": {"vi": "Chưa tính cuộc gọi nào.", "en": "No call has been counted yet."},
    "stat_of_agency": {
        "vi": "Chỉ gồm phản ánh đang giao cho {agency}.",
        "en": "Only reports that {agency} has.",
    },
    "stat_made_at": {"vi": "Lập lúc {at}", "en": "Made {at}"},
    "stat_numbers": {"vi": "Bảng số liệu", "en": "Numbers"},
    "stat_definition": {"vi": "Cách tính", "en": "How it is counted"},
    "stat_before": {"vi": "kỳ trước: {value}", "en": "before: {value}"},
    "stat_part": {"vi": "{part} trong {whole}", "en": "{part} of {whole}"},
    "stat_seconds": {"vi": "{seconds} giây", "en": "{seconds} s"},
    "stat_minutes": {"vi": "{minutes} phút {seconds} giây", "en": "{minutes} min {seconds} s"},
    "stat_span_hours": {"vi": "{count} giờ", "en": "{count} h"},
    "stat_span_days": {"vi": "{count} ngày", "en": "{count} days"},
    "stat_none": {"vi": "Không có gì trong kỳ này.", "en": "There is nothing in this period."},
    "stat_pdf": {"vi": "Tải PDF", "en": "As PDF"},
    "stat_xlsx": {"vi": "Tải Excel", "en": "As Excel file"},
    "stat_chart": {
        "vi": "Biểu đồ: {name}. Số liệu ở bảng dưới.",
        "en": "Chart: {name}. The table below has its numbers.",
    },
    "stat_figure": {"vi": "Chỉ số", "en": "Figure"},
    "stat_value": {"vi": "Giá trị", "en": "Value"},
    "stat_earlier": {"vi": "Kỳ trước", "en": "Before"},
    "stat_page_of": {"vi": "Trang {page}", "en": "Page {page}"},
    "stat_filtered": {
        "vi": "Lọc thêm từ trang thống kê:",
        "en": "Filtered further by the figures:",
    },
    "stat_filter_off": {"vi": "Bỏ lọc {name}", "en": "Remove the filter {name}"},
}

_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "stat_hour": {"vi": "Giờ", "en": "Hour"},
    "stat_date": {"vi": "Ngày", "en": "Day"},
    "stat_calls": {"vi": "Cuộc gọi", "en": "Calls"},
    "stat_reports": {"vi": "Phản ánh", "en": "Reports"},
    "stat_of_all": {"vi": "Tỷ lệ", "en": "Share"},
    "stat_outcome": {"vi": "Kết quả", "en": "Outcome"},
    "stat_stage": {"vi": "Chặng", "en": "Stage"},
    "stat_step": {"vi": "Câu hỏi", "en": "Question"},
    "stat_reached": {"vi": "Cuộc gọi đến chặng này", "en": "Calls that came here"},
    "stat_left": {"vi": "Gác máy tại đây", "en": "Hung up here"},
    "stat_left_share": {"vi": "Tỷ lệ gác máy", "en": "Share that hung up"},
    "stat_source": {"vi": "Nguồn", "en": "Source"},
    "stat_kept": {"vi": "Đúng hạn", "en": "In time"},
    "stat_missed": {"vi": "Trễ hạn", "en": "Late"},
    "stat_kept_share": {"vi": "Tỷ lệ đúng hạn", "en": "Share in time"},
    "stat_overdue_column": {"vi": "Đang quá hạn", "en": "Overdue now"},
    "stat_resolve_column": {"vi": "Thời gian xử lý trung vị", "en": "Median time to answer"},
    "stat_score_column": {"vi": "Điểm", "en": "Score"},
    "stat_model": {"vi": "Bộ nhận dạng", "en": "Recogniser"},
    "stat_recordings": {"vi": "Ghi âm đã đọc lại", "en": "Recordings read"},
    "stat_words": {"vi": "Số từ", "en": "Words"},
    "stat_wrong": {"vi": "Từ sai", "en": "Wrong words"},
    "stat_errors_column": {"vi": "Tỷ lệ sai", "en": "Error rate"},
}

_STAGES: Mapping[str, Mapping[str, str]] = {
    "stat_stage_opening": {"vi": "Lời chào", "en": "Opening"},
    "stat_stage_menu": {"vi": "Menu chính", "en": "Main menu"},
    "stat_stage_kind": {"vi": "Chọn lĩnh vực", "en": "Kind of problem"},
    "stat_stage_statement": {"vi": "Nói nội dung", "en": "Statement"},
    "stat_stage_place": {"vi": "Địa điểm", "en": "Place"},
    "stat_stage_contact": {"vi": "Số liên hệ", "en": "Contact"},
    "stat_stage_confirm": {"vi": "Xác nhận", "en": "Confirmation"},
    "stat_stage_reference": {"vi": "Đã nhận, đọc mã số", "en": "Filed, reference told"},
    "stat_stage_follow_up": {"vi": "Hỏi kết quả", "en": "Asking about a report"},
    "stat_stage_information": {"vi": "Thông tin", "en": "Information"},
    "stat_stage_person": {"vi": "Chờ người trực", "en": "Waiting for a person"},
    "stat_stage_instead": {"vi": "Thay cho người trực", "en": "Instead of a person"},
    "stat_stage_message": {"vi": "Để lại lời nhắn", "en": "Leaving a message"},
    "stat_stage_danger": {"vi": "Khẩn cấp", "en": "Danger"},
    "stat_stage_outgoing": {"vi": "Tổng đài gọi ra", "en": "Call made by the hotline"},
    "stat_stage_other": {"vi": "Khác", "en": "Other"},
    "stat_outcome_person": {"vi": "Đã nói chuyện với người", "en": "Talked to a person"},
    "stat_outcome_callback": {"vi": "Hẹn gọi lại", "en": "Will be rung back"},
    "stat_outcome_report": {
        "vi": "Đã gửi phản ánh hoặc lời nhắn",
        "en": "Filed a report or message",
    },
    "stat_outcome_answer": {"vi": "Đã nghe trả lời", "en": "Got an answer"},
    "stat_outcome_partial": {"vi": "Bỏ dở phản ánh", "en": "Left in the middle of a report"},
    "stat_outcome_failed": {"vi": "Lỗi của hệ thống", "en": "A fault of ours"},
    "stat_outcome_nothing": {"vi": "Gác máy, không để lại gì", "en": "Left without any of it"},
    "stat_outcome_contained": {"vi": "Tự phục vụ xong", "en": "Served without a person"},
}

_FIGURES: Mapping[str, Mapping[str, str]] = {
    "stat_section_calls": {"vi": "Cuộc gọi", "en": "Calls"},
    "stat_section_reports": {"vi": "Phản ánh", "en": "Reports"},
    "stat_section_service": {"vi": "Hạn xử lý", "en": "Deadlines"},
    "stat_section_satisfaction": {"vi": "Mức hài lòng", "en": "Satisfaction"},
    "stat_section_words": {"vi": "Nhận dạng tiếng nói", "en": "Speech recognition"},
    "stat_calls_note": {
        "vi": "Cuộc gọi đến đã kết thúc, bắt đầu trong kỳ. Không tính cuộc gọi do tổng đài gọi "
        "ra và cuộc đang diễn ra.",
        "en": "Incoming calls that have ended and began in the period. Calls that the hotline "
        "made and calls in progress are left out.",
    },
    "stat_contained": {"vi": "Không cần người trực", "en": "Served without a person"},
    "stat_contained_note": {
        "vi": "Cuộc gọi gửi xong phản ánh (hoặc lời nhắn) hay đã nghe trả lời, mà không nói "
        "chuyện với ai và không hẹn gọi lại, chia cho mọi cuộc gọi. Phản ánh bỏ dở không "
        "được tính là xong.",
        "en": "Calls that filed a report (or left a message) to the end, or got an answer, "
        "talked to nobody and were not promised a call back, of all calls. A report left "
        "in the middle does not count.",
    },
    "stat_answered": {"vi": "Người chờ được trả lời", "en": "Waiting callers answered"},
    "stat_answered_note": {
        "vi": "Cuộc gọi được người trực nhận, chia cho cuộc gọi đã vào hàng chờ. Số còn lại: "
        "gác máy, bấm phím ra khỏi hàng chờ, hoặc không ai trực.",
        "en": "Calls that an operator took, of those that waited in the queue. The others hung "
        "up, left it by a key, or nobody was there.",
    },
    "stat_wait": {"vi": "Thời gian chờ trung vị", "en": "Median wait"},
    "stat_wait_note": {
        "vi": "Một nửa số cuộc gọi được người trực nhận đã chờ không lâu hơn mức này. Cộng mọi "
        "lượt chờ; không tính cuộc không được nhận.",
        "en": "Half of the calls that an operator took had waited no longer. All rounds in the "
        "queue together; calls that nobody took are left out.",
    },
    "stat_wait_p90": {"vi": "Chín trong mười người chờ đến", "en": "Nine of ten waited up to"},
    "stat_wait_p90_note": {
        "vi": "90 % số cuộc gọi được người trực nhận đã chờ không lâu hơn mức này. Danh sách là"
        " những cuộc chờ từ mức này trở lên.",
        "en": "90 % of the calls that an operator took had waited no longer. The list has those"
        " that waited at least so long.",
    },
    "stat_talk": {"vi": "Thời gian nói chuyện trung vị", "en": "Median talk"},
    "stat_talk_note": {
        "vi": "Một nửa số cuộc trò chuyện với người trực không dài hơn mức này. Không tính cuộc"
        " chưa đo được thời gian.",
        "en": "Half of the talks with operators were no longer. Talks that were not timed are "
        "left out.",
    },
    "stat_length": {"vi": "Độ dài cuộc gọi trung vị", "en": "Median length of calls"},
    "stat_length_note": {
        "vi": "Từ lúc tổng đài trả lời đến lúc gác máy; một nửa số cuộc gọi không dài hơn mức này.",
        "en": "From answer to hangup; half of all calls were no longer.",
    },
    "stat_calls_by_hour": {"vi": "Cuộc gọi theo giờ trong ngày", "en": "Calls by hour of the day"},
    "stat_calls_by_hour_note": {
        "vi": "Theo giờ bắt đầu, cộng mọi ngày trong kỳ.",
        "en": "By the hour at which they began, over all days of the period.",
    },
    "stat_calls_by_day": {"vi": "Cuộc gọi theo thời gian", "en": "Calls over time"},
    "stat_calls_by_day_note": {
        "vi": "Theo ngày bắt đầu; kỳ dài hơn 92 ngày thì theo tháng.",
        "en": "By the day on which they began; by month where there are more than 92 days.",
    },
    "stat_outcomes": {"vi": "Cuộc gọi kết thúc ra sao", "en": "What calls came to"},
    "stat_outcomes_note": {
        "vi": "Mỗi cuộc gọi tính một lần, theo dòng đầu tiên đúng với nó từ trên xuống.",
        "en": "Each call counts once: in the first line, from the top, that is true of it.",
    },
    "stat_funnel": {"vi": "Đường đi đến một phản ánh", "en": "The way to a report"},
    "stat_funnel_note": {
        "vi": "Cuộc gọi được hỏi ít nhất một câu của chặng; và trong đó bao nhiêu cuộc gác máy "
        "ngay tại một câu của chặng ấy. Có chặng được bỏ qua, nên chặng sau có thể đông "
        "hơn chặng trước.",
        "en": "Calls that were asked at least one question of the stage, and how many of them "
        "hung up at one. Stages may be passed over, so a later one may have more calls "
        "than the one before.",
    },
    "stat_stages": {"vi": "Các chặng khác", "en": "Other stages"},
    "stat_stages_note": {
        "vi": "Tính như bảng trên, cho những phần khác của cuộc gọi.",
        "en": "Counted as above, for the other parts of a call.",
    },
    "stat_steps": {
        "vi": "Câu hỏi mà người gọi gác máy",
        "en": "Questions at which callers hang up",
    },
    "stat_steps_note": {
        "vi": "Câu hỏi cuối cùng trước khi người gọi gác máy, nhiều nhất ở trên; tối đa 15 dòng.",
        "en": "The last question before the caller hung up, the commonest first; at most 15 lines.",
    },
    "stat_reports_note": {
        "vi": "Phản ánh nhận trong kỳ, mọi nguồn, mọi trạng thái, kể cả trùng và không tiếp nhận.",
        "en": "Reports received in the period, of all sources and states, duplicates and "
        "rejected ones too.",
    },
    "stat_urgent": {"vi": "Khẩn cấp", "en": "Urgent"},
    "stat_urgent_note": {
        "vi": "Trong đó được đánh dấu khẩn cấp.",
        "en": "Those of them that are marked urgent.",
    },
    "stat_partial": {"vi": "Chưa đầy đủ", "en": "Partial"},
    "stat_partial_note": {
        "vi": "Trong đó người gọi gác máy hoặc ngừng nói trước khi xác nhận.",
        "en": "Those of them whose caller hung up or fell silent before confirming.",
    },
    "stat_reports_by_day": {"vi": "Phản ánh theo thời gian", "en": "Reports over time"},
    "stat_reports_by_day_note": {
        "vi": "Theo ngày nhận; kỳ dài hơn 92 ngày thì theo tháng.",
        "en": "By the day on which they were received; by month where there are more than 92 days.",
    },
    "stat_by_status": {"vi": "Theo trạng thái", "en": "By state"},
    "stat_by_status_note": {"vi": "Trạng thái hiện nay.", "en": "As they stand now."},
    "stat_by_source": {"vi": "Theo nguồn", "en": "By source"},
    "stat_by_source_note": {
        "vi": "Phản ánh đến bằng cách nào.",
        "en": "By which way they came in.",
    },
    "stat_by_category": {"vi": "Theo lĩnh vực", "en": "By category"},
    "stat_by_category_note": {
        "vi": "Lĩnh vực hiện nay, nhiều nhất ở trên; tối đa 20 dòng.",
        "en": "The category that they have now, the commonest first; at most 20 lines.",
    },
    "stat_by_place": {"vi": "Theo địa bàn", "en": "By place"},
    "stat_by_place_note": {
        "vi": "Đơn vị hiện nay; đơn vị cũ tính vào đơn vị mới nếu đã nhập trọn vào đó, nếu "
        "không thì đứng riêng. Tối đa 20 dòng.",
        "en": "Units of today; a former unit counts to the one that it became part of as a "
        "whole, else by itself. At most 20 lines.",
    },
    "stat_deadlines": {"vi": "Đúng hạn", "en": "Answered in time"},
    "stat_deadlines_note": {
        "vi": "Phản ánh nhận trong kỳ được trả lời trước hạn, chia cho phản ánh đã trả lời có "
        "hạn. Phản ánh còn mở không tính.",
        "en": "Reports received in the period that were answered by their deadline, of those "
        "answered that had one. Open ones are left out.",
    },
    "stat_overdue": {"vi": "Đang quá hạn", "en": "Overdue now"},
    "stat_overdue_note": {
        "vi": "Phản ánh nhận trong kỳ, còn mở và đã quá hạn lúc này.",
        "en": "Reports received in the period that are open now, after their deadline.",
    },
    "stat_resolve": {"vi": "Thời gian xử lý trung vị", "en": "Median time to answer"},
    "stat_resolve_note": {
        "vi": "Từ lúc nhận đến lúc trả lời; một nửa số phản ánh đã trả lời không lâu hơn mức này.",
        "en": "From receipt to the answer; half of what was answered took no longer.",
    },
    "stat_agencies": {"vi": "Theo cơ quan", "en": "By agency"},
    "stat_agencies_note": {
        "vi": "Cơ quan hiện đang giữ phản ánh. Tỷ lệ đúng hạn: đúng hạn chia cho đúng hạn cộng "
        "trễ hạn.",
        "en": "The agency that has the report now. Share in time: in time, of in time and late "
        "together.",
    },
    "stat_score": {"vi": "Điểm trung bình", "en": "Mean score"},
    "stat_score_note": {
        "vi": "Trung bình điểm 1 đến 5 mà người phản ánh cho lần sau cùng, của phản ánh nhận "
        "trong kỳ. Không tính phản ánh chưa ai chấm.",
        "en": "The mean of the last scores, 1 to 5, that reporters gave for reports received in"
        " the period. Reports that nobody rated are left out.",
    },
    "stat_rated": {"vi": "Phản ánh được chấm điểm", "en": "Reports rated"},
    "stat_rated_note": {
        "vi": "Phản ánh nhận trong kỳ mà người phản ánh đã chấm điểm; mỗi phản ánh tính một lần.",
        "en": "Reports received in the period that their reporter rated; each counts once.",
    },
    "stat_scores": {"vi": "Theo điểm", "en": "By score"},
    "stat_scores_note": {"vi": "5 là tốt nhất.", "en": "5 is best."},
    "stat_word_errors": {"vi": "Tỷ lệ từ sai", "en": "Word error rate"},
    "stat_word_errors_note": {
        "vi": "Số từ phải thêm, bỏ hoặc thay để bản chép của máy thành lời đã được người đọc "
        "lại, chia cho số từ của lời ấy. Chỉ tính ghi âm đã có người đọc lại, của phản "
        "ánh nhận trong kỳ; không tính ghi âm mà máy không chép được.",
        "en": "Words that had to be put in, left out or replaced to make the machine's draft "
        "what a person left, of the words that they left. Only recordings that somebody "
        "has read, of reports received in the period; those that the machine could not "
        "write down at all are left out.",
    },
    "stat_words_read": {"vi": "Ghi âm đã đọc lại", "en": "Recordings read"},
    "stat_words_read_note": {
        "vi": "Ghi âm có bản chép đã được người sửa hoặc xác nhận là đúng. Danh sách là các "
        "phản ánh có ghi âm như vậy.",
        "en": "Recordings whose draft somebody corrected or found right. The list has the "
        "reports that have such recordings.",
    },
    "stat_models": {"vi": "Theo bộ nhận dạng", "en": "By recogniser"},
    "stat_models_note": {
        "vi": "Bộ nhận dạng đã chép ghi âm.",
        "en": "The recogniser that made the draft.",
    },
}

_CALLS: Mapping[str, Mapping[str, str]] = {
    "calls_title": {"vi": "Cuộc gọi đã kết thúc", "en": "Calls that have ended"},
    "calls_shown": {"vi": "{count} cuộc gọi trên trang này", "en": "{count} calls on this page"},
    "calls_none": {"vi": "Không có cuộc gọi nào như vậy.", "en": "There are no such calls."},
    "calls_began": {"vi": "Bắt đầu", "en": "Began"},
    "calls_left_at": {"vi": "Gác máy tại", "en": "Hung up at"},
    "calls_to_the_end": {"vi": "đi đến cuối", "en": "came to the end"},
    "calls_waited": {"vi": "Đã chờ", "en": "Waited"},
    "calls_talked": {"vi": "Nói chuyện", "en": "Talked"},
    "calls_lasted": {"vi": "Dài", "en": "Length"},
    "calls_filter_outcome": {"vi": "Kết quả", "en": "Outcome"},
    "calls_filter_stage": {"vi": "Đến chặng", "en": "Came to the stage"},
    "calls_filter_left": {"vi": "Gác máy ở chặng", "en": "Hung up in the stage"},
    "calls_filter_hour": {"vi": "Giờ bắt đầu", "en": "Hour at which it began"},
    "calls_filter_queued": {"vi": "Đã vào hàng chờ", "en": "Waited in the queue"},
    "calls_filter_answered": {"vi": "Người trực", "en": "Operator"},
    "calls_answered_yes": {"vi": "Có người nhận", "en": "Took it"},
    "calls_answered_no": {"vi": "Không ai nhận", "en": "Nobody took it"},
    "calls_filter_waited": {"vi": "Chờ ít nhất (giây)", "en": "Waited at least (s)"},
    "calls_filter_step": {"vi": "Gác máy ở câu hỏi", "en": "Hung up at the question"},
    "call_title": {"vi": "Cuộc gọi lúc {at}", "en": "Call of {at}"},
    "call_reports": {"vi": "Phản ánh của cuộc gọi", "en": "Its reports"},
    "call_journal": {"vi": "Diễn biến", "en": "What happened"},
    "call_after": {"vi": "Sau", "en": "After"},
    "call_answer": {"vi": "Câu trả lời", "en": "What came back"},
    "call_no_journal": {
        "vi": "Diễn biến không còn được lưu.",
        "en": "What happened is kept no longer.",
    },
    "stat_filter_deadline_kept": {"vi": "đúng hạn", "en": "answered in time"},
    "stat_filter_deadline_missed": {"vi": "trễ hạn", "en": "answered late"},
    "stat_filter_deadline_answered": {"vi": "đã trả lời", "en": "answered"},
    "stat_filter_score": {"vi": "điểm {value}", "en": "score {value}"},
    "stat_filter_source": {"vi": "nguồn: {value}", "en": "source: {value}"},
    "stat_filter_partial": {"vi": "chưa đầy đủ", "en": "partial"},
    "stat_filter_checked": {"vi": "lời đã có người đọc lại", "en": "words read by a person"},
}

WORDING: Mapping[str, Mapping[str, str]] = {
    **_PAGE,
    **_COLUMNS,
    **_STAGES,
    **_FIGURES,
    **_CALLS,
}
