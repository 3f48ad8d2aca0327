"""Made-up legal documents, line by line."""

from __future__ import annotations

from archive.records import Article, Origin, Section

DECREE = (
    "CHÍNH PHỦ",
    "Số: 99/2031/NĐ-CP",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Hà Nội, ngày 02 tháng 5 năm 2031",
    "NGHỊ ĐỊNH",
    "Quy định việc thử máy tìm kiếm",
    "Căn cứ Luật Thử máy số 10/2029/QH16;",
    "Chương I",
    "QUY ĐỊNH CHUNG",
    "Điều 1. Phạm vi điều chỉnh",
    "1. Nghị định này quy định việc thử.",
    "2. Nghị định này không áp dụng với:",
    "a) Máy đã hỏng;",
    "đ) Máy chưa lắp.",
    "Điều 2. Giải thích từ ngữ",
    "Bản thử là văn bản chỉ dùng để thử.",
    "Chương II",
    "ĐIỀU KHOẢN THI HÀNH",
    "Điều 2a. Việc chuyển tiếp",
    "Thực hiện theo điểm a khoản 2 Điều 1 Nghị định này.",
    "Điều 3. Hiệu lực",
    "Nghị định có hiệu lực từ ngày 01 tháng 7 năm 2031 và thay thế Nghị định số 12 /2030/NĐ – CP.",
    "Nơi nhận: các bộ",
    "TM. CHÍNH PHỦ",
    "THỦ TƯỚNG",
    "(Đã ký)",
    "Lê Văn Thử",
)


def document(*lines: str, title: str = "", locator: str = "") -> Article:
    """Return a document with these lines in one section, as readers give it."""
    return Article(
        title=title, origin=Origin("a", "docx", 1), sections=(Section(lines, locator=locator),)
    )
