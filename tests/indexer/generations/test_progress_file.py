"""The progress of a build, as other processes see it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from archive.store import Store
from indexer.generations import progress_file
from indexer.generations.progress_file import BuildProgress, read_progress
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import OpenArchive
from tests.factories import article, client_of, keep
from web.cli.main import main


@pytest.fixture
def store(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(progress_file, "_SECONDS_BETWEEN", 0)
    keep(store, *(article(f"Bài {number}") for number in range(3)))
    return store


@pytest.mark.parametrize("work", ["update", "rebuild"])
def test_a_build_is_seen_while_it_lasts(store: Store, work: str) -> None:
    seen: list[BuildProgress | None] = []
    builder = IndexBuilder(store, progress=lambda done, total: seen.append(read_progress(store)))
    getattr(builder, work)()
    keep(store, article("Mới"))
    getattr(builder, work)()
    last = seen[-1]
    assert last is not None
    assert (last.work, last.done <= last.total) == (work, True)
    assert read_progress(store) is None


def test_status_and_health_say_what_is_being_built(archive: OpenArchive, store: Store) -> None:
    client = client_of(archive)
    reports: list[tuple[str, str, object]] = []

    def look(done: int, total: int) -> None:
        text = CliRunner().invoke(main, ["--home", str(store.home), "status"]).output
        record = CliRunner().invoke(main, ["--home", str(store.home), "status", "--json"]).output
        reports.append((text, json.loads(record)["building"], client.get("/healthz").json))

    IndexBuilder(store, progress=look).update()
    keep(store, article("Một"), article("Hai"))
    IndexBuilder(store, progress=look).update()
    text, record, health = reports[-1]
    assert "update, " in text
    assert isinstance(health, dict)
    assert record == health["building"]
    assert client.get("/healthz").json["building"] is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"work": 1}', "[" * 100_000, "x" * (1 << 17), "null"]
)
def test_what_is_no_progress_is_none(store: Store, text: str) -> None:
    (store.home / "index").mkdir()
    (store.home / "index" / "progress.json").write_text(text)
    assert read_progress(store) is None


def test_a_dead_process_builds_nothing(store: Store) -> None:
    (store.home / "index").mkdir()
    progress = progress_file.ProgressFile(store, "rebuild")
    progress.write(1, 2)
    assert read_progress(store) is not None
    # No process has the highest number that a process can have, nor 0, which means all of a group.
    record = json.loads((store.home / "index" / "progress.json").read_text())
    for number in ((1 << 22) + 1, 0, -1):
        record["pid"] = number
        (store.home / "index" / "progress.json").write_text(json.dumps(record))
        assert read_progress(store) is None
