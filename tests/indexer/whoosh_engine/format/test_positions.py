"""Extra terms are found by their word, however many there are and wherever they lie."""

from __future__ import annotations

import itertools
from string import ascii_lowercase

import pytest

from indexer.whoosh_engine.engine import WhooshEngine
from indexer.whoosh_engine.format.positions import documents_with_extra
from indexer.whoosh_engine.format.segment import EXTRA_SAMPLE_STEP
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
