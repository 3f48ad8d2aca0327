"""A merge that did not come to its end is said by the commands, and counted."""

from __future__ import annotations

import json

from click.testing import CliRunner

from archive.store import Store
from indexer.generations.generations import Generations, has_unmerged_index
from indexer.indexing.index_builder import IndexBuilder
from indexer.opensearch_engine.index_pointer import IndexPointer, write_pointer
from tests.factories import ArchiveFactory, article, keep
from web.app import create_app
from web.cli.main import main
from web.settings import Settings

REMARK = "merge did not end"
ADDRESS = "opensearch://127.0.0.1:1/kho?shards=1&replicas=0"


def test_an_unmerged_index_is_said_and_counted(store: Store) -> None:
    words = ["--home", str(store.home)]
    assert not has_unmerged_index(store)
    keep(store, article("Bài"))
    IndexBuilder(store).update()
    for command in ("status", "verify"):
        done = CliRunner().invoke(main, [*words, command, "--json"])
        assert REMARK not in done.stderr
        assert json.loads(done.stdout)["unmerged"] is False
    folder = Generations(store.home / "index").current().folder
    write_pointer(folder, IndexPointer(ADDRESS, "kho-000001", is_unmerged=True))
    assert has_unmerged_index(store)
    done = CliRunner().invoke(main, [*words, "status", "--json"])
    assert json.loads(done.stdout)["unmerged"] is True
    assert REMARK in done.stderr
    assert REMARK in CliRunner().invoke(main, [*words, "verify"]).stderr


def test_metrics_count_an_unmerged_index(archive_of: ArchiveFactory) -> None:
    archive = archive_of(article("Bài"))
    client = create_app(archive, Settings()).test_client()
    assert "tangthu_engine_unmerged 0.0" in client.get("/metrics").text
    folder = Generations(archive.store.home / "index").current().folder
    write_pointer(folder, IndexPointer(ADDRESS, "kho-000001", is_unmerged=True))
    assert "tangthu_engine_unmerged 1.0" in client.get("/metrics").text
