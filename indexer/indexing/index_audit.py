"""Audit of a published index: its files against its manifest, its articles against the store."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace

from archive.audit import AuditProblem
from archive.errors import ArchiveError, EngineError, NoIndexError
from archive.store import Store
from indexer.derived.dataset import load_derived_data
from indexer.engine_factory import index_files, open_engine
from indexer.generations.generations import Generation, Generations, check_files

_MOST_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class IndexReport:
    """The outcome of an audit: indexed articles, files of the generation, and the problems."""

    documents: int
    files: int
    problems: tuple[AuditProblem, ...]


def verify_index(store: Store) -> IndexReport:
    """Check the live generation's files against its manifest and its articles against the store.

    The files of the other generations, to which one may want to go back, are checked as well.
    An archive without articles needs no index.
    """
    generations = Generations(store.home / "index")
    try:
        generation = generations.current()
    except NoIndexError as error:
        problems = (AuditProblem("index", str(error)),) if store.count_articles() else ()
        return IndexReport(0, 0, problems)
    except ArchiveError as error:
        return IndexReport(0, 0, (AuditProblem("index", str(error)),))
    file_count = len(generation.manifest.files)
    damaged = check_files(generation)
    if damaged:
        reason = f"is not what generation {generation.name} published; run `tangthu rebuild`"
        return IndexReport(0, file_count, tuple(AuditProblem(name, reason) for name in damaged))
    try:
        report = _compare_articles(store, generation, file_count)
    except EngineError as error:
        # Such as that of an older analyzer: one more problem, after which the audit goes on.
        report = IndexReport(0, file_count, (AuditProblem("index", str(error)),))
    older = tuple(
        AuditProblem(f"generation {name}", f"{reason}; run `tangthu verify --repair`")
        for name, reason in generations.find_damaged().items()
        if name != generation.name
    )
    return replace(report, problems=report.problems + older)


def _compare_articles(store: Store, generation: Generation, file_count: int) -> IndexReport:
    index_files().check(generation.folder)
    load_derived_data(generation.folder)
    with closing(open_engine(generation.folder)) as engine:
        indexed = dict(engine.documents())
    stored = dict(store.identifiers())
    problems = [
        AuditProblem(identifier, _reason(stored.get(identifier), indexed.get(identifier)))
        for identifier in sorted(stored.keys() | indexed.keys())
        if stored.get(identifier) != indexed.get(identifier)
    ]
    return IndexReport(len(indexed), file_count, tuple(problems[:_MOST_PROBLEMS]))


def _reason(stored: int | None, indexed: int | None) -> str:
    """Say how an article's stored and indexed version numbers differ, and what to run."""
    if indexed is None:
        return f"version {stored} is not in the index; run `tangthu update`"
    if stored is None:
        return f"version {indexed} is in the index and no longer kept; run `tangthu update`"
    return f"version {indexed} is in the index, {stored} is kept; run `tangthu update`"
