"""What the map says."""

from collections.abc import Mapping

WORDING: Mapping[str, Mapping[str, str]] = {
    "nav_map": {"vi": "Bản đồ", "en": "Map"},
    "map": {"vi": "Bản đồ phản ánh", "en": "Map of reports"},
    "map_count": {"vi": "{count} phản ánh", "en": "{count} reports"},
    "map_table": {"vi": "Phản ánh theo xã, phường", "en": "Reports by ward and commune"},
    "map_table_note": {
        "vi": "Phản ánh ghi theo xã, phường cũ được tính cho xã, phường hiện nay. "
        "Bảng này có cùng số liệu với bản đồ.",
        "en": "Reports of a former ward or commune count to today's. "
        "This table has the same figures as the map.",
    },
    "map_unit": {"vi": "Xã, phường", "en": "Ward or commune"},
    "map_reports": {"vi": "Số phản ánh", "en": "Reports"},
    "map_share": {"vi": "Tỷ lệ", "en": "Share"},
    "map_nowhere": {"vi": "Chưa rõ địa điểm", "en": "No place known"},
    "map_whole": {"vi": "{name} (không rõ xã, phường)", "en": "{name} (no commune known)"},
    "map_view": {"vi": "Cách hiển thị", "en": "Shown as"},
    "map_view_units": {"vi": "Theo xã, phường", "en": "Wards and communes"},
    "map_view_clusters": {"vi": "Từng nơi", "en": "Places"},
    "map_view_heat": {"vi": "Mật độ", "en": "Density"},
    "map_select": {"vi": "Chọn vùng", "en": "Select an area"},
    "map_box": {"vi": "Kéo khung", "en": "Draw a box"},
    "map_polygon": {"vi": "Vẽ đường bao", "en": "Draw around"},
    "map_seen": {"vi": "Lấy khung đang xem", "en": "Take what is shown"},
    "map_whole_view": {"vi": "Xem cả địa bàn", "en": "Show everything"},
    "map_zoom_in": {"vi": "Phóng to", "en": "Zoom in"},
    "map_zoom_out": {"vi": "Thu nhỏ", "en": "Zoom out"},
    "map_keys": {
        "vi": "Khi con trỏ bàn phím ở bản đồ: phím mũi tên để di chuyển, + và - để phóng to, "
        "thu nhỏ. Khung đang xem có thể lấy làm vùng chọn.",
        "en": "With the focus on the map: arrow keys move it, + and - zoom. "
        "What is shown can be taken as the area.",
    },
    "map_box_how": {
        "vi": "Kéo chuột từ góc này đến góc kia. Esc để bỏ.",
        "en": "Drag from one corner to the other. Esc to give up.",
    },
    "map_polygon_how": {
        "vi": "Bấm từng điểm quanh vùng; bấm đúp hoặc Enter để kết thúc, Esc để bỏ.",
        "en": "Click point by point around it; double-click or Enter ends, Esc gives up.",
    },
    "map_selected": {
        "vi": "{count} phản ánh trong vùng đã chọn.",
        "en": "{count} reports in the selected area.",
    },
    "map_to_list": {"vi": "Mở danh sách", "en": "Open the list"},
    "map_forget": {"vi": "Bỏ vùng chọn", "en": "Forget the area"},
    "map_here": {"vi": "{count} phản ánh ở đây:", "en": "{count} reports here:"},
    "map_unit_told": {"vi": "{name}: {count} phản ánh.", "en": "{name}: {count} reports."},
    "map_no_webgl": {
        "vi": "Trình duyệt này không vẽ được bản đồ (thiếu WebGL). Bảng dưới đây có cùng số liệu.",
        "en": "This browser cannot draw the map (it has no WebGL). "
        "The table below has the same figures.",
    },
    "map_lost": {
        "vi": "Chưa tải được dữ liệu bản đồ. Di chuyển bản đồ hoặc lọc lại để thử lần nữa.",
        "en": "The map's data did not come. Move the map or filter again to retry.",
    },
    "map_absent": {
        "vi": "Chưa tải được bản đồ. Tải lại trang để thử lần nữa.",
        "en": "The map could not be loaded. Load the page again to retry.",
    },
    "map_region": {"vi": "Bản đồ", "en": "Map"},
    "map_two_fingers": {
        "vi": "Dùng hai ngón tay để di chuyển bản đồ",
        "en": "Use two fingers to move the map",
    },
    "map_ctrl_scroll": {
        "vi": "Giữ Ctrl và cuộn để phóng to",
        "en": "Hold Ctrl and scroll to zoom",
    },
    "map_legend": {"vi": "Màu của từng phản ánh", "en": "Colours of single reports"},
    "map_legend_new": {"vi": "mới hoặc mở lại", "en": "new or reopened"},
    "map_legend_open": {"vi": "đang xử lý", "en": "in progress"},
    "map_legend_ended": {"vi": "đã kết thúc", "en": "ended"},
    "map_legend_urgent": {"vi": "khẩn cấp", "en": "urgent"},
    "map_chosen_unit": {"vi": "Trong địa bàn: {name}.", "en": "In: {name}."},
    "map_chosen_area": {
        "vi": "Trong vùng chọn trên bản đồ.",
        "en": "In the area selected on the map.",
    },
    "map_chosen_show": {"vi": "Xem trên bản đồ", "en": "Show on the map"},
    "map_chosen_drop": {"vi": "Bỏ vùng chọn", "en": "Forget the area"},
    "map_of_report": {"vi": "Vị trí", "en": "Where it is"},
    "map_point": {"vi": "Điểm đã ghi: {point}", "en": "Point given: {point}"},
    "map_no_point": {
        "vi": "Không có điểm cụ thể, bản đồ chỉ giữa địa bàn.",
        "en": "No point was given; the map shows the middle of the unit.",
    },
    "map_today": {"vi": "Từ 1/7/2025", "en": "Since 1 July 2025"},
    "map_before": {"vi": "Trước 1/7/2025", "en": "Before 1 July 2025"},
    "map_edition_since": {"vi": "Từ {day}", "en": "Since {day}"},
    "map_edition_until": {"vi": "Đến {day}", "en": "Until {day}"},
    "map_edition_now": {"vi": "Hiện nay", "en": "Today"},
    "filter_since": {"vi": "Nhận từ ngày", "en": "Received from"},
    "filter_until": {"vi": "Đến ngày", "en": "Until"},
    "unknown_day": {
        "vi": "Hãy ghi ngày như 2026-11-23",
        "en": "Please write days such as 2026-11-23",
    },
    "unknown_area": {
        "vi": "Không đọc được vùng chọn trên bản đồ",
        "en": "The area of the map cannot be read",
    },
}
