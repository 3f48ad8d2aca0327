"""Commands about the index: update, rebuild, generations, rollback."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, ParamSpec

import click

from archive.errors import ArchiveError, EngineError, NotFoundError, StoreLockedError
from archive.running_jobs import RunningJob
from archive.store import Store
from indexer.generations.generations import Generation, Generations
from indexer.indexing.build_options import BuildOptions, BuildReport
from indexer.indexing.index_builder import IndexBuilder
from indexer.indexing.shared_rebuild import join_rebuild
from web.admin.article_operations import erase_removed, show_due
from web.cli.archive_home import pass_archive
from web.cli.merge_remark import warn_of_unmerged
from web.cli.option_needs import refuse_beside, refuse_without
from web.cli.printed_output import print_json, print_line
from web.cli.progress_bar import ProgressBar
from web.cli.translated_output import say, translate
from web.site.site_settings import read_site

P = ParamSpec("P")


@click.command()
@pass_archive
def update(home: Path) -> None:
    """Index the changes since the last update."""
    with Store(home) as store, ProgressBar("indexing", "article") as progress:
        store.migrate()
        _show_due(store)
        report = IndexBuilder(store, progress=progress).update()
        erase_removed(store)
    _print_report(report)


def _number(
    name: str, default: int, bounds: tuple[int, int], text: str
) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Return the decorator for an option that takes a number within bounds."""
    return click.option(
        name, default=default, type=click.IntRange(*bounds), show_default=True, help=text
    )


@click.command()
@_number("--keep", 2, (1, 100), "Generations to keep on disk.")
@_number("--memory", 512, (16, 1 << 20), "Megabytes for each worker.")
@_number("--workers", 1, (1, 256), "Processes that build.")
@click.option(
    "--max-load",
    default=0.0,
    type=click.FloatRange(0),
    show_default=True,
    help="Wait while the load average is above this; 0 never waits.",
)
@_number("--nice", 0, (0, 19), "Niceness of the build.")
@click.option("--fresh", is_flag=True, help="Do not resume an interrupted rebuild.")
@click.option("--if-needed", is_flag=True, help="Update; rebuild only if that cannot help.")
@click.option("--reparse", is_flag=True, help="First read the kept originals with today's readers.")
@click.option("--force", is_flag=True, help="With --reparse: also what today's readers read.")
@click.option("--dry-run", is_flag=True, help="With --reparse: only say how many would change.")
@click.option("--join", is_flag=True, help="Help a rebuild that another host has begun.")
@click.option(
    "--since",
    type=click.DateTime(),
    help="Only articles captured since then, by the archive's clock: 2027-01-31, or with a time "
    "2027-01-31T08:00:00.",
)
@click.option("--only", metavar="QUERY", help="Only articles that match this query.")
@pass_archive
def rebuild(home: Path, /, **options: Any) -> None:
    """Build a new generation beside the live one, check it, and swap it in.

    An interrupted rebuild resumes from its checkpoint. With --since or --only the new generation
    is a copy of the live one in which only those articles are indexed again. With --join this
    host does parts of a rebuild that another one has begun, and publishes nothing.
    """
    refuse_without("reparse", "dry_run", "force")
    refuse_beside("dry_run", "fresh", "if_needed")
    refuse_beside("if_needed", "since", "only", "reparse")
    for name in ("since", "only"):
        refuse_beside(name, "fresh")
    os.nice(options["nice"])
    if options["join"]:
        _join(home, options)
        return
    with Store(home) as store:
        if not options["dry_run"]:
            with suppress(StoreLockedError):
                store.migrate()
                _show_due(store)
        identifiers = _select(store, options["since"], options["only"])
        if identifiers == []:
            raise ArchiveError("no article is selected by --since and --only: nothing was built")
        if options["reparse"]:
            _reparse(store, identifiers, options["dry_run"], options["force"])
        if not options["dry_run"]:
            _rebuild(store, identifiers, options)
            with suppress(StoreLockedError):
                erase_removed(store)


def _show_due(store: Store) -> None:
    if shown := show_due(store):
        say(f"hidden articles whose date has come: {shown}", err=True)


def _build_options(options: dict[str, Any]) -> BuildOptions:
    return BuildOptions(
        memory=options["memory"] << 20,
        keep=options["keep"],
        workers=options["workers"],
        max_load=options["max_load"],
        resume=not options["fresh"],
    )


def _join(home: Path, options: dict[str, Any]) -> None:
    refuse_beside("join", "fresh", "if_needed", "reparse", "since", "only")
    with Store(home) as store, ProgressBar("rebuilding", "article") as progress:
        count = join_rebuild(store, _build_options(options), progress)
    say(
        f"indexed {count} articles; the host on which the rebuild began publishes it "
        "(if it has ended there, `tangthu rebuild` goes on)"
    )


def _rebuild(store: Store, identifiers: list[str] | None, options: dict[str, Any]) -> None:
    with ProgressBar("rebuilding", "article") as progress:
        builder = IndexBuilder(store, _build_options(options), progress)
        if options["if_needed"]:
            reason = builder.reason_to_rebuild()
            say(f"rebuilding: {reason}" if reason else "no rebuild is needed")
            _print_report(builder.repair())
        elif identifiers is not None:
            _print_report(builder.reindex(identifiers))
        else:
            _print_report(builder.rebuild())
            warn_of_unmerged(store)


def _select(store: Store, since: datetime | None, only: str | None) -> list[str] | None:
    """Return the identifiers that --since and --only select; None is all."""
    selected: set[str] | None = None
    if since:
        selected = set(store.find_captured_since(read_site(store.home).local_time(since)))
    if only is not None:
        # Imported here: a rebuild that was interrupted has to resume at once.
        from indexer.open_archive import open_archive
        from indexer.search.search_records import SearchRequest

        with open_archive(store.home) as archive:
            articles = archive.search.iterate_articles(SearchRequest(only))
            matches = {article.identifier for article in articles}
        selected = matches if selected is None else selected & matches
    return None if selected is None else sorted(selected)


def _reparse(store: Store, identifiers: list[str] | None, dry_run: bool, force: bool) -> None:
    from indexer.intake.reparse import reparse
    from web.cli.ocr_command import recognize_after_reading

    job = RunningJob(store.home, "rebuild")
    with job, ProgressBar("reading again", "original", job) as progress:
        selected = None if identifiers is None else set(identifiers)
        report = reparse(store, selected, dry_run, progress, force=force)
    for problem in report.failed:
        print_line(
            f"{translate('failed')}: {problem.source}: {translate(problem.reason)}", err=True
        )
    verb = "would change" if dry_run else "changed"
    say(f"read {report.read} originals again: {report.changed} {verb}, failed {len(report.failed)}")
    if report.current:
        say(f"read by today's readers already, and not again: {report.current} (--force)")
    if report.added:
        would = "would be added" if dry_run else "added"
        say(f"found {report.added} more documents in what is kept: {would}")
    for reader, articles in report.passed_over.items():
        say(f"passed over {articles} articles: there is no reader {reader!r} any more")
    if not dry_run:
        recognize_after_reading(store, selected)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable; keys are stable.")
@pass_archive
def generations(home: Path, as_json: bool) -> None:
    """List the published generations; the live one is marked."""
    published = Generations(home / "index")
    live, damaged = published.current_name(), dict[str, str]()
    for name in published.names():
        try:
            _print_generation(published.get(name), live, as_json)
        except NotFoundError:
            # Another process removed it just now.
            continue
        except EngineError as error:
            # The others are listed: one of them may be rolled back to.
            damaged[name] = str(error)
    for name, reason in damaged.items():
        say(f"generation {name}: {reason}", err=True)
    if damaged:
        raise SystemExit(1)


def _print_generation(generation: Generation, live: str, as_json: bool) -> None:
    manifest = generation.manifest
    record = {
        "generation": generation.name,
        "live": generation.name == live,
        "made": manifest.made,
        "documents": manifest.documents,
        "sequence": manifest.sequence,
        "analyzer": manifest.analyzer,
    }
    flag = "*" if generation.name == live else " "
    count = translate(f"{manifest.documents} articles")
    plain = f"{flag} {generation.name}  {manifest.made}  {count}"
    print_json(record) if as_json else print_line(plain)


@click.command()
@pass_archive
def rollback(home: Path) -> None:
    """Serve the generation before the live one."""
    with Store(home) as store:
        name = IndexBuilder(store).rollback()
    say(f"generation {name} is live; `tangthu update` brings it up to date")


def _print_report(report: BuildReport) -> None:
    if report.resumed:
        say(f"went on from an interrupted rebuild: {report.resumed} articles were done")
    say(
        f"generation {report.generation}: indexed {report.indexed}, deleted {report.deleted}, "
        f"in the index {report.documents}"
    )
