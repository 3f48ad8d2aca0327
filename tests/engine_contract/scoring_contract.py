"""How every engine scores."""

from __future__ import annotations

from dataclasses import replace
from math import log
from pathlib import Path

import pytest

from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import (
    MatchNone,
    Or,
    Sort,
    Term,
)
from indexer.engine.records import (
    EngineQuery,
    FeedbackQuery,
)
from tests.engine_contract.contract_documents import (
    body,
)
from tests.engine_contract.contract_queries import (
    folded,
)
from tests.engine_contract.engine_suite import EngineSuite


class ScoringContract(EngineSuite):
    """Contract of scores: BM25 and feedback."""

    def test_feedback_scores_are_those_of_typical_words(self, tmp_path: Path) -> None:
        others = [body(f"other{number}", "trời đẹp và gió") for number in range(30)]
        some = [
            body("one", "thuốc phiện và thuốc lắc"),
            body("two", "thuốc và gió lạ"),
            body("three", "phiện"),
        ]
        engine = self.build(
            tmp_path / "index", [*others[:20], *some[:1]], [*others[20:], *some[1:]]
        )
        idf = log((len(others) + len(some)) / 3) + 1
        query = Or(tuple(Term(Field.EXACT, word) for word in ("thuốc", "phiện", "trời")))
        hits = engine.search(EngineQuery(query)).hits
        assert [hit.identifier for hit in hits[:2]] == ["one", "three"]
        weights = [hit.score / (hits[0].score + hits[1].score) for hit in hits[:2]]
        typical = {"phiện": (weights[0] / 5 + weights[1]) * idf, "thuốc": weights[0] * 2 / 5 * idf}
        for terms in (5, 1):
            words = list(typical.items())[:terms]
            weighed = Or(tuple(Term(Field.EXACT, word, weight) for word, weight in words))
            scores = self.scores(engine.search(EngineQuery(weighed, limit=40)))
            for window in (4, 2, 100):
                feedback = FeedbackQuery(window, 2, terms)
                result = engine.search(EngineQuery(query, limit=30, feedback=feedback))
                first = [scores.get(hit.identifier, 0.0) for hit in result.hits[:window]]
                assert result.feedback == pytest.approx(first, abs=1e-5)
                assert result.feedback[0] > 0

    def test_feedback_does_not_depend_on_batches(self, tmp_path: Path) -> None:
        # In each batch a hundred words are more typical than the one that both hits share.
        batches = []
        for number in range(2):
            own = " ".join(f"riêng{number}x{place}" for place in range(100))
            hit = body(f"hit{number}", " ".join([own, own, own, "chung chung"]))
            others = [body(f"other{number}x{n}", "trời đẹp") for n in range(15)]
            batches.append([hit, body(f"own{number}", own), *others])
        query = Term(Field.EXACT, "chung")
        whole = self.build(tmp_path / "whole", batches[0] + batches[1])
        parted = self.build(tmp_path / "parted", *batches)
        weighed = Term(Field.EXACT, "chung", 2 / 302 * (log(34 / 3) + 1))
        for engine in (whole, parted):
            request = EngineQuery(query, feedback=FeedbackQuery(10, 2, 1))
            scores = self.scores(engine.search(EngineQuery(weighed)))
            assert engine.search(request).feedback == pytest.approx(
                tuple(scores.values()), abs=1e-5
            )

    def test_feedback_that_tells_nothing_is_empty(self, tmp_path: Path) -> None:
        documents = [body(f"other{number}", "trời đẹp và gió") for number in range(30)]
        engine = self.build(tmp_path / "index", documents)
        feedback = FeedbackQuery(window=9, documents=3, terms=5)
        query = EngineQuery(Term(Field.EXACT, "trời"), feedback=feedback)
        assert engine.search(query).feedback == ()  # each word is in all documents
        assert engine.search(replace(query, query=MatchNone())).feedback == ()
        assert engine.search(replace(query, sort=Sort.NEWEST)).feedback == ()
        assert engine.search(replace(query, feedback=replace(feedback, fewest=11))).feedback == ()

    def test_a_score_is_bm25(self, engine: Engine) -> None:
        # Words by zone, those of the title three times, and two extra terms.
        lengths = {"police": 3 * 6 + 5 + 2 + 12 + 10 + 5 + 7 + 2, "peace": 6 + 8 + 4, "flowers": 13}
        average = sum(lengths.values()) / 3
        # A length is kept in a byte.
        kept = {name: 63 if length == 61 else length for name, length in lengths.items()}
        norms = {name: 1.2 * (0.25 + 0.75 * length / average) for name, length in kept.items()}
        scores = self.scores(engine.search(EngineQuery(folded("vien"))))
        expected = {"flowers": (log(3 / 2) + 1) * 2.2 / (1 + norms["flowers"])}
        assert scores == pytest.approx(expected, abs=1e-5)
        # `quoc` is in the title, which counts three times, and only there.
        scores = self.scores(engine.search(EngineQuery(folded("quoc"))))
        expected = {"police": (log(3 / 2) + 1) * 6.6 / (3 + norms["police"])}
        assert scores == pytest.approx(expected, abs=1e-5)
