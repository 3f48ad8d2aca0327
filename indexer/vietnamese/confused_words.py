"""Confused words: pairs of syllables that are so often written for others that counts cannot tell.

An archive writes `chuẩn đoán` as much beside `chẩn đoán` as `kiểm sát` beside `kiểm soát`, and only
one of the two is a mistake.
"""

from __future__ import annotations

from typing import Final

_LINES: Final = """
chuẩn đoán: chẩn đoán; xúc tích: súc tích; hàm xúc: hàm súc; thăm quan: tham quan
sát nhập: sáp nhập; chỉnh chu: chỉn chu; cọ sát: cọ xát; đường xá: đường sá; sơ xuất: sơ suất
sáng lạng: xán lạn; sáng lạn: xán lạn; dư giả: dư dả; dành giật: giành giật
tranh dành: tranh giành; tựu chung: tựu trung; chín mùi: chín muồi; câu truyện: câu chuyện
tiềm tàn: tiềm tàng; xác xuất: xác suất; năng xuất: năng suất; công xuất: công suất
sản suất: sản xuất; đột suất: đột xuất; khắc khe: khắt khe; xoay sở: xoay xở
"""

CONFUSED_WORDS: Final = {
    typed.strip(): meant.strip()
    for line in _LINES.strip().splitlines()
    for typed, meant in (entry.split(":") for entry in line.split(";"))
}
"""Two syllables as they are often written -> what dictionaries have."""
