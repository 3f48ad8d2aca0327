"""Fixtures that test modules share: archives in temporary folders, a browser, a served archive."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from archive.catalogue.database import CATALOGUE_FILE, IDENTITY_FILE
from archive.originals.shipping import Shipper
from archive.records import Article
from archive.settings.catalogue_location import write_location
from archive.settings.originals_location import ORIGINALS_VARIABLE
from archive.store import Store
from archive.writing.write_batch import Batch
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import OpenArchive, open_archive
from tests.factories import ArchiveFactory, keep

# What commands say is compared in the language of the code; some tests choose another.
os.environ["TANGTHU_LANG"] = "en"

# A machine that is busy with other work is no failure.
settings.register_profile("tangthu", deadline=None)
settings.load_profile("tangthu")

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browsing import Site
    from tests.object_storage_server import ObjectStorageServer
    from tests.postgresql_server import PostgresqlServer
    from tests.warm_python import WarmPython

# Its assertions are read by people too, whichever module imports it first.
pytest.register_assert_rewrite("tests.engine_contract")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Name the random order of a run that failed; with `-q` nothing else does."""
    if exitstatus and (seed := config.getoption("randomly_seed", None)) is not None:
        terminalreporter.write_line(f"the order of this run: --randomly-seed={seed}")


@pytest.fixture(scope="session", autouse=True)
def unsynced_disk() -> Iterator[None]:
    """Let nothing here wait for the disk: what a test writes is lost with the machine anyway.

    Processes that tests start do wait; what they sync is for the harness of the faults to see.
    """
    with pytest.MonkeyPatch.context() as patch:
        # A closed file is still no file.
        patch.setattr(os, "fsync", lambda file: (os.fstat(file), None)[1])
        yield


def _archives(folders: pytest.TempPathFactory) -> Iterator[ArchiveFactory]:
    with ExitStack() as opened:

        def archive_of(*articles: Article) -> OpenArchive:
            archive = opened.enter_context(open_archive(folders.mktemp("home")))
            if articles:
                keep(archive.store, *articles)
                IndexBuilder(archive.store).update()
            return archive

        yield archive_of


@pytest.fixture
def archive_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ArchiveFactory]:
    """Yield what makes an archive of articles, open until the test ends."""
    yield from _archives(tmp_path_factory)


@pytest.fixture
def archive(archive_of: ArchiveFactory) -> OpenArchive:
    """Return an empty archive, without an index."""
    return archive_of()


@pytest.fixture
def store(archive: OpenArchive) -> Store:
    """Return an empty store."""
    return archive.store


@pytest.fixture(scope="session")
def warm_python() -> Iterator[WarmPython]:
    """Yield a Python that runs scripts, with the product loaded, until the session ends."""
    from tests.warm_python import WarmPython

    with WarmPython() as python:
        yield python


@pytest.fixture
def postgresql(postgresql_server: PostgresqlServer) -> Iterator[PostgresqlServer]:
    """Yield a PostgreSQL server, and take back the databases that a test got of it."""
    yield postgresql_server
    postgresql_server.take_back()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Yield a PostgreSQL server that runs until the session ends."""
    from tests.postgresql_server import REQUIRED, PostgresqlServer, find_programs

    if find_programs() is None and not os.environ.get(REQUIRED):
        pytest.skip("no PostgreSQL server is installed (Debian: postgresql)")
    with PostgresqlServer() as server:
        yield server


@pytest.fixture(scope="session")
def opensearch_urls() -> Iterator[tuple[str, ...]]:
    """Yield the addresses of an OpenSearch cluster's nodes, which run until the session ends.

    Other runs may use the same cluster at the same time: see `opensearch_name`.
    """
    from tests.opensearch_server import (
        REQUIRED,
        URLS_VARIABLE,
        OpenSearchCluster,
        reason_to_skip,
    )

    if urls := os.environ.get(URLS_VARIABLE):
        yield tuple(urls.split(","))
        return
    if (reason := reason_to_skip()) and not os.environ.get(REQUIRED):
        pytest.skip(reason)
    with OpenSearchCluster() as cluster:
        yield cluster.urls


@pytest.fixture
def opensearch_name(opensearch_urls: tuple[str, ...]) -> Iterator[str]:
    """Yield a name for an archive's indices that no other test has; they are deleted after it."""
    from tests.opensearch_server import delete_indices

    name = f"test-{uuid.uuid4().hex[:12]}"
    yield name
    delete_indices(opensearch_urls[0], name)


@pytest.fixture(scope="session")
def object_storage_server() -> Iterator[ObjectStorageServer]:
    """Yield an S3 server that runs until the session ends."""
    from tests.object_storage_server import REQUIRED, ObjectStorageServer, reason_to_skip

    if (reason := reason_to_skip()) and not os.environ.get(REQUIRED):
        pytest.skip(reason)
    with ObjectStorageServer() as server:
        yield server


@pytest.fixture
def object_storage(
    object_storage_server: ObjectStorageServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ObjectStorageServer]:
    """Yield an S3 server without any object, whose keys are in the environment."""
    from tests.object_storage_server import keys_in_environment

    for name, value in keys_in_environment().items():
        monkeypatch.setenv(name, value)
    yield object_storage_server
    object_storage_server.clear()


@pytest.fixture(params=["sqlite", "postgresql"])
def both_catalogues(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test twice: with each new home's catalogue in the home, and on PostgreSQL.

    On PostgreSQL a home that is made gets a database of its own, which its settings name.
    """
    if request.param == "postgresql":
        server: PostgresqlServer = request.getfixturevalue("postgresql")
        open_store = Store.__init__

        def open_on_server(store: Store, home: Path, *arguments: Any, **options: Any) -> None:
            is_new = not (home / IDENTITY_FILE).exists() and not (home / CATALOGUE_FILE).exists()
            if is_new and not (arguments or "location" in options):
                # A home that cannot be made is the store's to name.
                with suppress(OSError):
                    home.mkdir(parents=True, exist_ok=True)
                    write_location(home, server.new_database())
            open_store(store, home, *arguments, **options)

        monkeypatch.setattr(Store, "__init__", open_on_server)
    return str(request.param)


@pytest.fixture(params=["home", "s3"])
def both_places(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test twice: with originals in the home, and with each shipped as soon as it is added.

    On S3 every batch begins a WARC file, so that only the newest one is in the home.
    """
    if request.param == "s3":
        server: ObjectStorageServer = request.getfixturevalue("object_storage")
        monkeypatch.setenv(ORIGINALS_VARIABLE, server.new_location())
        begin, end = Batch.__enter__, Batch.__exit__

        def begin_file(batch: Batch) -> Batch:
            batch._originals._limit = 1
            return begin(batch)

        def end_and_ship(batch: Batch, kind: Any, error: Any, trace: Any) -> None:
            if kind is None:
                batch.flush()
                Shipper(batch._engine, batch._originals).ship()
            end(batch, kind, error, trace)

        monkeypatch.setattr(Batch, "__enter__", begin_file)
        monkeypatch.setattr(Batch, "__exit__", end_and_ship)
    return str(request.param)


@pytest.fixture(scope="module")
def shared_archive_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ArchiveFactory]:
    """Yield what makes an archive of articles, open until the module's tests end."""
    yield from _archives(tmp_path_factory)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield the machine's own Chromium, without a window."""
    # Imported here: most tests need neither a browser nor the pages.
    from playwright.sync_api import sync_playwright

    from tests.browsing import FLAGS, NAMES, REQUIRED, browser_path

    if browser_path() is None and not os.environ.get(REQUIRED):
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield a served archive with something of everything, and an empty one."""
    from tests.browsing import serve

    with serve(tmp_path_factory.mktemp("site")) as served:
        yield served
