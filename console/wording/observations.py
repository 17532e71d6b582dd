"""What the page says on which figures are brought in from a file."""

from collections.abc import Mapping

_COLUMNS: Mapping[str, tuple[str, str]] = {
    "phenomenon_time": ("thời điểm", "time"),
    "indicator": ("chỉ số", "indicator"),
    "unit": ("xã, phường", "commune or ward"),
    "value": ("giá trị", "value"),
    "measure": ("đơn vị đo", "measure"),
    "source": ("nguồn", "source"),
}
_FAULTS: Mapping[str, tuple[str, str]] = {
    "long": ("dòng quá dài, tối đa {expected}", "the line is too long, at most {expected}"),
    "encoding": ("không đọc được chữ, cần {expected}", "cannot be read, expected {expected}"),
    "quotes": ("dấu nháy không đóng", "a quotation mark is not closed"),
    "cells": ("cần {expected} ô, có {found}", "expected {expected} cells, found {found}"),
    "moment": (
        "cần dd/mm/yyyy HH:MM, hoặc ISO 8601 kèm múi giờ",
        "expected dd/mm/yyyy HH:MM, or ISO 8601 with its zone",
    ),
    "future": ("ở tương lai", "in the future"),
    "before_2000": ("trước năm 2000", "before the year 2000"),
    "too_old": (
        "quá cũ: số liệu lẻ của thời gian đó không còn được giữ",
        "too old: single figures of that time are no longer kept",
    ),
    "indicator": (
        "không có chỉ số này; ví dụ {expected}",
        "there is no such indicator; for example {expected}",
    ),
    "unit": (
        "không có xã, phường này; ghi tên, mã, hoặc như {expected}",
        "there is no such commune; write its name, its code, or as {expected}",
    ),
    "units": (
        "có thể là nhiều nơi; cần ghi rõ: {expected}",
        "may be several; expected one of: {expected}",
    ),
    "level": (
        "chỉ số này của toàn địa bàn: để trống cột xã, phường",
        "this indicator is of the whole province: leave the commune empty",
    ),
    "empty": (
        "chỉ số này của từng xã, phường: ghi tên nơi đó, hoặc {expected} nếu là toàn địa bàn",
        "this indicator is of communes: write which one, or {expected} for the whole province",
    ),
    "counted_here": (
        "hệ thống tự đếm chỉ số này, không nhận từ nơi khác",
        "the system counts this itself and takes it from nobody else",
    ),
    "number": ("cần một con số như {expected}", "expected a number such as {expected}"),
    "too_low": ("quá nhỏ, cần {expected}", "too small, expected {expected}"),
    "too_high": ("quá lớn, cần {expected}", "too large, expected {expected}"),
    "unknown_unit": ("không có đơn vị đo này; cần {expected}", "is unknown; expected {expected}"),
    "unlike_unit": ("đo thứ khác; cần {expected}", "measures another thing; expected {expected}"),
    "source": ("không phải nguồn đã biết; cần một trong {expected}",
               "is no known source; expected one of {expected}"),
}  # fmt: skip
_FILES: Mapping[str, tuple[str, str]] = {
    "empty": ("Tệp trống.", "The file is empty."),
    "encoding": (
        "Tệp không phải {expected}. Trong Excel, chọn lưu dạng “CSV UTF-8”.",
        "The file is not {expected}. In Excel, save it as “CSV UTF-8”.",
    ),
    "long": ("Dòng đầu quá dài: cần tên các cột.", "The first line is too long to be a header."),
    "quotes": ("Dòng đầu có dấu nháy không đóng.", "A quotation mark in the header is not closed."),
    "column": (
        "Không hiểu cột “{found}”. Các cột: {expected}.",
        "The column “{found}” is unknown, or there twice. Columns are: {expected}.",
    ),
    "missing": (
        "Thiếu cột: {expected}. Tìm thấy: {found}.",
        "Columns are missing: {expected}. Found: {found}.",
    ),
    "none": ("Chưa chọn tệp.", "No file was chosen."),
    "gone": (
        "Tệp đã được nhập hoặc đã quá một ngày: hãy chọn lại.",
        "The file was brought in already, or is older than a day: choose it again.",
    ),
    "space": ("Không ghi được tệp: đĩa đầy.", "The file could not be written: the disk is full."),
}


def _both(texts: Mapping[str, tuple[str, str]], prefix: str) -> Mapping[str, Mapping[str, str]]:
    return {f"{prefix}{key}": {"vi": vi, "en": en} for key, (vi, en) in texts.items()}


WORDING: Mapping[str, Mapping[str, str]] = {
    **_both(_COLUMNS, "figures_column_"),
    **_both(_FAULTS, "figures_fault_"),
    **_both(_FILES, "figures_file_"),
    "figures": {"vi": "Nhập số liệu", "en": "Bring in figures"},
    "figures_note": {
        "vi": (
            "Tệp CSV, mỗi dòng một số liệu. Trước khi lưu, trang này cho xem những dòng đầu "
            "và mọi dòng sai; dòng sai không được lưu."
        ),
        "en": (
            "A CSV file, a figure in each line. Before anything is kept, this page shows the "
            "first lines and every faulty one; faulty lines are not kept."
        ),
    },
    "figures_form": {"vi": "Chọn tệp", "en": "Choose a file"},
    "figures_file": {"vi": "Tệp CSV", "en": "CSV file"},
    "figures_most": {
        "vi": "Tối đa {megabytes} MB. Tệp lớn hơn: dùng API hoặc lệnh hotline monitoring import.",
        "en": "At most {megabytes} MB. Larger ones: the API, or hotline monitoring import.",
    },
    "figures_look": {"vi": "Xem trước", "en": "Preview"},
    "figures_columns": {"vi": "Các cột", "en": "Columns"},
    "figures_columns_note": {
        "vi": (
            "Dòng đầu là tên cột: phenomenon_time, indicator, unit, value, measure, source. "
            "Bắt buộc: phenomenon_time, indicator, value. Thời điểm như 23/11/2026 07:00 "
            "(giờ địa phương) hoặc 2026-11-23T07:00:00+07:00. Xã, phường: tên, mã, hoặc "
            "2025:31825; toàn địa bàn: tên tỉnh, hoặc để trống khi chỉ số chỉ có toàn địa bàn. "
            "Cột cách nhau bằng dấu phẩy, hoặc chấm phẩy khi số có dấu phẩy thập phân."
        ),
        "en": (
            "The first line names the columns: phenomenon_time, indicator, unit, value, measure, "
            "source. Needed are phenomenon_time, indicator, value. Times as 23/11/2026 07:00 "
            "(local) or 2026-11-23T07:00:00+07:00. Communes by name, by code, or as 2025:31825; "
            "for the whole province its name, or nothing where the indicator has no communes. "
            "Between columns a comma, or a semicolon where numbers have a decimal comma."
        ),
    },
    "figures_example": {"vi": "Ví dụ", "en": "Example"},
    "figures_preview": {"vi": "Xem trước: {name}", "en": "Preview: {name}"},
    "figures_counts": {
        "vi": "{lines} dòng: {good} dùng được, {faults} sai.",
        "en": "{lines} lines: {good} are good, {faults} are faulty.",
    },
    "figures_first": {"vi": "Những dòng đầu", "en": "The first lines"},
    "figures_faults": {"vi": "Dòng sai", "en": "Faulty lines"},
    "figures_faults_more": {
        "vi": "Chỉ hiện {shown} dòng sai đầu tiên trong {count}.",
        "en": "Only the first {shown} of {count} faulty lines are shown.",
    },
    "figures_line": {"vi": "Dòng", "en": "Line"},
    "figures_what": {"vi": "Sai gì", "en": "What is wrong"},
    "figures_found": {"vi": "Tìm thấy", "en": "Found"},
    "figures_keep": {"vi": "Lưu {count} số liệu", "en": "Keep {count} figures"},
    "figures_discard": {"vi": "Bỏ tệp này", "en": "Discard this file"},
    "figures_discarded": {"vi": "Đã bỏ tệp.", "en": "The file was discarded."},
    "figures_nothing": {
        "vi": "Không có dòng nào dùng được: chưa lưu gì.",
        "en": "No line is good: nothing can be kept.",
    },
    "figures_done": {"vi": "Đã nhập: {name}", "en": "Brought in: {name}"},
    "figures_kept": {
        "vi": "Mới {new}, sửa {corrected}, đã biết từ trước {repeated}, sai {faults}.",
        "en": "{new} new, {corrected} corrected, {repeated} known before, {faults} faulty.",
    },
    "figures_again": {"vi": "Nhập tệp khác", "en": "Bring in another file"},
}
