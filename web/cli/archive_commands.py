"""Commands for the articles in the archive: add, show, status, problems."""

from __future__ import annotations

import os
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click

from archive.database import has_originals, require_catalogue
from archive.document_account import ReadingState
from archive.errors import ArchiveError, NotFoundError, StoreLockedError
from archive.home_making import HomeMaking
from archive.rebuild_parts import PartCounts, RebuildParts, find_shared_rebuild
from archive.records import Article, to_dict
from archive.running_jobs import RunningJob
from archive.store import Store
from indexer.engine_factory import engine_location
from indexer.generations.generations import read_engine_health, read_index_state
from indexer.generations.progress_file import read_progress
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.index_builder import IndexBuilder
from indexer.intake.encoding_labels import codec_of
from indexer.intake.ingest import IngestOptions, IngestProgress, IngestReport, ingest
from indexer.intake.ingest_problems import ProblemList
from indexer.intake.reading_problems import count_reading_problems, find_reading_problems
from indexer.intake.workers.reading_pool import usable_cores
from indexer.search.query.lookups import find_named
from indexer.vietnamese.dates import readable_date
from web.cli.archive_home import pass_archive
from web.cli.merge_remark import warn_of_unmerged
from web.cli.ocr_command import describe_waiting
from web.cli.printed_output import print_json, print_line, print_text
from web.cli.problem_kinds import PROBLEM_KINDS
from web.cli.progress_bar import ProgressBar
from web.cli.ship_command import ship_added
from web.cli.translated_output import number, say, translate
from web.cli.verify_command import warn_of_glossary
from web.export.citations import join_names
from web.pages.provenance import origin_line, origin_record, origins_of_version, title_keys

_MOST_PRINTED = 50
STATUS_LABELS = {
    "articles": "articles",
    "origins": "origins",
    "indexed": "indexed",
    "sequence": "last change",
    "index_sequence": "last indexed",
    "generation": "generation",
    "analyzer": "analyzer",
    "engine": "engine",
    "engine_status": "engine status",
    "nodes": "nodes",
    "missing_shards": "missing shards",
    "complete": "read as a whole",
    "problems": "problems",
    "building": "building",
    "parts": "parts of the rebuild",
}
"""The lines of `status`, by their keys in its JSON."""


def _known_encoding(_context: click.Context, _parameter: click.Parameter, encoding: str) -> str:
    """Return the encoding that was typed.

    Raises:
        BadParameter: there is no such.
    """
    if encoding and codec_of(encoding) is None:
        raise click.BadParameter(f"the encoding {encoding!r} is unknown")
    return encoding


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--no-index", is_flag=True, help="Only keep; index later with `tangthu update`.")
@click.option(
    "--strict",
    is_flag=True,
    help="Exit status 2 also for documents that were skipped or read in part.",
)
@click.option(
    "--encoding",
    default="",
    callback=_known_encoding,
    metavar="NAME",
    help="Encoding of the documents, such as windows-1258; else what they declare, or UTF-8.",
)
@click.option(
    "--wait",
    default=0.0,
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="Wait while another process writes.",
)
@click.option(
    "--collection",
    default="",
    metavar="NAME",
    help="Name of what is read: documents without an address are known by their path in it.",
)
@click.option(
    "--workers",
    default=0,
    type=click.IntRange(0, 256),
    metavar="N",
    help="Processes that read and index; 0, the default: as many as there are usable cores.",
)
@click.pass_obj
def add(home: Path, /, paths: tuple[str, ...], no_index: bool, wait: float, **options: Any) -> None:
    """Keep files, folders or standard input (-) and index what is new.

    Exit status 0 when all is kept, even if another process is to index it; 2 when a document
    could not be read; 1 when something could not be kept, or not be indexed by anyone.
    """
    if not any(path == "-" or os.path.lexists(path) for path in paths):
        # Nothing is there to be kept: no archive is made for it.
        require_catalogue(home)
    making = HomeMaking.begin(home)
    try:
        with Store(home) as store:
            store.patience = wait
            report = _ingest(store, paths, options)
            if has_originals(home) or not making.is_new:
                ship_added(store)
                if not no_index:
                    _index_added(store, options["workers"] or usable_cores())
    finally:
        is_taken_back = making.take_back()
    if is_taken_back:
        say(f"nothing is kept: no archive is made in {home}", err=True)
    if report.failed or (options["strict"] and (report.skipped or report.incomplete)):
        raise SystemExit(2)


def _ingest(store: Store, paths: tuple[str, ...], options: dict[str, Any]) -> IngestReport:
    """Keep what is in some paths, and print what became of it."""
    job = RunningJob(store.home, "add", is_bytes=True)
    with job, ProgressBar("reading", "B", job) as progress:
        chosen = IngestOptions(options["encoding"], options["workers"], options["collection"])
        report = ingest(store, paths, partial(_show_reading, progress), chosen)
    _print_ingested(report)
    return report


def _show_reading(bar: ProgressBar, progress: IngestProgress) -> None:
    counts = {"documents read": progress.documents, "documents kept": progress.kept}
    bar(progress.position, progress.size, counts)


def _index_added(store: Store, workers: int) -> None:
    """Index what was added; it is kept in any case."""
    try:
        with ProgressBar("indexing", "article") as progress:
            options = BuildOptions(workers=workers)
            built = IndexBuilder(store, options, progress).update()
    except StoreLockedError as error:
        say(f"everything is kept; not indexed yet: {error}, then `tangthu update`", err=True)
    except ArchiveError as error:
        say(f"tangthu: everything is kept; not indexed: {error}", err=True)
        raise SystemExit(1) from error
    else:
        say(f"indexed {built.indexed}, in the index {built.documents}")


@click.command()
@click.argument("name", metavar="IDENTIFIER")
@click.option("--json", "as_json", is_flag=True, help="The whole article as JSON.")
@click.option("--version", "number", type=click.IntRange(1), help="An older version.")
@pass_archive
def show(home: Path, name: str, as_json: bool, number: int | None) -> None:
    """Print one article, by its identifier, external identifier or address."""
    with Store(home) as store:
        identifier = resolve(store, name)
        versions = reversed(store.versions(identifier))
        version = next((each for each in versions if number in (None, each.number)), None)
        if version is None:
            raise NotFoundError(identifier, f"{identifier} has no version {number}")
        article = store.get(identifier, number)
        origins = origins_of_version(store.origins(article.identifier), version)
    if as_json:
        record = {**to_dict(article), **title_keys(article)}
        record["origins"] = [origin_record(origin) for origin in origins]
        print_json(record, indent=2)
        return
    print_text(_as_text(article))
    if len(origins) > 1:
        print_text(translate("\noriginals:"))
        for origin in origins:
            print_line(origin_line(origin))


def resolve(store: Store, name: str) -> str:
    """Return the identifier of the one article with a name, also of one that is withheld.

    Raises:
        UsageError: several have it; it says which.
    """
    # An argument that is no valid text names no article.
    name = name.encode("utf-8", "replace").decode()
    found = find_named(store, name)
    if len(found) > 1:
        raise click.UsageError(f"several articles have this name: {' '.join(found)}")
    return found[0] if found else name


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable; keys are stable.")
@pass_archive
def status(home: Path, as_json: bool) -> None:
    """Report the number of articles that are kept and indexed, and a build under way."""
    with Store(home) as store:
        state = read_index_state(store)
        record: dict[str, Any] = {
            "articles": store.count_articles(),
            "origins": store.count_origins(),
            "indexed": state.documents,
            "sequence": store.last_sequence(),
            "index_sequence": state.sequence,
            "generation": state.generation,
            "analyzer": state.analyzer,
        }
        health = read_engine_health(store)
        record |= {"engine": health.place, "engine_status": health.status}
        if health.nodes:
            record |= {"nodes": health.nodes, "missing_shards": health.missing_shards}
        reading_problems = count_reading_problems(store)
        incomplete = sum(reading_problems.get(state, 0) for state in ReadingState)
        record["complete"] = record["articles"] - incomplete
        unmerged = warn_of_unmerged(store)
        building = read_progress(store)
        parts = _count_parts(store)
    warn_of_glossary(home)
    if state.generation and health.place.rpartition("#")[0] != engine_location(home):
        say("remark: the index is not where the settings say: `tangthu rebuild`", err=True)
    if as_json:
        record |= {"building": building and asdict(building), "problems": reading_problems}
        record |= {"parts": parts and asdict(parts), "unmerged": unmerged}
        print_json(record)
        return
    if reading_problems:
        record["problems"] = translate(f"{_counted(reading_problems)}; see `tangthu problems`")
    if building:
        record["building"] = translate(
            f"{building.work}, {building.done} of {building.total} articles, "
            f"since {building.started} (process {building.pid} on {building.host})"
        )
    if parts:
        record["parts"] = translate(
            f"{parts.done} done with {parts.documents} articles, {parts.taken} taken by workers, "
            f"{parts.open} open"
        )
    for name, value in record.items():
        shown = "-" if value is None else number(value) if isinstance(value, int) else value
        print_line(f"{translate(STATUS_LABELS[name]):20} {shown}")


def _count_parts(store: Store) -> PartCounts | None:
    """Count the parts of a rebuild that many hosts may share; None where there is none."""
    shared = find_shared_rebuild(store.engine)
    return RebuildParts(store.engine, shared.rebuild).count() if shared else None


@click.command()
@click.option("--json", "as_json", is_flag=True, help="JSON lines; keys are stable.")
@click.option(
    "--state",
    "kinds",
    multiple=True,
    type=click.Choice(list(PROBLEM_KINDS)),
    help="Only those of this kind, such as needs-ocr; repeatable.",
)
@pass_archive
def problems(home: Path, as_json: bool, kinds: tuple[str, ...]) -> None:
    """List what the kept articles do not hold of their documents."""
    with Store(home) as store:
        for problem in find_reading_problems(store):
            if kinds and problem.kind not in kinds:
                continue
            if as_json:
                print_json(asdict(problem))
            else:
                reason = translate(problem.reason)
                print_line(f"{problem.identifier} {problem.source}: {reason}")


def _print_ingested(report: IngestReport) -> None:
    incomplete = [
        (translate(f"incomplete ({kind})"), found) for kind, found in report.incomplete.items()
    ]
    skipped, failed = (translate("skipped"), report.skipped), (translate("failed"), report.failed)
    for title, documents in (skipped, failed, *incomplete):
        for problem in documents[:_MOST_PRINTED]:
            reason = translate(problem.reason)
            print_line(f"{title}: {problem.source}: {reason}", err=True)
        if documents.total > _MOST_PRINTED:
            say(f"{title}: … and {documents.total - _MOST_PRINTED} more", err=True)
    say(
        f"added {report.added}, changed {report.changed}, unchanged {report.unchanged}, "
        f"skipped {report.skipped.total}, failed {report.failed.total}"
    )
    if report.captured:
        say(f"kept {report.captured} captures of addresses, by address and time")
    if report.incomplete:
        counts = {kind: found.total for kind, found in report.incomplete.items()}
        say(f"read in part: {_counted(counts)}; see `tangthu problems`")
    if waiting := report.incomplete.get(ReadingState.NEEDS_OCR, ProblemList()).total:
        say(describe_waiting(waiting))


def _counted(counts: dict[str, int]) -> str:
    """Return the counts of documents by the kind of their problem in one line."""
    return ", ".join(
        f"{translate(PROBLEM_KINDS.get(kind, kind))} {number(count)}"
        for kind, count in counts.items()
    )


def _as_text(article: Article) -> str:
    published = readable_date(article.published, article.published_precision, clock=True)
    subtitle = " · ".join(filter(None, (article.publisher, published, article.url)))
    lines = [article.shown_title, subtitle, "", article.lead]
    for section in article.sections:
        locator = f"[{section.locator}]" if section.locator else ""
        named = " ".join(filter(None, (locator, section.heading_line)))
        lines += ["", named, *section.paragraphs]
    lines += ["", *(f"[{caption.text}]" for caption in article.captions)]
    lines += [join_names(article.authors)]
    return "\n".join(lines).strip()
