"""Words in a row are found, and extra terms by their word, however many and wherever they lie."""

from __future__ import annotations

import itertools
from string import ascii_lowercase

import numpy as np
import pytest

from archive.records import Article
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import build_document
from indexer.analysis.fields import Field
from indexer.vietnamese.syllables import folded_form
from indexer.whoosh_engine.engine import WhooshEngine
from indexer.whoosh_engine.format import positions
from indexer.whoosh_engine.format.positions import (
    RARE_WORD,
    documents_with_extra,
    find_multi_phrase,
)
from indexer.whoosh_engine.format.segment import EXTRA_SAMPLE_STEP
from indexer.whoosh_engine.writing import segment_builder
from tests.factories import ArchiveFactory, article

COMMON = 3 * EXTRA_SAMPLE_STEP
"""Times that one extra term stands in an article, more than from one sample to the next."""


@pytest.mark.parametrize("count", [0, 1, EXTRA_SAMPLE_STEP, 5 * EXTRA_SAMPLE_STEP + 1])
@pytest.mark.parametrize("repeated", ["a-zz", "m-zz", "zz-zz"])
def test_documents_of_extra_terms(archive_of: ArchiveFactory, count: int, repeated: str) -> None:
    pairs = itertools.product(ascii_lowercase, repeat=2)
    names = [f"b{''.join(pair)}-y" for pair in itertools.islice(pairs, count)]
    both = article("Tin", " ".join([*names, *[repeated] * COMMON]))
    archive = archive_of(both, article("Tin", " ".join(names[::2])))
    with archive.live_index.open_generation() as generation:
        assert isinstance(generation.engine, WhooshEngine)
        (segment,) = generation.engine.segments
        first = segment.find_identifier(both.identifier)
        for exact in (True, False):
            found = [
                documents_with_extra(segment, exact, name.replace("-", "")).tolist()
                for name in [*names, repeated, "a-y", "x-x"]
            ]
            expected = [[0, 1] if place % 2 == 0 else [first] for place in range(count)]
            assert found == [*expected, [first], [], []]


VERSES = (
    "hoa mai nở hòa vào hoả hoạn hoa mai rơi",
    "mai hoa mai hoá hoa mái nhà\n\nmai hoa",
    "hoa-mai hoa mai hoà vào hoa mài",
    "nhà mái nhà mãi mãi",
)
PHRASES: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("hoa",), ("mai",)),
    (("mai",), ("hoa",)),
    (("hoa", "nhà"), ("mai", "mái", "mài")),
    (("mai",), (), ("mai", "hoa")),
    ((), ("mai",)),
    (("mãi",), ("mãi",)),
    (("hoamai",), ("hoa",)),
    (("mai",),),
    (("hoa",), ("lan",)),
)


@pytest.mark.parametrize("rare", [1, 3, 7, RARE_WORD])
def test_rows_of_words(
    archive_of: ArchiveFactory, monkeypatch: pytest.MonkeyPatch, rare: int
) -> None:
    for module in (positions, segment_builder):
        monkeypatch.setattr(module, "RARE_WORD", rare)
    articles = [article(f"Tin {number}", verse) for number, verse in enumerate(VERSES)]
    archive = archive_of(*articles)
    with archive.live_index.open_generation() as generation:
        assert isinstance(generation.engine, WhooshEngine)
        (segment,) = generation.engine.segments
        numbers = [segment.find_identifier(source.identifier) for source in articles]
        everywhere = np.arange(segment.document_count)
        for texts, exact in itertools.product(PHRASES, (True, False)):
            if not exact:
                texts = tuple(tuple(map(folded_form, words)) for words in texts)
            field = Field.EXACT if exact else Field.FOLDED
            rows = [_count_rows(source, texts, exact) for source in articles]
            for some in (everywhere, everywhere[1::2], everywhere[:0]):
                found = find_multi_phrase(segment, field, texts, some).documents.tolist()
                expected = np.repeat(numbers, rows)
                assert found == sorted(expected[np.isin(expected, some)]), (texts, exact)


def _count_rows(source: Article, texts: tuple[tuple[str, ...], ...], exact: bool) -> int:
    """Count where the words of a phrase stand in a row, by looking everywhere."""
    count = 0
    for passage in build_document(Analyzer(), source).passages:
        stands = [{word} for word in passage.words]
        for position, extra in passage.extras:
            stands[position].add(extra)
        if not exact:
            stands = [set(map(folded_form, words)) for words in stands]
        for start in range(len(stands) - len(texts) + 1):
            row = zip(texts, stands[start:], strict=False)
            count += all(not words or not there.isdisjoint(words) for words, there in row)
    return count
