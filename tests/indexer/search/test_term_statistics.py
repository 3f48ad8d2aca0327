"""Statistics of terms: each is looked up in the engine once."""

from __future__ import annotations

import math

import pytest

from indexer.analysis.fields import Field
from indexer.search.term_statistics import TermStatistics, inverse_document_frequency
from tests.factories import ArchiveFactory, article


@pytest.fixture
def statistics(archive_of: ArchiveFactory) -> TermStatistics:
    archive = archive_of(article("Công an"), article("Công nhân"), article("cong"))
    with archive.live_index.open_generation() as generation:
        return TermStatistics(generation.engine)


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
