"""What every interpretation asks is looked up by one call."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Field
from indexer.search.interpret.foreseen_lookups import look_up_foreseen, look_up_neighbours
from indexer.search.query.parser import parse
from indexer.search.term_statistics import TermStatistics
from indexer.whoosh_engine.engine import WhooshEngine
from tests.counted_texts import RemoteTexts
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


@pytest.mark.parametrize(
    ("typed", "has_pairs", "has_words"),
    [
        ("su ly", True, True),
        # Of what was typed with diacritics exact forms decide, not how often a bare word occurs.
        ("sử lý", True, False),
        ("su lý", True, False),
        # Repairs of longer queries doubt few pairs, and of other words none.
        ("su ly don", False, False),
        ("su", False, False),
        ("su =ly", False, False),
        ("su ly-don", False, False),
    ],
)
def test_of_two_words_the_words_near_are_looked_up_with_them(
    typed: str, has_pairs: bool, has_words: bool
) -> None:
    statistics = RemoteTexts({"xử lý": 9})
    tree = parse(typed, Analyzer()).tree
    look_up_foreseen(statistics, tree)
    (call,) = statistics.calls
    assert ("xu ly" in call.frequencies[Field.PAIRS]) is has_pairs
    assert ("xu" in call.frequencies[Field.FOLDED]) is has_words
    # Not where a repair can wait, nor of an index that is near.
    look_up_foreseen(statistics, tree, at_once=False)
    statistics.is_remote = False
    look_up_foreseen(statistics, tree)
    assert [call.at_once for call in statistics.calls] == [True, False, True]
    assert all("xu ly" not in call.frequencies[Field.PAIRS] for call in statistics.calls[1:])


def test_words_in_place_of_others_are_looked_up_with_their_neighbours() -> None:
    statistics = RemoteTexts({"công an": 9})
    look_up_neighbours(statistics, [["bat", "messi", "kane"], ["cong", "an"]])
    (call,) = statistics.calls
    pairs = {"bat messi", "messi kane", "cong an"}
    assert call.frequencies[Field.PAIRS] == pairs
    glued = {"batmessi", "messikane", "batmessikane", "congan"}
    assert call.frequencies[Field.FOLDED] == {"bat", "messi", "kane", "cong", "an", *glued}
    # Names may be a list in either order; syllables are none.
    assert call.forms >= {"kane messi", *pairs, "congan"}
    assert not call.forms & {"an cong", "messi bat"}
