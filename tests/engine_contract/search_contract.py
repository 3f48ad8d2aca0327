"""What every engine answers to a search."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import (
    Column,
    HasValue,
    InRange,
    InSection,
    MatchAll,
    MatchNone,
    MultiPhrase,
    Or,
    Phrase,
    Prefix,
    Query,
    Sort,
)
from indexer.engine.records import (
    EngineQuery,
    EngineResult,
)
from tests.engine_contract.contract_documents import (
    body,
)
from tests.engine_contract.contract_queries import (
    QUERIES,
    SAME_SCORES,
    folded,
)
from tests.engine_contract.engine_suite import EngineSuite


class SearchContract(EngineSuite):
    """Contract of searches: hits, orders, filters, facets, budgets."""

    @pytest.mark.parametrize(
        ("query", "expected"), [row[1:] for row in QUERIES], ids=[row[0] for row in QUERIES]
    )
    def test_a_query_finds_its_documents(
        self, engine: Engine, query: Query, expected: set[str]
    ) -> None:
        answer = engine.search(EngineQuery(query))
        assert {hit.identifier for hit in answer.hits} == expected
        assert answer.total == len(expected)
        assert answer.complete
        assert engine.search(EngineQuery(MatchAll(), filters=(query,))).total == len(expected)
        assert engine.search(EngineQuery(MatchNone(), counts=(query,), limit=0)).counts == (
            len(expected),
        )

    @pytest.mark.parametrize(
        ("first", "second"), [row[1:] for row in SAME_SCORES], ids=[row[0] for row in SAME_SCORES]
    )
    def test_equal_queries_score_alike(self, engine: Engine, first: Query, second: Query) -> None:
        mine = self.scores(engine.search(EngineQuery(first)))
        assert mine
        assert mine == pytest.approx(self.scores(engine.search(EngineQuery(second))), abs=1e-5)

    def test_prefixes_take_the_commonest_terms(self, engine: Engine) -> None:
        assert self.found(engine, Prefix(Field.FOLDED, "ho", limit=1)) == {
            "police",
            "peace",
            "flowers",
        }
        assert self.found(engine, Prefix(Field.EXACT, "ho", limit=1)) == {"flowers"}

    def test_filters_limit_without_scoring(self, engine: Engine) -> None:
        plain = self.scores(engine.search(EngineQuery(folded("hoa"))))
        only = HasValue(Column.PUBLISHER, ("Dân trí",))
        answer = engine.search(
            EngineQuery(folded("hoa"), filters=(only,), counts=(folded("phu"), folded("tuy")))
        )
        del plain["police"]
        assert self.scores(answer) == pytest.approx(plain)
        assert (answer.total, answer.counts) == (2, (1, 0))

    def test_a_page_is_a_slice_of_all_hits(self, engine: Engine) -> None:
        everything = [hit.identifier for hit in engine.search(EngineQuery(MatchAll())).hits]
        assert everything == ["flowers", "peace", "police"]
        for offset in range(5):
            for limit in range(4):
                answer = engine.search(EngineQuery(MatchAll(), offset=offset, limit=limit))
                assert [hit.identifier for hit in answer.hits] == everything[
                    offset : offset + limit
                ]
                assert answer.total == 3

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [
            (Sort.NEWEST, ["police", "peace", "flowers"]),
            (Sort.OLDEST, ["peace", "police", "flowers"]),
        ],
    )
    def test_hits_are_sorted_by_date(self, engine: Engine, sort: Sort, expected: list[str]) -> None:
        answer = engine.search(EngineQuery(folded("hoa"), sort=sort))
        assert [hit.identifier for hit in answer.hits] == expected
        assert {hit.score for hit in answer.hits} == {0}
        second = engine.search(EngineQuery(folded("hoa"), sort=sort, offset=1, limit=1))
        assert [hit.identifier for hit in second.hits] == expected[1:2]

    def test_equal_dates_and_scores_go_by_identifier(self, tmp_path: Path) -> None:
        names = ["d", "b", "e", "a", "c"]
        batches = [[body(name, "một hai", published=7)] for name in names]
        engine = self.build(tmp_path / "index", *batches)
        for sort in Sort:
            answer = engine.search(EngineQuery(folded("mot"), sort=sort, limit=3))
            assert [hit.identifier for hit in answer.hits] == ["a", "b", "c"]

    def test_facets_count_the_matching_documents(self, engine: Engine) -> None:
        columns = (Column.PUBLISHER, Column.CATEGORY, Column.MONTH, Column.AUTHOR, Column.PERSON)
        answer = engine.search(EngineQuery(folded("hoa"), facets=columns, limit=0))
        assert answer.hits == ()
        assert {facet.column: facet.values for facet in answer.facets} == {
            Column.PUBLISHER: (("Dân trí", 2), ("Công an nhân dân", 1)),
            Column.CATEGORY: (("Pháp luật", 2), ("Thế giới", 1)),
            Column.MONTH: (("2016-11", 1), ("2022-12", 1)),
            Column.AUTHOR: (("Anh Thư", 1), ("Nguyễn Kim", 1), ("Nhóm PV", 1)),
            Column.PERSON: (("Nguyễn Kim Anh", 1), ("Ngô Thanh Bình", 1)),
        }
        few = engine.search(EngineQuery(MatchAll(), facets=(Column.AUTHOR,), facet_size=1))
        assert few.facets[0].values == (("Anh Thư", 1),)

    def test_facets_obey_filters(self, engine: Engine) -> None:
        only = HasValue(Column.CATEGORY, ("Pháp luật",))
        answer = engine.search(EngineQuery(folded("hoa"), (only,), facets=(Column.PUBLISHER,)))
        assert answer.facets[0].values == (("Công an nhân dân", 1), ("Dân trí", 1))

    def test_a_fallback_answers_where_nothing_matches(self, engine: Engine) -> None:
        nothing, some = folded("khongco"), folded("hoa")
        request = EngineQuery(nothing, counts=(some, nothing), fallbacks=(MatchNone(), some))
        answer = engine.search(request)
        assert (answer.fallback, answer.total, answer.counts) == (2, 3, (3, 0))
        assert answer.hits == engine.search(EngineQuery(some)).hits
        assert engine.search(EngineQuery(some, fallbacks=(MatchAll(),))).fallback == 0
        assert engine.search(EngineQuery(nothing, fallbacks=(nothing,))).total == 0

    def test_whole_indexes_answer_exactly(self, engine: Engine) -> None:
        answer = engine.search(EngineQuery(folded("hoa")))
        assert (answer.total_is_exact, answer.missing_shards, answer.complete) == (True, 0, True)

    def test_a_snapshot_answers_as_its_engine(self, engine: Engine) -> None:
        request = EngineQuery(folded("hoa"))
        with engine.snapshot() as snapshot:
            assert snapshot.search(request) == engine.search(request)

    def test_a_spent_budget_is_said(self, engine: Engine) -> None:
        assert not engine.search(EngineQuery(folded("hoa"), budget=-1.0)).complete
        assert engine.search(EngineQuery(folded("hoa"), budget=60.0)).complete

    def test_wrong_uses_are_refused(self, engine: Engine) -> None:
        wrong: list[EngineQuery] = [
            EngineQuery(InRange(Column.MONTH, 1, 2)),
            EngineQuery(HasValue(Column.PUBLISHED, ("1",))),
            EngineQuery(Phrase(Field.PAIRS, ("a b", "b c"))),
            EngineQuery(MultiPhrase(Field.PAIRS, (("a b",), ("b c",)))),
            EngineQuery(Or((folded("hoa"),), 1, (1, 1))),
            EngineQuery(Or((folded("hoa"), folded("an")), 1, (1, -1))),
            EngineQuery(InSection(("anh",), InSection(("anh",), MatchAll()))),
            EngineQuery(MatchAll(), facets=(Column.PUBLISHED,)),
        ]
        for request in wrong:
            with pytest.raises(ValueError, match="."):
                engine.search(request)

    def test_threads_get_the_answers_of_one(self, engine: Engine) -> None:
        queries = [row[1] for row in QUERIES]
        expected = [engine.search(EngineQuery(query)) for query in queries]
        seen: list[list[EngineResult]] = []

        def ask() -> None:
            seen.append([engine.search(EngineQuery(query)) for query in queries])

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == [expected] * 4
