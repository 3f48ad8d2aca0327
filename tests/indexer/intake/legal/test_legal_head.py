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
            LegalDocument("123/UBND-NC", "", "ỦY BAN NHÂN DÂN TỈNH THỬ", "2030-06-05"),
        ),
    ],
)
def test_heads_are_read(lines: tuple[str, ...], expected: LegalDocument) -> None:
    assert read_legal_head(lines, has_articles=True) == expected
