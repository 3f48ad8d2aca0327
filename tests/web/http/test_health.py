"""An archive without a usable index, or in another place, says so and shows what it has."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.backups.backup import backup, restore
from archive.errors import EngineError
from archive.files.atomic_files import file_digest
from archive.store import Store
from indexer.analysis.analyzer import ANALYZER
from indexer.generations.generations import MANIFEST, Generations
from indexer.generations.live_index import LiveIndex
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import OpenArchive, open_archive
from indexer.whoosh_engine.format import index_manifest
from tests.factories import ArchiveFactory, article, client_of, keep
from web.cli.background_rebuild import is_outdated
from web.cli.main import main

ONE = article("Công an xã", "công an")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose index another analyzer made."""
    with Store(tmp_path / "home") as store:
        keep(store, ONE)
        IndexBuilder(store).update()
    generation = Generations(tmp_path / "home" / "index").current()
    path, manifest = generation.folder / index_manifest.MANIFEST, generation.folder / MANIFEST
    digest = file_digest(path)
    path.write_bytes(path.read_bytes().replace(ANALYZER.encode(), b"vi-0"))
    manifest.write_text(manifest.read_text().replace(digest, file_digest(path)))
    return tmp_path / "home"


def invoke(home: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--home", str(home), *words])
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/healthz", 200),
        ("/readyz", 503),
        ("/article/{}", 200),
        ("/article/{}?q=cong+an", 200),
        ("/article/{}/original", 200),
        ("/article/{}/cite.bib", 200),
        ("/article/none", 404),
        ("/api/v1/articles/{}", 200),
        ("/suggest?q=co", 200),
        ("/metrics", 200),
        ("/?q=cong", 503),
        ("/api/v1/search?q=cong", 503),
    ],
)
def test_what_needs_no_index_is_shown_under_an_index_of_another_analyzer(
    home: Path, path: str, status: int
) -> None:
    with open_archive(home) as archive:
        answer = client_of(archive).get(path.format(ONE.identifier))
    assert answer.status_code == status


def test_the_server_answers_searches_once_the_index_is_rebuilt(home: Path) -> None:
    with open_archive(home) as archive:
        client = client_of(archive)
        assert client.get("/healthz").get_json()["index"] == "AnalyzerChangedError"
        IndexBuilder(archive.store).repair()
        assert client.get("/api/v1/search?q=cong").get_json()["total"] == 1
        assert client.get("/healthz").get_json()["index"] == "ok"


def test_an_index_of_another_analyzer_is_a_problem_and_is_repaired(home: Path) -> None:
    assert is_outdated(home)
    status, output = invoke(home, "verify")
    assert status == 1
    assert "checked 1 version, 1 original" in output
    assert "problem: index: " in output
    assert invoke(home, "verify", "--repair")[0] == 0
    assert not is_outdated(home)
    assert invoke(home, "verify")[0] == 0


def test_going_back_to_what_cannot_be_opened_is_refused(home: Path) -> None:
    with Store(home) as store:
        IndexBuilder(store).rebuild()
        live = Generations(home / "index").current_name()
        with pytest.raises(EngineError, match="cannot be opened"):
            IndexBuilder(store).rollback()
        assert Generations(home / "index").current_name() == live
        assert verify_index(store).problems == ()


def replace_home(archive: OpenArchive, other: OpenArchive, folder: Path) -> None:
    """Put another archive, restored from its backup, into the place of one that is served."""
    backup(other.store, folder / "bag")
    home = archive.store.home
    shutil.move(home, folder / "old")
    restore(folder / "bag", home)
    with Store(home) as store:
        IndexBuilder(store).update()


def test_another_archive_in_the_place_of_a_served_one_is_shown(
    archive_of: ArchiveFactory, tmp_path: Path
) -> None:
    archive, other = archive_of(article("Bài cũ", "xưa")), archive_of(article("Bài mới", "nay"))
    client = client_of(archive)
    before = client.get("/api/v1/search?q=bai")
    assert [hit["title"] for hit in before.get_json()["hits"]] == ["Bài cũ"]
    assert "cũ" in client.get("/?q=bai").text
    replace_home(archive, other, tmp_path)
    # Generation and sequence have the same numbers.
    after = client.get("/api/v1/search?q=bai", headers={"If-None-Match": before.headers["ETag"]})
    assert [hit["title"] for hit in after.get_json()["hits"]] == ["Bài mới"]
    assert "mới" in client.get("/?q=bai").text


def test_a_deleted_home_is_noticed(archive_of: ArchiveFactory) -> None:
    archive = archive_of(ONE)
    client = client_of(archive)
    assert client.get("/readyz").status_code == 200
    shutil.rmtree(archive.store.home)
    for path in ("/healthz", "/readyz", "/?q=cong", f"/article/{ONE.identifier}"):
        assert client.get(path).status_code == 503, path


def test_an_index_that_cannot_be_opened_has_no_article_in_it(
    archive_of: ArchiveFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_of(ONE)

    def refuse(_: LiveIndex) -> str:
        raise EngineError("the disk fails")

    monkeypatch.setattr(LiveIndex, "generation_name", refuse)
    answer = client_of(archive).get("/healthz").get_json()
    assert (answer["articles"], answer["indexed"], answer["generation"]) == (1, 0, "")
    assert answer["index"] == "EngineError"
