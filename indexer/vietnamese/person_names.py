"""Person names: Vietnamese surnames, and the offices and forms of address that precede a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

SURNAMES: Final = frozenset(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đinh lâm mai tô "
    "trịnh trương đoàn cao phùng tạ hà thái châu la lương lưu tăng tống vương quách doãn kiều "
    "chu khuất nông giàng triệu từ thạch nghiêm ông mạc cù hứa quang lại thân viên".split()
) - {"ông", "từ", "quang", "viên", "lại", "thân", "la"}
"""Surnames in lower case; those that are commoner as other words are left out."""

ADDRESS_WORDS: Final = frozenset(
    "ông bà anh chị cô chú bác em cụ thầy phó thủ tướng chủ tịch bộ trưởng thứ giám đốc tổng bí "
    "thư thống đại biểu ca sĩ diễn viên cầu thủ huấn luyện hlv nghệ nsnd nsưt ts gs pgs tiến "
    "giáo sư thiếu trung thượng tá úy luật bác đạo người mẫu hoa hậu á nhạc nhà văn thơ báo "
    "quốc hội nước ủy ban thành phố tỉnh đồng chí tiền đạo vệ thủ môn ngoại công nương hoàng tử "
    "vua nữ hoàng tân cựu nguyên ứng tỷ phú ceo mc".split()
)
"""Words of offices, professions and forms of address."""

CRIME_WORDS: Final = frozenset(
    "giết hiếp dâm cướp trộm lừa bắt tội án khởi tố tử tù ma túy tuý nghi hung thủ đánh bạc "
    "truy nã tham ô nhũng cáo bị can phạm mại".split()
)
"""Words of crimes, by syllables."""


def person_start(words: Sequence[str]) -> int | None:
    """Return where a person's name begins in words with their capitals; None without one."""
    for position in range(len(words) - 1):
        word = words[position]
        if word[:1].isupper() and word.lower() in SURNAMES and words[position + 1][:1].isupper():
            return position
    return None


def is_readable_person(words: Sequence[str]) -> bool:
    """Tell whether words name no person, or one alone or after an office.

    What else is said of a person, a crime above all, is not for a list of phrases to say.
    """
    start = person_start(words)
    if start is None:
        return True
    before = {word.lower() for word in words[:start]}
    is_name = all(word[:1].isupper() for word in words[start:])
    return is_name and before <= ADDRESS_WORDS
