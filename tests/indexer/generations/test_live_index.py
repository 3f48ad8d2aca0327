"""Readers of the live index: each request has one whole generation, the next the newest."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from archive.errors import EngineError, NoIndexError
from archive.store import Store
from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import Term
from indexer.engine.records import EngineQuery
from indexer.engine_factory import open_engine
from indexer.generations import live_index
from indexer.generations.generations import Generations
from indexer.generations.live_index import LiveIndex
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import OpenArchive
from tests.factories import HitCounter, article, keep


@pytest.fixture
def store(numbered_store: Store) -> Store:
    return numbered_store


@pytest.fixture
def live(archive: OpenArchive) -> LiveIndex:
    return archive.live_index


def test_readers_move_between_requests(
    store: Store, live: LiveIndex, count_hits: HitCounter
) -> None:
    with pytest.raises(NoIndexError), live.open_generation():
        pass
    assert live.generation_name() == ""
    IndexBuilder(store).update()
    assert count_hits("bai") == 5
    with live.open_generation() as old:
        keep(store, article("Bài mới"))
        IndexBuilder(store).update()
        assert count_hits("bai") == 6
        assert old.engine.search(EngineQuery(Term(Field.FOLDED, "bai"))).total == 5
    assert live.generation_name() == "000002"


def test_a_generation_that_cannot_be_opened_leaves_the_old_one_serving(
    store: Store, count_hits: HitCounter
) -> None:
    IndexBuilder(store).update()
    assert count_hits("bai") == 5
    (store.home / "index" / "CURRENT").write_text("000099\n")
    assert count_hits("bai") == 5


def test_readers_beside_a_rebuilding_writer_see_one_whole_generation(
    store: Store, live: LiveIndex, count_hits: HitCounter
) -> None:
    IndexBuilder(store).update()
    wrong: list[int] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            with live.open_generation() as generation:
                status = generation.engine.status()
                query = EngineQuery(Term(Field.FOLDED, "bai"))
                total = generation.engine.search(query).total
                if total != status.documents:
                    wrong.append(total)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(6):
        keep(store, article(f"Bài thêm {number}"))
        builder = IndexBuilder(store)
        (builder.rebuild if number % 2 else builder.update)()
    ended.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert count_hits("bai") == 11


def test_the_time_of_the_switch_is_that_of_the_pointer(store: Store, live: LiveIndex) -> None:
    assert live.switched_at() == datetime(1970, 1, 1, tzinfo=UTC)
    IndexBuilder(store).update()
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    os.utime(store.home / "index" / "CURRENT", (0, moment.timestamp()))
    assert live.switched_at() == moment


def test_a_generation_that_is_pruned_before_it_is_opened_is_passed_over(
    store: Store, live: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    IndexBuilder(store).update()

    def open_after_another_update(folder: Path, patience: float) -> Engine:
        if folder.name == "000001":
            keep(store, article("Bài khác"))
            IndexBuilder(store, BuildOptions(keep=1)).update()
        return open_engine(folder, patience)

    monkeypatch.setattr(live_index, "open_engine", open_after_another_update)
    with live.open_generation() as generation:
        assert (generation.name, generation.engine.status().documents) == ("000002", 6)


def test_a_pointer_that_names_the_same_generation_again_opens_nothing(
    store: Store, live: LiveIndex
) -> None:
    IndexBuilder(store).update()
    with live.open_generation() as first:
        pointer = store.home / "index" / "CURRENT"
        pointer.write_text(pointer.read_text())
        os.utime(pointer, (0, 0))
        with live.open_generation() as again:
            assert again is first
        keep(store, article("Bài mới"))
        IndexBuilder(store).update()
        with live.open_generation() as newer:
            assert (newer.name, newer.sequence) == ("000002", first.sequence + 1)
        assert first.engine.search(EngineQuery(Term(Field.FOLDED, "bai"))).total == 5
    assert first.identity < newer.identity
    Generations(store.home / "index").rollback()
    with live.open_generation() as earlier:
        assert (earlier.name, earlier.identity, earlier.sequence) == (
            "000001",
            first.identity,
            first.sequence,
        )


def test_the_time_of_the_switch_has_parts_of_a_second(store: Store, live: LiveIndex) -> None:
    IndexBuilder(store).update()
    os.utime(store.home / "index" / "CURRENT", ns=(0, 1_700_000_000_250_000_000))
    assert live.switched_at().microsecond == 250_000


def test_the_engine_of_an_older_generation_is_closed_with_its_last_request(
    store: Store, live: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []

    def open_named(folder: Path, patience: float) -> Any:
        return SimpleNamespace(close=lambda: closed.append(folder.name))

    monkeypatch.setattr(live_index, "open_engine", open_named)
    IndexBuilder(store).update()
    with live.open_generation():
        keep(store, article("Bài mới"))
        IndexBuilder(store).update()
        with live.open_generation() as newer:
            assert (newer.name, closed) == ("000002", [])
    assert closed == ["000001"]
    live.close()
    assert closed == ["000001", "000002"]


def test_an_opening_that_failed_slowly_is_not_waited_for_again_soon(
    live: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, openings = [1000.0], list[float]()

    def fail_slowly(*rest: object) -> None:
        openings.append(now[0])
        now[0] += live_index._SLOW + 1
        raise EngineError("the cluster is away")

    monkeypatch.setattr(live_index, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(Generations, "read_current", fail_slowly)
    version = (5, 5)
    monkeypatch.setattr(LiveIndex, "_pointer_version", lambda _: version)

    def ask() -> int:
        with pytest.raises(EngineError, match="the cluster is away"):
            live.generation_name()
        return len(openings)

    assert [ask(), ask()] == [1, 1]
    now[0] += live_index._SECONDS_BETWEEN
    assert [ask(), ask()] == [2, 2]
    # Another pointer, newer or of a restored archive, is tried at once.
    for number, version in enumerate(((6, 5), (4, 5), (4, 4)), 3):  # noqa: B007
        assert [ask(), ask()] == [number, number]
    assert len(openings) == 5
