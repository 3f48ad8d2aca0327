"""Plans of queries: equal parts of a query are one work, and count as often as they are there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import And, MultiPhrase, Or, Phrase, Prefix, Query, Term
from indexer.engine.records import EngineQuery
from indexer.engine_factory import open_engine, open_writer
from indexer.whoosh_engine.reading import query_planner
from tests.engine_contract.contract_documents import CORPUS

PHRASE = Phrase(Field.FOLDED, ("hoa", "binh"))
PARTS: tuple[Query, ...] = (
    Term(Field.FOLDED, "hoa"),
    PHRASE,
    MultiPhrase(Field.FOLDED, (("hoa",), ("binh", "ba")), 3),
    Prefix(Field.FOLDED, "h"),
    Or((Term(Field.FOLDED, "hoa"), PHRASE)),
    And((Term(Field.FOLDED, "hoa"), PHRASE)),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder: Path = tmp_path_factory.mktemp("index")
    with open_writer(folder) as writer:
        for document in CORPUS:
            writer.add(document)
        writer.commit(1)
    return open_engine(folder)


def scores(engine: Engine, query: Query) -> dict[str, float]:
    hits = engine.search(EngineQuery(query, limit=99)).hits
    return {hit.identifier: hit.score for hit in hits}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: type(part).__name__)
@pytest.mark.parametrize("combine", [And, Or])
def test_a_part_that_is_there_often_scores_as_often(
    engine: Engine, part: Query, combine: type[And] | type[Or]
) -> None:
    once = scores(engine, part)
    assert once
    assert scores(engine, combine((part,) * 7)) == pytest.approx(
        {name: 7 * score for name, score in once.items()}
    )


@pytest.mark.parametrize("slop", [0, 2])
def test_equal_phrases_are_looked_for_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, slop: int
) -> None:
    looked: list[object] = []
    find = query_planner.find_multi_phrase

    def count(*arguments: Any) -> object:
        looked.append(arguments)
        return find(*arguments)

    monkeypatch.setattr(query_planner, "find_multi_phrase", count)
    phrase = MultiPhrase(Field.FOLDED, (("hoa",), (), ("ba", "o")), slop)
    engine.search(EngineQuery(Or((phrase,)), counts=(phrase,)))
    once = len(looked)
    assert once
    engine.search(EngineQuery(Or((phrase,) * 50), counts=(Or((phrase,) * 50), phrase)))
    assert len(looked) <= 2 * once + 1
