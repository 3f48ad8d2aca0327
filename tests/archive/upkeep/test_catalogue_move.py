"""Moves of the catalogue to a server and back: every row, broken off and gone on with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.catalogue.database import CATALOGUE_FILE, IDENTITY_FILE
from archive.catalogue.operations import OperatorNote
from archive.errors import StoreError
from archive.settings.catalogue_location import (
    HOME_CATALOGUE,
    CatalogueLocation,
    read_location,
)
from archive.store import Store
from archive.upkeep.catalogue_move import move_catalogue
from tests.factories import article, keep
from tests.postgresql_server import PostgresqlServer

ARTICLES = 520


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Store(tmp_path, HOME_CATALOGUE) as store:
        changes = keep(store, *(article(f"Bài {number}") for number in range(ARTICLES)))
        store.delete(changes[1].identifier)
        with store.operator_batch() as batch:
            batch.hide(changes[2].identifier, OperatorNote("kiểm tra", "người trực"))
    return tmp_path


@pytest.fixture
def target(postgresql: PostgresqlServer) -> CatalogueLocation:
    return postgresql.empty_database()


def contents(home: Path) -> list[object]:
    with Store(home) as store:
        assert store.verify().problems == ()
        return [
            store.count_articles(),
            store.last_sequence(),
            list(store.articles()),
            list(store.versions_by_location()),
            list(store.history()),
        ]


def test_there_and_back_nothing_is_changed(home: Path, target: CatalogueLocation) -> None:
    before = contents(home)
    report = move_catalogue(home, target)
    assert report.rows > 2 * ARTICLES
    assert (read_location(home, {}), contents(home)) == (target, before)
    assert not (home / CATALOGUE_FILE).exists()
    with pytest.raises(StoreError, match="is there already"):
        move_catalogue(home, target)
    move_catalogue(home, HOME_CATALOGUE)
    assert (read_location(home, {}), contents(home)) == (HOME_CATALOGUE, before)
    with pytest.raises(StoreError, match="was moved away from this catalogue"):
        Store(home, target)
    with Store(home) as store:
        keep(store, article("Mới"))
    # What is left there is of this archive: it may be written over.
    before = contents(home)
    move_catalogue(home, target)
    assert contents(home) == before


class _Stop(BaseException):
    """An interruption as by Ctrl+C."""


def stop_after(calls: Iterator[int]) -> object:
    def progress(done: int, total: int) -> None:
        if next(calls, None) is None:
            raise _Stop

    return progress


@pytest.mark.parametrize(
    ("calls", "adds"), [(0, False), (1, False), (3, False), (5, False), (8, False), (3, True)]
)
def test_broken_off_the_archive_is_as_it_was_and_the_move_goes_on(
    home: Path, target: CatalogueLocation, calls: int, adds: bool
) -> None:
    with pytest.raises(_Stop):
        move_catalogue(home, target, stop_after(iter(range(calls))))  # type: ignore[arg-type]
    assert read_location(home, {}) == HOME_CATALOGUE
    with pytest.raises(StoreError, match="broken off"):
        Store(home, target)
    if adds:
        # The copy that was begun is of another state, and begins anew.
        with Store(home) as store:
            keep(store, *(article(f"Mới {number}") for number in range(3)))
    before = contents(home)
    move_catalogue(home, target)
    assert (read_location(home, {}), contents(home)) == (target, before)


def test_a_database_of_another_archive_is_not_written_over(
    home: Path, target: CatalogueLocation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Store(tmp_path_factory.mktemp("other"), target) as store:
        keep(store, article("Khác"))
        with pytest.raises(StoreError, match="holds another archive already .*other"):
            move_catalogue(home, target)
        assert store.count_articles() == 1
    assert read_location(home, {}) == HOME_CATALOGUE
    assert contents(home)[0] == ARTICLES - 2


def test_a_row_that_differs_is_seen_before_the_switch(
    home: Path, target: CatalogueLocation, postgresql: PostgresqlServer
) -> None:
    def damage(done: int, total: int) -> None:
        if 2 * done == total:
            postgresql.execute("UPDATE versions SET digest = 'x' WHERE sequence = 7", target)

    with pytest.raises(StoreError, match="table versions differs"):
        move_catalogue(home, target, damage)
    assert read_location(home, {}) == HOME_CATALOGUE
    assert (home / IDENTITY_FILE).exists()
    postgresql.execute("UPDATE archive_state SET owner_place = 'anew'", target)
    before = contents(home)
    move_catalogue(home, target)
    assert contents(home) == before
