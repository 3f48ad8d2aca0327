"""Glued syllables are split where the archive writes all their neighbours."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.search.interpret.compound_splitting import split_compound
from indexer.search.interpret.units import UnitParser
from indexer.search.term_statistics import TermStatistics
from tests.factories import ArchiveFactory, article


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("congan", "công an"),
        ("congannhandan", "công an nhân dân"),
        ("andan", ""),
        ("messi", ""),
        ("côngan", "công an"),
        ("nhândân", "nhân dân"),
        ("taylorswift", "taylor swift"),
        ("a" * 31, ""),
    ],
)
def test_syllables_are_split(shared_archive_of: ArchiveFactory, typed: str, text: str) -> None:
    archive = shared_archive_of(article("Tin", "Công an nhân dân bắt kẻ gian. Taylor Swift hát."))
    with archive.live_index.open_generation() as generation:
        statistics = TermStatistics(generation.engine)
        compound = Analyzer().word_token(typed)
        split = split_compound(statistics, compound, UnitParser(statistics).lift)
    assert split.text == text
    assert (split.documents > 0) is (split.lift > 0) is bool(text)
