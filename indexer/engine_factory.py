"""Open engines: the only module that imports one."""

from __future__ import annotations

from pathlib import Path

from indexer.engine.api import Engine, IndexFiles, IndexWriter

WORKER_MODULES = ("indexer.whoosh_engine.index_files",)
"""Modules that every worker process of a rebuild needs, to be imported once, before the fork."""


def open_engine(folder: Path) -> Engine:
    """Open the index in a folder for reading.

    Raises:
        AnalyzerChangedError: the index was made by another analyzer or format.
        EngineError: the index is missing, damaged or unreadable.
    """
    from indexer.whoosh_engine.engine import WhooshEngine

    return WhooshEngine(folder)


def open_writer(folder: Path, memory: int = 512 << 20) -> IndexWriter:
    """Open the index in a folder for writing; an empty or missing folder becomes an empty index.

    Args:
        folder: the index.
        memory: bytes that the buffered documents may take.

    Raises:
        AnalyzerChangedError: the index was made by another analyzer or format.
        EngineError: the index is damaged or cannot be written.
    """
    from indexer.whoosh_engine.writing.index_writer import WhooshWriter

    return WhooshWriter(folder, memory)


def index_files() -> IndexFiles:
    """Return the file operations of the embedded engine's indexes."""
    from indexer.whoosh_engine.index_files import WhooshIndexFiles

    return WhooshIndexFiles()
