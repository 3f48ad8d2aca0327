"""Glued syllables are split where the archive writes all their neighbours."""

from __future__ import annotations

import pytest

from indexer.search.interpret.compound_splitting import split_compound
from indexer.search.term_statistics import TermStatistics
from tests.factories import ArchiveFactory, article


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("congan", "công an"),
        ("congannhandan", "công an nhân dân"),
        ("andan", ""),
        ("messi", ""),
        ("a" * 31, ""),
    ],
)
def test_syllables_are_split(shared_archive_of: ArchiveFactory, typed: str, text: str) -> None:
    archive = shared_archive_of(article("Tin", "Công an nhân dân bắt kẻ gian."))
    with archive.live_index.open_generation() as generation:
        assert split_compound(TermStatistics(generation.engine), typed)[0] == text
