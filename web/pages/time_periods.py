"""Time periods that a chart has a bar for: months, quarters or years, few enough to be seen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext

from web.pages.template_filters import month_name

MOST_MONTHS = 12
"""Months of the longest chart by month; a longer time is shown by quarter."""

MOST_QUARTERS = 12
"""Quarters of the longest chart by quarter; a longer time is shown by year."""

MOST_YEARS = 150
"""Years of the longest chart; the latest ones are shown."""

MONTH, QUARTER, YEAR = "month", "quarter", "year"


@dataclass(frozen=True, slots=True)
class TimePeriod:
    """A month, a quarter or a year.

    Attributes:
        name: `2022-12`, `2022-Q4` or `2022`, in the order of time.
        first: Its first month, or the year, as in an address.
        last: Its last month, or the year.
    """

    name: str
    first: str
    last: str

    @property
    def label(self) -> str:
        """The short label below its bar."""
        year, _, part = self.name.partition("-")
        return part.lstrip("0") or year

    @property
    def year_label(self) -> str:
        """The year that it begins; empty for one inside a year, and for a year."""
        year, _, part = self.name.partition("-")
        return year if part in ("01", "Q1") else ""

    @property
    def long_name(self) -> str:
        """The name in words."""
        year, _, part = self.name.partition("-")
        if not part.startswith("Q"):
            return month_name(self.name, full=True)
        text: str = gettext("quarter %(number)s/%(year)s", number=part[1:], year=year)
        return text


def period_name(month: str, unit: str) -> str:
    """Return the name of the period that a month is in."""
    if unit == QUARTER:
        return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"
    return month[:4] if unit == YEAR else month


def periods_of(months: Collection[str]) -> tuple[str, tuple[TimePeriod, ...]]:
    """Return the unit that is fit for some months, and its periods without a gap."""
    start, end = (int(m[:4]) * 12 + int(m[5:]) - 1 for m in (min(months), max(months)))
    if end - start < MOST_MONTHS:
        return MONTH, tuple(_run(start, end, 1))
    if end // 3 - start // 3 < MOST_QUARTERS:
        return QUARTER, tuple(_run(start, end, 3))
    years = range(max(start // 12, end // 12 - MOST_YEARS + 1), end // 12 + 1)
    return YEAR, tuple(TimePeriod(f"{y:04}", f"{y:04}", f"{y:04}") for y in years)


def _run(start: int, end: int, step: int) -> list[TimePeriod]:
    """Return the periods of some months each, from the one of a month to that of another."""
    unit = MONTH if step == 1 else QUARTER
    spans = ((_month(n), _month(n + step - 1)) for n in range(start // step * step, end + 1, step))
    return [TimePeriod(period_name(first, unit), first, last) for first, last in spans]


def _month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"
