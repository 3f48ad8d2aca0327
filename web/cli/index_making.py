"""Making the index: updates, rebuilds, and the generations that they publish."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError, EngineError, NotFoundError, StoreLockedError
from archive.store import Store
from archive.upkeep.running_jobs import RunningJob
from indexer.generations.generations import Generation, Generations
from indexer.indexing.build_options import BuildOptions, BuildReport
from indexer.indexing.index_builder import IndexBuilder
from indexer.indexing.shared_rebuild import join_rebuild
from web.admin.article_operations import erase_removed, show_due
from web.cli.merge_remark import warn_of_unmerged
from web.cli.printed_output import print_json, print_line
from web.cli.progress_bar import ProgressBar
from web.cli.translated_output import say, translate
from web.site.site_settings import read_site


def update_index(home: Path) -> None:
    """Index the changes since the last update, and print what was done."""
    with Store(home) as store, ProgressBar("indexing", "article") as progress:
        store.migrate()
        _show_due(store)
        report = IndexBuilder(store, progress=progress).update()
        erase_removed(store)
    _print_report(report)


def rebuild_index(home: Path, options: dict[str, Any]) -> None:
    """Build a new generation as the options of `rebuild` say, and print what was done."""
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


def join_running_rebuild(home: Path, options: dict[str, Any]) -> None:
    """Do parts of a rebuild that another host has begun, and say how many articles they were."""
    with Store(home) as store, ProgressBar("rebuilding", "article") as progress:
        count = join_rebuild(store, _build_options(options), progress)
    say(
        f"indexed {count} articles; the host on which the rebuild began publishes it "
        "(if it has ended there, `tangthu rebuild` goes on)"
    )


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
    from web.cli.page_recognition import recognize_after_reading

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


def print_generations(home: Path, as_json: bool) -> None:
    """Print the published generations; a damaged one ends with exit status 1."""
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


def roll_back(home: Path) -> None:
    """Make the generation before the live one live."""
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
