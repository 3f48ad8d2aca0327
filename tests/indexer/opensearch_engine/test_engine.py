"""The engine on a cluster keeps the contract."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar

import pytest

from indexer.engine.api import Engine, IndexWriter
from indexer.engine_factory import open_engine, open_writer
from indexer.opensearch_engine.index_pointer import names_cluster_index
from tests.engine_contract.engine_contract import EngineContract
from tests.engine_contract.engine_suite import MANIFEST
from tests.indexer.opensearch_engine.cluster_indices import create_index
from tests.opensearch_server import delete_indices


class TestOpenSearch(EngineContract):
    changes_in_place = True
    urls: ClassVar[tuple[str, ...]]
    prefix: ClassVar[str]
    opened: ClassVar[ExitStack]

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _cluster(cls, opensearch_urls: tuple[str, ...]) -> Iterator[None]:
        cls.urls, cls.prefix = opensearch_urls, f"test-{uuid.uuid4().hex[:12]}"
        with ExitStack() as opened:
            cls.opened = opened
            yield
        delete_indices(cls.urls[0], cls.prefix)

    def open_writer(self, folder: Path) -> IndexWriter:
        if not (folder / MANIFEST).exists():
            create_index(self.urls, folder, f"{self.prefix}-{uuid.uuid4().hex[:8]}")
        return open_writer(folder)

    def open_engine(self, folder: Path) -> Engine:
        engine = open_engine(folder)
        if names_cluster_index(folder):
            self.opened.callback(engine.close)
        return engine
