"""Filters of the templates, in the language of the page: dates, numbers and highlighted text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, format_datetime
from flask import Flask
from flask_babel import npgettext
from jinja2.filters import do_filesizeformat
from markupsafe import Markup, escape

from archive.records import iso_date
from indexer.search.search_records import TextSpan
from indexer.vietnamese.dates import in_vietnam
from web.citations.citations import join_names
from web.languages.languages import language
from web.services import current_site
from web.site.time_zones import offset_name

_LONG = {"vi": "EEEE, dd/MM/yyyy, HH:mm", "en": "EEEE, d MMMM yyyy, HH:mm"}
_LONG_DAY = {"vi": "EEEE, dd/MM/yyyy", "en": "EEEE, d MMMM yyyy"}
_SHORT = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}
_MONTH = {"vi": "MM/yyyy", "en": "MMM yyyy"}
_FULL_MONTH = {"vi": "'tháng' M/yyyy", "en": "MMMM yyyy"}

_MARK, _MARK_END = "<+>", "<->"
"""Stand for the ends of a match while a text is put together; escaped text holds neither."""

_MATCH = re.compile(rf"[^\s<>]*(?:{re.escape(_MARK)}[^<>]*{re.escape(_MARK_END)}[^\s<>]*)+")
"""Matches without a blank between them, and what is beside them."""

_LOOSE_END = re.compile(r" …(?=\]?$)")
"""The blank before the sign for what is left out, at the end of a text."""

NO_PLACE = Markup("<>")
"""Stands for a place in markup that is made once for several; nothing that is escaped holds it."""

_format_date = lru_cache(8192)(format_date)
"""Cached: a page shows dozens of dates, and Babel takes its time."""


def register_filters(app: Flask) -> None:
    """Let the application's templates use the filters."""
    filters = (
        highlighted,
        end_kept,
        long_date,
        capture_time,
        event_day,
        event_time,
        event_minute,
        short_date,
        day_name,
        time_of_day,
        iso_date,
        grouped,
        counted,
        byte_size,
        percent,
        round_percent,
        placed,
        join_names,
    )
    for function in filters:
        app.add_template_filter(function)
    app.add_template_global(month_name)
    app.jinja_env.globals["no_place"] = NO_PLACE


def highlighted(spans: Iterable[TextSpan]) -> Markup:
    """Return spans of text, escaped, the matched ones in <mark>.

    A match and the signs or letters beside it, as in `(NHNN),`, are joined: where a match is kept
    on one line, they stay on it.
    """
    text = "".join(
        f"{_MARK}{escape(span.text)}{_MARK_END}" if span.highlighted else escape(span.text)
        for span in spans
    )
    joined = end_kept(_MATCH.sub(lambda match: _joined(match[0]), text))
    return Markup(joined.replace(_MARK, "<mark>").replace(_MARK_END, "</mark>"))


def end_kept(text: str) -> str:
    """Return a title whose sign for what is left out stands on the line of its last word."""
    return _LOOSE_END.sub("\N{NO-BREAK SPACE}…", text)


def _joined(run: str) -> str:
    is_alone = run.startswith(_MARK) and run.endswith(_MARK_END) and run.count(_MARK) == 1
    return run if is_alone else f'<span class="joined">{run}</span>'


def placed(markup: Markup, place: str) -> Markup:
    """Return markup that was made for no place (`NO_PLACE`) with the identifiers of a place."""
    return Markup(markup.__html__().replace(NO_PLACE, escape(place)))


def grouped(number: int) -> str:
    """Format as `35.431`, as Vietnamese groups thousands; `35,431` in English."""
    text = f"{number:,}"
    return text if language() == "en" else text.replace(",", ".")


def counted(documents: int) -> Markup:
    """Return a count of articles in markup: seen is the number, and heard is what is counted."""
    unit = npgettext("a count", "article", "articles", documents)
    return Markup('<span class="count">{} <span class="hidden">{}</span></span>').format(
        grouped(documents), unit
    )


def byte_size(octets: int) -> str:
    """Format a number of bytes as `63,7 MB`; `63.7 MB` in English."""
    text = do_filesizeformat(octets)
    return text if language() == "en" else text.replace(".", ",")


def percent(share: float) -> str:
    """Format a share as `12,5 %`; `12.5%` in English. Small ones keep two figures."""
    hundredths = share * 100
    text = f"{hundredths:.2g}" if 0 < hundredths < 1 else f"{hundredths:.1f}"
    return f"{text}%" if language() == "en" else f"{text.replace('.', ',')} %"


def round_percent(share: float) -> str:
    """Format a round share, as of an axis: `20 %`; `20%` in English."""
    text = f"{share * 100:.3g}"
    return f"{text}%" if language() == "en" else f"{text.replace('.', ',')} %"


def long_date(moment: datetime, precision: str = "") -> str:
    """Format as `Thứ Hai, 19/12/2022, 17:02` or `Monday, 19 December 2022, 17:02`.

    A moment is shown by Vietnam's clock, by which dates are searched; a date that is stated
    without a time of the day (`precision`) has none.
    """
    if precision == "day":
        return format_date(moment.date(), _LONG_DAY[language()], locale=language())
    if precision:
        return short_date(moment, precision)
    return _long_time(in_vietnam(moment))


def _long_time(moment: datetime) -> str:
    return format_datetime(moment, _LONG[language()], locale=language())


def event_time(moment: datetime) -> str:
    """Format an event of the archive as `Thứ Hai, 19/12/2022, 17:02` by its own clock."""
    return _long_time(current_site().local_time(moment))


def event_minute(moment: datetime) -> str:
    """Format an event of the archive for a table as `19/12/2022, 17:02`, by its own clock."""
    return f"{event_day(moment)}, {current_site().local_time(moment):%H:%M}"


def event_day(moment: datetime) -> str:
    """Format the day of an event of the archive, by its own clock, as `19/12/2022`."""
    return day_name(current_site().local_time(moment).date())


def capture_time(moment: datetime, beside: datetime | None = None) -> str:
    """Format as `Thứ Hai, 19/12/2022, 17:02 GMT+7`: when something was captured, and the offset.

    With seconds where another moment beside it would read the same.
    """
    text, zone = event_time(moment), offset_name(current_site().local_time(moment))
    is_same = beside and beside != moment and text == event_time(beside)
    return f"{text}:{moment:%S} {zone}" if is_same else f"{text} {zone}"


def short_date(moment: datetime, precision: str = "") -> str:
    """Format as `19/12/2022` or `19 Dec 2022`; a month as `12/2022`, a year as `2022`."""
    if precision == "year":
        return str(moment.year)
    if precision == "month":
        return month_name(f"{moment:%Y-%m}")
    day = moment.date() if precision else in_vietnam(moment).date()
    return _format_date(day, _SHORT[language()], locale=language())


def day_name(day: date) -> str:
    """Format a day of the calendar as `19/12/2022` or `19 Dec 2022`."""
    return _format_date(day, _SHORT[language()], locale=language())


def time_of_day(moment: datetime, precision: str = "") -> str:
    """Format as `17:02` by Vietnam's clock; a coarser statement than a day as `12/2022`, `2022`."""
    if precision == "day":
        return ""
    return short_date(moment, precision) if precision else f"{in_vietnam(moment):%H:%M}"


def month_name(month: str, *, full: bool = False) -> str:
    """Format `2022-12` as `12/2022`, `Dec 2022`; in full as `tháng 12/2022`, `December 2022`.

    A text that is no month is returned as it is.
    """
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return month
    return _format_date(first, (_FULL_MONTH if full else _MONTH)[language()], locale=language())
