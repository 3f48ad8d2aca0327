"""Commands for the articles in the archive: add, show, status, problems, verify."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click

from archive.database import is_writable
from archive.document_account import ReadingState
from archive.errors import ArchiveError, StoreError, StoreLockedError
from archive.fixity_rounds import check_share, read_position, save_position
from archive.records import Article, to_dict
from archive.store import Store
from archive.verification_record import record_verification
from indexer.generations.generations import read_index_state
from indexer.generations.progress_file import read_progress
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from indexer.intake.encoding_labels import codec_of
from indexer.intake.ingest import IngestOptions, IngestProgress, IngestReport, ingest
from indexer.intake.reading_problems import count_reading_problems, find_reading_problems
from indexer.intake.workers.reading_pool import usable_cores
from indexer.search.interpret.archive_glossary import GLOSSARY_FILE, read_operator_glossary
from indexer.search.query.lookups import Lookup, find_identifiers, read_lookup
from indexer.vietnamese.dates import readable_date
from web.cli.archive_home import pass_archive
from web.cli.ocr_command import describe_waiting
from web.cli.progress_bar import ProgressBar
from web.pages.provenance import origin_line, origin_record, origins_of_version, title_keys

_MOST_PRINTED = 50
_PROBLEM_KINDS = {
    "partial": "read in part",
    "needs-ocr": "without words (needs OCR)",
    "encrypted": "encrypted",
    "damaged": "damaged",
    "unsupported": "not supported",
    "text": "less than half of the prose kept",
    "dates": "dates not understood",
    "keys": "keys not read",
    "bytes": "bytes replaced",
}


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
@click.option("--strict", is_flag=True, help="Exit status 2 for skipped and incomplete ones, too.")
@click.option(
    "--encoding",
    default="",
    callback=_known_encoding,
    help="Encoding of the documents, such as windows-1258; UTF-8 or what they declare else.",
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
    with Store(home) as store:
        store.patience = wait
        with ProgressBar("reading", "B") as progress:
            chosen = IngestOptions(options["encoding"], options["workers"], options["collection"])
            report = ingest(store, paths, partial(_show_reading, progress), chosen)
        _print_ingested(report)
        if not no_index:
            _index_added(store, options["workers"] or usable_cores())
    if report.failed or (options["strict"] and (report.skipped or report.incomplete)):
        raise SystemExit(2)


def _show_reading(bar: ProgressBar, progress: IngestProgress) -> None:
    counts = {"documents read": progress.documents, "kept": progress.kept}
    bar(progress.position, progress.size, counts)


def _index_added(store: Store, workers: int) -> None:
    """Index what was added; it is kept in any case."""
    try:
        with ProgressBar("indexing", "article") as progress:
            options = BuildOptions(workers=workers)
            built = IndexBuilder(store, options, progress).update()
    except StoreLockedError as error:
        click.echo(f"everything is kept; not indexed yet: {error}, then `tangthu update`", err=True)
    except ArchiveError as error:
        click.echo(f"tangthu: everything is kept; not indexed: {error}", err=True)
        raise SystemExit(1) from error
    else:
        click.echo(f"indexed {built.indexed}, in the index {built.documents}")


@click.command()
@click.argument("name", metavar="IDENTIFIER")
@click.option("--json", "as_json", is_flag=True, help="The whole article as JSON.")
@click.option("--version", "number", type=click.IntRange(1), help="An older version.")
@pass_archive
def show(home: Path, name: str, as_json: bool, number: int | None) -> None:
    """Print one article, by its identifier, external identifier or address."""
    with Store(home) as store:
        article = store.get(resolve(store, name), number)
        versions = store.versions(article.identifier)
        version = next(each for each in reversed(versions) if number in (None, each.number))
        origins = origins_of_version(store.origins(article.identifier), version)
    if as_json:
        record = {**to_dict(article), **title_keys(article)}
        record["origins"] = [origin_record(origin) for origin in origins]
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
        return
    click.echo(_as_text(article))
    if len(origins) > 1:
        click.echo("\n".join(["", "originals:", *map(origin_line, origins)]))


def resolve(store: Store, name: str) -> str:
    """Return the identifier of the one article with a name; of several, say which they are."""
    # An argument that is no valid text names no article.
    name = name.encode("utf-8", "replace").decode()
    lookup = read_lookup(name) or Lookup(name, is_address=False, is_certain=True)
    found = find_identifiers(store, lookup)
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
        reading_problems = count_reading_problems(store)
        incomplete = sum(reading_problems.get(state, 0) for state in ReadingState)
        record["complete"] = record["articles"] - incomplete
        building = read_progress(store)
    _warn_of_glossary(home)
    if as_json:
        record |= {"building": building and asdict(building), "problems": reading_problems}
        click.echo(json.dumps(record))
        return
    if reading_problems:
        record["problems"] = _counted(reading_problems) + "; see `tangthu problems`"
    if building:
        record["building"] = (
            f"{building.work}, {building.done} of {building.total} articles, "
            f"since {building.started} (process {building.pid} on {building.host})"
        )
    for name, value in record.items():
        click.echo(f"{name.replace('_', ' '):15} {value if value is not None else '-'}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="JSON lines; keys are stable.")
@click.option(
    "--state",
    "kinds",
    multiple=True,
    type=click.Choice(list(_PROBLEM_KINDS)),
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
                click.echo(json.dumps(asdict(problem), ensure_ascii=False))
            else:
                click.echo(f"{problem.identifier} {problem.source}: {problem.reason}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable; keys are stable.")
@click.option(
    "--repair", is_flag=True, help="First mend what can be: the index, dates of originals."
)
@click.option("--since-last", is_flag=True, help="Only originals, from where the last run ended.")
@click.option(
    "--within",
    default=30,
    type=click.IntRange(1, 1_000_000),
    show_default=True,
    help="With --since-last: runs in which all are read.",
)
@pass_archive
def verify(home: Path, as_json: bool, repair: bool, since_last: bool, within: int) -> None:
    """Prove that originals, catalogue and index agree; exit status 1 if they do not."""
    if since_last and repair:
        raise click.UsageError("--since-last only reads originals; use --repair without it")
    if since_last:
        _verify_share(home, as_json, within)
        return
    with Store(home) as store:
        if repair:
            _repair(store)
        with ProgressBar("verifying", "version") as progress:
            audit = store.verify(progress)
        indexed = verify_index(store)
        problems = [asdict(problem) for problem in (*audit.problems, *indexed.problems)]
        problems = problems or _nothing_to_verify(store)
        unchecked = store.list_unchecked()
    record_verification(home, audit.records, True, problems)
    _warn_of_glossary(home)
    for what in unchecked:
        click.echo(f"remark: not checked: {what}", err=True)
    record = {
        "versions": audit.versions,
        "records": audit.records,
        "orphans": audit.orphans,
        "indexed": indexed.documents,
        "files": indexed.files,
        "unchecked": unchecked,
        "problems": problems,
    }
    summary = (
        f"checked {audit.versions} versions, {audit.records} originals, "
        f"{indexed.documents} indexed articles, {indexed.files} index files"
    )
    if audit.orphans:
        summary += f"; {audit.orphans} originals that no version names"
    _print_verified(record, summary, as_json)
    if problems:
        raise SystemExit(1)


def _repair(store: Store) -> None:
    """Mend what can be mended, and say what it was."""
    if corrected := store.correct_dates():
        click.echo(f"repaired: {corrected} dates of originals are corrected", err=True)
    if store.recount():
        click.echo("repaired: the number of articles is counted anew", err=True)
    if verify_index(store).problems:
        with ProgressBar("repairing", "article") as progress:
            built = IndexBuilder(store, progress=progress).repair()
        click.echo(f"repaired: indexed {built.indexed}, deleted {built.deleted}", err=True)


def _verify_share(home: Path, as_json: bool, within: int) -> None:
    with Store(home) as store:
        position, remark = read_position(store)
        if remark:
            click.echo(f"remark: {remark}", err=True)
        with ProgressBar("verifying", "original") as progress:
            report = check_share(store, position, within, progress)
        problems = [asdict(problem) for problem in report.problems] or _nothing_to_verify(store)
    record_verification(home, report.read, False, problems)
    record = {
        "read": report.read,
        "round_read": report.round_read,
        "originals": report.originals,
        "runs": report.runs,
        "within": within,
        "last_full_round": report.position.last_full_round,
        "problems": problems,
    }
    summary = (
        f"read {report.read} originals, {report.round_read} of {report.originals} in this "
        f"round (run {report.runs} of at most {max(within, report.runs)}); "
        f"last full round: {report.position.last_full_round or '-'}"
    )
    _print_verified(record, summary, as_json)
    try:
        save_position(home, report.position)
    except StoreError as error:
        if is_writable(home):
            raise
        click.echo(f"remark: the next run reads the same originals: {error}", err=True)
    if problems:
        raise SystemExit(1)


def _nothing_to_verify(store: Store) -> list[dict[str, str]]:
    """Return the problem of an archive in which nothing was ever kept: a mistyped home has none."""
    if store.last_sequence():
        return []
    return [{"subject": str(store.home), "reason": "nothing was ever kept; is it the right home?"}]


def _warn_of_glossary(home: Path) -> None:
    """Name the lines of the operator's glossary that searches cannot use."""
    _, bad_lines = read_operator_glossary(home)
    for line in bad_lines[:_MOST_PRINTED]:
        click.echo(f"{GLOSSARY_FILE}:{line.number}: {line.reason}", err=True)
    if len(bad_lines) > _MOST_PRINTED:
        click.echo(f"{GLOSSARY_FILE}: … and {len(bad_lines) - _MOST_PRINTED} more", err=True)


def _print_ingested(report: IngestReport) -> None:
    incomplete = [(f"incomplete ({kind})", found) for kind, found in report.incomplete.items()]
    for title, documents in (
        ("skipped", report.skipped),
        ("failed", report.failed),
        *incomplete,
    ):
        for problem in documents[:_MOST_PRINTED]:
            click.echo(f"{title}: {problem.source}: {problem.reason}", err=True)
        if len(documents) > _MOST_PRINTED:
            click.echo(f"{title}: … and {len(documents) - _MOST_PRINTED} more", err=True)
    click.echo(
        f"added {report.added}, changed {report.changed}, unchanged {report.unchanged}, "
        f"skipped {len(report.skipped)}, failed {len(report.failed)}"
    )
    if report.captured:
        click.echo(f"kept {report.captured} captures of addresses, by address and time")
    if report.incomplete:
        counts = {kind: len(found) for kind, found in report.incomplete.items()}
        click.echo(f"read in part: {_counted(counts)}; see `tangthu problems`")
    if waiting := len(report.incomplete.get(ReadingState.NEEDS_OCR, ())):
        click.echo(describe_waiting(waiting))


def _counted(counts: dict[str, int]) -> str:
    """Return the counts of documents by the kind of their problem in one line."""
    return ", ".join(f"{_PROBLEM_KINDS.get(kind, kind)} {count}" for kind, count in counts.items())


def _print_verified(record: dict[str, Any], summary: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False))
        return
    click.echo(summary)
    problems = record["problems"]
    for problem in problems[:_MOST_PRINTED]:
        click.echo(f"problem: {problem['subject']}: {problem['reason']}", err=True)
    counted = f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}"
    click.echo(counted if problems else "all agree")


def _as_text(article: Article) -> str:
    published = readable_date(article.published, article.published_precision, clock=True)
    subtitle = " · ".join(filter(None, (article.publisher, published, article.url)))
    lines = [article.shown_title, subtitle, "", article.lead]
    for section in article.sections:
        locator = f"[{section.locator}]" if section.locator else ""
        named = " ".join(filter(None, (locator, section.heading_line)))
        lines += ["", named, *section.paragraphs]
    lines += ["", *(f"[{caption.text}]" for caption in article.captions)]
    lines += [", ".join(article.authors)]
    return "\n".join(lines).strip()
