"""What every interpretation asks is looked up by one call."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Field
from indexer.search.interpret.foreseen_lookups import look_up_foreseen
from indexer.search.query.parser import parse
from indexer.search.term_statistics import TermStatistics
from indexer.whoosh_engine.engine import WhooshEngine
from tests.factories import ArchiveFactory, article


def test_words_pairs_and_forms_are_known_after_one_call(
    archive_of: ArchiveFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_of(article("Vắcxin mới", "Vắc xin mới của công an."))
    calls: list[object] = []
    look_up = WhooshEngine.look_up

    def counted(engine: WhooshEngine, lookup: object) -> object:
        calls.append(lookup)
        return look_up(engine, lookup)  # type: ignore[arg-type]

    monkeypatch.setattr(WhooshEngine, "look_up", counted)
    with archive.live_index.open_generation() as generation:
        statistics = TermStatistics(generation.engine)
        look_up_foreseen(statistics, parse("vắc xin mới", Analyzer()).tree)
        assert statistics.document_frequencies(Field.FOLDED, ["vac", "vacxin", "xinmoi"]) == [
            1,
            1,
            0,
        ]
        assert statistics.document_frequencies(Field.FOLDED, ["vacxinmoi"]) == [0]
        assert statistics.document_frequencies(Field.EXACT, ["vắcxin"]) == [1]
        assert statistics.document_frequencies(Field.EXACT_PAIRS, ["vắc xin", "vac xin"]) == [1, 0]
        assert statistics.document_frequencies(Field.PAIRS, ["xin moi", ""]) == [1, 0]
        assert [form.text for form in statistics.exact_forms("vac xin")] == ["vắc xin"]
        assert len(calls) == 1
        look_up_foreseen(statistics, None)
        assert len(calls) == 1
