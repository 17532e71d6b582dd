"""What the audit log's page says."""

from collections.abc import Mapping

WORDING: Mapping[str, Mapping[str, str]] = {
    "audit": {"vi": "Nhật ký kiểm soát", "en": "Audit log"},
    "audit_note": {
        "vi": "Ai đã làm hoặc xem gì. Chỉ có mã số, không có tên, số điện thoại hay nội dung.",
        "en": "Who did or saw what. Ids only: no names, numbers or words.",
    },
    "audit_number": {"vi": "Số", "en": "Number"},
    "audit_at": {"vi": "Lúc", "en": "When"},
    "audit_actor": {"vi": "Người làm", "en": "Who"},
    "audit_action": {"vi": "Việc", "en": "Action"},
    "audit_object": {"vi": "Đối tượng", "en": "Object"},
    "audit_details": {"vi": "Chi tiết", "en": "Details"},
    "audit_filter": {"vi": "Lọc", "en": "Filter"},
    "audit_type": {"vi": "Loại đối tượng", "en": "Type of object"},
    "audit_id": {"vi": "Mã đối tượng", "en": "Id of object"},
    "audit_older": {"vi": "Cũ hơn", "en": "Older"},
    "audit_newest": {"vi": "Mới nhất", "en": "Newest"},
    "audit_none": {"vi": "Không có mục nào.", "en": "There are no entries."},
    "audit_verify": {"vi": "Kiểm tra toàn bộ chuỗi", "en": "Verify the whole chain"},
    "audit_whole": {
        "vi": "Nguyên vẹn: {count} mục, từ số {first} đến {last}.",
        "en": "Whole: {count} entries, from {first} to {last}.",
    },
    "audit_broken": {
        "vi": "HỎNG ở mục số {number}: {why}",
        "en": "BROKEN at entry {number}: {why}",
    },
}
