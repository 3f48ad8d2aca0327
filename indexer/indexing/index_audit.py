"""Audit of a published index: its files against its manifest, its articles against the store."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace

from archive.audit import AuditProblem
from archive.errors import ArchiveError, EngineError, NoIndexError
from archive.store import Store
from indexer.derived.dataset import load_derived_data
from indexer.engine_factory import index_address, index_files, open_engine
from indexer.generations.generations import Generation, Generations, check_files
from indexer.indexing.publish_checks import unfindable_articles

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
    An archive without articles needs no index. Other processes may write meanwhile: what they
    publish in the place of a generation that they remove is checked instead.
    """
    generations = Generations(store.home / "index")
    while True:
        try:
            generation = generations.current()
        except NoIndexError as error:
            problems = (AuditProblem("index", str(error)),) if store.count_articles() else ()
            return IndexReport(0, 0, problems)
        except ArchiveError as error:
            return IndexReport(0, 0, (AuditProblem("index", str(error)),))
        report = _verify_generation(store, generation)
        if not report.problems or generations.is_published(generation.name):
            break
    older = tuple(
        AuditProblem(f"generation {name}", f"{reason}; run `tangthu verify --repair`")
        for name, reason in generations.find_damaged().items()
        if name != generation.name
    )
    return replace(report, problems=report.problems + older)


def _verify_generation(store: Store, generation: Generation) -> IndexReport:
    """Check a generation's files against its manifest, and its articles against the store."""
    file_count = len(generation.manifest.files)
    try:
        damaged = check_files(generation)
        if not damaged:
            return _compare_articles(store, generation, file_count)
        reason = f"is not what generation {generation.name} published; run `tangthu rebuild`"
        return IndexReport(0, file_count, tuple(AuditProblem(name, reason) for name in damaged))
    except (EngineError, OSError) as error:
        # Such as that of an older analyzer: one more problem, after which the audit goes on.
        return IndexReport(0, file_count, (AuditProblem("index", str(error)),))


def _compare_articles(store: Store, generation: Generation, file_count: int) -> IndexReport:
    address = index_address(generation.folder)
    index_files(address).check(generation.folder)
    load_derived_data(generation.folder)
    stored = dict(store.identifiers())
    with closing(open_engine(generation.folder)) as engine:
        indexed = dict(engine.documents())
        # The files of an index in the home have checksums, those of a cluster are its own matter.
        lost = unfindable_articles(store, engine) if address and indexed == stored else []
    problems = [
        AuditProblem(identifier, _reason(stored.get(identifier), indexed.get(identifier)))
        for identifier in sorted(stored.keys() | indexed.keys())
        if stored.get(identifier) != indexed.get(identifier)
    ]
    reason = "the words of its title do not find it; run `tangthu rebuild`"
    problems += [AuditProblem(identifier, reason) for identifier in lost]
    return IndexReport(len(indexed), file_count, tuple(problems[:_MOST_PROBLEMS]))


def _reason(stored: int | None, indexed: int | None) -> str:
    """Say how an article's stored and indexed version numbers differ, and what to run."""
    if indexed is None:
        return f"version {stored} is not in the index; run `tangthu update`"
    if stored is None:
        return f"version {indexed} is in the index and no longer kept; run `tangthu update`"
    return f"version {indexed} is in the index, {stored} is kept; run `tangthu update`"
