"""The embedded engine, writing."""

from indexer.whoosh_engine.stock_writer import StockWriter as WhooshWriter

__all__ = ["WhooshWriter"]
