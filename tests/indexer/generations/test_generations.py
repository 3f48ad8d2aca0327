"""Generations: they never change once published, and damage to their files is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.errors import EngineError, NotFoundError
from archive.store import Store
from indexer.engine.records import EngineStatus
from indexer.generations.generations import (
    MANIFEST,
    Generation,
    Generations,
    check_files,
    read_index_state,
)
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from indexer.opensearch_engine.index_pointer import ENGINE, POINTER
from tests.factories import HitCounter, article, keep
from web.cli.main import main


@pytest.fixture
def store(numbered_store: Store) -> Store:
    return numbered_store


def publish_another(store: Store) -> None:
    """Publish a generation as another process does, and remove the one before."""
    keep(store, article("Bài khác"))
    IndexBuilder(store, BuildOptions(keep=1)).update()


def test_a_published_generation_never_changes(store: Store, count_hits: HitCounter) -> None:
    name = IndexBuilder(store).update().generation
    generations = Generations(store.home / "index")
    published = generations.get(name)
    keep(store, article("Mới", "thêm"))
    store.delete(store.changes(0)[0].identifier)
    IndexBuilder(store).update()
    assert check_files(published) == []
    assert generations.get(name) == published
    assert generations.rollback().name == name
    assert (count_hits("bai"), count_hits("them")) == (5, 0)
    report = IndexBuilder(store).update()
    assert (report.documents, report.indexed, report.deleted) == (5, 1, 1)
    assert verify_index(store).problems == ()


def test_a_manifest_that_cannot_be_read_back_is_not_pointed_to(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = IndexBuilder(store).update().generation
    keep(store, article("Mới", "thêm"))

    def spoil(path: Path, content: str) -> None:
        path.write_text(content.replace('"documents": 6', '"documents": 7'))

    monkeypatch.setattr("indexer.generations.generations.replace_file", spoil)
    with pytest.raises(EngineError, match="not what was written"):
        IndexBuilder(store).update()
    assert Generations(store.home / "index").current_name() == name


def test_going_back_needs_an_older_generation(store: Store) -> None:
    IndexBuilder(store).update()
    with pytest.raises(NotFoundError, match="no older generation"):
        IndexBuilder(store).rollback()


def test_going_back_goes_one_generation_at_a_time_and_never_forward(store: Store) -> None:
    for number in range(3):
        keep(store, article(f"Mới {number}"))
        IndexBuilder(store, BuildOptions(keep=5)).update()
    generations = Generations(store.home / "index")
    assert generations.names() == ["000001", "000002", "000003"]
    assert [generations.rollback().name, generations.current_name()] == ["000002", "000002"]
    assert generations.rollback().name == "000001"
    with pytest.raises(NotFoundError, match="no older generation"):
        generations.rollback()
    assert generations.current_name() == "000001"
    # What is built then comes after all that are there.
    assert generations.begin().name == "000004"


@pytest.mark.parametrize(
    ("keep_newest", "staying"),
    [(1, [2, 5]), (2, [2, 4, 5]), (4, [2, 3, 4, 5]), (5, [1, 2, 3, 4, 5]), (9, [1, 2, 3, 4, 5])],
)
def test_the_newest_generations_and_the_current_one_are_kept(
    tmp_path: Path, keep_newest: int, staying: list[int]
) -> None:
    generations = Generations(tmp_path / "index")
    status = EngineStatus(0, 0, "analyzer")
    for _ in range(5):
        folder = generations.begin()
        (folder / "part").write_text(folder.name)
        generations.publish(folder, status, None)
    generations.pointer.write_text("000002\n")
    generations.prune(keep_newest)
    assert [int(name) for name in generations.names()] == staying
    folders = (tmp_path / "index" / "generations").iterdir()
    assert sorted(int(folder.name) for folder in folders) == staying


def test_what_cannot_be_published_is_named_and_the_old_index_stays(tmp_path: Path) -> None:
    generations = Generations(tmp_path / "index")
    status = EngineStatus(0, 0, "analyzer")
    first = generations.publish(generations.begin(), status, None)
    folder = generations.begin()
    folder.rmdir()
    with pytest.raises(EngineError, match=r"cannot publish .*000002.*the old index stays"):
        generations.publish(folder, status, None)
    assert generations.current() == first


def test_of_damaged_files_the_first_is_named(tmp_path: Path) -> None:
    generations = Generations(tmp_path / "index")
    folder = generations.begin()
    for name in ("a", "b", "c"):
        (folder / name).write_text(name)
    generations.publish(folder, EngineStatus(0, 0, "analyzer"), None)
    assert generations.find_damaged() == {}
    (folder / "c").write_text("x")
    (folder / "b").write_text("y")
    assert generations.find_damaged() == {"000001": "b is not what was published"}


def test_what_a_killed_build_left_is_cleared(store: Store) -> None:
    orphan = Generations(store.home / "index").begin()
    (orphan / "half").write_bytes(b"x")
    IndexBuilder(store).update()
    assert not (orphan / "half").exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 1}', '{"files": {"../x": {"sha256": "", "size": 0}}}']
)
def test_a_damaged_manifest_is_named(store: Store, text: str) -> None:
    IndexBuilder(store).update()
    (Generations(store.home / "index").current().folder / MANIFEST).write_text(text)
    with pytest.raises(EngineError, match="rebuild"):
        Generations(store.home / "index").current()
    assert verify_index(store).problems


def test_a_pointer_of_other_bytes_is_an_error_of_ours(store: Store) -> None:
    generations = Generations(store.home / "index")
    for content in (b"\xff\xfe", "000001đ".encode()):
        (store.home / "index").mkdir(exist_ok=True)
        generations.pointer.write_bytes(content)
        with pytest.raises(EngineError, match="CURRENT cannot be read"):
            generations.current_name()


def test_an_index_in_the_home_has_no_address_on_a_cluster(store: Store) -> None:
    IndexBuilder(store).update()
    generations = Generations(store.home / "index")
    assert generations.addresses() == set()
    # Nor has one whose pointer is damaged.
    (generations.current().folder / POINTER).write_text(json.dumps({"engine": ENGINE}))
    assert generations.addresses() == set()


@pytest.mark.parametrize("name", ["../..", "nothing", "000009", "x" * 5000])
def test_a_pointer_to_nowhere_is_an_error_of_ours(store: Store, name: str) -> None:
    IndexBuilder(store).update()
    (store.home / "index" / "CURRENT").write_text(name)
    with pytest.raises(NotFoundError):
        Generations(store.home / "index").current()


def test_the_state_is_that_of_the_live_generation(store: Store) -> None:
    assert read_index_state(store).generation == ""
    IndexBuilder(store).update()
    state = read_index_state(store)
    assert (state.generation, state.documents, state.sequence) == ("000001", 5, 5)


@pytest.mark.parametrize("pattern", ["*.arrays", "copies.learned", "learned.json"])
def test_going_back_to_a_damaged_generation_is_refused(store: Store, pattern: str) -> None:
    name = IndexBuilder(store).update().generation
    generations = Generations(store.home / "index")
    first = generations.get(name)
    keep(store, article("Mới", "thêm"))
    live = IndexBuilder(store).update().generation
    path = next(first.folder.glob(pattern))
    content = path.read_bytes()
    # It may be a hard link of the live generation's file.
    path.unlink()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(EngineError, match="is damaged"):
        generations.rollback()
    assert generations.current_name() == live
    assert [p.subject for p in verify_index(store).problems] == [f"generation {name}"]


def test_what_is_set_aside_lies_there_with_the_reason(tmp_path: Path) -> None:
    generations = Generations(tmp_path / "index")
    for reason in ("sai 5 %", "sai nữa"):
        folder = generations.begin()
        (folder / "part").write_text(reason)
        target = Path(generations.set_aside(folder, reason))
        assert target == tmp_path / "index" / "refused" / folder.name
        assert not folder.exists()
        # Only the last one stays.
        assert [path.name for path in target.parent.iterdir()] == [folder.name]
        assert (target / "part").read_text() == reason
        assert (target / "why.txt").read_text("utf-8") == f"{reason}\n"


def test_what_cannot_be_moved_is_named_where_it_is(tmp_path: Path) -> None:
    generations = Generations(tmp_path / "index")
    folder = generations.begin()
    (tmp_path / "index" / "refused").write_text("in the way")
    named = generations.set_aside(folder, "sai")
    assert named.startswith(f"{folder} (")
    assert "cannot be made" in named
    assert folder.is_dir()


def test_a_generation_that_is_removed_while_it_is_read_is_read_anew(store: Store) -> None:
    IndexBuilder(store).update()
    generations = Generations(store.home / "index")

    def read(generation: Generation) -> str:
        if generation.name == "000001":
            publish_another(store)
        return generation.name + " of " + str(len(list(generation.folder.iterdir())) > 1)

    assert generations.read_current(read) == "000002 of True"


def test_what_cannot_be_read_of_a_generation_that_stays_is_an_error(store: Store) -> None:
    IndexBuilder(store).update()
    generations = Generations(store.home / "index")
    asked: list[str] = []

    def refuse(generation: Generation) -> None:
        asked.append(generation.name)
        keep(store, article("Mới"))
        IndexBuilder(store).update()
        raise EngineError("no")

    with pytest.raises(EngineError, match="no"):
        generations.read_current(refuse)
    (store.home / "index" / "CURRENT").write_text("000009\n")
    with pytest.raises(NotFoundError, match="000009"):
        generations.read_current(refuse)
    assert asked == ["000001"]


def test_generations_that_are_pruned_meanwhile_are_not_damaged(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        keep(store, article(f"Mới {number}"))
        IndexBuilder(store).update()

    def check_after_another_update(generation: Generation) -> list[str]:
        if generation.name == "000001":
            publish_another(store)
        return check_files(generation)

    monkeypatch.setattr("indexer.generations.generations.check_files", check_after_another_update)
    generations = Generations(store.home / "index")
    assert generations.find_damaged() == {}
    assert generations.names() == ["000003"]


def test_the_list_passes_over_what_is_pruned_meanwhile(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        keep(store, article(f"Mới {number}"))
        IndexBuilder(store).update()
    get = Generations.get

    def get_after_another_update(generations: Generations, name: str) -> Generation:
        if name == "000001" and "000003" not in generations.names():
            publish_another(store)
        return get(generations, name)

    monkeypatch.setattr(Generations, "get", get_after_another_update)
    done = CliRunner().invoke(main, ["--home", str(store.home), "generations"])
    assert (done.exit_code, done.stdout) == (0, "")
