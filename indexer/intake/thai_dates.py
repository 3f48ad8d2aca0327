"""Thai dates put into figures: months in words, years of the Buddhist era, hours with `น.`."""

from __future__ import annotations

import re
from datetime import datetime

ERA = 543
"""Years between the Buddhist era of Thailand and the common one."""

FIRST_YEAR, LAST_YEAR = 2400, 2700
"""Years of the Buddhist era that are read; none of the common era is so late."""

_MONTHS = (
    *("มกราคม ม.ค.", "กุมภาพันธ์ ก.พ.", "มีนาคม มี.ค.", "เมษายน เม.ย.", "พฤษภาคม พ.ค."),
    *("มิถุนายน มิ.ย.", "กรกฎาคม ก.ค.", "สิงหาคม ส.ค.", "กันยายน ก.ย.", "ตุลาคม ต.ค."),
    *("พฤศจิกายน พ.ย.", "ธันวาคม ธ.ค."),
)
_NAMES = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_NUMBERS = {name.replace(".", ""): number for name, number in _NAMES.items()}
_MONTH = "|".join(map(re.escape, sorted(_NAMES, key=len, reverse=True))).replace(r"\.", r"\.?")
_IS_THAI = re.compile(r"[\u0e01-\u0e5b]")
_DAY_IN_WORDS = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s{{0,2}}(?P<month>{_MONTH})\s{{0,2}}(?:พ\.?\s?ศ\.?|ค\.?\s?ศ\.?)?"
    r"\s{0,2}(?P<year>\d{4})(?!\d)"
)
_DAY_IN_FIGURES = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})\s?[/.-]\s?(?P<month>\d{1,2})\s?[/.-]\s?(?P<year>2[4-6]\d\d)(?!\d)"
)
_ERA_NAMED = re.compile(r"(?<!\d)(2[4-6]\d\d)\s?\(?B\.?E\.?(?![\w.])\)?")
_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})[.:](\d\d)\s?น\.?(?![\u0e01-\u0e5b])")


def in_common_era(text: str) -> str:
    """Return a text with the days of a Thai line, or of one that names the era, as `d/m/yyyy`."""
    is_thai = not text.isascii() and _IS_THAI.search(text)
    if not is_thai and not _ERA_NAMED.search(text):
        return text
    text = _ERA_NAMED.sub(lambda match: str(int(match[1]) - ERA), text)
    text = _CLOCK.sub(r"\1:\2", text) if is_thai else text
    return _DAY_IN_FIGURES.sub(_rewritten, _DAY_IN_WORDS.sub(_rewritten, text))


def of_common_era(moment: datetime) -> datetime:
    """Return a moment whose year a Thai page gave by the Buddhist era in the common one."""
    if not FIRST_YEAR <= moment.year < LAST_YEAR:
        return moment
    try:
        return moment.replace(year=moment.year - ERA)
    except ValueError:
        return moment


def _rewritten(match: re.Match[str]) -> str:
    month = match["month"]
    number = int(month) if month.isdecimal() else _NUMBERS[month.replace(".", "")]
    year = int(match["year"])
    year -= ERA * (FIRST_YEAR <= year < LAST_YEAR)
    return f"{int(match['day'])}/{number}/{year}"
