"""The embedded engine, reading."""

from indexer.whoosh_engine.stock_reader import StockEngine as WhooshEngine

__all__ = ["WhooshEngine"]
