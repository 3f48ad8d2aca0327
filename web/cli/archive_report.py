"""Reporting what an archive holds, what is indexed, and what could not be read."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from archive.catalogue.rebuild_parts import PartCounts, RebuildParts, find_shared_rebuild
from archive.document_account import ReadingState
from archive.store import Store
from indexer.engine_factory import engine_location
from indexer.generations.generations import read_engine_health, read_index_state
from indexer.generations.progress_file import read_progress
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


def print_status(home: Path, as_json: bool) -> None:
    """Print the number of articles that are kept and indexed, and a build under way."""
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
        record["problems"] = translate(f"{shown_counts(reading_problems)}; see `tangthu problems`")
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
