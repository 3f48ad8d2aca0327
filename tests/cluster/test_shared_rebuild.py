"""A rebuild that processes with homes of their own share, as on several hosts."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.catalogue.rebuild_parts import RebuildParts, find_shared_rebuild
from archive.errors import EngineError
from archive.settings.archive_settings import write_archive_settings
from archive.settings.catalogue_location import write_location
from archive.store import Store
from indexer.derived.dataset import load_derived_data
from indexer.engine_factory import open_engine
from indexer.generations.generations import Generations
from indexer.indexing import shared_tasks
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from indexer.indexing.rebuild_tasks import DocumentTasks
from indexer.indexing.shared_rebuild import join_rebuild
from indexer.open_archive import open_archive
from indexer.search.search_records import SearchRequest
from tests.factories import article, keep
from tests.opensearch_server import ask_node
from tests.postgresql_server import PostgresqlServer
from web.cli.main import main

_ARTICLES = 60
_PARTS = 20
_PROGRAM = """
import sys
from indexer.indexing import checkpoint
checkpoint._TASK_DOCUMENTS = 3
from web.cli.main import main
main(sys.argv[1:])
"""
_SLOW_PROGRAM = f"""
import time
from indexer.indexing.rebuild_tasks import DocumentTasks
analyse = DocumentTasks.analyse
def analyse_slowly(self, *arguments):
    time.sleep(0.2)
    return analyse(self, *arguments)
DocumentTasks.analyse = analyse_slowly
{_PROGRAM}"""


@pytest.fixture
def shared_store(
    postgresql: PostgresqlServer, engine_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """Yield a store of some articles: catalogue on a server, index to be on the cluster."""
    monkeypatch.setattr("indexer.indexing.checkpoint._TASK_DOCUMENTS", 3)
    home = tmp_path / "home"
    home.mkdir()
    write_location(home, postgresql.new_database())
    write_archive_settings(home, {"engine": engine_url})
    with Store(home) as store:
        words = ("Ủy ban nhân dân (UBND)", "Bộ Công an", "Sông Hương", "Lúa mùa")
        keep(store, *(article(f"{words[n % 4]} {n}", f"Bài thứ {n}.") for n in range(_ARTICLES)))
        yield store


@pytest.fixture
def start(shared_store: Store) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Yield what starts `tangthu` on a home, slowly; what still runs is killed at the end."""
    with ExitStack() as stack:

        def start_program(home: Path, *words: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-c", _SLOW_PROGRAM, "--home", str(home), *words]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            stack.callback(_end, process)
            return process

        yield start_program


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def _second_home(store: Store) -> Path:
    """Make the home of another host: the settings and the identity, no originals and no index."""
    home = store.home.with_name("second")
    home.mkdir()
    for name in ("settings.toml", "identity.json"):
        shutil.copy(store.home / name, home / name)
    return home


def _wait_for_parts(store: Store, done: int) -> None:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        rebuild = find_shared_rebuild(store.engine)
        if rebuild and RebuildParts(store.engine, rebuild.rebuild).count().done >= done:
            return
        time.sleep(0.05)
    raise AssertionError("the parts were not done")


def _answers(store: Store) -> tuple[object, ...]:
    """Return what an archive answers, and everything its index was made of."""
    generation = Generations(store.home / "index").current()
    with closing(open_engine(generation.folder)) as engine:
        documents = sorted(engine.documents())
    derived = store.home.with_name("derived")
    derived.mkdir()
    load_derived_data(generation.folder, store).save(derived)
    files = {path.name: path.read_bytes() for path in derived.iterdir()}
    shutil.rmtree(derived)
    with open_archive(store.home) as archive:
        pages = [
            archive.search.search(SearchRequest(text))
            for text in ("sông hương", "UBND", "cong an", "bài thứ", '"lúa mùa"')
        ]
    found = [(page.total, [(hit.identifier, hit.score) for hit in page.hits]) for page in pages]
    assert all(total for total, _ in found)
    assert verify_index(store).problems == ()
    return documents, files, found


def _indexes(urls: tuple[str, ...], name: str) -> list[str]:
    rows = ask_node(urls[0], "GET", f"/_cat/indices/{name}-*?format=json")
    return sorted(row["index"] for row in rows if not row["index"].endswith("-words"))


def test_a_worker_of_another_host_is_killed_and_its_part_is_taken_over(
    shared_store: Store,
    start: Callable[..., subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    opensearch_urls: tuple[str, ...],
    opensearch_name: str,
) -> None:
    # What one worker makes alone, without another host.
    assert IndexBuilder(shared_store).rebuild().documents == _ARTICLES
    alone = _answers(shared_store)
    second = _second_home(shared_store)
    first = start(shared_store.home, "rebuild")
    _wait_for_parts(shared_store, 1)
    joined = start(second, "rebuild", "--join")
    _wait_for_parts(shared_store, 5)
    joined.kill()
    first.send_signal(signal.SIGKILL)
    assert (joined.wait(), first.wait()) == (-signal.SIGKILL, -signal.SIGKILL)
    # Both are gone in the middle; this process goes on, and takes over what they had claimed.
    assert len(_indexes(opensearch_urls, opensearch_name)) == 2
    monkeypatch.setattr("archive.catalogue.rebuild_parts.SILENCE_SECONDS", 2)
    report = IndexBuilder(shared_store).rebuild()
    # Parts are ranges of identifiers, so that their sizes differ.
    assert (report.documents, report.resumed > 0) == (_ARTICLES, True)
    assert _answers(shared_store) == alone
    assert find_shared_rebuild(shared_store.engine) is None
    alias = ask_node(opensearch_urls[0], "GET", f"/_alias/{opensearch_name}")
    assert list(alias) == [f"{opensearch_name}-000002"]
    assert not [*(second / "index").glob("*")]


def test_another_host_does_what_a_killed_one_left(
    shared_store: Store,
    start: Callable[..., subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = start(shared_store.home, "rebuild", "--workers=2")
    _wait_for_parts(shared_store, 3)
    first.kill()
    first.wait()
    monkeypatch.setattr("archive.catalogue.rebuild_parts.SILENCE_SECONDS", 2)
    monkeypatch.setattr(shared_tasks, "_SECONDS_TO_WAIT", 0.1)
    arguments = ["--home", str(_second_home(shared_store)), "rebuild", "--join"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    assert "publishes it" in done.output
    shared = find_shared_rebuild(shared_store.engine)
    assert shared is not None
    assert RebuildParts(shared_store.engine, shared.rebuild).count().done == _PARTS
    # The home has not seen a file of those parts; nothing is analysed again.
    monkeypatch.setattr(DocumentTasks, "analyse", _refuse)
    report = IndexBuilder(shared_store).rebuild()
    assert (report.documents, report.resumed) == (_ARTICLES, _ARTICLES)
    _answers(shared_store)


def _refuse(*_: object) -> int:
    raise AssertionError("it was done already")


def test_a_stopped_worker_does_not_go_on_with_what_is_another_ones(
    shared_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    analyse = DocumentTasks.analyse

    def lose_the_first(tasks: DocumentTasks, *arguments: object) -> int:
        number = arguments[-1]
        assert isinstance(number, int)
        seen.append(number)
        if seen == [number]:
            engine = shared_store.engine
            with engine.begin() as connection:
                connection.exec_driver_sql(
                    "UPDATE rebuild_parts SET worker = 'another', state = 'open'"
                )
            time.sleep(0.5)
        return analyse(tasks, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(shared_tasks, "_SECONDS_BETWEEN_HEARTBEATS", 0.05)
    monkeypatch.setattr(DocumentTasks, "analyse", lose_the_first)
    assert IndexBuilder(shared_store).rebuild().documents == _ARTICLES
    # The part that was lost was done by its heir.
    assert seen[0] == 0
    assert sorted(seen[1:]) == list(range(_PARTS))
    _answers(shared_store)


def test_results_that_came_to_harm_are_done_again(
    shared_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = shared_tasks.fetch_results
    monkeypatch.setattr("indexer.indexing.shared_rebuild.fetch_results", _break_off)
    with pytest.raises(KeyboardInterrupt):
        IndexBuilder(shared_store).rebuild()
    shared = find_shared_rebuild(shared_store.engine)
    assert shared is not None
    (folder,) = (shared_store.home / "index" / "rebuild").glob("*/tasks")
    for number in (3, 4):
        shutil.rmtree(folder / f"{number:05}")
    with shared_store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE rebuild_parts SET result = 'torn' WHERE number = 4")
    monkeypatch.setattr("indexer.indexing.shared_rebuild.fetch_results", fetch)
    with pytest.raises(EngineError, match=r"part 00004 is damaged.*again"):
        IndexBuilder(shared_store).rebuild()
    assert IndexBuilder(shared_store).rebuild().documents == _ARTICLES
    _answers(shared_store)


def _break_off(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("words", [["--join"], ["--join", "--fresh"], ["--join", "--since=2020"]])
def test_there_is_nothing_to_join(shared_store: Store, words: list[str]) -> None:
    done = CliRunner().invoke(main, ["--home", str(shared_store.home), "rebuild", *words])
    assert done.exit_code != 0
    assert ("no rebuild is under way" in done.output) is (len(words) == 1)


def test_another_version_of_the_program_is_refused(
    shared_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.indexing.shared_rebuild.fetch_results", _break_off)
    with pytest.raises(KeyboardInterrupt):
        IndexBuilder(shared_store).rebuild()
    monkeypatch.setattr("indexer.indexing.shared_rebuild.program_digest", lambda: "0" * 64)
    with pytest.raises(EngineError, match="another version"):
        join_rebuild(shared_store, BuildOptions(), lambda done, total: None)
