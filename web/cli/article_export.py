"""Listing and exporting articles to standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from archive.records import Article
from archive.store import Store
from indexer.engine.queries import MatchAll, Sort
from indexer.open_archive import open_archive
from indexer.search.search_records import SearchRequest
from indexer.vietnamese.dates import readable_date
from web.app import create_app
from web.citations.citations import host_of
from web.cli.printed_output import print_data, print_line
from web.cli.search_output import print_notices
from web.cli.translated_output import say
from web.export.export_kinds import PARQUET
from web.export.formats import FORMATS, ArticleUrl
from web.export.parquet_file import write_parquet
from web.site.site_settings import read_site

_BUDGET = 600.0
"""Seconds that the engine may take for one run of results."""


def print_list(home: Path) -> None:
    """Print a line for every article, by identifier."""
    with Store(home) as store:
        for article, _ in store.articles():
            day = readable_date(article.published, article.published_precision) or "-"
            title = " ".join(article.shown_title.split())
            host = host_of(article.url)
            source = article.publisher or (f"[{host}]" if host else "-")
            print_line(f"{article.identifier}\t{day}\t{source}\t{title}")


def export_articles(home: Path, kind: str, text: str, sort: Sort | None = None) -> int:
    """Print every article, or the full matches of a query, as a kind of file; return their number.

    Args:
        home: the archive.
        kind: the kind of file.
        text: the query; blank is every article.
        sort: the order; None is by relevance, of every article by identifier.

    Raises:
        UsageError: a terminal would get what is no text.
    """
    base = f"{read_site(home).address or 'http://localhost/'}article/"
    with open_archive(home) as archive, create_app(archive).app_context():
        articles: Iterable[Article] = (article for article, _ in archive.store.articles())
        if text.strip():
            # What of the query was not understood is said, as `search` does.
            print_notices(archive.search.search(SearchRequest(text, size=1)))
        if text.strip() or sort:
            filters = () if text.strip() else (MatchAll(),)
            asked = SearchRequest(
                text, sort=sort or Sort.RELEVANCE, filters=filters, budget=_BUDGET
            )
            articles = archive.search.iterate_articles(asked)
        write = _write_parquet if kind == PARQUET else _write_lines
        number = write(kind, articles, base.__add__)
    say(f"{number} articles", err=True)
    return number


def _write_lines(kind: str, articles: Iterable[Article], article_url: ArticleUrl) -> int:
    """Print articles in one of the formats that are text; return their number."""
    export_format, number = FORMATS[kind], 0
    print_data(export_format.head)
    for article in articles:
        print_data(export_format.line(article, article_url))
        number += 1
    return number


def _write_parquet(kind: str, articles: Iterable[Article], article_url: ArticleUrl) -> int:
    """Write articles as a Parquet file to standard output; return their number."""
    if sys.stdout.isatty():
        raise click.UsageError(f"{kind} is no text: send it to a file, `> articles.{kind}`")
    return write_parquet(articles, article_url, sys.stdout.buffer)
