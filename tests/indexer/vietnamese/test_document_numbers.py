"""Numbers of legal documents, however they are written."""

from __future__ import annotations

import pytest

from archive.legal_record import comparable_number
from indexer.vietnamese.document_numbers import (
    find_document_numbers,
    find_typed_numbers,
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Nghị định số 13/2023/NĐ-CP", ["13/2023/NĐ-CP"]),
        ("Nghị định 13 /2023/NĐ – CP của Chính phủ", ["13/2023/NĐ-CP"]),
        ("Thông tư liên tịch số 01/2016/TTLT-BCA-VKSNDTC.", ["01/2016/TTLT-BCA-VKSNDTC"]),
        ("Quyết định số 1956/QĐ-TTg, ngày", ["1956/QĐ-TTg"]),
        ("Luật số 35/2018/QH14; Nghị quyết 98/2023/QH15", ["35/2018/QH14", "98/2023/QH15"]),
        ("Công văn 123/UBND-NC", ["123/UBND-NC"]),
        ("Chỉ thị số 05-CT/TW và 15 - NQ/TW", ["05-CT/TW", "15-NQ/TW"]),
        ("Văn bản hợp nhất 07/VBHN-BTC", ["07/VBHN-BTC"]),
        ("Thông tư 10/2020/TT-BTNMT và 5a/2019/TT-BGDĐT", ["10/2020/TT-BTNMT", "5a/2019/TT-BGDĐT"]),
        ("công văn số 1234/TCT-CS ngày", ["1234/TCT-CS"]),
        (
            "Công văn 301/BGDĐT – GDMN và văn bản số 571/VPCP-KTTH",
            ["301/BGDĐT-GDMN", "571/VPCP-KTTH"],
        ),
        ("Số: 278/VPUBND-TCD, số 2/TTg-CN", ["278/VPUBND-TCD", "2/TTg-CN"]),
        ("số 123/UBND-NC", ["123/UBND-NC"]),
        ("nhà số 12/A-B, số 24/7-HN, trang 1234/TCT-CS, QCVN 10-MT:2015/BTNMT - Quy chuẩn", []),
        ("biển số 29/Hà-Nội, số 3/QL-1", []),
        (
            "theo Nghị định 46/2016/NĐ-CP và 100/2019/NĐ-CP",
            ["46/2016/NĐ-CP", "100/2019/NĐ-CP"],
        ),
        (
            "công văn số 1234/TCT-CS, 9/VPCP-KTTH và 5678/TCT-CS; trang 8/AB-CD",
            ["1234/TCT-CS", "9/VPCP-KTTH", "5678/TCT-CS"],
        ),
        (
            "Công văn 301/BGDĐT-GDMN ngày 5/3/2024 và 302/BGDĐT-GDMN",
            ["301/BGDĐT-GDMN", "302/BGDĐT-GDMN"],
        ),
        ("(46/2016/NĐ-CP)", ["46/2016/NĐ-CP"]),
        ("ngày 12/2022, mở cửa 24/7, tỉ số 3/2, ngày 2/9/2023", []),
        ("12/2/2023/A", []),
        ("kênh 3/B, 5/HK", []),
        ("", []),
    ],
)
def test_numbers_are_found(text: str, numbers: list[str]) -> None:
    assert [number.text for number in find_document_numbers(text)] == numbers


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("99/2031/nd-cp", "99/2031/nd-cp"),
        ("99/2031/NĐ–CP", "99/2031/nd-cp"),
        ("nghị định 099 / 2031 / nđ - cp", "99/2031/nd-cp"),
        ("1956/qd-ttg", "1956/qd-ttg"),
        ("luật 35/2018/qh14", "35/2018/qh14"),
        ("05-ct/tw", "5-ct/tw"),
        ("301/bgdđt-gdmn", "301/bgddt-gdmn"),
        ("công văn 301/BGDĐT – GDMN", "301/bgddt-gdmn"),
        ("571/vpcp-ktth", "571/vpcp-ktth"),
        ("3/b-c", None),
        ("con trâu 12/2022", None),
        ("24/7", None),
        ("2/9/2023 hà nội", None),
    ],
)
def test_numbers_in_a_query_are_found(query: str, key: str | None) -> None:
    assert [comparable_number(number.text) for number in find_typed_numbers(query)] == (
        [key] if key else []
    )


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1/",
        "/2023",
        "A-",
        "1/2023/",
        "1/2023/A-",
        "1-CT/",
        " -",
        "số 1/AB-",
        "số ",
        "công văn 1/TCT-CS",
        ", 1/TCT-CS",
        "1/tct-",
    ],
)
def test_hostile_runs_are_bounded(piece: str) -> None:
    for find in (find_document_numbers, find_typed_numbers):
        find(piece * 20_000)
