"""Commands that list and export articles: list, export."""

from __future__ import annotations

from pathlib import Path

import click

from archive.store import Store
from indexer.open_archive import open_archive
from indexer.search.search_records import SearchRequest
from indexer.vietnamese.dates import readable_date
from web.app import create_app
from web.cli.archive_home import pass_archive
from web.export.formats import FORMATS
from web.site.site_settings import read_site


@click.command(name="list")
@pass_archive
def list_articles(home: Path) -> None:
    """Print identifier, date, source and title of every article, by identifier."""
    with Store(home) as store:
        for article, _ in store.articles():
            day = readable_date(article.published, article.published_precision) or "-"
            title = " ".join(article.shown_title.split())
            click.echo(f"{article.identifier}\t{day}\t{article.publisher or '-'}\t{title}")


@click.command()
@click.argument("kind", type=click.Choice(list(FORMATS)), metavar="|".join(FORMATS))
@click.argument("query", nargs=-1)
@pass_archive
def export(home: Path, kind: str, query: tuple[str, ...]) -> None:
    """Print every article, or all full matches of a query, in a format of the web's exports."""
    export_format, text = FORMATS[kind], " ".join(query)
    base = f"{read_site(home).address or 'http://localhost/'}article/"
    count = 0
    with open_archive(home) as archive, create_app(archive).app_context():
        click.echo(export_format.head, nl=False)
        articles = (
            archive.search.iterate_articles(SearchRequest(text, budget=600.0))
            if text.strip()
            else (article for article, _ in archive.store.articles())
        )
        for article in articles:
            click.echo(export_format.line(article, base.__add__), nl=False)
            count += 1
    click.echo(f"{count} articles", err=True)
    if not count:
        raise SystemExit(1)
