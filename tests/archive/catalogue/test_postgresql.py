"""A database server that is stopped, killed, silent, or asks for a password; TLS; odd texts."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from archive.catalogue import postgresql as database
from archive.catalogue.postgresql import connect_postgresql
from archive.errors import ArchiveError, NotFoundError, StoreError
from archive.records import Article, Origin, Section
from archive.settings.catalogue_location import CatalogueLocation
from archive.store import Store
from indexer.open_archive import open_archive
from tests.factories import article, client_of, keep
from tests.postgresql_server import REQUIRED, USER, PostgresqlServer, find_programs

PASSWORD = "mật khẩu:@/geheim"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresqlServer]:
    """A server of this module's own, with a password and TLS, which may be killed."""
    if find_programs() is None and REQUIRED not in os.environ:
        pytest.skip("no PostgreSQL server is installed (Debian: postgresql)")
    certificate = tmp_path_factory.mktemp("tls") / "server"
    options = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    options += ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=CA:TRUE"]
    files = ["-keyout", f"{certificate}.key", "-out", f"{certificate}.crt"]
    subprocess.run(["openssl", "req", *options, *files], check=True, capture_output=True)
    with PostgresqlServer(PASSWORD, certificate) as started:
        shutil.copy(f"{certificate}.crt", started.folder / "root.crt")
        yield started


@pytest.fixture
def location(
    server: PostgresqlServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CatalogueLocation]:
    monkeypatch.setenv("TANGTHU_CATALOGUE_PASSWORD", PASSWORD)
    yield server.new_database()
    server.take_back()


def over_tls(server: PostgresqlServer, location: CatalogueLocation, options: str) -> str:
    name = make_url(location.url).database
    return f"postgresql://{USER}@localhost:{server.port}/{name}?{options}"


def test_a_dropped_connection_is_made_anew_before_anybody_sees_it(
    postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    with Store(tmp_path, postgresql.new_database()) as store:
        (change,) = keep(store, article("Một"))
        for _ in range(3):
            postgresql.drop_connections()
            assert store.get(change.identifier).title == "Một"
            postgresql.drop_connections()
            keep(store, article(f"Lại {time.monotonic()}"))
        assert store.count_articles() == 4


def test_the_pages_answer_through_a_restart_and_two_processes_share_a_catalogue(
    server: PostgresqlServer,
    location: CatalogueLocation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TANGTHU_CATALOGUE", location.url)
    # On a busy machine a server may take longer to start than readers wait elsewhere.
    monkeypatch.setattr("archive.catalogue.database._PAUSES", (0.0, *[0.5] * 120))
    with open_archive(tmp_path) as first, open_archive(tmp_path) as second:
        (change,) = keep(first.store, article("Mùa gặt", "Lúa chín vàng."))
        clients = [client_of(first), client_of(second)]
        path = f"/api/v1/articles/{change.identifier}"
        for _ in range(2):
            assert [client.get(path).status_code for client in clients] == [200, 200]
            server.stop()
            restart = threading.Timer(0.5, server.start)
            restart.start()
            assert [client.get(path).status_code for client in clients] == [200, 200]
            restart.join()


def test_a_server_that_is_killed_while_articles_are_added_loses_none(
    server: PostgresqlServer, location: CatalogueLocation, tmp_path: Path
) -> None:
    added: list[str] = []
    stop = threading.Event()

    def add() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                added.append(store.add(b"%d" % number, article(f"Bài {number}")).identifier)
            except StoreError:
                time.sleep(0.05)

    with Store(tmp_path, location) as store:
        writer = threading.Thread(target=add)
        writer.start()
        for _ in range(3):
            count = len(added)
            while writer.is_alive() and len(added) < count + 5:
                time.sleep(0.01)
            server.kill()
            server.start()
        stop.set()
        writer.join()
        assert [name for name in added if name not in store.get_many(added)] == []
        report = store.verify()
        assert report.problems == ()
        assert store.count_articles() == report.versions >= len(added)


def test_the_password_is_needed_and_never_shown(
    server: PostgresqlServer,
    location: CatalogueLocation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("TANGTHU_CATALOGUE_PASSWORD")
    with pytest.raises(StoreError, match="cannot be opened: .*password"):
        Store(tmp_path / "home", location)
    path = tmp_path / "password"
    path.write_text("geheim\n")
    with pytest.raises(StoreError, match="set the right password") as refused:
        Store(tmp_path / "home", replace(location, password_file=str(path)))
    assert "geheim" not in "".join(traceback.format_exception(refused.value))
    path.write_text(f"{PASSWORD}\n", encoding="utf-8")
    with Store(tmp_path / "home", replace(location, password_file=str(path))) as store:
        assert store.count_articles() == 0
        assert "geheim" not in repr(store.engine) + repr(store.location)
    monkeypatch.setenv("TANGTHU_CATALOGUE_PASSWORD", PASSWORD)


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ("sslmode=require", ""),
        ("sslmode=verify-ca&sslrootcert={root}", ""),
        ("sslmode=verify-full&sslrootcert={root}", ""),
        ("sslmode=verify-full", "not reached: self-signed certificate"),
        ("sslmode=verify-full&sslrootcert=/nowhere", "certificate .* cannot be read: No such"),
    ],
)
def test_the_server_is_known_by_its_certificate(
    server: PostgresqlServer,
    location: CatalogueLocation,
    tmp_path: Path,
    options: str,
    refusal: str,
) -> None:
    root = server.folder / "root.crt"
    tls = CatalogueLocation(over_tls(server, location, options.format(root=root)))
    if refusal:
        with pytest.raises(StoreError, match=refusal):
            Store(tmp_path, tls)
        return
    with Store(tmp_path, tls) as store:
        query = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl"
        assert server.execute(query)[0][0] >= 1
        assert keep(store, article("Một"))[0].sequence == 1


def test_a_host_that_does_not_match_the_certificate_is_refused(
    server: PostgresqlServer, location: CatalogueLocation, tmp_path: Path
) -> None:
    options = f"sslmode=verify-full&sslrootcert={server.folder / 'root.crt'}"
    url = over_tls(server, location, options).replace("localhost", "127.0.0.1")
    with pytest.raises(StoreError, match="not reached: .*not valid for .127"):
        Store(tmp_path, CatalogueLocation(url))


def test_statements_and_locks_have_limits_with_clear_messages(
    postgresql: PostgresqlServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_SECONDS", 0.2)
    location = postgresql.new_database()
    engine = connect_postgresql(location)
    with Store(tmp_path, location) as store, engine.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE articles")
        with pytest.raises(StoreError, match="lock timeout; somebody else holds the tables"):
            store.last_sequence()
    engine.dispose()
    monkeypatch.setattr(database, "STATEMENT_SECONDS", 0.2)
    with Store(tmp_path, location) as store, pytest.raises(StoreError, match="took too long"):
        store._read(lambda bind: bind.exec_driver_sql("SELECT pg_sleep(5)").scalar())


@pytest.mark.usefixtures("both_catalogues")
@pytest.mark.parametrize("source", ["báo/b\udcc3i.txt", "báo\0/bài.txt"])
def test_odd_texts_are_cleaned_the_same_way_everywhere(store: Store, source: str) -> None:
    sections = (Section(("chữ\0 và \ud800",)),)
    odd = Article(title="Một \udcc3", sections=sections, origin=Origin(source, "text", 1))
    (change,) = keep(store, odd)
    (version,) = store.versions(change.identifier)
    assert version.origin.source == source.replace("\0", "\ufffd").replace("\udcc3", "\ufffd")
    assert store.get(change.identifier).origin == version.origin
    assert store.verify().problems == ()
    for name in ("a\0b", "a\ud800b"):
        with pytest.raises(NotFoundError):
            store.get(name)
        assert store.find_by_identifier(name) == store.find_by_address(name) == []


@pytest.mark.usefixtures("both_catalogues")
def test_texts_that_are_too_long_are_refused_everywhere(store: Store) -> None:
    with pytest.raises(StoreError, match="more than 64 characters, the most that reader"):
        keep(store, replace(article("Một"), origin=Origin("a.txt", "r" * 80, 1)))
    assert (store.count_articles(), store.verify().problems) == (0, ())


def test_a_database_in_another_encoding_is_refused(
    server: PostgresqlServer, location: CatalogueLocation, tmp_path: Path
) -> None:
    options = "TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    server.execute(f"CREATE DATABASE latin {options}")
    with pytest.raises(ArchiveError, match="encoding LATIN1; make one in UTF-8"):
        Store(tmp_path, server.location("latin"))
