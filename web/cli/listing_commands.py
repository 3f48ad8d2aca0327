"""Commands that list and export articles: list, export."""

from __future__ import annotations

from pathlib import Path

import click

from indexer.engine.queries import Sort
from web.cli.archive_home import pass_archive
from web.export.export_kinds import KINDS


@click.command(name="list")
@pass_archive
def list_articles(home: Path) -> None:
    """Print identifier, date, source and title of every article, by identifier."""
    from web.cli.article_export import print_list

    print_list(home)


@click.command()
@click.argument("kind", type=click.Choice(KINDS), metavar="|".join(KINDS))
@click.argument("query", nargs=-1)
@click.option(
    "--sort", type=click.Choice([order.value for order in Sort]), help="Order of the results."
)
@pass_archive
def export(home: Path, kind: str, query: tuple[str, ...], sort: str | None) -> None:
    """Print every article, or all full matches of a query, in a format of the web's exports.

    Parquet is for programs: send it to a file, as in `tangthu export parquet > articles.parquet`.
    """
    from web.cli.article_export import export_articles

    if not export_articles(home, kind, " ".join(query), Sort(sort) if sort else None):
        raise SystemExit(1)
