"""Dates as pages, records and datelines state them, read to the precision they are stated with.

`read_date` reads the whole value of a field: ISO 8601, RFC 2822, seconds, milliseconds or
microseconds since 1970, a year or a month alone, years of two figures (the day first), and
everything that stands in prose. `date_in_text` reads prose,
in which a bare number is no date: `17:02 | 19/12/2022`, `5:02 CH, 19 thg 12, 2022`, `Mon,
19 Dec 2022 10:02 GMT`. A date that states no zone is Vietnam's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from indexer.intake.month_names import VIETNAMESE_MONTH, month_number, month_of_word
from indexer.intake.thai_dates import in_common_era
from indexer.intake.worded_dates import in_figures
from indexer.vietnamese.dates import DAY, MONTH, VIETNAM, YEAR

_LONGEST_DATELINE = 100
_BESIDE_DATE = re.compile(
    r"\b(?:thứ \w{2,4}|chủ nhật|t[2-7]|cn|ngày|lúc|vào|đăng|cập nhật|xuất bản|published|posted"
    r"|updated|on|at|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|gmt|utc)\b",
    re.IGNORECASE,
)

LONGEST_DATE = 200
"""Characters of a text in which a date is looked for."""


class DatePrecision(StrEnum):
    """The finest part of a date that is stated: the year, the month, the day or the clock."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    CLOCK = "clock"

    @property
    def of_record(self) -> str:
        """The precision as an article's record has it: empty where there is a clock."""
        return "" if self is DatePrecision.CLOCK else self.value


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A moment, with its zone.

    Attributes:
        precision: What was stated; the rest of the moment is its earliest.
        has_zone: Whether the zone was stated, too.
    """

    when: datetime
    precision: DatePrecision
    has_zone: bool = False


_EARLIEST_YEAR, _LATEST_YEAR = 1000, 9000
"""Years that are read: none so near the ends of the calendar that a zone leads over them."""

_BETWEEN = r"\s{0,2}[/\-.|]\s{0,2}"
_WORD = r"(?P<word>[^\W\d_]{3,12})\.?"
_VIETNAMESE = rf"th?(?:[áa]ng|g)?\.?\s{{0,2}}(?P<month>\d{{1,2}}|{VIETNAMESE_MONTH})"
_ORDINAL = r"(?:st|nd|rd|th|er|ste|\.|º|ª)?"
_CLOCK_BETWEEN = r"(?:\s\d{1,2}:\d\d(?::\d\d)?(?:\s[AaPp][Mm])?(?:\s[A-Z]{1,5}|\s[+-]\d{4})?\s)"
_DAY_FIRST = re.compile(rf"(?<![\d/]){DAY}{_BETWEEN}{MONTH}{_BETWEEN}{YEAR}(?!\d|:\d)")
_DATES = (
    re.compile(rf"(?<!\d){YEAR}{_BETWEEN}{MONTH}{_BETWEEN}{DAY}(?!\d)"),
    _DAY_FIRST,
    re.compile(rf"(?<!\d){YEAR}\s?[年년]\s?{MONTH}\s?[月월]\s?{DAY}\s?[日일]"),
    re.compile(
        rf"(?<!\d){DAY}\s{{0,2}}[-/,]?\s{{0,2}}{_VIETNAMESE}\s{{0,2}}(?:,|năm|nam|/|-)?\s{{0,2}}"
        rf"{YEAR}(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_VIETNAMESE}\s{{1,2}}{DAY}\s{{0,2}},?\s{{0,2}}{YEAR}(?!\d)", re.IGNORECASE),
    re.compile(
        rf"(?<!\d){DAY}{_ORDINAL}\s{{0,2}}(?:[-/,]|de |of )?\s{{0,2}}{_WORD}\s{{0,2}}"
        rf"(?:[-/,]|de |del )?\s{{0,2}}{YEAR}(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_WORD}\s{{0,2}}(?:[-/,]\s{{0,2}})?{DAY}{_ORDINAL}(?:\s{{0,2}}[-/,]?\s{{0,2}}"
        rf"|{_CLOCK_BETWEEN}){YEAR}(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\d){YEAR}\s{{0,2}}[-/,]?\s{{0,2}}(?:{_VIETNAMESE}\s{{0,2}},?\s{{0,2}}(?:ngày)?"
        rf"|{_WORD}\s{{0,2}}[-/,]?)\s{{0,2}}{DAY}(?:{_ORDINAL})(?![\d:])",
        re.IGNORECASE,
    ),
)
"""Year first, day first, then in words; the first pattern that a text holds is its date."""

_MONTHS = (
    re.compile(rf"{YEAR}{_BETWEEN}{MONTH}"),
    re.compile(rf"(?:tháng\s)?{MONTH}{_BETWEEN}{YEAR}", re.IGNORECASE),
    re.compile(rf"{_VIETNAMESE}\s{{0,2}}(?:,|năm|/|-)?\s{{0,2}}{YEAR}", re.IGNORECASE),
    re.compile(rf"{_WORD}\s{{0,2}},?\s{{0,2}}(?:de |of )?{YEAR}", re.IGNORECASE),
)
_YEAR_ALONE = re.compile(rf"(?:năm\s)?{YEAR}", re.IGNORECASE)

_MERIDIEM = r"(?:\s{0,2}(?P<meridiem>[AaPp]\.?[Mm]\b\.?|(?:SA|CH|sáng|trưa|chiều|tối|đêm)\b))"
_CLOCKS = (
    re.compile(
        r"(?<![\d.,+])(?P<hour>\d{1,2})\s{0,2}(?:[:hHg]|giờ)\s{0,2}"
        r"(?P<minute>\d\d|(?<=[hHg])\d(?=['’\s]|$))"
        rf"(?::(?P<second>\d\d))?(?!\d)(?:[.,]\d{{1,9}})?(?:\s?phút)?{_MERIDIEM}?"
    ),
    re.compile(
        r"(?<![\d.,:])(?P<hour>\d{1,2})[.](?P<minute>\d\d)(?P<second>(?!))?"
        rf"(?:{_MERIDIEM}|(?=\s?(?:Uhr|GMT|UTC|BST|CES?T|EDT|EST)\b))"
    ),
    re.compile(
        r"(?<![\d.,:])(?P<hour>\d{1,2})(?P<minute>(?!))?(?P<second>(?!))?"
        rf"(?:(?:\s?(?:h|giờ)\b)?{_MERIDIEM}|\s?(?:h|giờ|Uhr)(?=[\s,]|$))"
    ),
)
_AFTERNOON = frozenset("pm p.m p.m. ch chiều tối".split())
_MORNING = frozenset("am a.m a.m. sa sáng".split())

_OFFSET = re.compile(r"(?:(?:GMT|UTC)\s{0,2}|(?<=\d)\s{0,2})([+\-−])(\d{1,2})(?::?(\d{2}))?(?!\d)")
_ZONE_HOURS = {
    **{"UTC": 0.0, "GMT": 0, "Z": 0, "WET": 0, "BST": 1, "CET": 1, "MEZ": 1, "WEST": 1},
    **{"CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "IST": 5.5, "ICT": 7, "WIB": 7},
    **{"SGT": 8, "HKT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13},
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
}
_ZONE_WORD = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(_ZONE_HOURS)})\b")
_ZONE_PLACE = re.compile(
    r"(?<![\w/])(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Z]\w{2,30}"
    r"(?:/[A-Z]\w{2,30})?|(?<=[Mm.\d]\s)(?:ET|CT|MT|PT)\b"
)
_PLACES = {
    **{"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver"},
    "PT": "America/Los_Angeles",
}
"""The places whose clock it is, in summer and in winter."""

_LOCAL = re.compile(r"giờ (?:Việt Nam|VN|Hà Nội|địa phương)", re.IGNORECASE)
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
_EPOCH = re.compile(r"(\d{9,10}|\d{13}|\d{16})(?:\.\d{1,9})?")
_EPOCH_UNITS = {13: 1000, 16: 1_000_000}
_NET_DATE = re.compile(r"\\?/Date\((\d{12,13})(?:[+-]\d{4})?\)\\?/")
"""Milliseconds as .NET writes them: `/Date(1671444120000)/`."""

_NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
"""What programs write in place of a moment that they do not know."""

_WEEK = re.compile(r"\d{4}-?W\d\d")
_DAY_OF_YEAR = re.compile(r"(\d{4})-(\d{3})")
_SHORT_YEAR = re.compile(
    r"(?<![\w/.:\-])(\d{1,2}\s?([/.\-])\s?\d{1,2}\s?\2\s?)(\d\d)(?![\w/:\-]|\.\d)"
    r"|(?<![\w/.:\-])(\d{1,2}[ \-/][^\W\d_]{3,9}\.?[ \-/])(\d\d)(?=\s\d{1,2}[:.]\d\d|$)"
)
_YEARS_AHEAD = 1
"""Years from now that two figures may mean; all later ones are of the last century."""


def read_date(text: str) -> StatedDate | None:
    """Read the date that the whole value of a field states; None if it is no date."""
    text = " ".join(text[:LONGEST_DATE].split()).strip("\"' ")
    stated = _iso(text) or _number(text) or _month_or_year(text) or _first_date(text)
    stated = stated or _of_short_year(text)
    if stated and stated.when == _NO_MOMENT and stated.precision is DatePrecision.CLOCK:
        return None
    return stated if stated and _EARLIEST_YEAR <= stated.when.year <= _LATEST_YEAR else None


def date_in_text(text: str) -> StatedDate | None:
    """Read the first date in a line of prose, with the clock and the zone around it."""
    text = " ".join(text[:LONGEST_DATE].split())
    stated = _first_date(text)
    return stated if stated and _EARLIEST_YEAR <= stated.when.year <= _LATEST_YEAR else None


def is_dateline(text: str) -> bool:
    """Tell whether a line holds a date, its clock and zone, and nothing else."""
    text = " ".join(text.split())
    if len(text) > _LONGEST_DATELINE or date_in_text(text) is None:
        return False
    text = in_figures(text)
    for pattern in (*_DATES, _OFFSET, *_CLOCKS, _LOCAL, _ZONE_WORD, _BESIDE_DATE):
        text = pattern.sub(" ", text)
    return not any(map(str.isalnum, text))


def moment(text: str) -> datetime | None:
    """Return the moment a text states; without a zone it is Vietnam's."""
    stated = read_date(text)
    return stated.when if stated else None


def _iso(text: str) -> StatedDate | None:
    """Read ISO 8601; a text of figures alone is left to `_number`."""
    if text.isdecimal() or (text[4:5] == "-" and text[10:11].lower() not in ("", "t", " ")):
        # Python takes any sign for the one between the day and the clock.
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    precision = DatePrecision.CLOCK if len(text) > len("2022-12-19") else DatePrecision.DAY
    if _WEEK.fullmatch(text):
        precision = DatePrecision.MONTH
    if when.tzinfo:
        return StatedDate(when, precision, True)
    return StatedDate(when.replace(tzinfo=VIETNAM), precision)


def _number(text: str) -> StatedDate | None:
    """Read `20221219`, `20221219170200`, `2022-353`, or a time since 1970 in one of its units."""
    if match := _DAY_OF_YEAR.fullmatch(text):
        first, days = datetime(int(match[1]) or 1, 1, 1, tzinfo=VIETNAM), int(match[2]) - 1
        day = first + timedelta(days=days) if first.year < _LATEST_YEAR else first
        return StatedDate(day, DatePrecision.DAY) if day.year == first.year and days >= 0 else None
    basic = _BASIC.fullmatch(text)
    if basic:
        figures = [int(figure) for figure in basic.groups() if figure]
        try:
            precision = DatePrecision.CLOCK if len(figures) > 3 else DatePrecision.DAY
            return StatedDate(datetime(*figures, tzinfo=VIETNAM), precision)  # type: ignore[misc, arg-type]
        except ValueError:
            return None
    epoch = _EPOCH.fullmatch(_NET_DATE.sub(lambda match: match[1].zfill(13), text))
    if epoch is None:
        return None
    seconds = int(epoch[1]) / _EPOCH_UNITS.get(len(epoch[1]), 1)
    return StatedDate(datetime.fromtimestamp(seconds, UTC), DatePrecision.CLOCK, True)


def _month_or_year(text: str) -> StatedDate | None:
    """Read a year alone, or a month and its year."""
    match = _YEAR_ALONE.fullmatch(text)
    if match and _EARLIEST_YEAR <= int(match["year"]):
        return StatedDate(datetime(int(match["year"]), 1, 1, tzinfo=VIETNAM), DatePrecision.YEAR)
    for pattern in _MONTHS:
        match = pattern.fullmatch(text)
        month = _month(match) if match else None
        if match and month and month <= 12 and int(match["year"]):
            first = datetime(int(match["year"]), month, 1, tzinfo=VIETNAM)
            return StatedDate(first, DatePrecision.MONTH)
    return None


def _first_date(text: str) -> StatedDate | None:
    """Read the first date in a text, whose day and year may be in words or of another era."""
    text = in_common_era(text)
    stated = _date_in_figures(text)
    if stated is None and (figures := in_figures(text)) != text:
        stated = _date_in_figures(figures)
    return stated


def _date_in_figures(text: str) -> StatedDate | None:
    """Read the first date in a text, with the clock and the zone that stand around it."""
    for match in _matches(text):
        month, day = _month(match), int(match["day"])
        if month is None:
            continue
        if month > 12 >= day and match.re is _DAY_FIRST:
            # Some systems write the month first; only where it cannot be otherwise.
            month, day = day, month
        # The clock stands before or after the date, or between the day and the year.
        inside = " ".join(re.findall(_CLOCK_BETWEEN, match[0]))
        around = f"{text[: match.start()]} {inside} {text[match.end() :]}"
        clock = _clock(around)
        is_end_of_day = clock == (24, 0, 0)
        hour, minute, second = (0, 0, 0) if clock is None or is_end_of_day else clock
        try:
            when = datetime(int(match["year"]), month, day, hour, minute, second)
            when += timedelta(days=is_end_of_day)
        except (ValueError, OverflowError):
            return None
        zone = _zone(around, when)
        precision = DatePrecision.CLOCK if clock else DatePrecision.DAY
        return StatedDate(when.replace(tzinfo=zone or VIETNAM), precision, zone is not None)
    return None


def _of_short_year(text: str) -> StatedDate | None:
    """Read `19/12/22`, the day first, or `19 Dec 22 10:02` (RFC 822), where nothing else stands."""
    whole = _SHORT_YEAR.sub(_with_century, text, count=1)
    return _first_date(whole) if whole != text and is_dateline(whole) else None


def _with_century(match: re.Match[str]) -> str:
    year = 2000 + int(match[3] or match[5])
    latest = datetime.now(VIETNAM).year + _YEARS_AHEAD
    return f"{match[1] or match[4]}{year if year <= latest else year - 100}"


def _month(match: re.Match[str]) -> int | None:
    """Return the number of the month that a pattern found, in figures or in words."""
    groups = match.groupdict()
    month = groups.get("month")
    return month_number(month) if month else month_of_word(groups["word"])


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Yield the places that look like a date, pattern after pattern."""
    for pattern in _DATES:
        yield from pattern.finditer(text)


def _clock(text: str) -> tuple[int, int, int] | None:
    """Return hour, minute and second; None where a text names none."""
    match = next((match for pattern in _CLOCKS if (match := pattern.search(text))), None)
    if match is None:
        return None
    hour, meridiem = int(match["hour"]), (match["meridiem"] or "").lower()
    if meridiem in _AFTERNOON and hour < 12:
        hour += 12
    elif meridiem in _MORNING and hour == 12:
        hour = 0
    elif (meridiem == "trưa" and hour < 6) or (meridiem == "đêm" and 6 < hour < 12):
        hour += 12
    return hour, int(match["minute"] or 0), int(match["second"] or 0)


def _zone(text: str, when: datetime) -> timezone | None:
    """Return the zone whose offset from UTC, whose name or whose place a text states.

    Args:
        text: The text around a date.
        when: The moment by that zone's clock.
    """
    offset = _OFFSET.search(text)
    if offset:
        length = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        # `09:30-11:00` is no zone, but a span of time.
        if length <= timedelta(hours=14 if offset[1] == "+" else 10):
            return timezone(length if offset[1] == "+" else -length)
    if _LOCAL.search(text):
        return VIETNAM
    if (place := _ZONE_PLACE.search(text)) and (zone := _zone_of_place(place[0])):
        length = when.replace(tzinfo=zone).utcoffset() or timedelta()
        return timezone(timedelta(minutes=round(length.total_seconds() / 60)))
    word = _ZONE_WORD.search(text)
    if word is None:
        return None
    hours = _ZONE_HOURS[word[0]]
    return timezone(timedelta(hours=hours)) if hours else UTC


@lru_cache(maxsize=64)
def _zone_of_place(name: str) -> ZoneInfo | None:
    """Return the zone of a place; None for one that the system does not know."""
    try:
        return ZoneInfo(_PLACES.get(name, name))
    except (ValueError, OSError, KeyError):
        return None
