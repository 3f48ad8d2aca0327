"""Commands that keep nothing, or fail, leave no table in a database, and never one of another."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import inspect

from archive.catalogue.database import transaction
from archive.catalogue.migrations import create_tables
from archive.catalogue.postgresql import connect_postgresql
from archive.catalogue.unused_catalogue import delete_unused, may_be_begun
from archive.settings.catalogue_location import CatalogueLocation
from archive.store import Store
from archive.upkeep.home_making import HomeMaking
from tests.factories import article, keep
from tests.paths import ROOT
from tests.postgresql_server import PostgresqlServer
from web.cli.main import main

SAMPLE = str(ROOT / "archive" / "sample" / "first-article.txt")


@pytest.fixture
def location(postgresql: PostgresqlServer, monkeypatch: pytest.MonkeyPatch) -> CatalogueLocation:
    place = postgresql.empty_database()
    monkeypatch.setenv("TANGTHU_CATALOGUE", place.url)
    return place


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "a" / "home"


def tables_of(location: CatalogueLocation) -> list[str]:
    engine = connect_postgresql(location)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


def make_tables(location: CatalogueLocation) -> None:
    engine = connect_postgresql(location)
    create_tables(engine)
    engine.dispose()


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *words])


def nothing(folder: Path) -> str:
    path = folder / "nothing.txt"
    path.write_bytes(b"\x00\x01\x02" * 99)
    return str(path)


def test_an_add_that_keeps_nothing_leaves_no_table(
    location: CatalogueLocation, home: Path, tmp_path: Path
) -> None:
    result = run(home, "add", nothing(tmp_path))
    assert result.exit_code == 2, result.output
    assert tables_of(location) == []
    assert not home.parent.exists()
    # And the database can be another's.
    assert run(tmp_path / "other", "add", SAMPLE).exit_code == 0


@pytest.mark.parametrize("words", [["init"], ["add", SAMPLE]])
def test_a_command_that_fails_leaves_no_table(
    location: CatalogueLocation, home: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("archive.store.Store.count_articles", fail)
    monkeypatch.setattr("web.cli.article_adding.ingest", fail)
    assert run(home, *words).exit_code != 0
    assert tables_of(location) == []
    assert not home.parent.exists()


def test_a_restore_of_what_is_no_backup_leaves_no_table(
    location: CatalogueLocation, home: Path
) -> None:
    assert run(home, "restore", SAMPLE).exit_code == 1
    assert tables_of(location) == []
    assert not home.parent.exists()


def test_what_is_kept_stays(location: CatalogueLocation, home: Path, tmp_path: Path) -> None:
    assert run(home, "add", SAMPLE).exit_code == 0
    assert run(home, "add", nothing(tmp_path)).exit_code == 2
    assert run(home, "list").exit_code == 0
    assert not delete_unused(home)
    assert "articles" in tables_of(location)


def test_an_empty_archive_that_was_there_stays(
    location: CatalogueLocation, home: Path, tmp_path: Path
) -> None:
    assert run(home, "init").exit_code == 0
    assert run(home, "add", nothing(tmp_path)).exit_code == 2
    assert run(home, "status").exit_code == 0
    assert "articles" in tables_of(location)


def test_tables_that_were_there_stay(
    location: CatalogueLocation, home: Path, tmp_path: Path
) -> None:
    make_tables(location)
    assert not may_be_begun(home)
    run(home, "add", nothing(tmp_path))
    assert "articles" in tables_of(location)


def test_the_catalogue_of_another_home_stays(
    location: CatalogueLocation, home: Path, tmp_path: Path
) -> None:
    making = HomeMaking.begin(home)
    assert making.begins_catalogue
    # Another home was faster.
    with Store(tmp_path / "other"):
        pass
    assert run(home, "init").exit_code == 1
    making.take_back()
    assert run(tmp_path / "other", "status").exit_code == 0


def test_a_home_that_somebody_filled_meanwhile_stays(
    location: CatalogueLocation, home: Path
) -> None:
    making = HomeMaking.begin(home)
    with Store(home) as store:
        keep(store, article("Một bài"))
    assert not making.take_back()
    with Store(home) as store:
        assert store.count_articles() == 1


def test_tables_of_others_in_the_same_database_stay(
    location: CatalogueLocation, home: Path, tmp_path: Path
) -> None:
    engine = connect_postgresql(location)
    with transaction(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (number int)")
    run(home, "add", nothing(tmp_path))
    assert tables_of(location) == ["theirs"]
    with transaction(engine) as connection:
        connection.exec_driver_sql("DROP TABLE theirs")
    engine.dispose()


def test_a_server_that_is_not_there_is_no_reason_to_delete(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TANGTHU_CATALOGUE", f"postgresql://x@/y?host={tmp_path}")
    assert not may_be_begun(home)
    assert not delete_unused(home)
    assert run(home, "init").exit_code == 1
    assert not home.parent.exists()
