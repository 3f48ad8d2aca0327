"""Checks of a new index: a wrong one is set aside, and a published one repaired."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from archive.errors import NotPublishedError
from archive.files.atomic_files import file_digest
from archive.records import utc_now
from archive.store import Store
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import Document, build_document
from indexer.engine.api import Engine
from indexer.engine_factory import index_files, open_engine, open_writer
from indexer.generations.generations import MANIFEST, Generations
from indexer.generations.progress_file import read_progress
from indexer.indexing import index_builder, publish_checks
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from indexer.indexing.publish_checks import differing_articles, unfindable_articles
from indexer.intake import json_lines
from indexer.intake.registry import READERS
from indexer.open_archive import OpenArchive
from tests.factories import ArchiveFactory, article, keep
from web.cli.main import main

ARTICLES = 6


@pytest.fixture
def store(archive_of: ArchiveFactory) -> Store:
    articles = (article(f"Bài báo {number}", f"nội dung {number}") for number in range(ARTICLES))
    return archive_of(*articles).store


def live_folder(store: Store) -> Path:
    return Generations(store.home / "index").current().folder


def tamper(store: Store, identifiers: list[str], *others: Document) -> None:
    """Take articles out of the live index, or put others in, and describe it anew.

    Its files are right, its content is wrong.
    """
    generations = Generations(store.home / "index")
    base = generations.current()
    folder = generations.begin(base)
    with open_writer(folder) as writer:
        for identifier in identifiers:
            writer.delete(identifier)
        for document in others:
            writer.add(document)
        writer.commit(base.manifest.sequence)
    with closing(open_engine(folder)) as engine:
        generations.publish(folder, engine.status(), base)


def run(store: Store, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--home", str(store.home), *words])
    return done.exit_code, done.output


def test_a_right_index_passes(store: Store) -> None:
    with closing(open_engine(live_folder(store))) as engine:
        assert differing_articles(store, engine) == unfindable_articles(store, engine) == []
    index_files().check(live_folder(store))


def test_articles_that_their_title_does_not_find_are_named(store: Store) -> None:
    first, version = min(store.identifiers())
    kept = store.get(first)
    other = build_document(Analyzer(), replace(kept, title="Chuyện khác"), version)
    tamper(store, [first], other)
    with closing(open_engine(live_folder(store))) as engine:
        assert differing_articles(store, engine) == []
        assert unfindable_articles(store, engine) == [first]


@pytest.mark.parametrize(("most_hits", "is_named"), [(9, True), (2, True), (1, False), (0, False)])
def test_a_title_of_more_articles_than_are_read_proves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, most_hits: int, is_named: bool
) -> None:
    words = build_document(Analyzer(), article("Bài báo"), 1)
    monkeypatch.setattr(publish_checks, "_MOST_HITS", most_hits)
    hits = [SimpleNamespace(identifier="another")] * 2
    engine: Any = SimpleNamespace(search=lambda query: SimpleNamespace(total=2, hits=hits))
    assert publish_checks._is_findable(engine, words) is not is_named


@pytest.mark.parametrize(
    ("indexed", "differing"),
    [
        ({"a": 1, "b": 2}, []),
        ({"a": 1}, ["b"]),
        ({"a": 1, "b": 1}, ["b"]),
        ({"a": 1, "b": 3}, ["b"]),
        ({"a": 1, "b": 2, "c": 1}, ["c"]),
        ({"d": 1, "c": 1}, ["a", "b", "c", "d"]),
    ],
)
def test_what_one_of_them_lacks_or_has_in_another_version_differs(
    indexed: dict[str, int], differing: list[str]
) -> None:
    store: Any = SimpleNamespace(identifiers=lambda: [("a", 1), ("b", 2)])
    engine: Any = SimpleNamespace(documents=lambda: indexed.items())
    assert differing_articles(store, engine) == differing


@pytest.mark.parametrize("newer", [-1, 1])
def test_articles_of_which_the_index_has_another_version_are_no_matter_of_their_title(
    store: Store, newer: int
) -> None:
    first, version = min(store.identifiers())
    renamed = replace(store.get(first), title="Chuyện khác")
    tamper(store, [first], build_document(Analyzer(), renamed, version + newer))
    with closing(open_engine(live_folder(store))) as engine:
        assert differing_articles(store, engine) == [first]
        assert unfindable_articles(store, engine) == []


def test_what_is_added_while_titles_are_searched_is_no_fault_of_the_index(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = store.get(min(store.identifiers())[0])

    def search_after_an_addition(store: Store, engine: Engine) -> list[str]:
        keep(store, replace(kept, title="Tên mới"))
        return unfindable_articles(store, engine)

    keep(store, article("Thêm trước"))
    monkeypatch.setattr(index_builder, "unfindable_articles", search_after_an_addition)
    assert IndexBuilder(store).update().indexed == 1
    monkeypatch.undo()
    # The new version, which the check had to pass over, is left to the next update.
    assert IndexBuilder(store).update().indexed == 1
    assert verify_index(store).problems == ()


def test_what_is_added_meanwhile_hides_no_disagreement(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = min(store.identifiers())

    def differ_after_an_addition(store: Store, engine: Engine) -> list[str]:
        (added,) = keep(store, article(f"Thêm {store.last_sequence()}"))
        return [first, added.identifier]

    keep(store, article("Thêm trước"))
    live = Generations(store.home / "index").current()
    monkeypatch.setattr(index_builder, "differing_articles", differ_after_an_addition)
    with pytest.raises(NotPublishedError, match=rf"on 1 articles \({first}, …\)"):
        IndexBuilder(store).update()
    assert Generations(store.home / "index").current() == live


def test_a_build_can_be_followed_until_it_ends(store: Store) -> None:
    keep(store, article("Thêm trước"))
    works: list[str] = []

    def follow(done: int, total: int) -> None:
        progress = read_progress(store)
        works.append(progress.work if progress else "none")

    IndexBuilder(store, progress=follow).update()
    IndexBuilder(store, progress=follow).rebuild()
    assert set(works) == {"update", "rebuild"}
    assert read_progress(store) is None


@pytest.mark.parametrize("how", ["parity", "known items", "*.arrays", "phrases.learned"])
def test_a_wrong_index_is_set_aside_and_the_live_one_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    live = Generations(store.home / "index").current()
    if how == "parity":
        monkeypatch.setattr(index_builder, "differing_articles", lambda store, engine: ["x"])
    elif how == "known items":
        monkeypatch.setattr(index_builder, "unfindable_articles", lambda store, engine: ["x"])
    else:
        original = index_builder.RebuildJob.build

        def spoiling(job: index_builder.RebuildJob, folder: Path) -> int:
            done = original(job, folder)
            victim = next(folder.glob(how))
            data = bytearray(victim.read_bytes())
            data[len(data) // 3] ^= 1
            victim.unlink()
            victim.write_bytes(data)
            return done

        monkeypatch.setattr(index_builder.RebuildJob, "build", spoiling)
    with pytest.raises(NotPublishedError, match=r"not published.*refused.*old one stays"):
        IndexBuilder(store).rebuild()
    assert Generations(store.home / "index").current() == live
    (why,) = (store.home / "index" / "refused").rglob("why.txt")
    assert why.read_text()
    monkeypatch.undo()
    assert IndexBuilder(store).rebuild().resumed == 0
    assert verify_index(store).problems == ()


def test_what_the_index_lacks_is_indexed_again(store: Store) -> None:
    tamper(store, [identifier for identifier, _ in store.identifiers()][:2])
    assert run(store, "verify")[0] == 1
    status, output = run(store, "verify", "--repair")
    assert status == 0, output
    assert "repaired: indexed 2, deleted 0" in output
    assert "all agree" in output


def test_a_damaged_index_is_made_anew(store: Store) -> None:
    victim = next(live_folder(store).glob("*.arrays"))
    victim.write_bytes(victim.read_bytes()[:-1] + b"?")
    assert run(store, "verify")[0] == 1
    assert run(store, "verify", "--repair")[0] == 0


def test_derived_data_that_no_update_can_read_is_made_anew(store: Store) -> None:
    victim = live_folder(store) / "phrases.learned"
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(data)
    # As if it had been published like that.
    manifest = json.loads((live_folder(store) / MANIFEST).read_text())
    manifest["files"][victim.name]["sha256"] = file_digest(victim)
    (live_folder(store) / MANIFEST).write_text(json.dumps(manifest))
    assert "phrases.learned" in IndexBuilder(store).reason_to_rebuild()
    IndexBuilder(store).repair()
    assert verify_index(store).problems == ()


def test_a_rebuild_is_made_only_if_needed(store: Store) -> None:
    assert "no rebuild is needed" in run(store, "rebuild", "--if-needed")[1]
    assert live_folder(store).name == "000001"
    manifest = live_folder(store) / "index.json"
    manifest.write_text(manifest.read_text().replace("vi-", "old-"))
    status, output = run(store, "rebuild", "--if-needed")
    assert status == 0, output
    assert output.startswith("rebuilding: ")
    assert verify_index(store).problems == ()


def test_chosen_articles_are_indexed_again(store: Store) -> None:
    tomorrow = (utc_now() + timedelta(days=2)).date().isoformat()
    yesterday = (utc_now() - timedelta(days=2)).date().isoformat()
    for words, count in (
        (["--only", "noi dung 3"], 1),
        (["--only", ""], 0),
        (["--since", tomorrow], 0),
        (["--since", yesterday], ARTICLES),
        (["--since", yesterday, "--only", "bai bao"], ARTICLES),
    ):
        status, output = run(store, "rebuild", *words)
        if not count:
            assert (status, "nothing was built" in output) == (1, True)
            continue
        assert status == 0, output
        assert f"indexed {count}, deleted 0, in the index {ARTICLES}" in output
    assert verify_index(store).problems == ()


def test_kept_originals_are_read_again(tmp_path: Path, archive: OpenArchive) -> None:
    store = archive.store
    lines = [json.dumps({"id": str(number), "title": f"Bài {number}"}) for number in range(3)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    assert run(store, "add", str(tmp_path / "a.jsonl"))[0] == 0
    first, _ = min(store.identifiers())
    # As if an earlier reader had made another text of one of them.
    version = store.versions(first)[-1]
    with store.batch() as batch:
        batch.add_reparsed(version, replace(store.get(first), title="Cũ"))
    dry = run(store, "rebuild", "--reparse", "--dry-run")
    left = "read by today's readers already, and not again: 2 (--force)\n"
    assert dry == (0, f"read 1 original again: 1 would change, failed 0\n{left}")
    assert store.get(first).title == "Cũ"
    status, output = run(store, "rebuild", "--reparse")
    assert "read 1 original again: 1 changed, failed 0" in output
    assert (status, store.get(first).title[:3]) == (0, "Bài")
    assert [version.number for version in store.versions(first)] == [1, 2, 3]
    assert store.read_original(first) == store.read_original(first, 1)
    assert run(store, "rebuild", "--reparse", "--dry-run")[1].startswith(
        "read 0 originals again: 0 would"
    )
    forced = run(store, "rebuild", "--reparse", "--force", "--dry-run")
    assert forced == (0, "read 3 originals again: 0 would change, failed 0\n")
    assert run(store, "verify")[0] == 0


def test_articles_of_an_unknown_reader_are_passed_over_and_counted(
    tmp_path: Path, archive: OpenArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [json.dumps({"id": str(number), "title": f"Bài {number}"}) for number in range(2)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    (tmp_path / "b.txt").write_text("Bài thứ ba")
    assert run(archive.store, "add", str(tmp_path / "a.jsonl"), str(tmp_path / "b.txt"))[0] == 0
    monkeypatch.delitem(READERS, json_lines.READER)
    assert run(archive.store, "rebuild", "--reparse", "--force", "--dry-run") == (
        0,
        "read 1 original again: 0 would change, failed 0\n"
        "passed over 2 articles: there is no reader 'jsonlines' any more\n",
    )
