"""Reporting what an archive holds, what is indexed, and what could not be read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from archive.catalogue.rebuild_parts import PartCounts, RebuildParts, find_shared_rebuild
from archive.document_account import ReadingState
from archive.store import Store
from indexer.engine_factory import engine_location
from indexer.generations.generations import read_engine_health, read_index_state
from indexer.generations.progress_file import BuildProgress, read_progress
from indexer.intake.reading_problems import count_reading_problems, find_reading_problems
from web.cli.archive_verification import warn_of_glossary
from web.cli.merge_remark import warn_of_unmerged
from web.cli.printed_output import print_json, print_line
from web.cli.problem_kinds import shown_counts
from web.cli.translated_output import number, say, translate

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


@dataclass(frozen=True, slots=True)
class ArchiveStatus:
    """The state of an archive and its index.

    Attributes:
        figures: what is counted, by the keys of `STATUS_LABELS`; None where there is no index.
        reading_problems: the number of articles by the kind of what could not be read.
        building: the build under way.
        parts: those of a rebuild that many hosts may share.
        is_unmerged: whether the merge of the live index did not end.
        is_moved: whether the settings name another place than that of the live index.
    """

    figures: dict[str, str | int | None]
    reading_problems: dict[str, int]
    building: BuildProgress | None
    parts: PartCounts | None
    is_unmerged: bool
    is_moved: bool


def read_status(home: Path) -> ArchiveStatus:
    """Count what an archive keeps and what is indexed; warn of a merge that did not end."""
    with Store(home) as store:
        index, health = read_index_state(store), read_engine_health(store)
        problems = count_reading_problems(store)
        articles = store.count_articles()
        figures: dict[str, str | int | None] = {
            "articles": articles,
            "origins": store.count_origins(),
            "indexed": index.documents,
            "sequence": store.last_sequence(),
            "index_sequence": index.sequence,
            "generation": index.generation,
            "analyzer": index.analyzer,
            "engine": health.place,
            "engine_status": health.status,
        }
        if health.nodes:
            figures |= {"nodes": health.nodes, "missing_shards": health.missing_shards}
        figures["complete"] = articles - sum(problems.get(state, 0) for state in ReadingState)
        return ArchiveStatus(
            figures=figures,
            reading_problems=problems,
            building=read_progress(store),
            parts=_count_parts(store),
            is_unmerged=warn_of_unmerged(store),
            is_moved=bool(index.generation)
            and health.place.rpartition("#")[0] != engine_location(home),
        )


def print_status(home: Path, as_json: bool) -> None:
    """Print the number of articles that are kept and indexed, and a build under way."""
    status = read_status(home)
    warn_of_glossary(home)
    if status.is_moved:
        say("remark: the index is not where the settings say: `tangthu rebuild`", err=True)
    if as_json:
        print_json(
            status.figures
            | {
                "building": status.building and asdict(status.building),
                "problems": status.reading_problems,
                "parts": status.parts and asdict(status.parts),
                "unmerged": status.is_unmerged,
            }
        )
        return
    for name, value in (status.figures | _told_works(status)).items():
        shown = "-" if value is None else number(value) if isinstance(value, int) else value
        print_line(f"{translate(STATUS_LABELS[name]):20} {shown}")


def _told_works(status: ArchiveStatus) -> dict[str, str]:
    """Say what could not be read and what is being built, by the keys of `STATUS_LABELS`."""
    told = {}
    if counts := status.reading_problems:
        told["problems"] = translate(f"{shown_counts(counts)}; see `tangthu problems`")
    if building := status.building:
        told["building"] = translate(
            f"{building.work}, {building.done} of {building.total} articles, "
            f"since {building.started} (process {building.pid} on {building.host})"
        )
    if parts := status.parts:
        told["parts"] = translate(
            f"{parts.done} done with {parts.documents} articles, {parts.taken} taken by workers, "
            f"{parts.open} open"
        )
    return told


def _count_parts(store: Store) -> PartCounts | None:
    """Count the parts of a rebuild that many hosts may share; None where there is none."""
    shared = find_shared_rebuild(store.engine)
    return RebuildParts(store.engine, shared.rebuild).count() if shared else None


def print_problems(home: Path, as_json: bool, kinds: tuple[str, ...]) -> None:
    """Print what the articles do not hold of their documents, of some kinds or of all."""
    with Store(home) as store:
        for problem in find_reading_problems(store):
            if kinds and problem.kind not in kinds:
                continue
            if as_json:
                print_json(asdict(problem))
            else:
                reason = translate(problem.reason)
                print_line(f"{problem.identifier} {problem.source}: {reason}")
