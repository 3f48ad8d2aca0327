"""The inputs at worst are documents that are read."""

from __future__ import annotations

from pathlib import Path

from archive.store import Store
from indexer.intake.ingest import ingest
from tests.bench.large_inputs import write_pages, write_records


def test_pages_and_records_are_added(tmp_path: Path) -> None:
    folder = tmp_path / "inputs"
    folder.mkdir()
    write_pages(folder, 3)
    write_records(folder, 9_000)
    with Store(tmp_path / "home") as store:
        ingest(store, [str(folder)])
        assert store.count_articles() == 5
