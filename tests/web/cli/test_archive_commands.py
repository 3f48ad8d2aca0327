"""`status` tells of a rebuild that many hosts may share, and a backup of what it leaves out."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from archive.catalogue.rebuild_parts import RebuildParts, SharedRebuild
from archive.settings.archive_settings import write_archive_settings
from archive.settings.catalogue_location import write_location
from archive.store import Store
from tests.factories import article, keep
from tests.postgresql_server import PostgresqlServer
from web.cli.main import main


def test_status_counts_the_parts_of_a_shared_rebuild(
    postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    write_location(tmp_path, postgresql.new_database())
    with Store(tmp_path) as store:
        words = ["--home", str(tmp_path), "status"]
        assert json.loads(CliRunner().invoke(main, [*words, "--json"]).output)["parts"] is None
        parts = RebuildParts(store.engine, "000001")
        parts.publish(
            SharedRebuild("000001", "program", 7, 4, "opensearch://a.vn/kho#kho-1"), {0: 5}
        )
        assert parts.claim()
        record = json.loads(CliRunner().invoke(main, [*words, "--json"]).output)
        assert record["parts"] == {"open": 2, "taken": 1, "done": 1, "documents": 5}
        shown = CliRunner().invoke(main, words).output
        assert "1 done with 5 articles, 1 taken by workers, 2 open" in shown


def test_a_backup_says_that_it_has_no_index_of_a_cluster(tmp_path: Path) -> None:
    home, target = tmp_path / "home", tmp_path / "backup.zip"
    with Store(home) as store:
        keep(store, article("Bài"))
        write_archive_settings(home, {"engine": "opensearch://a.vn:9200/kho"})
    done = CliRunner().invoke(main, ["--home", str(home), "backup", str(target)])
    assert done.exit_code == 0, done.output
    assert "the index in opensearch://a.vn:9200/kho" in done.output
