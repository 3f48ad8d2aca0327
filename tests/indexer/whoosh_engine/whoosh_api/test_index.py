"""Whoosh's own searchers and matchers answer over our files: a researcher's, and ours."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
import whoosh
from whoosh import query
from whoosh.searching import Searcher

from archive.errors import EngineError
from indexer.analysis.fields import Field
from indexer.engine.queries import Fuzzy, Phrase, Query, Term, Wildcard
from indexer.engine.records import EngineQuery
from indexer.engine_factory import open_engine, open_writer
from indexer.whoosh_engine.whoosh_api.index import open_whoosh_index
from indexer.whoosh_engine.whoosh_api.leaf_matcher import ArrayMatcher
from tests.engine_contract.contract_documents import CORPUS

WHOOSH = Path(whoosh.__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of two segments."""
    for batch in (CORPUS[:1], CORPUS[1:]):
        with open_writer(tmp_path / "index") as writer:
            for document in batch:
                writer.add(document)
            writer.commit(1)
    return tmp_path / "index"


def whoosh_calls(action: Callable[[], object]) -> set[str]:
    """The functions of Whoosh that an action calls, as `file:function`."""
    calls: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(WHOOSH):
            calls.add(f"{path.relative_to(WHOOSH).as_posix()}:{frame.f_code.co_name}")

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return calls


def test_a_researcher_searches_with_stock_whoosh(folder: Path) -> None:
    with open_whoosh_index(folder).searcher() as searcher:
        results = searcher.search(query.Wildcard("folded", "b?nh") & query.Prefix("title", "h"))
        hits = [(hit["identifier"], hit["version"]) for hit in results]
    assert type(searcher) is Searcher
    assert sorted(hits) == [("peace", 1), ("police", 1)]


def test_a_researcher_is_told_of_a_missing_index(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no index"):
        open_whoosh_index(tmp_path)


@pytest.mark.parametrize(
    ("node", "choice"),
    [
        (Wildcard(Field.FOLDED, "b?nh"), "query/terms.py:_get_pattern"),
        (Wildcard(Field.EXACT, "b*nh"), "query/terms.py:_get_pattern"),
        (Fuzzy(Field.FOLDED, "binx"), "automata/lev.py:levenshtein_automaton"),
    ],
    ids=repr,
)
def test_wildcard_and_fuzzy_nodes_run_whoosh(
    folder: Path, node: Query, choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks: list[list[int]] = []

    def all_ids(matcher: ArrayMatcher) -> list[int]:
        walks.append(original(matcher))
        return walks[-1]

    original = ArrayMatcher.all_ids
    monkeypatch.setattr(ArrayMatcher, "all_ids", all_ids)
    engine = open_engine(folder)
    calls = whoosh_calls(lambda: engine.search(EngineQuery(node)))
    assert calls >= {choice, "query/terms.py:_btexts", "matching/mcore.py:all_ids"}
    # `binh` or `bình` in either segment: our postings, through Whoosh's reader.
    assert sorted(walks) == [[0], [0, 1]]


@pytest.mark.parametrize(
    "node", [Term(Field.FOLDED, "hoa"), Phrase(Field.FOLDED, ("dien", "", "phu"))], ids=repr
)
def test_other_nodes_do_not(folder: Path, node: Query) -> None:
    engine = open_engine(folder)
    assert whoosh_calls(lambda: engine.search(EngineQuery(node))) == set()
