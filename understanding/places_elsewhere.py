"""Names of other provinces, and of towns of the Mekong delta: a place beside one is not ours.

A name that a province has too is left out when its gazetteer is made.
"""

_PROVINCES = """
An Giang, Bà Rịa, Vũng Tàu, Bắc Giang, Bắc Kạn, Bắc Ninh, Bến Tre, Bình Dương, Bình Định, Bình
Phước, Bình Thuận, Cao Bằng, Cần Thơ, Đà Nẵng, Đắk Lắk, Đắc Lắc, Đắk Nông, Điện Biên, Đồng Nai,
Đồng Tháp, Gia Lai, Hà Giang, Hà Nam, Hà Nội, Hà Tĩnh, Hải Dương, Hải Phòng, Hậu Giang, Hòa Bình,
Hưng Yên, Khánh Hòa, Kiên Giang, Kon Tum, Lai Châu, Lạng Sơn, Lào Cai, Lâm Đồng, Long An, Nam
Định, Nghệ An, Ninh Bình, Ninh Thuận, Phú Thọ, Phú Yên, Quảng Bình, Quảng Nam, Quảng Ngãi, Quảng
Ninh, Quảng Trị, Sóc Trăng, Sơn La, Tây Ninh, Thái Bình, Thái Nguyên, Thanh Hóa, Thừa Thiên, Tiền
Giang, Trà Vinh, Tuyên Quang, Vĩnh Long, Vĩnh Phúc, Yên Bái, Hồ Chí Minh, Sài Gòn, Huế, Cà Mau, Đà
Lạt, Nha Trang
"""
_TOWNS = """
Thạnh Trị, Mỹ Xuyên, Vĩnh Châu, Ngã Năm, Trần Đề, Kế Sách, Mỹ Tú, Cù Lao Dung, Long Phú, Cái Nước,
Đầm Dơi, Năm Căn, Ngọc Hiển, Thới Bình, Trần Văn Thời, Phú Tân, U Minh, Sông Đốc, Gò Quao, Vĩnh
Thuận, Giồng Riềng, An Biên, Rạch Giá, Hà Tiên, Phú Quốc, An Minh, Châu Đốc, Long Xuyên, Long Mỹ,
Vị Thanh, Ngã Bảy, Phụng Hiệp, Ninh Kiều, Cái Răng, Thốt Nốt, Ô Môn, Bình Chánh, Hóc Môn, Củ Chi,
Nhà Bè, Gò Vấp, Tân Bình, Tân Phú, Bình Thạnh, Phú Nhuận, Thủ Dầu Một, Dĩ An, Thuận An, Bến Cát,
Đức Hòa, Bến Lức, Cần Giuộc, Châu Thành, Cai Lậy, Cái Bè, Gò Công, Mỏ Cày, Ba Tri, Càng Long, Trà
Ôn, Bình Minh, Tam Bình, Hòn Đất, Kiên Lương, Tri Tôn, Tịnh Biên, Hồng Ngự, Tháp Mười, Lai Vung,
Lấp Vò, Cờ Đỏ, Phong Điền, Đồng Xoài, Xuân Lộc, Long Khánh, Duyên Hải, Mỹ Tho, Cao Lãnh, Sa Đéc,
Tân An, Thủ Đức, Bình Tân, Biên Hòa, Tắc Vân, Hòa Thành, Phú Lộc
"""
ELSEWHERE = tuple(
    name.strip() for names in (_PROVINCES, _TOWNS) for name in names.replace("\n", " ").split(",")
)
