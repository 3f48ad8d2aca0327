"""Two neighbours that never occur together are repaired to two that do."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.search.interpret.bigram_repair import BigramRepairer
from indexer.search.interpret.repairs import Stretch
from indexer.search.query.parser import parse
from indexer.search.query.syntax import WordNode, matching_leaves
from indexer.search.term_statistics import TermStatistics
from tests.factories import ArchiveFactory, article


@pytest.mark.parametrize(
    ("typed", "forms"),
    [
        ("tham quang", ("tham", "quan")),
        ("sử lý", ("xử", "lý")),
        ("tham quăn", ()),  # diacritics that were typed are never taken away
        # What was typed without diacritics stands for any.
        ("xu lý", ()),
        ("khach tham", ()),
        ("tham quan", ()),
        ("rác tham", ()),
        ("1088 lý", ()),
        ("C++ lý", ()),
        ("sử# lý", ()),
    ],
)
def test_a_pair_is_repaired_by_what_stands_together(
    shared_archive_of: ArchiveFactory, typed: str, forms: tuple[str, ...]
) -> None:
    archive = shared_archive_of(article("Tin", "Khách tham quan khu xử lý rác."))
    leaves = matching_leaves(parse(typed, Analyzer()).tree)
    words = [leaf for leaf in leaves if isinstance(leaf, WordNode)]
    stretches = [Stretch(word.start, word.end, word.text, word.tokens) for word in words]
    with archive.live_index.open_generation() as generation:
        repairer = BigramRepairer(TermStatistics(generation.engine))
        assert repairer.repair(stretches, 0) == (forms, True)
