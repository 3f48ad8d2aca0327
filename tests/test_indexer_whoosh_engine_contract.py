"""The embedded engine keeps the contract."""

from __future__ import annotations

from pathlib import Path

from indexer.engine import Engine, Writer, open_engine, open_writer
from tests.engine_contract import EngineContract
from tests.stock_reader import StockEngine
from tests.stock_writer import StockWriter


class TestEmbedded(EngineContract):
    def open_writer(self, folder: Path) -> Writer:
        return open_writer(folder)

    def open_engine(self, folder: Path) -> Engine:
        return open_engine(folder)


class TestReference(EngineContract):
    """Stock Whoosh, the reference that the embedded engine is compared with."""

    def open_writer(self, folder: Path) -> Writer:
        return StockWriter(folder)

    def open_engine(self, folder: Path) -> Engine:
        return StockEngine(folder)
