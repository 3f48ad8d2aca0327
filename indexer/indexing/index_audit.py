"""Does the index agree with the store, and its files with their manifest."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive.audit import AuditProblem
from archive.errors import ArchiveError, NoIndexError
from archive.store import Store
from indexer.engine_factory import open_engine
from indexer.generations.generations import Generation, Generations, check_files

_MOST_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What was checked: indexed articles, files of the generation, and what disagrees."""

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
    files = len(generation.manifest.files)
    damaged = check_files(generation)
    if damaged:
        reason = f"is not what generation {generation.name} published; run `tangthu rebuild`"
        return IndexReport(0, files, tuple(AuditProblem(name, reason) for name in damaged))
    report = _compare(store, generation, files)
    older = tuple(
        AuditProblem(f"generation {name}", f"{why}; run `tangthu verify --repair`")
        for name, why in generations.damaged().items()
        if name != generation.name
    )
    return replace(report, problems=report.problems + older)


def _compare(store: Store, generation: Generation, files: int) -> IndexReport:
    engine = open_engine(generation.folder)
    try:
        indexed = dict(engine.documents())
    finally:
        engine.close()
    kept = dict(store.identifiers())
    problems = [
        AuditProblem(identifier, _reason(kept.get(identifier), indexed.get(identifier)))
        for identifier in sorted(kept.keys() | indexed.keys())
        if kept.get(identifier) != indexed.get(identifier)
    ]
    return IndexReport(len(indexed), files, tuple(problems[:_MOST_PROBLEMS]))


def _reason(kept: int | None, indexed: int | None) -> str:
    if indexed is None:
        return f"version {kept} is not in the index; run `tangthu update`"
    if kept is None:
        return f"version {indexed} is in the index and no longer kept; run `tangthu update`"
    return f"version {indexed} is in the index, {kept} is kept; run `tangthu update`"
