"""The embedded engine keeps the contract."""

from __future__ import annotations

import inspect
from pathlib import Path

from indexer.engine.api import Engine, IndexWriter
from indexer.engine_factory import open_engine, open_writer
from tests.engine_contract.engine_contract import EngineContract
from tests.oracle.stock_reader import StockEngine
from tests.oracle.stock_writer import StockWriter


def test_the_contract_stays_small() -> None:
    methods = [
        name
        for protocol in (Engine, IndexWriter)
        for name, _ in inspect.getmembers(protocol, inspect.isfunction)
        if not name.startswith("_")
    ]
    assert len(methods) <= 10


class TestEmbedded(EngineContract):
    def open_writer(self, folder: Path) -> IndexWriter:
        return open_writer(folder)

    def open_engine(self, folder: Path) -> Engine:
        return open_engine(folder)


class TestReference(EngineContract):
    """Stock Whoosh, the reference that the embedded engine is compared with."""

    def open_writer(self, folder: Path) -> IndexWriter:
        return StockWriter(folder)

    def open_engine(self, folder: Path) -> Engine:
        return StockEngine(folder)
