"""The dates that a page shows: beside its heading, in elements named as date, in datelines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from bs4.element import NavigableString, Tag

from indexer.intake.markup.blocks import words_of
from indexer.intake.markup.class_patterns import (
    BLOCKS,
    DATE,
    is_framing,
    names_of,
)
from indexer.intake.markup.text_density import TextDensities
from indexer.intake.stated_dates import DatePrecision, StatedDate, date_in_text, read_date

_LONGEST_DATELINE = 120
_MOST_NAMED = 400
"""Elements with a telling name that are looked at."""

_MOST_TEXTS = 400
"""Pieces of text with a year that are looked at."""

_LONGEST_START = 40
"""Characters at the start of a paragraph in which its dateline stands."""

_YEAR = re.compile(r"(?:19|20|25)\d\d(?!\d)|\d\.\s?\d{1,2}\.\s?\d\d(?!\d)")
_SHORT_YEAR = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d\d)(?!\d?[\d.](?!\d:))")
"""Also where a clock follows without a blank: `28.09.1912:44`."""

_DATE_LIKE = re.compile(
    r"(?<!\d)\d{1,4}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{1,4}(?!\d)"
    r"|\b(?:tháng|thg)\s\d|\d\s(?:\w{2,6}\s)?(?:trước|ago)\b",
    re.IGNORECASE,
)
"""Texts that are meant as a date: impossible ones and `3 giờ trước` as well."""

_BOXES = re.compile(r"(\d{1,2}) (\d{1,2}) ((?:19|20)\d\d)")

_ATTRIBUTES = (
    *("datetime", "content", "title", "data-date", "data-datetime", "data-time"),
    *("data-timestamp", "data-published"),
)
_PUBLISHED = re.compile(
    r"publish|publi[cé]|pub-?_?date|post(?:ed)?[-_ ]?(?:on|date|time)|entry-date|created|ngày đăng"
    r"|đăng (?:lúc|ngày)|xuất bản|veröffentlicht|erstellt|erschienen|datum\b|mis en ligne|issued",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"updat|modif|edited|cập nhật|sửa (?:lần )?cuối|geändert|aktualisiert|bearbeitet|stand:"
    r"|mis à jour|actualiz|aggiorn|revis",
    re.IGNORECASE,
)
_OWN_FOOTER = re.compile(r"(?:post|entry|article|story)-?_?footer")
"""The foot of an article, which is no foot of a page."""

_TODAY = re.compile(r"time-?_?now|today|current-?_?(?:date|time)|clock|copyright|©", re.IGNORECASE)
_COARSE = (DatePrecision.MONTH, DatePrecision.YEAR)
_MOST_PARENTS = 12
_EARLIEST_PAGE = 1990
"""The year of the first web pages: an earlier date that nothing names is of what is told."""


class DateSign(IntEnum):
    """The kinds of dates by the names and words of their elements, the surest first."""

    PUBLISHED = 0
    NAMED = 1
    PLAIN = 2
    UPDATED = 3


@dataclass(frozen=True, slots=True)
class VisibleDate:
    """A date on a page.

    Attributes:
        order: That of its element, as in `TextDensity`.
        stated: What its attribute states, else its words.
        shown: What readers see of it; None if its words are no date.
        sign: What its name or words say of it.
        framed: Whether it stands in the frame of the page, in a link or beside the article.
    """

    order: int
    stated: StatedDate
    shown: StatedDate | None
    sign: DateSign
    framed: bool = False

    @property
    def is_coarse(self) -> bool:
        """Whether no more than the month is stated."""
        return self.stated.precision in _COARSE


def read_visible_dates(densities: TextDensities) -> tuple[VisibleDate, ...]:
    """Read the dates of a page from which nothing but scripts has been removed."""
    dates = list(_named_dates(densities))
    orders = {date.order for date in dates}
    plain = (date for date in _plain_dates(densities) if date.order not in orders)
    return (*dates, *plain)


def unread_dates(densities: TextDensities) -> Iterator[str]:
    """Yield what elements that are named as date state and that is no date: `31/02/2022`."""
    for tag in _date_elements(densities)[:_MOST_NAMED]:
        if not _is_framed(tag):
            values = [str(tag.get(name) or "") for name in ("datetime", "content")]
            values += [words_of(tag)] if densities[tag].text <= _LONGEST_DATELINE else []
            yield from dict.fromkeys(filter(_DATE_LIKE.search, values))


def _named_dates(densities: TextDensities) -> Iterator[VisibleDate]:
    """Yield the dates in elements that are named as date."""
    for tag in _date_elements(densities)[:_MOST_NAMED]:
        text = words_of(tag) if densities[tag].text <= 2 * _LONGEST_DATELINE else ""
        shown = _shown_date(text) if len(text) <= _LONGEST_DATELINE else None
        declared = _date_in_attributes(tag)
        stated = declared or shown or _date_of_short_year(text) or _date_of_boxes(text)
        stated = stated or _month_in(tag, text)
        if stated is None:
            continue
        if shown and (_says_more(shown, stated) or _contradicts(shown, stated, text)):
            stated = shown
        names = f"{names_of(tag)} {_property_of(tag)} {text}"
        sign = DateSign.PUBLISHED if tag.has_attr("pubdate") else _sign_of(names, DateSign.NAMED)
        yield VisibleDate(densities[tag].order, stated, shown, sign, _is_framed(tag))


def _date_elements(densities: TextDensities) -> list[Tag]:
    """Return the elements that are named as date, or marked as one for machines, in order."""
    orders = {densities[tag].order for tag in densities.named(DATE)}
    for tag in densities.marked:
        is_dated = "date" in _property_of(tag).lower()
        # Elements that a script fills (`<relative-time datetime=…>`) are called as sites please.
        if is_dated or (tag.attrs.get("datetime") and tag.name not in ("del", "ins")):
            orders.add(densities[tag].order)
    return [densities.tags[order] for order in sorted(orders)]


def _property_of(tag: Tag) -> str:
    """Return what microdata or RDFa call an element."""
    return str(tag.attrs.get("itemprop") or tag.attrs.get("property") or "")


def _date_in_attributes(tag: Tag) -> StatedDate | None:
    texts = (str(tag.get(name) or "") for name in _ATTRIBUTES)
    dates = (read_date(text) for text in texts if any(map(str.isdigit, text)))
    exact = (DatePrecision.DAY, DatePrecision.CLOCK)
    return next((date for date in dates if date and date.precision in exact), None)


def _month_in(tag: Tag, text: str) -> StatedDate | None:
    """Return the month or year that an element states and that is all it states, as magazines do.

    A year stands alone in many elements; only the one of `<time>` is a date.
    """
    values = (str(tag.get("datetime") or tag.get("content") or ""), text)
    dates = (read_date(value) for value in values if any(map(str.isdigit, value)))
    coarse = [date for date in dates if date and date.precision in _COARSE]
    if tag.name != "time":
        coarse = [date for date in coarse if date.precision is DatePrecision.MONTH]
    return next(iter(coarse), None)


def _contradicts(shown: StatedDate, stated: StatedDate, text: str) -> bool:
    """Tell whether words name another day of publication than an attribute, often of a change."""
    is_said = _PUBLISHED.search(text) and not _UPDATED.search(text)
    return bool(is_said) and abs((shown.when.date() - stated.when.date()).days) > 1


def _says_more(shown: StatedDate, stated: StatedDate) -> bool:
    """Tell whether a date in words has the clock that the attribute of the same day lacks."""
    return (
        stated.precision is DatePrecision.DAY
        and shown.precision is DatePrecision.CLOCK
        and shown.when.date() == stated.when.date()
    )


def _plain_dates(densities: TextDensities) -> Iterator[VisibleDate]:
    """Yield the dates in short pieces of text, however their element is named."""
    texts = islice(filter(_YEAR.search, densities.strings), _MOST_TEXTS)
    for text in texts:
        parent = text.parent
        if type(text) is not NavigableString or parent is None:
            continue
        line = text if len(text) <= _LONGEST_DATELINE else text[:_LONGEST_START]
        is_prose = len(text) > _LONGEST_DATELINE or densities[parent].text > 2 * _LONGEST_DATELINE
        if is_prose:
            line = text[:_LONGEST_START]
        shown = _shown_date(line) or _date_of_short_year(line)
        if shown is None or shown.when.year < _EARLIEST_PAGE:
            continue
        shown = _with_clock_beside(shown, parent, densities)
        around = f"{names_of(parent)} {line}"
        sign = _sign_of(around, DateSign.PLAIN)
        framed = is_prose or _is_framed(parent)
        yield VisibleDate(densities[parent].order, shown, shown, sign, framed)


def _with_clock_beside(shown: StatedDate, tag: Tag, densities: TextDensities) -> StatedDate:
    """Return a day with the clock that stands in the same line, in an element of its own."""
    line = tag if tag.name in BLOCKS or tag.parent is None else tag.parent
    if shown.precision is not DatePrecision.DAY or densities[line].text > _LONGEST_DATELINE:
        return shown
    whole = date_in_text(" ".join(line.stripped_strings))
    return whole if whole and _says_more(whole, shown) else shown


def _date_of_short_year(text: str) -> StatedDate | None:
    """Read `19.12.22`, of which only a name or a place makes a date."""
    match = _SHORT_YEAR.search(text[:_LONGEST_DATELINE])
    return date_in_text(f"{match[1]}.{match[2]}.20{match[3]}") if match else None


def _date_of_boxes(text: str) -> StatedDate | None:
    """Read `19 12 2022`, whose day, month and year stand in boxes of their own."""
    match = _BOXES.fullmatch(text)
    return date_in_text("/".join(match.groups())) if match else None


def _shown_date(line: str) -> StatedDate | None:
    """Read the date in a line; of two, the one of publication, wherever it stands."""
    published, updated = _PUBLISHED.search(line), _UPDATED.search(line)
    if published and updated and updated.start() < published.start():
        return date_in_text(line[published.start() :]) or date_in_text(line)
    return date_in_text(line)


def _sign_of(names: str, otherwise: DateSign) -> DateSign:
    if _PUBLISHED.search(names):
        return DateSign.PUBLISHED
    return DateSign.UPDATED if _UPDATED.search(names) else otherwise


def _is_framed(tag: Tag) -> bool:
    """Tell whether an element is in the frame of the page, in a link, or beside the article."""
    for parent in islice((tag, *tag.parents), _MOST_PARENTS):
        if parent.name in ("body", "html", "main", "article"):
            return False
        if parent.name == "header" or _OWN_FOOTER.search(names_of(parent)):
            continue
        if is_framing(parent) or _TODAY.search(names_of(parent)):
            return True
    return False
