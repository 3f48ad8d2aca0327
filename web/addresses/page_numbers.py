"""The numbers of pages that are linked: the first, those around the current one, the last."""

from __future__ import annotations

_WINDOW = 2
"""Pages that are named on either side of the current one."""


def page_numbers(current: int, last: int) -> list[int]:
    """Return the first page, those around the current one, and the last; 0 is a gap."""
    window = range(max(1, current - _WINDOW), min(last, current + _WINDOW) + 1)
    numbers: list[int] = []
    for number in sorted({1, last, *window}) if last else []:
        if numbers and number > numbers[-1] + 1:
            numbers.append(0)
        numbers.append(number)
    return numbers
