"""The dates that a page declares where readers do not see them: JSON-LD, meta tags, address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from indexer.intake.markup.tree_builder import PageScript
from indexer.intake.stated_dates import DatePrecision, StatedDate, read_date
from indexer.vietnamese.dates import VIETNAM

_PUBLISHED_NAME = re.compile(
    r"publi(?:sh|c|e)\w*(?:date|time|at|on)$|(?:date|time)\w*publi(?:sh|c|e)\w*$|pub-?_?date"
    r"|(?:article|og)\W?published$|date\W?(?:issued|created|posted|submitted)|dcterms\W(?:issued|created|available)"
    r"|(?:sailthru|citation)\W(?:online_)?date$|(?:article|story|post)\W?(?:date|created)\w*$"
    r"|(?:display|release|creation|issue)_?-?date$|create[d_]?_?(?:at|time)$",
    re.IGNORECASE,
)
_VAGUE_NAME = re.compile(r"(?:dc\W|dcterms\W|eprints\W)?date$", re.IGNORECASE)
_UPDATED_NAME = re.compile(
    r"modif|updated|update_?-?time|lastmod|last_?-?update|revis", re.IGNORECASE
)
"""Patterns of the names of meta tags, as they begin or anywhere in them."""

_DATE_KEY = re.compile(
    r'"(?:datePublished|date_published|publish(?:ed)?_?(?:At|Date|Time|On)|publication_?Date'
    r'|pub_?date|firstPublished\w{0,8})\\?"\s{0,4}:\s{0,4}\\?"?(?P<date>[^"\\,}\]]{4,40})',
    re.IGNORECASE,
)
_ADDRESS_DATE = (
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)/(?P<month>[01]?\d)/(?P<day>[0-3]?\d)(?![\d])"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[-_.](?P<month>[01]\d)[-_.](?P<day>[0-3]\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>[0-3]\d)[-_.](?P<month>[01]\d)[-_.](?P<year>(?:19|20)\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>20[0-4]\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)"),
    re.compile(
        r"(?<=[-_])(?P<year>20[0-4]\d)(?P<month>[01]\d)(?P<day>[0-3]\d)[0-2]\d[0-5]\d[0-5]\d"
        r"(?:\d{3})?(?!\d)"
    ),
    re.compile(r"(?<=/)(?P<year>(?:19|20)\d\d)/(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)"),
)
_NOT_ARTICLES = re.compile(r"Comment|Video|Image|Review|Answer|Question|Event|Offer|Organization")
_LONGEST_SCRIPTS = 4 << 20


@dataclass(frozen=True, slots=True)
class DeclaredDates:
    """The dates that a page declares.

    Attributes:
        published: The date of publication in JSON-LD or a meta tag.
        others: The other dates that are declared as that of publication, or vaguely.
        in_utc: One that has the same clock and calls it UTC.
        vague: One in a meta tag that does not say of what: often of the last change.
        scripted: One that another script of the page holds.
        address: One in the address of the page.
        updated: The date of the last change.
        unread: The texts of dates of publication that are no date, or an impossible one.
    """

    published: StatedDate | None = None
    others: tuple[StatedDate, ...] = ()
    in_utc: StatedDate | None = None
    vague: StatedDate | None = None
    scripted: StatedDate | None = None
    address: StatedDate | None = None
    updated: StatedDate | None = None
    unread: tuple[str, ...] = ()


def read_declared_dates(
    scripts: list[PageScript], nodes: list[dict[str, Any]], meta: Mapping[str, str], url: str
) -> DeclaredDates:
    """Read the dates that a page declares.

    Args:
        scripts: The scripts of the page.
        nodes: Its JSON-LD objects, the article first.
        meta: The contents of its meta tags by lower-case name.
        url: Its address.
    """
    texts = [*_published_in_json(nodes), *_named(meta, _PUBLISHED_NAME)]
    vague_texts = list(_named(meta, _VAGUE_NAME))
    dates, vague_dates = list(map(read_date, texts)), list(map(read_date, vague_texts))
    scripted = _date_in_scripts(scripts)
    changes = [_text(node.get("dateModified")) for node in nodes[:1]]
    changes += [text for name, text in meta.items() if _UPDATED_NAME.search(name)]
    return DeclaredDates(
        published=_most_exact([date for date in dates if date]),
        others=tuple(date for date in (*dates[1:], *vague_dates, scripted) if date),
        in_utc=_utc_twin([date for date in dates if date]),
        vague=_most_exact([date for date in vague_dates if date]),
        scripted=scripted,
        address=date_in_address(url),
        updated=next(filter(None, map(read_date, changes)), None),
        unread=tuple(
            text
            for text, date in zip(texts + vague_texts, dates + vague_dates, strict=True)
            if not date
        ),
    )


def date_in_address(url: str) -> StatedDate | None:
    """Return the day in an address such as `/2022/12/19/cau-moi.html`."""
    for pattern in _ADDRESS_DATE:
        for match in pattern.finditer(url[:2000]):
            try:
                day = datetime(*map(int, match.group("year", "month", "day")), tzinfo=VIETNAM)  # type: ignore[misc, arg-type]
            except ValueError:
                continue
            return StatedDate(day, DatePrecision.DAY)
    return None


def _published_in_json(nodes: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the dates of publication in JSON-LD, the article's first."""
    for name in ("datePublished", "dateCreated", "uploadDate"):
        yield from filter(None, (_text(node.get(name)) for node in nodes[:1]))
    for node in nodes[1:]:
        if not _NOT_ARTICLES.search(str(node.get("@type"))[:200]):
            yield from filter(None, [_text(node.get("datePublished"))])


def _named(meta: Mapping[str, str], pattern: re.Pattern[str]) -> Iterator[str]:
    """Yield the contents of the meta tags of some names, but not of those of a change."""
    find = pattern.match if pattern is _VAGUE_NAME else pattern.search
    for name, text in meta.items():
        if text and len(name) <= 80 and find(name) and not _UPDATED_NAME.search(name):
            yield text


def _most_exact(dates: list[StatedDate]) -> StatedDate | None:
    """Return the first date, or one of the same day, minute or instant that says more."""
    if not dates:
        return None
    first = dates[0]
    if first.precision is not DatePrecision.CLOCK:
        same_day = [date for date in dates if date.when.date() == first.when.date()]
        return next((date for date in same_day if date.precision is DatePrecision.CLOCK), first)
    minute = first.when.replace(second=0, microsecond=0)
    same = [date for date in dates if date.when.replace(second=0, microsecond=0) == minute]
    local = [date for date in same if date.when.utcoffset() != UTC.utcoffset(None)]
    return max(local or same, key=lambda date: date.when.second)


def _utc_twin(dates: list[StatedDate]) -> StatedDate | None:
    """Return a date that has the clock of the first one, and UTC instead of its zone."""
    for date in dates[1:]:
        if date.has_zone and date.when.utcoffset() == timedelta(0) != dates[0].when.utcoffset():
            if date.when.replace(tzinfo=None) == dates[0].when.replace(tzinfo=None):
                return date
    return None


def _date_in_scripts(scripts: list[PageScript]) -> StatedDate | None:
    """Return the first date of publication that any script of the page holds."""
    length = 0
    for script in scripts[:200]:
        if "ld+json" in script.type:
            continue
        text = script.text
        length += len(text)
        if length > _LONGEST_SCRIPTS:
            return None
        dates = (read_date(match["date"]) for match in _DATE_KEY.finditer(text))
        if date := next(_plausible(dates), None):
            return date
    return None


def _plausible(dates: Iterable[StatedDate | None]) -> Iterator[StatedDate]:
    exact = (DatePrecision.DAY, DatePrecision.CLOCK)
    return (date for date in dates if date and date.precision in exact)


def _text(value: Any) -> str:
    """Return a JSON value as text: a text, a number, or the first of a list of them."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, str):
        return " ".join(value.split())
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
