"""One writer of a catalogue on a server, on whatever host it is."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from archive.catalogue.postgresql import connect_postgresql
from archive.errors import StoreError, StoreLockedError
from archive.store import Store
from archive.writing.advisory_lock import AdvisoryLock
from tests.factories import article, keep
from tests.postgresql_server import PostgresqlServer


def test_a_second_writer_is_refused_and_told_who_writes(
    postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    location = postgresql.new_database()
    engine = connect_postgresql(location)
    with Store(tmp_path, location) as store:
        with AdvisoryLock(engine), pytest.raises(StoreLockedError, match=r"process \d+ on .* is"):
            keep(store, article("Một"))
        keep(store, article("Hai"))
    engine.dispose()


def test_a_patient_writer_waits(postgresql: PostgresqlServer, tmp_path: Path) -> None:
    location = postgresql.new_database()
    engine = connect_postgresql(location)
    with Store(tmp_path, location) as store:
        store.patience = 60
        with AdvisoryLock(engine):
            writer = threading.Thread(target=keep, args=(store, article("Một")))
            writer.start()
            time.sleep(0.3)
            assert store.count_articles() == 0
        writer.join()
        assert store.count_articles() == 1
    engine.dispose()


def _add_and_drop(store: Store, server: PostgresqlServer) -> None:
    """Add an article durably, then another one while the server drops every connection."""
    with store.batch() as batch:
        batch.add(b"1", article("Một"))
        batch.flush()
        batch.add(b"2", article("Hai"))
        server.drop_connections()


def test_a_writer_whose_connection_was_dropped_can_commit_nothing(
    postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    with Store(tmp_path, postgresql.new_database()) as store:
        with pytest.raises(StoreError, match="run the command again"):
            _add_and_drop(store, postgresql)
        assert [article.title for article, _ in store.articles()] == ["Một"]
        keep(store, article("Ba"))
        assert store.verify().problems == ()
        assert store.count_articles() == 2


def _drop_and_add(store: Store, server: PostgresqlServer) -> None:
    """Add an article in a batch whose connection was dropped before."""
    with store.batch() as batch:
        server.drop_connections()
        batch.add(b"1", article("Một"))


def test_a_connection_that_is_dropped_before_the_first_article_is_named(
    postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    with Store(tmp_path, postgresql.new_database()) as store:
        with pytest.raises(StoreError, match="cannot be read: .*server"):
            _drop_and_add(store, postgresql)
        assert keep(store, article("Hai"))[0].sequence == 1


def test_a_lost_lock_stays_lost(postgresql: PostgresqlServer) -> None:
    engine = connect_postgresql(postgresql.new_database())
    with AdvisoryLock(engine) as lock:
        lock.connection.invalidate()
        for _ in range(2):
            with pytest.raises(StoreError, match="was dropped"):
                _ = lock.connection
            lock.end_transaction()
    with AdvisoryLock(engine):
        pass
    engine.dispose()
