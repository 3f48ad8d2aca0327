"""Heads and signatures of legal documents of many kinds."""

from __future__ import annotations

import pytest

from archive.legal_record import LegalDocument
from indexer.intake.legal.legal_head import read_legal_head

MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            # Two columns that became one line each.
            (
                f"BỘ THỬ NGHIỆM ------- {MOTTO}",
                "Số: 07/2030/TT-BTN Hà Nội, ngày 3 tháng 4 năm 2030",
                "THÔNG TƯ",
                "Hướng dẫn việc thử",
                "Căn cứ Nghị định số 1/2029/NĐ-CP;",
                "Điều 1. Phạm vi",
                "KT. BỘ TRƯỞNG THỨ TRƯỞNG",
                "GS.TS Trần Thị Bảo Ngọc",
            ),
            LegalDocument(
                "07/2030/TT-BTN",
                "Thông tư",
                "BỘ THỬ NGHIỆM",
                "2030-04-03",
                "Trần Thị Bảo Ngọc",
                "Hướng dẫn việc thử",
            ),
        ),
        (
            (
                "QUỐC HỘI",
                "Luật số: 35/2028/QH16",
                "LUẬT THỬ MÁY",
                "Điều 1. Phạm vi",
                "CHỦ TỊCH QUỐC HỘI",
                "Lê Thị Thử",
            ),
            LegalDocument("35/2028/QH16", "Luật", "QUỐC HỘI", "", "Lê Thị Thử", "THỬ MÁY"),
        ),
        (
            (
                "ỦY BAN NHÂN DÂN",
                "TỈNH THỬ",
                MOTTO,
                "Số : 123/UBND-NC",
                "V/v sửa cầu",
                "Tỉnh Thử, ngày 5 tháng 6 năm 2030",
                "Kính gửi: Sở Thử",
                "Điều 1. Sửa cầu",
            ),
            LegalDocument(
                *("123/UBND-NC", "Công văn", "ỦY BAN NHÂN DÂN TỈNH THỬ", "2030-06-05"),
                subject="sửa cầu",
            ),
        ),
        (
            (
                "QUỐC HỘI",
                f"Nghị quyết số: 42/2027/QH16 Hà Nội, ngày 21 tháng 6 năm 2027 {MOTTO}",
                "NGHỊ QUYẾT",
                "VỀ THỬ MÁY",
                "Điều 1. Phạm vi",
            ),
            LegalDocument("42/2027/QH16", "Nghị quyết", "QUỐC HỘI", "2027-06-21", "", "VỀ THỬ MÁY"),
        ),
        (
            (
                "HỘI ĐỒNG NHÂN DÂN TỈNH THỬ",
                "Số: 15/NQ-HĐND",
                MOTTO,
                "NGHỊ QUYẾT",
                "Về việc đặt tên đường",
                "Điều 1. Đặt tên",
            ),
            LegalDocument(
                "15/NQ-HĐND",
                "Nghị quyết",
                "HỘI ĐỒNG NHÂN DÂN TỈNH THỬ",
                "",
                "",
                "Về việc đặt tên đường",
            ),
        ),
        (
            (
                "BỘ THỬ - BỘ NGHIỆM",
                "Số: 37/2025/TTLT-BT-BN",
                MOTTO,
                "THÔNG TƯ LIÊN TỊCH",
                "Quy định thống nhất giá",
                "Điều 1. Giá",
            ),
            LegalDocument(
                "37/2025/TTLT-BT-BN",
                "Thông tư liên tịch",
                "BỘ THỬ - BỘ NGHIỆM",
                "",
                "",
                "Quy định thống nhất giá",
            ),
        ),
        (
            (
                "THỦ TƯỚNG CHÍNH PHỦ",
                "Số: 1956/QĐ-TTg",
                MOTTO,
                "QUYẾT ĐỊNH",
                "Phê duyệt Đề án thử",
                "Điều 1. Phê duyệt",
            ),
            LegalDocument(
                "1956/QĐ-TTg",
                "Quyết định",
                "THỦ TƯỚNG CHÍNH PHỦ",
                "",
                "",
                "Phê duyệt Đề án thử",
            ),
        ),
    ],
)
def test_heads_are_read(lines: tuple[str, ...], expected: LegalDocument) -> None:
    assert read_legal_head(lines, has_articles=True) == expected


@pytest.mark.parametrize(
    ("below", "subject"),
    [
        (("PHÒNG THỬ", "Hà Nội, ngày 30 tháng 3 năm 2021"), "PHÒNG THỬ"),
        (("Quy định giá", "Thừa Thiên Huế, ngày 3 tháng 12 năm 2022."), "Quy định giá"),
        # Words of the subject itself, however it is broken.
        (
            ("Nghỉ từ sáng thứ Hai", "ngày 30 tháng 4 năm 2022"),
            "Nghỉ từ sáng thứ Hai ngày 30 tháng 4 năm 2022",
        ),
    ],
)
def test_place_and_date_below_the_kind_are_no_subject(below: tuple[str, ...], subject: str) -> None:
    lines = ("QUỐC HỘI", "Luật số: 73/2021/QH14", MOTTO, "LUẬT", *below, "Điều 1. Phạm vi")
    read = read_legal_head(lines, has_articles=True)
    assert read is not None
    assert read.subject == subject


def test_a_document_that_prose_names_is_not_the_document() -> None:
    lines = ("NGHỊ QUYẾT", "Nghị quyết số 42/2027/QH16 có hiệu lực hôm nay.", "Điều 1. Phạm vi")
    assert read_legal_head(lines, has_articles=True) is None


def test_an_official_letter_is_known_by_whom_it_is_addressed_to() -> None:
    lines = ("TỔNG CỤC THUẾ", "Số: 1234/TCT-CS", MOTTO, "V/v: hoàn thuế", "Kính gửi: Cục Thuế")
    letter = read_legal_head(lines, has_articles=False)
    assert letter == LegalDocument("1234/TCT-CS", "Công văn", "TỔNG CỤC THUẾ", subject="hoàn thuế")
    assert read_legal_head(lines[:-1], has_articles=False) is None
    notice = ("Số: 12/TB-UBND", MOTTO, "Kính gửi: Sở Thử")
    read = read_legal_head(notice, has_articles=False)
    assert read is not None
    assert read.kind == "Thông báo"
