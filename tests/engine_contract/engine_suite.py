"""An engine that is built for tests, and look-ups in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer.analysis.documents import Document
from indexer.analysis.fields import Field
from indexer.engine.api import Engine, IndexWriter, Searchable
from indexer.engine.queries import (
    Query,
)
from indexer.engine.records import (
    EngineQuery,
    EngineResult,
    TermCount,
    TermLookup,
)
from tests.engine_contract.contract_documents import (
    CORPUS,
)

MANIFEST = "index.json"


def frequencies(engine: Engine, field: Field, texts: Sequence[str]) -> list[int]:
    """Look up the document frequencies of terms of one field."""
    return list(engine.look_up(TermLookup(frequencies={field: texts})).frequencies[field])


def exact_forms(engine: Engine, folded: str) -> list[TermCount]:
    """Look up the exact forms of one folded text."""
    return list(engine.look_up(TermLookup(forms=[folded])).forms[0])


class EngineSuite:
    """Inherit, and say how a writer and an engine are opened."""

    changes_in_place = False
    """Whether a commit changes what engines that are open answer, but for their snapshots."""

    def open_writer(self, folder: Path) -> IndexWriter:
        raise NotImplementedError

    def open_engine(self, folder: Path) -> Engine:
        raise NotImplementedError

    def build(self, folder: Path, *batches: Sequence[Document]) -> Engine:
        """An engine over documents that came in batches."""
        for sequence, batch in enumerate(batches, 1):
            with self.open_writer(folder) as writer:
                for document in batch:
                    writer.add(document)
                writer.commit(sequence)
        return self.open_engine(folder)

    @pytest.fixture(scope="class", params=["one segment", "a segment each"])
    @classmethod
    def engine(
        cls, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
    ) -> Engine:
        """An engine that all tests of a class only read."""
        batches = [CORPUS] if request.param == "one segment" else [[entry] for entry in CORPUS]
        return cls().build(tmp_path_factory.mktemp("engine") / "index", *batches)

    @staticmethod
    def found(engine: Searchable, query: Query) -> set[str]:
        return {hit.identifier for hit in engine.search(EngineQuery(query)).hits}

    @staticmethod
    def scores(answer: EngineResult) -> dict[str, float]:
        return {hit.identifier: hit.score for hit in answer.hits}
