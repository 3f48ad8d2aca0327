"""Fixtures of the indexer's tests: numbered articles, and a count of those that are found."""

from __future__ import annotations

import pytest

from archive.store import Store
from indexer.analysis.fields import Field
from indexer.engine.queries import Term
from indexer.engine.records import EngineQuery
from indexer.open_archive import OpenArchive
from tests.factories import HitCounter, article, keep


@pytest.fixture
def numbered_store(archive: OpenArchive) -> Store:
    """Return a store of five articles, without an index."""
    keep(archive.store, *(article(f"Bài {number}", f"nội dung số{number}") for number in range(5)))
    return archive.store


@pytest.fixture
def count_hits(archive: OpenArchive) -> HitCounter:
    """Return a function that counts the articles of the live index with a folded word."""

    def count(word: str) -> int:
        with archive.live_index.open_generation() as generation:
            return generation.engine.search(EngineQuery(Term(Field.FOLDED, word))).total

    return count
