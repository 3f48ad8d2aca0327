"""Printing what a search finds: a page of results, JSON, or a run file."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from indexer.engine.queries import Sort
from indexer.open_archive import open_archive
from indexer.search.present.json_form import to_json
from indexer.search.present.sentences import sentence_of
from indexer.search.search_records import (
    MatchMode,
    ResultHit,
    ResultPage,
    SearchRequest,
    Snippet,
)
from indexer.search.service import SearchService
from indexer.vietnamese.dates import readable_date
from web.cli.output_language import output_language
from web.cli.printed_output import print_json, print_line, print_marked
from web.cli.progress_bar import ProgressBar
from web.cli.translated_output import say


def print_search(home: Path, text: str, options: dict[str, Any]) -> bool:
    """Answer a query, or a file of them into a run; tell whether something was found.

    Args:
        home: that of the archive.
        text: the query.
        options: those of `search`.
    """
    search_request = SearchRequest(
        text,
        size=options["size"],
        exact=options["exact"],
        as_typed=options["as_typed"],
        match=MatchMode(options["match"]),
    )
    with open_archive(home) as archive:
        if options["queries"]:
            _write_run(archive.search, search_request, options["queries"], options["run"])
            return True
        sort = Sort(options["sort"])
        page = archive.search.search(replace(search_request, page=options["page"], sort=sort))
    if options["as_json"]:
        print_json(to_json(page))
    else:
        _print_page(page)
    return bool(page.hits)


def _write_run(service: SearchService, options: SearchRequest, queries: Path, run: Path) -> None:
    """Answer a file of queries into a TREC run."""
    with run.open("w", encoding="utf-8") as out, ProgressBar("searching", "query") as progress:
        for done, (qid, text) in enumerate(_read_queries(queries), 1):
            for rank, hit in enumerate(service.rank(replace(options, text=text)), 1):
                name = "_".join((hit.external_id or hit.identifier).split())
                out.write(f"{qid} Q0 {name} {rank} {hit.score:.6f} tangthu\n")
            progress(done, 0)


def _read_queries(path: Path) -> Iterator[tuple[str, str]]:
    number = 0
    try:
        with lzma.open(path, "rb") if path.suffix == ".xz" else path.open("rb") as lines:
            for line in lines:
                number += 1
                if line.strip():
                    record = json.loads(line)
                    # The columns of a run are separated by blanks.
                    yield "_".join(str(record["qid"]).split()), str(record["text"])
    except (ValueError, KeyError, TypeError, lzma.LZMAError, EOFError) as error:
        raise ArchiveError(f"{path}:{number}: no {{qid, text}} as JSON ({error!r})") from error


def print_notices(page: ResultPage) -> None:
    """Print to standard error what there is to say about a query."""
    for notice in page.notices:
        print_line(sentence_of(notice, output_language()), err=True)


def _print_page(page: ResultPage) -> None:
    print_notices(page)
    if not page.hits:
        say("No article was found.", err=True)
        return
    meant = " + ".join(f"“{text}”" for text in page.meant)
    say(f"articles: {page.total}, holding {meant}" if meant else f"articles: {page.total}")
    if page.total_folded > page.total:
        say(f"wider (--match partial): {page.total_folded} with all the words")
    for hit in page.hits:
        print_line("")
        _print_hit(hit)


def _print_hit(hit: ResultHit) -> None:
    print_marked("", _spans(hit.title_spans))
    day = readable_date(hit.published, hit.published_precision)
    print_line("  " + " · ".join(filter(None, (hit.identifier, hit.publisher, day))))
    if hit.section:
        named = filter(None, (hit.section.heading, hit.section.locator))
        print_line(f"  § {' · '.join(named)}")
    for snippet in hit.snippets:
        print_marked("  ", _spans(snippet))


def _spans(snippet: Snippet) -> Iterator[tuple[str, bool]]:
    """Return the texts of a snippet, and whether each is a match."""
    return ((span.text, span.highlighted) for span in snippet)
