"""An archive on a cluster: generations that share an index, interruptions, owners of indexes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.errors import EngineError
from archive.settings.archive_settings import archive_settings
from archive.store import Store
from indexer.engine_factory import index_address
from indexer.generations.generations import Generations, read_engine_health
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.checkpoint import remove_checkpoints
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from indexer.indexing.index_move import move_index
from indexer.indexing.rebuild_tasks import DocumentTasks
from indexer.open_archive import open_archive
from indexer.search.search_records import SearchRequest
from tests.cluster.conftest import OpenHome
from tests.factories import article, keep
from tests.opensearch_server import ask_node
from web.cli.main import main


def _total(store: Store, text: str) -> int:
    with open_archive(store.home) as archive:
        page = archive.search.search(SearchRequest(text))
    assert page.complete
    return page.total_full


def _indexes(urls: tuple[str, ...], name: str) -> list[str]:
    rows = ask_node(urls[0], "GET", f"/_cat/indices/{name}-*?format=json")
    return sorted(row["index"] for row in rows if not row["index"].endswith("-words"))


def _address(store: Store, generation: str) -> str:
    return index_address(Generations(store.home / "index").get(generation).folder)


def test_updates_change_the_index_in_place_and_going_back_passes_them_over(
    store: Store, opensearch_urls: tuple[str, ...], opensearch_name: str
) -> None:
    storm, harvest = article("Bão số ba", "Mưa lớn ở Huế."), article("Lúa mùa", "Được mùa.")
    keep(store, storm, harvest)
    first = IndexBuilder(store).update().generation
    assert (_total(store, "mưa lớn"), _total(store, "mua lon")) == (1, 1)
    keep(store, article("Cầu mới", "Khánh thành cầu ở Vinh."))
    second = IndexBuilder(store).rebuild().generation
    keep(store, article("Chợ nổi", "Khánh thành chợ ở Cần Thơ."))
    store.delete(storm.identifier)
    report = IndexBuilder(store).update()
    assert (report.indexed, report.deleted, report.documents) == (1, 1, 3)
    assert (_total(store, "khánh thành"), _total(store, "mưa lớn")) == (2, 0)
    assert _address(store, report.generation) == _address(store, second) != _address(store, first)
    assert verify_index(store).problems == ()
    alias = ask_node(opensearch_urls[0], "GET", f"/_alias/{opensearch_name}")
    assert list(alias) == [f"{opensearch_name}-000002"]
    assert IndexBuilder(store).rollback() == first
    assert (_total(store, "khánh thành"), _total(store, "mưa lớn")) == (0, 1)
    alias = ask_node(opensearch_urls[0], "GET", f"/_alias/{opensearch_name}")
    assert list(alias) == [f"{opensearch_name}-000001"]


def test_an_index_goes_with_the_last_generation_that_points_to_it(
    store: Store, opensearch_urls: tuple[str, ...], opensearch_name: str
) -> None:
    for number in range(3):
        keep(store, article(f"Bài {number}", f"Nội dung thứ {number}."))
        IndexBuilder(store, BuildOptions(keep=1)).update()
    assert _indexes(opensearch_urls, opensearch_name) == [f"{opensearch_name}-000001"]
    assert Generations(store.home / "index").names() == ["000003"]
    IndexBuilder(store, BuildOptions(keep=1)).rebuild()
    assert _indexes(opensearch_urls, opensearch_name) == [f"{opensearch_name}-000002"]
    assert _total(store, "nội dung") == 3
    health = read_engine_health(store)
    # Yellow while copies of the shards are still being made.
    assert (health.status in ("green", "yellow"), health.nodes) == (True, len(opensearch_urls))


def test_another_archives_indexes_are_not_touched(
    open_home: OpenHome, opensearch_urls: tuple[str, ...], opensearch_name: str
) -> None:
    first, second = open_home("a"), open_home("b")
    keep(first, article("Bài", "Của kho thứ nhất."))
    keep(second, article("Bài", "Của kho thứ hai."))
    IndexBuilder(first).update()
    with pytest.raises(EngineError, match="another archive"):
        IndexBuilder(second).update()
    assert _indexes(opensearch_urls, opensearch_name) == [f"{opensearch_name}-000001"]
    assert _total(first, "kho thứ nhất") == 1


@pytest.mark.parametrize("fresh", [False, True])
def test_an_interrupted_rebuild_goes_on_or_is_cleared_up(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    opensearch_urls: tuple[str, ...],
    opensearch_name: str,
    fresh: bool,
) -> None:
    monkeypatch.setattr("indexer.indexing.checkpoint._TASK_DOCUMENTS", 2)
    keep(store, *(article(f"Bài {n}", f"Chữ thứ {n}.") for n in range(6)))
    IndexBuilder(store).update()
    analyse = DocumentTasks.analyse

    def break_off(tasks: DocumentTasks, *arguments: object) -> int:
        if arguments[-1] == tasks.checkpoint.plan.tasks - 1:
            raise KeyboardInterrupt
        return analyse(tasks, *arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(DocumentTasks, "analyse", break_off)
        with pytest.raises(KeyboardInterrupt):
            IndexBuilder(store).rebuild()
    assert _total(store, "chữ thứ") == 6
    assert len(_indexes(opensearch_urls, opensearch_name)) == 2
    report = IndexBuilder(store, BuildOptions(resume=not fresh)).rebuild()
    assert (report.documents, report.resumed > 0) == (6, not fresh)
    assert len(_indexes(opensearch_urls, opensearch_name)) == 2
    assert verify_index(store).problems == ()


def test_a_checkpoint_whose_index_is_gone_begins_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch, opensearch_urls: tuple[str, ...]
) -> None:
    monkeypatch.setattr("indexer.indexing.rebuild_job.index_files", _refuse)
    keep(store, article("Bài", "Chữ."))
    with pytest.raises(EngineError, match="refused"):
        IndexBuilder(store).rebuild()
    monkeypatch.undo()
    (plan,) = (store.home / "index" / "rebuild").glob("*/plan.json")
    index = plan.read_text().rpartition("#")[2].partition('"')[0]
    ask_node(opensearch_urls[0], "DELETE", f"/{index}")
    assert IndexBuilder(store).rebuild().documents == 1
    assert verify_index(store).problems == ()
    remove_checkpoints(store.home / "index" / "rebuild")


def _refuse(address: str = "") -> None:
    raise EngineError("refused")


def test_derived_data_follow_an_update_that_was_killed_after_its_commit(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, article("Bài", "Chữ đầu."))
    IndexBuilder(store).update()
    keep(store, article("Bài thêm", "Bộ Giao thông vận tải (GTVT) họp."))

    def break_off(generations: Generations, *arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Generations, "publish", break_off)
        with pytest.raises(KeyboardInterrupt):
            IndexBuilder(store).update()
    # What was committed is seen at once; the derived data follow with the next update.
    assert _total(store, "giao thông") == 1
    report = IndexBuilder(store).update()
    assert (report.indexed, report.documents) == (1, 2)
    assert verify_index(store).problems == ()


def test_what_disagrees_is_named_and_repaired(
    store: Store, opensearch_urls: tuple[str, ...], opensearch_name: str
) -> None:
    lost = article("Bài", "Chữ.")
    keep(store, lost, article("Bài hai", "Chữ hai."))
    IndexBuilder(store).update()
    index = f"{opensearch_name}-000001"
    ask_node(opensearch_urls[0], "DELETE", f"/{index}/_doc/{lost.identifier}?refresh=true")
    assert "run `tangthu" in verify_index(store).problems[0].reason
    IndexBuilder(store).repair()
    assert verify_index(store).problems == ()
    assert _total(store, "chữ") == 2


def test_a_cluster_that_is_away_is_said(store: Store, tmp_path: Path) -> None:
    keep(store, article("Bài", "Chữ."))
    IndexBuilder(store).update()
    pointer = Generations(store.home / "index").current().folder / "index.json"
    text = pointer.read_text()
    nodes = text.partition("opensearch://")[2].partition("/")[0]
    pointer.write_text(text.replace(nodes, "127.0.0.1:9"))
    assert read_engine_health(store).status == "away"


def test_an_index_moves_to_a_cluster_and_back(
    engine_url: str, tmp_path: Path, opensearch_urls: tuple[str, ...], opensearch_name: str
) -> None:
    home = tmp_path / "moved"
    with Store(home) as store:
        keep(store, article("Bài", "Chữ đầu."))
        IndexBuilder(store).update()
        for place in (engine_url, "home", engine_url):
            done = CliRunner().invoke(main, ["--home", str(home), "move", "--engine", place])
            assert done.exit_code == 0, done.output
            assert _total(store, "chữ đầu") == 1
            assert (read_engine_health(store).place == "home") is (place == "home")
            assert (archive_settings(home, {})["engine"].value == "home") is (place == "home")
            assert verify_index(store).problems == ()
        words = ["--home", str(home), "--engine", "home", "status"]
        assert "not where the settings say" in CliRunner().invoke(main, words).stderr
        # What is there already is brought up to date.
        keep(store, article("Bài thêm", "Chữ thêm."))
        location = archive_settings(home, {})["engine"].value
        assert move_index(store, location).indexed == 1
    assert _indexes(opensearch_urls, opensearch_name)


def test_a_copy_that_was_away_can_be_brought_up_to_date(
    store: Store, opensearch_urls: tuple[str, ...], opensearch_name: str
) -> None:
    # Without what recovery reads, a copy that missed changes never comes back.
    keep(store, article("Bài", "Chữ."))
    IndexBuilder(store).update()
    for index in (f"{opensearch_name}-000001", f"{opensearch_name}-000001-words"):
        answer = ask_node(opensearch_urls[0], "GET", f"/{index}/_mapping")
        source = answer[index]["mappings"]["_source"]
        assert source.get("recovery_source_enabled", True)
