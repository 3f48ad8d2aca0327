"""Parts of a rebuild in the catalogue's database: claimed once, taken over, done twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect

from archive.catalogue.catalogue_copy import snapshot
from archive.catalogue.migrations import create_tables, migrate
from archive.catalogue.postgresql import connect_postgresql
from archive.catalogue.rebuild_parts import (
    PartCounts,
    RebuildParts,
    SharedRebuild,
    can_share,
    find_shared_rebuild,
)
from archive.errors import StoreError
from tests.postgresql_server import PostgresqlServer

_PLAN = SharedRebuild("abcd1234", "p" * 64, 7, 5, "opensearch://a:9200/kho#kho-000001")


@pytest.fixture
def engine(postgresql: PostgresqlServer) -> Iterator[Engine]:
    """Yield an empty catalogue on a server."""
    opened = connect_postgresql(postgresql.new_database())
    yield opened
    opened.dispose()


@pytest.fixture
def parts(engine: Engine) -> RebuildParts:
    """Return the five parts of a rebuild, of which the first is done."""
    published = RebuildParts(engine, _PLAN.rebuild)
    published.publish(_PLAN, {0: 3})
    return published


def _claim(parts: RebuildParts) -> int | None:
    part = parts.claim()
    return part.number if part else None


def test_every_part_is_claimed_once_and_in_order(engine: Engine, parts: RebuildParts) -> None:
    assert find_shared_rebuild(engine) == _PLAN
    assert [_claim(parts) for _ in range(5)] == [1, 2, 3, 4, None]
    assert parts.count() == PartCounts(open=0, taken=4, done=1, documents=3)


def test_workers_at_once_claim_different_parts(engine: Engine) -> None:
    plan = SharedRebuild("many", "p" * 64, 7, 40, "a#b")
    RebuildParts(engine, "many").publish(plan, {})
    claimed: list[int] = []

    def work() -> None:
        parts = RebuildParts(engine, "many")
        while part := parts.claim():
            claimed.append(part.number)
            assert parts.finish(part, 1)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == list(range(40))
    assert RebuildParts(engine, "many").count() == PartCounts(done=40, documents=40)


def test_a_part_of_a_silent_worker_is_taken_over_and_the_first_to_finish_counts(
    engine: Engine, parts: RebuildParts
) -> None:
    silent = parts.claim()
    assert silent is not None
    assert parts.keep(silent)
    hasty = RebuildParts(engine, _PLAN.rebuild)
    hasty.silence = -1
    # Open parts come first, then those of the silent.
    assert [_claim(hasty) for _ in range(3)] == [2, 3, 4]
    heir = hasty.claim()
    assert heir is not None
    assert heir.number == silent.number == 1
    assert not parts.keep(silent)
    assert not parts.finish(silent, 99, b"late")
    assert not parts.give_back(silent)
    assert hasty.finish(heir, 4, b"kept")
    # An answer that was lost: the same worker says it again.
    assert hasty.finish(heir, 4, b"kept")
    (result,) = parts.read_results([1, 2, 77])
    assert (result.number, result.documents, result.result) == (1, 4, b"kept")
    assert parts.finished() == {0: 3, 1: 4}


def test_what_is_given_back_or_reopened_is_claimed_again(parts: RebuildParts) -> None:
    part = parts.claim()
    assert part is not None
    assert parts.give_back(part)
    assert not parts.keep(part)
    assert _claim(parts) == 1
    parts.reopen([0])
    assert _claim(parts) == 0


def test_another_rebuild_takes_the_place_of_the_last(engine: Engine, parts: RebuildParts) -> None:
    part = parts.claim()
    assert part is not None
    plan = SharedRebuild("other", "q" * 64, 9, 1, "a#b")
    other = RebuildParts(engine, "other")
    other.publish(plan, {})
    assert find_shared_rebuild(engine) == plan
    assert (parts.claim(), parts.count()) == (None, PartCounts())
    assert not parts.finish(part, 1)
    parts.remove()
    assert find_shared_rebuild(engine) == plan
    other.remove()
    assert find_shared_rebuild(engine) is None


def test_dropped_connections_are_made_anew(
    postgresql: PostgresqlServer, parts: RebuildParts
) -> None:
    part = parts.claim()
    assert part is not None
    postgresql.drop_connections()
    assert parts.keep(part)
    assert parts.finish(part, 1)


def test_a_catalogue_in_a_home_shares_nothing(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    create_tables(engine)
    assert not can_share(engine)
    assert find_shared_rebuild(engine) is None
    engine.dispose()


def test_a_catalogue_of_schema_9_gets_room_for_parts(postgresql: PostgresqlServer) -> None:
    old = connect_postgresql(postgresql.empty_database())
    new = connect_postgresql(postgresql.empty_database())
    for engine in (old, new):
        create_tables(engine)
    with old.begin() as connection:
        for statement in (
            "DROP TABLE rebuilds",
            "DROP TABLE rebuild_parts",
            "UPDATE about SET schema_version = 9",
            "DELETE FROM schema_history WHERE version > 9",
        ):
            connection.exec_driver_sql(statement)
    assert not can_share(old)
    with pytest.raises(StoreError, match="schema 9"), snapshot(old):
        pass
    migrate(old)
    columns = [
        {
            name: [
                {**each, "type": str(each["type"])} for each in inspect(engine).get_columns(name)
            ]
            for name in ("rebuilds", "rebuild_parts")
        }
        for engine in (old, new)
    ]
    assert columns[0] == columns[1]
    RebuildParts(old, _PLAN.rebuild).publish(_PLAN, {})
    assert find_shared_rebuild(old) == _PLAN
    for engine in (old, new):
        engine.dispose()
