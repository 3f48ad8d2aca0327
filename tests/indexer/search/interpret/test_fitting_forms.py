"""The forms in articles that typed words stand for."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.open_archive import OpenArchive
from indexer.search.interpret.fitting_forms import agreeing_forms, fitting_forms
from indexer.search.term_statistics import TermStatistics
from tests.counted_texts import CountedTexts
from tests.factories import ArchiveFactory, article

WORDS = ("mà", "mà", "mà", "mà", "má", "má", "ma", "mã", "công an", "công án", "công an", "công an")


@pytest.fixture(scope="module")
def archive(shared_archive_of: ArchiveFactory) -> OpenArchive:
    texts = [f"{word} số {number}" for number, word in enumerate(WORDS)]
    return shared_archive_of(*(article(f"Tin {n}", text) for n, text in enumerate(texts)))


@pytest.mark.parametrize(
    ("typed", "fitting", "agreeing"),
    [
        ("mà", {"mà"}, {"mà"}),
        ("mã", {"mã"}, {"mã"}),
        ("ma", {"mà", "má", "ma"}, {"mà", "má", "ma", "mã"}),
        ("công an", {"công an"}, {"công an", "công án"}),
        ("cong an", {"công an", "công án", "cong an"}, {"công an", "công án"}),
        ("mẹ", {"mẹ"}, set()),
    ],
)
def test_what_is_rare_beside_the_commonest_form_does_not_fit(
    archive: OpenArchive, typed: str, fitting: set[str], agreeing: set[str]
) -> None:
    tokens = Analyzer().tokens(typed)
    with archive.live_index.open_generation() as generation:
        statistics = TermStatistics(generation.engine)
        assert set(fitting_forms(statistics, tokens)) == fitting
        assert set(agreeing_forms(statistics, tokens)) == agreeing


@pytest.mark.parametrize(
    ("typed", "weights", "fitting"),
    [
        # A form fits if it is in three tenths of the articles of the commonest.
        ("ma", None, ("mà", "má", "ma")),
        ("mã", None, ("mã",)),
        ("má", None, ("má",)),
        ("ma", {"mã": 3.0, "mà": 0.9, "má": 0.8}, ("mã", "mà", "ma")),
        ("má", {"mã": 3.0, "mà": 0.9, "má": 0.8}, ("mã", "mà", "má")),
        ("mà", {"mã": 3.0, "mà": 0.9, "má": 0.8}, ("mà",)),
        ("cong", None, ("cong",)),
    ],
)
def test_the_commonest_forms_come_first(
    typed: str, weights: dict[str, float] | None, fitting: tuple[str, ...]
) -> None:
    statistics = CountedTexts({"mà": 10, "má": 3, "mã": 2, "cong": 4}, 100)
    assert fitting_forms(statistics, Analyzer().tokens(typed), weights) == fitting
