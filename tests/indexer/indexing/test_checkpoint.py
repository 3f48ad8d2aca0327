"""A rebuild in tasks: interrupted anywhere it resumes, and ends with the same index."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.store import Store
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Field
from indexer.engine.queries import Or, Term
from indexer.engine.records import EngineQuery, EngineResult
from indexer.engine_factory import open_engine
from indexer.generations.generations import Generations
from indexer.indexing import checkpoint, rebuild_tasks
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from indexer.whoosh_engine.index_files import WhooshIndexFiles
from tests.factories import article, keep

pytestmark = pytest.mark.usefixtures("both_catalogues")

ARTICLES = 24


@pytest.fixture
def store(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(checkpoint, "_TASK_DOCUMENTS", 3)
    keep(store, *(article(f"Bài {n}", "số " * n, f"đoạn{n % 5}") for n in range(ARTICLES)))
    return store


def answers(store: Store) -> list[EngineResult]:
    terms = [Term(Field.FOLDED, text) for text in ("bai", "so", "doan3")]
    queries = [EngineQuery(query, limit=50) for query in (*terms, Or(tuple(terms)))]
    with closing(open_engine(Generations(store.home / "index").current().folder)) as engine:
        return [engine.search(query) for query in queries]


def derived_files(store: Store) -> list[tuple[str, str]]:
    """Every file of the live generation that is no index, and its digest."""
    files = Generations(store.home / "index").current().manifest.files
    return sorted(
        (name, record.sha256)
        for name, record in files.items()
        if not name.endswith((".arrays", ".json"))
    )


def left_overs(store: Store) -> list[Path]:
    return list((store.home / "index" / "rebuild").rglob("*"))


class Interruption(BaseException):
    """As Ctrl+C, at a chosen place."""


def interrupted(store: Store, step: str, times: int = 0) -> None:
    """Rebuild until a step has been done some times, and is to be done once more."""
    with pytest.MonkeyPatch.context() as patch:
        owner = WhooshIndexFiles if hasattr(WhooshIndexFiles, step) else rebuild_tasks
        original = getattr(owner, step)

        def interrupting(*arguments: Any) -> Any:
            nonlocal times
            if not times:
                raise Interruption
            times -= 1
            return original(*arguments)

        patch.setattr(owner, step, interrupting)
        with pytest.raises(Interruption):
            IndexBuilder(store).rebuild()


def test_an_interrupted_rebuild_goes_on_and_ends_the_same(store: Store) -> None:
    IndexBuilder(store).rebuild()
    expected, files = answers(store), derived_files(store)
    for step, times in (("spill", 2), ("finish_folder", 1), ("spill", 0), ("finish_folder", 3)):
        interrupted(store, step, times)
    report = IndexBuilder(store).rebuild()
    assert 0 < report.resumed < ARTICLES
    assert (report.documents, report.indexed) == (ARTICLES, ARTICLES)
    assert (answers(store), derived_files(store)) == (expected, files)
    assert left_overs(store) == []


def test_the_memo_of_the_analyzer_is_handed_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(store, "finish_folder", 3)
    resumed_words = list[tuple[str, str]]()
    monkeypatch.setattr(Analyzer, "import_memo", lambda _, words: resumed_words.extend(words))
    IndexBuilder(store).rebuild()
    assert ("Bài", "bài") in resumed_words
    assert len(dict(resumed_words)) == len(resumed_words)


def test_finished_segments_are_not_made_again(store: Store) -> None:
    interrupted(store, "assemble")
    report = IndexBuilder(store).rebuild()
    assert report.resumed == ARTICLES
    assert verify_index(store).problems == ()


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_number_of_processes_makes_no_difference(store: Store, workers: int) -> None:
    IndexBuilder(store).rebuild()
    expected, files = answers(store), derived_files(store)
    report = IndexBuilder(store, BuildOptions(workers=workers)).rebuild()
    assert report.documents == ARTICLES
    assert (answers(store), derived_files(store)) == (expected, files)


def test_what_changed_meanwhile_is_brought_in(store: Store) -> None:
    interrupted(store, "assemble")
    keep(store, article("Mới"))
    store.delete(store.changes(0)[0].identifier)
    report = IndexBuilder(store).rebuild()
    assert (report.resumed, report.documents, report.deleted) == (ARTICLES, ARTICLES, 1)
    assert verify_index(store).problems == ()


def test_a_rebuild_that_is_too_old_begins_anew(store: Store) -> None:
    interrupted(store, "assemble")
    keep(store, *(article(f"Mới {n}") for n in range(ARTICLES)))
    assert IndexBuilder(store).rebuild().resumed == 0


def test_another_program_begins_anew(store: Store) -> None:
    interrupted(store, "assemble")
    (plan,) = (store.home / "index" / "rebuild").glob("*/plan.json")
    plan.write_text(plan.read_text().replace('"program": "', '"program": "0'))
    assert IndexBuilder(store).rebuild().resumed == 0


def test_one_may_begin_anew(store: Store) -> None:
    interrupted(store, "assemble")
    assert IndexBuilder(store, BuildOptions(resume=False)).rebuild().resumed == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"documents": "x"}', '{"documents": 1}'])
def test_damaged_records_are_made_again(store: Store, text: str) -> None:
    interrupted(store, "assemble")
    records = sorted((store.home / "index" / "rebuild").rglob("finished.json"))
    records[0].write_text(text)
    assert 0 < IndexBuilder(store).rebuild().resumed < ARTICLES
    assert verify_index(store).problems == ()


def test_a_damaged_task_is_made_again(store: Store) -> None:
    interrupted(store, "assemble")
    for spill in sorted((store.home / "index" / "rebuild").rglob("*.spill"))[:2]:
        data = bytearray(spill.read_bytes())
        data[len(data) // 2] ^= 1
        spill.write_bytes(data)
    report = IndexBuilder(store).rebuild()
    assert 0 < report.resumed < ARTICLES
    assert verify_index(store).problems == ()


@pytest.mark.parametrize(("more", "goes_on"), [(0, True), (2, True), (ARTICLES, False)])
def test_an_interrupted_rebuild_goes_on_unless_much_was_added(
    store: Store, more: int, goes_on: bool
) -> None:
    interrupted(store, "finish_folder", 2)
    keep(store, *(article(f"Thêm {number}") for number in range(more)))
    report = IndexBuilder(store).rebuild()
    assert (report.resumed > 0) == goes_on
    assert report.documents == ARTICLES + more
    assert verify_index(store).problems == ()


def test_a_rebuild_begins_without_interruptions(store: Store) -> None:
    plan = checkpoint.plan_rebuild(store, "https://may.example:9200/bao#1")
    assert (plan.interruptions, plan.sequence, plan.tasks) == (0, ARTICLES, ARTICLES // 3)
    assert plan.address.endswith("#1")
