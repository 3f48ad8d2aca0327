"""The choice of a page's date of publication among those that it declares and shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta, timezone

from archive.clocks import by_clock
from indexer.intake.html.declared_dates import DeclaredDates
from indexer.intake.html.visible_dates import DateSign, VisibleDate
from indexer.intake.stated_dates import DatePrecision, StatedDate
from indexer.vietnamese.dates import VIETNAM

_ABOVE_WEIGHT, _PLAIN_STEPS, _DAY_STEPS = 5, 10, 10
"""A date above the title is as far as one five times as far below it; a date that nothing names,
and one without a clock, as one some elements further."""

_ADJACENT_BELOW, _CLOSE_BELOW = 5, 20
_NEAR_ABOVE, _NEAR_BELOW = 15, 120
"""Elements above and below the title among which a date is the article's: in the frame of the
page, named as date or not; and outside of it."""


def choose_published(
    declared: DeclaredDates,
    visible: tuple[VisibleDate, ...],
    title_order: int,
    is_vietnamese: bool,
) -> StatedDate | None:
    """Return the date of publication; None if a page neither declares nor shows one.

    Args:
        declared: The dates that the page declares.
        visible: The dates that it shows.
        title_order: Order of its title, beside which its own date stands; -1 if it shows none.
        is_vietnamese: Whether its language is Vietnamese: some papers write Vietnam's clock and
            call it UTC, and only the clock that readers see gives them away.
    """
    months = _months_beside(visible, title_order)
    visible = tuple(date for date in visible if not date.is_coarse)
    chosen = _choose_declared(declared, visible, title_order)
    chosen = chosen or _choose(declared, visible, title_order, months)
    if declared.in_utc and not is_vietnamese:
        # Programs that put the site's zone behind the clock of UTC are common; the other way
        # round is a habit of Vietnamese papers.
        chosen = declared.in_utc
    if chosen is None or chosen.when.utcoffset() != timedelta(0) or not chosen.has_zone:
        return chosen
    if is_vietnamese:
        chosen = _in_shown_zone(chosen, visible)
    if day := _printed_day(chosen, visible):
        return _on_printed_day(chosen, day)
    if any(_is_of_day(shown.stated, chosen) for shown in visible):
        return chosen
    printed = declared.address or _choose(DeclaredDates(), visible, title_order)
    return _on_printed_day(chosen, printed.when.date()) if printed else chosen


def _choose_declared(
    declared: DeclaredDates, visible: tuple[VisibleDate, ...], title_order: int
) -> StatedDate | None:
    """Return the declared date of publication; of several, rather one that readers see."""
    first = declared.published
    if first is None or any(_is_about(date.shown, first) for date in visible if date.shown):
        return first
    near = [date.shown for date in visible if date.shown and _is_near(date, title_order)]
    seen = (other for other in declared.others if any(_is_of_day(day, other) for day in near))
    return next(seen, first)


def _is_about(stated: StatedDate, other: StatedDate) -> bool:
    """Tell whether two dates are the same or lie a day apart, as they do in distant zones."""
    return abs((stated.when.date() - other.when.date()).days) <= 1


def _months_beside(visible: tuple[VisibleDate, ...], title_order: int) -> list[StatedDate]:
    """Return the months and years that stand beside the title, as those of magazines do."""
    near = [date for date in visible if date.is_coarse and _is_near(date, title_order)]
    return [date.stated for date in near if not date.framed and date.sign is not DateSign.UPDATED]


def _choose(
    declared: DeclaredDates,
    visible: tuple[VisibleDate, ...],
    title_order: int,
    months: Sequence[StatedDate] = (),
) -> StatedDate | None:
    """Return the surest date: beside the heading, of the address, of scripts, of a change."""

    def distance(shown: VisibleDate) -> int:
        steps = shown.order - title_order
        steps = steps if steps >= 0 else -_ABOVE_WEIGHT * steps
        is_day = shown.stated.precision is not DatePrecision.CLOCK
        return steps + _PLAIN_STEPS * (shown.sign is DateSign.PLAIN) + _DAY_STEPS * is_day

    ranked = sorted(visible, key=distance)
    near = [date for date in ranked if _is_near(date, title_order)]
    near.sort(key=lambda shown: shown.framed)
    confirmed = [date.stated for date in ranked if _is_of_day(date.stated, declared.address)]
    first_published = [date.stated for date in near if date.sign is not DateSign.UPDATED]
    if declared.vague and _is_of_day(
        declared.vague, first_published[0] if first_published else None
    ):
        first_published.insert(0, declared.vague)
    last_published = [date.stated for date in near if date.sign is DateSign.UPDATED]
    far = [date.stated for date in ranked if date.sign in (DateSign.PUBLISHED, DateSign.NAMED)]
    far_changes = [date.stated for date in ranked if date.sign is DateSign.UPDATED]
    candidates = (
        *(*confirmed, *first_published, declared.vague, declared.address, declared.scripted),
        *(*months, *last_published, declared.updated, *far, *far_changes),
        *(date.stated for date in ranked),
    )
    return _with_clock(next(filter(None, candidates), None), visible)


def _with_clock(chosen: StatedDate | None, visible: tuple[VisibleDate, ...]) -> StatedDate | None:
    """Return a day with the clock that stands where the page says when that day it published."""
    if chosen is None or chosen.precision is not DatePrecision.DAY:
        return chosen
    published = (
        date.stated for date in visible if date.sign is DateSign.PUBLISHED and not date.framed
    )
    clocks = [date for date in published if date.precision is DatePrecision.CLOCK]
    return next((date for date in clocks if _is_of_day(date, chosen)), chosen)


def _is_near(shown: VisibleDate, title_order: int) -> bool:
    """Tell whether a date stands beside the title; in a frame it must stand closer."""
    if title_order < 0:
        has_clock = shown.stated.precision is DatePrecision.CLOCK
        is_named = shown.sign in (DateSign.PUBLISHED, DateSign.NAMED) and shown.shown is not None
        return not shown.framed and (has_clock or is_named)
    if 0 < shown.order - title_order <= _CLOSE_BELOW:
        is_adjacent = shown.order - title_order <= _ADJACENT_BELOW
        return is_adjacent or shown.sign is not DateSign.PLAIN or not shown.framed
    return not shown.framed and -_NEAR_ABOVE <= shown.order - title_order <= _NEAR_BELOW


def _is_of_day(stated: StatedDate, day: StatedDate | None) -> bool:
    return day is not None and stated.when.date() == day.when.date()


def _in_shown_zone(chosen: StatedDate, visible: tuple[VisibleDate, ...]) -> StatedDate:
    """Return a moment in UTC as one of Vietnam's clock, if that is what readers see."""
    shown = [date.shown for date in visible if date.shown]
    clocks = {
        date.when.replace(tzinfo=None, second=0)
        for date in shown
        if date.precision is DatePrecision.CLOCK and date.when.utcoffset() == timedelta(hours=7)
    }
    clock = chosen.when.replace(tzinfo=None, second=0, microsecond=0)
    if clock in clocks and clock + timedelta(hours=7) not in clocks:
        return replace(chosen, when=chosen.when.replace(tzinfo=VIETNAM))
    return chosen


def _printed_day(chosen: StatedDate, visible: tuple[VisibleDate, ...]) -> date | None:
    """Return the day that readers see where a page marks up a moment; None if they see none."""
    for seen in visible:
        if seen.shown and seen.stated.when == chosen.when and _is_about(seen.shown, chosen):
            return seen.shown.when.date()
    return None


def _on_printed_day(chosen: StatedDate, day: date) -> StatedDate:
    """Return the same instant in the nearest zone in which it falls on a day.

    A paper far from Greenwich prints another day than that of the instant in UTC; who cites the
    article names the day that is printed.
    """
    if chosen.precision is not DatePrecision.CLOCK or chosen.when.date() == day:
        return chosen
    for hours in sorted(range(-11, 13), key=abs):
        local = by_clock(chosen.when, timezone(timedelta(hours=hours)))
        if local.date() == day:
            return replace(chosen, when=local)
    return chosen
