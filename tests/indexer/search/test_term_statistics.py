"""Statistics of terms: each is looked up in the engine once."""

from __future__ import annotations

import math

import pytest

from indexer.analysis.fields import Field
from indexer.engine.queries import Term
from indexer.engine.records import TermFigures, TermLookup
from indexer.search.term_statistics import (
    MOST_REHEARSALS,
    KnownWords,
    TermStatistics,
    inverse_document_frequency,
)
from indexer.whoosh_engine.engine import WhooshEngine
from tests.factories import ArchiveFactory, article


@pytest.fixture
def statistics(archive_of: ArchiveFactory) -> TermStatistics:
    archive = archive_of(article("Công an"), article("Công nhân"), article("cong"))
    with archive.live_index.open_generation() as generation:
        return TermStatistics(generation.engine)


@pytest.fixture
def remote(statistics: TermStatistics) -> TermStatistics:
    statistics.is_remote = True
    return statistics


def test_statistics_are_those_of_the_index(statistics: TermStatistics) -> None:
    assert statistics.documents == 3
    assert statistics.document_frequencies(Field.FOLDED, ["cong", "an", "xyz"]) == [3, 1, 0]
    assert statistics.document_frequencies(Field.EXACT, ["công", "cong", "công"]) == [2, 1, 2]
    assert [(form.text, form.documents) for form in statistics.exact_forms("cong")] == [
        ("công", 2),
        ("cong", 1),
    ]


def test_rare_terms_have_a_high_idf(statistics: TermStatistics) -> None:
    common, rare, unknown = statistics.idf(Field.FOLDED, ["cong", "an", "xyz"])
    assert 0 < common < rare < unknown == inverse_document_frequency(3, 0) == math.log(3) + 1
    assert inverse_document_frequency(0, 0) == 1
    assert inverse_document_frequency(3, 99) > 0


def test_a_term_is_looked_up_once(statistics: TermStatistics) -> None:
    expected = statistics.document_frequencies(Field.FOLDED, ["cong", "cong"])
    statistics.exact_forms("cong")
    del statistics._engine
    assert statistics.document_frequencies(Field.FOLDED, ["cong", "cong"]) == expected
    assert statistics.exact_forms("cong")


def test_edits_that_texts_hold_are_remembered_beyond_a_query(
    archive_of: ArchiveFactory,
) -> None:
    archive, known = archive_of(article("Công an"), article("công nhân")), KnownWords()
    edits = ["cong", "congs", "an", "cong"]
    with archive.live_index.open_generation() as generation:
        statistics = TermStatistics(generation.engine, known)
        assert statistics.known_edits(["conga"], lambda _: edits) == [("cong", "an", "cong")]
        later = TermStatistics(generation.engine, known)
        both = later.known_edits(["conga", "cong", "conga"], lambda _: ["nhan", "x"])
        assert both == [("cong", "an", "cong"), ("nhan",), ("cong", "an", "cong")]


def test_a_remote_engine_is_not_asked_which_edits_texts_hold(remote: TermStatistics) -> None:
    del remote._engine
    assert remote.known_edits(["conga"], lambda word: [word, "cong"]) == [["conga", "cong"]]


def test_exact_terms_are_told_by_the_forms_of_the_folded_ones(statistics: TermStatistics) -> None:
    statistics.look_up({Field.EXACT: ["công", "cồng"]}, forms=["cong", "cong an"])
    del statistics._engine
    assert statistics.document_frequencies(Field.EXACT, ["công", "cong", "cồng"]) == [2, 1, 0]
    assert statistics.document_frequencies(Field.EXACT_PAIRS, ["công an", "cong án"]) == [1, 0]
    assert [statistics.commonest_form(text) for text in ("cong", "cong an")] == ["công", "công an"]


def test_what_a_plan_asks_in_turn_is_looked_up_together(
    remote: TermStatistics, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[TermLookup] = []
    look_up = WhooshEngine.look_up

    def counted(engine: WhooshEngine, lookup: TermLookup) -> TermFigures:
        calls.append(lookup)
        return look_up(engine, lookup)

    def plan() -> tuple[str, int, int]:
        form = remote.commonest_form("cong")
        folded = remote.document_frequency(Field.FOLDED, "an")
        return form, folded, remote.document_frequency(Field.FOLDED, f"nhan{form[:0]}")

    def dependent_plan() -> int:
        found = remote.document_frequency(Field.PAIRS, "cong nhan")
        return remote.count([Term(Field.EXACT, "công" if found else "cong")])[0]

    def plan_that_has_to_know() -> int:
        guess = remote.document_frequency(Field.EXACT, "cong")
        remote.look_up({Field.FOLDED: ["xyz"]}, at_once=True)
        return guess + remote.document_frequency(Field.FOLDED, "xyz")

    monkeypatch.setattr(WhooshEngine, "look_up", counted)
    assert remote.rehearse(plan) == ("công", 1, 1)
    assert len(calls) == 1
    # The guess that a pair is unknown costs a call more, and never a wrong plan.
    assert remote.rehearse(dependent_plan) == 2
    assert len(calls) == 3
    assert remote.rehearse(plan) == ("công", 1, 1)
    assert len(calls) == 3
    remote._forms.clear()
    remote._frequencies.clear()
    assert remote.rehearse(plan_that_has_to_know) == 1
    assert len(calls) == 4


def test_a_plan_whose_questions_never_end_is_made_all_the_same(remote: TermStatistics) -> None:
    asked: list[str] = []

    def plan() -> int:
        asked.append(f"x{len(asked)}")
        return remote.document_frequency(Field.FOLDED, asked[-1])

    assert remote.rehearse(plan) == 0
    assert len(asked) == MOST_REHEARSALS + 1


def test_an_engine_at_hand_is_asked_in_turn(statistics: TermStatistics) -> None:
    plans: list[int] = []

    def plan() -> int:
        plans.append(statistics.document_frequency(Field.FOLDED, "cong"))
        return statistics.document_frequency(Field.FOLDED, "an" if plans[-1] else "cong")

    assert (statistics.rehearse(plan), plans) == (1, [3])
