"""The coverage of an archive: articles by month, by day of a month, and by source, with gaps."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.clocks import by_clock
from archive.store import Store
from indexer.engine.queries import Column, HasValue, InRange, MatchAll, Query
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from indexer.vietnamese.dates import VIETNAM
from web.citations.citations import host_of

MOST_SOURCES = 100
"""Sources that are listed, the largest."""

MOST_SCANNED = 50_000
"""Articles of an archive in which hosts are counted: the index has none, and each is looked at."""

_ALL_MONTHS = 100_000


@dataclass(frozen=True, slots=True)
class PeriodCount:
    """A month (`2022-03`) or day (`2022-03-05`), and its number of articles.

    Of neighbouring months without any that are told as one, `first` is the earliest.
    """

    name: str
    articles: int
    first: str = ""


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """A publisher, or a host in brackets where articles name none.

    Articles, first and last month with any, and months between without: neighbouring ones as one.
    """

    name: str
    articles: int
    first: str
    last: str
    gaps: tuple[PeriodCount, ...]


def months_with_gaps(counts: Mapping[str, int]) -> list[PeriodCount]:
    """Return every month from the first to the last, those without articles as well.

    Args:
        counts: articles by month.
    """
    months = sorted(month for month in counts if month)
    if not months:
        return []
    periods, month = [], months[0]
    while month <= months[-1]:
        periods.append(PeriodCount(month, counts.get(month, 0)))
        month = _month_after(month)
    return periods


def join_gaps(periods: Iterable[PeriodCount]) -> list[PeriodCount]:
    """Return months in their order, neighbouring ones without articles as one."""
    joined: list[PeriodCount] = []
    for period in periods:
        before = joined[-1] if joined else None
        if before and not before.articles and not period.articles:
            joined[-1] = PeriodCount(period.name, 0, before.first or before.name)
        else:
            joined.append(period)
    return joined


def articles_by_month(search: SearchService) -> dict[str, int]:
    """Return the articles of each month that has any."""
    return _count(search, MatchAll()).get(Column.MONTH, {})


def articles_by_day(search: SearchService, month: str) -> list[PeriodCount]:
    """Return the articles of each day of a month (`2022-03`)."""
    year, number = int(month[:4]), int(month[5:])
    midnight = datetime(year, number, 1, tzinfo=VIETNAM)
    periods = []
    for day in range(monthrange(year, number)[1]):
        begin = midnight + timedelta(days=day)
        end = begin + timedelta(days=1)
        days = InRange(Column.PUBLISHED, int(begin.timestamp()), int(end.timestamp()))
        page = search.search(SearchRequest("", size=1, filters=(days,), grouped=False))
        periods.append(PeriodCount(begin.date().isoformat(), page.total))
    return periods


def coverage_of_sources(search: SearchService) -> list[SourceCoverage]:
    """Return the sources of an archive, the largest first."""
    page = search.search(
        SearchRequest(
            "",
            size=1,
            filters=(MatchAll(),),
            facets=(Column.PUBLISHER,),
            facet_size=MOST_SOURCES,
        )
    )
    sources = []
    for name, articles in page.facets.get(Column.PUBLISHER, {}).items():
        months: dict[str, int] = {}
        if name:
            months = _count(search, HasValue(Column.PUBLISHER, (name,))).get(Column.MONTH, {})
        sources.append(_cover(name, articles, months))
    return sources


def coverage_of_hosts(store: Store) -> list[SourceCoverage]:
    """Return the hosts of articles that name no publisher, the largest first.

    Of an archive of more than `MOST_SCANNED` articles there are none.
    """
    if store.count_articles() > MOST_SCANNED:
        return []
    months: dict[str, Counter[str]] = defaultdict(Counter)
    for article, _ in store.articles():
        if not article.publisher and (host := host_of(article.url)):
            moment = article.published
            months[host][f"{by_clock(moment, VIETNAM):%Y-%m}" if moment else ""] += 1
    sources = [_cover(f"[{host}]", counts.total(), counts) for host, counts in months.items()]
    return sorted(sources, key=lambda source: (-source.articles, source.name))[:MOST_SOURCES]


def _cover(name: str, articles: int, months: Mapping[str, int]) -> SourceCoverage:
    periods = months_with_gaps(months)
    gaps = tuple(period for period in join_gaps(periods) if not period.articles)
    first, last = (periods[0].name, periods[-1].name) if periods else ("", "")
    return SourceCoverage(name, articles, first, last, gaps)


def _count(search: SearchService, query: Query) -> dict[Column, dict[str, int]]:
    request = SearchRequest(
        "",
        size=1,
        filters=(query,),
        facets=(Column.MONTH,),
        facet_size=_ALL_MONTHS,
    )
    return search.search(request).facets


def _month_after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"
