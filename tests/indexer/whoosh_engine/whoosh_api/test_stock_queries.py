"""Stock Whoosh reads our postings: its searchers answer its queries as over its own index."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from whoosh import query as wq
from whoosh.query.spans import SpanNear
from whoosh.searching import Searcher

from indexer.analysis.fields import Field
from indexer.engine.queries import Fuzzy, InSection, Wildcard
from indexer.engine.records import EngineQuery
from indexer.whoosh_engine.engine import WhooshEngine
from indexer.whoosh_engine.format.schema import FIELDS_WITH_POSITIONS
from indexer.whoosh_engine.whoosh_api.index import ArrayIndex
from tests.engine_contract.contract_documents import CORPUS
from tests.oracle.stock_reader import StockEngine
from tests.oracle.test_oracle import Batch, build, random_document

BA, BE, KE = (wq.Term("folded", text) for text in ("ba", "be", "ke"))
QUERIES = [
    BA,
    wq.Or([BA, BE, KE]),
    wq.Or([BA, wq.Term("title", "be"), KE], minmatch=2),
    wq.And([BA, BE]),
    wq.AndMaybe(KE, BA),
    wq.AndNot(BA, BE),
    wq.Not(BA),
    wq.DisjunctionMax([BA, BE, KE]),
    wq.Phrase("folded", ["ba", "be"]),
    wq.Phrase("title", ["ba", "be"], slop=2),
    SpanNear(BA, KE, slop=9, ordered=False),
    wq.Term("exact", "ba\x1fba", boost=2.0),
    wq.Term("pairs", "ba be"),
    wq.Prefix("folded", "b"),
    wq.Wildcard("pairs", "b? *e"),
    wq.FuzzyTerm("folded", "bo", maxdist=1),
    wq.TermRange("folded", "ba", "ca"),
    wq.Regex("exact", "b[ae]\x1f"),
    wq.Every(),
    wq.Every("title"),
    wq.ConstantScoreQuery(wq.Or([BE, KE]), 3.0),
]


@pytest.fixture(scope="module", params=[1, 2], ids=["one segment", "two segments, deletions"])
def searchers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Searcher, Searcher]]:
    rng = random.Random(3)
    every = tuple(random_document(rng, number) for number in range(700))
    deleted = tuple(f"d{number:04}" for number in range(0, 700, 9))
    batches = [Batch(every[:500], ()), Batch(every[500:], deleted)] if request.param == 2 else []
    ours, stock = build(tmp_path_factory.mktemp("stock"), batches or [Batch(every, ())])
    assert isinstance(ours, WhooshEngine)
    assert isinstance(stock, StockEngine)
    with ArrayIndex(ours.segments).searcher() as mine, stock.searcher() as theirs:
        yield mine, theirs


@pytest.mark.parametrize("query", QUERIES, ids=repr)
@pytest.mark.parametrize("limit", [10, None])
def test_stock_searchers_find_the_same(
    searchers: tuple[Searcher, Searcher], query: wq.Query, limit: int | None
) -> None:
    mine, theirs = (searcher.search(query, limit=limit) for searcher in searchers)
    assert [hit.docnum for hit in mine] == [hit.docnum for hit in theirs]
    scores = [hit.score for hit in theirs]
    assert [hit.score for hit in mine] == pytest.approx(scores, abs=1e-5)
    assert len(mine) == len(theirs)
    assert len(mine) > 0


def test_the_readers_say_the_same(searchers: tuple[Searcher, Searcher]) -> None:
    mine, theirs = (searcher.reader() for searcher in searchers)
    terms = list(theirs.all_terms())
    assert list(mine.all_terms()) == terms
    for term in terms[::50]:
        infos = [reader.term_info(*term) for reader in (mine, theirs)]
        figures = [
            (i.weight(), i.doc_frequency(), i.min_length(), i.max_weight(), i.min_id(), i.max_id())
            for i in infos
        ]
        assert figures[0] == figures[1]
        placed = Field(term[0]) in FIELDS_WITH_POSITIONS
        walked = [_walked(reader.postings(*term), placed) for reader in (mine, theirs)]
        assert walked[0] == walked[1]
    for name in ("folded", "pairs", "title"):
        assert mine.field_length(name) == theirs.field_length(name)
        assert mine.doc_field_length(3, name) == theirs.doc_field_length(3, name)


def _walked(matcher: Any, placed: bool) -> list[tuple[int, float, object]]:
    rows = []
    while matcher.is_active():
        positions = matcher.value_as("positions") if placed else []
        rows.append((matcher.id(), matcher.weight(), positions))
        matcher.next()
    return rows


def test_blocks_that_cannot_matter_are_skipped(searchers: tuple[Searcher, Searcher]) -> None:
    matcher = wq.Term("folded", "be").matcher(searchers[0].leaf_searchers()[0][0])
    assert matcher.supports_block_quality()
    assert matcher.block_quality() <= matcher.max_quality() + 1e-9
    assert matcher.skip_to_quality(matcher.max_quality()) > 1
    assert not matcher.is_active()


def test_stored_fields_are_read(searchers: tuple[Searcher, Searcher]) -> None:
    [hit] = searchers[0].search(wq.Term("pairs", "ba be"), limit=1)
    assert sorted(hit.fields()) == ["identifier", "version"]


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Wildcard(Field.FOLDED, "b?nh"), {"police", "peace", "flowers"}),
        (Wildcard(Field.FOLDED, "d*n"), {"police", "peace", "flowers"}),
        (Wildcard(Field.FOLDED, "d*n", limit=1), {"police", "peace"}),
        (Wildcard(Field.FOLDED, "h[oa]*"), set()),
        (Wildcard(Field.FOLDED, "h\ud800*n"), set()),
        (Wildcard(Field.EXACT, "h?a"), {"police", "peace", "flowers"}),
        (Wildcard(Field.EXACT, "h?à"), set()),
        (Wildcard(Field.EXACT, "hò*"), {"police", "peace"}),
        (Wildcard(Field.EXACT_PAIRS, "hòa b?nh"), {"police", "peace"}),
        (Wildcard(Field.AUTHOR, "ng*n"), {"peace"}),
        (Fuzzy(Field.FOLDED, "bien"), {"police", "peace"}),
        (Fuzzy(Field.FOLDED, "bienx"), {"police", "peace"}),
        (Fuzzy(Field.FOLDED, "xien"), set()),
        (Fuzzy(Field.FOLDED, "bixnx", 2), {"police", "peace", "flowers"}),
        (InSection(("nguyen", "kim"), Wildcard(Field.FOLDED, "b?nh")), {"police"}),
        (InSection(("nguyen", "kim"), Fuzzy(Field.FOLDED, "biên")), set()),
    ],
    ids=repr,
)
def test_wildcard_and_fuzzy_nodes(
    tmp_path: Path, node: Wildcard | Fuzzy | InSection, expected: set[str]
) -> None:
    ours, stock = build(tmp_path, [Batch(CORPUS, ())])
    for engine in (ours, stock):
        hits = engine.search(EngineQuery(node)).hits
        assert {hit.identifier for hit in hits} == expected
        assert {hit.score for hit in hits} <= {1.0}


@pytest.mark.parametrize(
    "node",
    [
        Wildcard(Field.FOLDED, "*nh"),
        Wildcard(Field.FOLDED, "?nh"),
        Wildcard(Field.FOLDED, ""),
        Fuzzy(Field.EXACT, "bien"),
        Fuzzy(Field.FOLDED, "bien", 3),
        Fuzzy(Field.FOLDED, ""),
    ],
    ids=repr,
)
def test_what_cannot_be_asked_is_refused(tmp_path: Path, node: Wildcard | Fuzzy) -> None:
    ours, _ = build(tmp_path, [Batch(CORPUS, ())])
    with pytest.raises(ValueError, match=r"wildcard|fuzzy"):
        ours.search(EngineQuery(node))
