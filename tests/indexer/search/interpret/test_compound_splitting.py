"""Glued syllables are split where the archive writes all their neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Field
from indexer.search.interpret.bigram_lifts import BigramLifts
from indexer.search.interpret.compound_splitting import split_compound
from indexer.search.term_statistics import TermStatistics
from tests.counted_texts import CountedTexts, RemoteTexts
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
        split = split_compound(statistics, compound, BigramLifts(statistics).lift)
    assert split.text == text
    assert (split.documents > 0) is (split.lift > 0) is bool(text)


@pytest.mark.parametrize(
    ("counts", "typed", "text", "documents"),
    [
        # The rarest neighbours count.
        ({"công an nhân dân": 5, "công an": 3}, "congannhandan", "công an nhân dân", 5),
        ({"nhân dân": 3, "công an nhân": 2}, "congannhandan", "công an nhân dân", 2),
        ({"công an": 100}, "congan", "công an", 100),
        # The likeliest is the one whose first word most often has the second behind it.
        ({"ban an": 5, "ba nan": 6, "ban": 9, "ba": 90}, "banan", "ban an", 5),
        ({"ban an": 5, "ba nan": 6, "ban": 90, "ba": 9}, "banan", "ba nan", 6),
        ({"tin anh": 5, "tín anh": 6, "tin ảnh": 9}, "tinanh", "tin ảnh", 20),
        ({"tin anh": 5, "tín anh": 6, "tin ảnh": 9}, "tínanh", "tín anh", 6),
        ({"nghiêng ngả": 3}, "nghiêngngả", "nghiêng ngả", 3),
        ({"nghiêng nghiêng": 3}, "nghiengnghieng", "nghiêng nghiêng", 3),
        ({"bà ba": 3, "bá": 9, "ba ba": 2, "ba ba ba": 1}, "bababa", "ba ba ba", 6),
        # Words that are no syllables, of three letters and more.
        ({"tay lorswift": 2}, "taylorswift", "tay lorswift", 2),
        ({"ta ylorswift": 2}, "taylorswift", "", 0),
        ({"taylorsw ift": 2}, "taylorswift", "taylorsw ift", 2),
        ({"taylorswi ft": 2}, "taylorswift", "", 0),
        ({"taylor swift": 2, "tay lorswift": 3}, "taylorswift", "tay lorswift", 3),
        ({f"{'a' * 15} {'b' * 15}": 2}, "a" * 15 + "b" * 15, f"{'a' * 15} {'b' * 15}", 2),
        ({f"{'a' * 15} {'b' * 16}": 2}, "a" * 15 + "b" * 16, "", 0),
    ],
)
def test_the_likeliest_split_is_taken(
    counts: dict[str, int], typed: str, text: str, documents: int
) -> None:
    split = split_compound(CountedTexts(counts, 1000), Analyzer().word_token(typed), len)
    assert (split.text, split.documents) == (text, documents)


def test_the_least_lift_of_neighbours_counts_in_their_best_forms() -> None:
    statistics = CountedTexts({"công an nhân dân": 5, "cồng an": 9}, 1000)
    lifts = {"công an": 3.0, "cồng an": 7.0, "an nhân": 5.0, "nhân dân": 9.0}
    for typed, least in (("congannhandan", 5.0), ("côngannhândân", 3.0), ("congan", 7.0)):
        compound = Analyzer().word_token(typed)
        assert split_compound(statistics, compound, lifts.__getitem__).lift == least


class CheckedTexts(RemoteTexts):
    """Statistics that a test may only ask for what was looked up."""

    def document_frequencies(self, field: Field, texts: Sequence[str]) -> list[int]:
        """Return the number of articles that hold each term, all of them looked up before."""
        looked_up = [call.frequencies.get(field, frozenset()) for call in self.calls]
        assert set(texts) <= set().union(*looked_up)
        return super().document_frequencies(field, texts)


@pytest.mark.parametrize(
    "typed", ["congannhandan", "côngannhândân", "nghiengnghieng", "taylorswift"]
)
def test_all_that_a_split_counts_is_looked_up_before(typed: str) -> None:
    counts = {"công an nhân dân": 5, "nghiêng nghiêng": 3, "taylor swift": 2}
    statistics = CheckedTexts(counts, 1000)
    split = split_compound(statistics, Analyzer().word_token(typed), lambda bigram: 9.0)
    assert split.documents > 0
    assert (statistics.calls[0].frequencies.keys() & {Field.PAIRS, Field.EXACT_PAIRS}) != set()
