"""The search command: a page of results, JSON, or a run file for retrieval tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from indexer.engine.queries import Sort
from indexer.search.search_records import MatchMode
from web.cli.archive_home import pass_archive
from web.cli.option_needs import refuse_beside, refuse_without

MOST_RESULTS = 10_000
"""Results of a page, at most."""


_ORDERS = [order.value for order in Sort]


@click.command()
@click.argument("query", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Machine-readable; keys are stable.")
@click.option(
    "-n",
    "--size",
    default=10,
    type=click.IntRange(1, MOST_RESULTS),
    show_default=True,
    help="Results a page.",
)
@click.option(
    "--page",
    default=1,
    type=click.IntRange(1, 1_000_000),
    show_default=True,
    help="Number of the page.",
)
@click.option(
    "--sort",
    type=click.Choice(_ORDERS),
    default="relevance",
    show_default=True,
    help="Order of the results.",
)
@click.option("--exact", is_flag=True, help="Every typed diacritic has to match (đúng dấu).")
@click.option(
    "--match",
    type=click.Choice([mode.value for mode in MatchMode]),
    default="auto",
    show_default=True,
    help="Articles that hold all that was meant, enough of the words, or any of them.",
)
@click.option("--as-typed", is_flag=True, help="Read no keystrokes into the query.")
@click.option(
    "--queries",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Answer a file of JSON lines {qid, text}, plain or .xz, as `search` would.",
)
@click.option(
    "--run",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --queries: the TREC run to write.",
)
@pass_archive
def search(home: Path, /, query: tuple[str, ...], **options: Any) -> None:
    """Find articles: words, "phrases", -word, OR, field:value, date:2022, =exact, ph*ng, word~.

    Results go to standard output, remarks to standard error. Exit status 1 when nothing is found.
    """
    refuse_without("queries", "run")
    refuse_beside("queries", "query", "as_json", "page", "sort")
    if not query and not options["queries"]:
        raise click.UsageError("a query is missing: `tangthu search QUERY`")
    if options["queries"] and not options["run"]:
        raise click.UsageError("--queries needs --run FILE")
    from web.cli.search_output import print_search

    if not print_search(home, " ".join(query), options):
        raise SystemExit(1)
