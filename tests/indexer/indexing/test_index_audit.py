"""Audits of the index: damage is found."""

from __future__ import annotations

import json
import os
from contextlib import closing, suppress
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from archive.errors import ArchiveError, EngineError
from archive.store import Store
from indexer.arrays.array_file import ArrayFile, write_arrays
from indexer.engine.queries import Column
from indexer.engine_factory import index_files
from indexer.generations.file_digests import record_durably
from indexer.generations.generations import MANIFEST, Generation, Generations, check_files
from indexer.indexing import index_audit
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.index_audit import IndexReport, verify_index
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import open_archive
from indexer.search.interpret.archive_glossary import read_operator_glossary
from indexer.search.search_records import SearchRequest
from indexer.whoosh_engine.format.index_manifest import read_manifest, write_manifest
from indexer.whoosh_engine.format.segment_inspection import SHAPES
from tests.factories import ArchiveFactory, article, day, keep
from web.cli.main import main

COLUMNS = [column for column in Column if column is not Column.PUBLISHED]


@pytest.fixture
def store(numbered_store: Store) -> Store:
    return numbered_store


def test_of_an_index_that_is_not_there_nothing_is_counted(store: Store) -> None:
    report = verify_index(store)
    assert (report.documents, report.files, len(report.problems)) == (0, 0, 1)
    IndexBuilder(store).update()
    (store.home / "index" / "CURRENT").write_text("../../elsewhere\n")
    report = verify_index(store)
    assert (report.documents, report.files, len(report.problems)) == (0, 0, 1)


@pytest.mark.parametrize(
    ("stored", "indexed", "reason"),
    [
        (2, None, "version 2 is not in the index"),
        (None, 2, "version 2 is in the index and no longer kept"),
        (3, 2, "version 2 is in the index, 3 is kept"),
    ],
)
def test_a_difference_is_told_with_the_remedy(
    stored: int | None, indexed: int | None, reason: str
) -> None:
    assert index_audit._reason(stored, indexed) == f"{reason}; run `tangthu update`"


def test_of_damaged_files_no_articles_are_counted(store: Store) -> None:
    IndexBuilder(store).update()
    folder = Generations(store.home / "index").current().folder
    victim = next(folder.glob("*.arrays"))
    victim.unlink()
    report = verify_index(store)
    assert (report.documents, report.files) == (0, len(list(folder.iterdir())))
    assert [problem.subject for problem in report.problems] == [victim.name]


def test_an_empty_archive_needs_no_index(tmp_path: Path) -> None:
    with Store(tmp_path / "empty") as empty:
        assert verify_index(empty) == IndexReport(0, 0, ())


def test_titles_are_searched_where_no_file_has_a_checksum(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is in a cluster; and only of what it holds as the store does."""
    IndexBuilder(store).update()
    searched: list[bool] = []
    monkeypatch.setattr(
        index_audit, "unfindable_articles", lambda *_: searched.append(True) or ["a"]
    )
    assert verify_index(store).problems == ()
    assert not searched
    monkeypatch.setattr(index_audit, "index_address", lambda _: "elsewhere")
    monkeypatch.setattr(index_audit, "index_files", lambda _: index_files(""))
    (problem,) = verify_index(store).problems
    assert problem.subject == "a"
    keep(store, article("Chưa vào chỉ mục"))
    assert [problem.subject for problem in verify_index(store).problems] != ["a"]
    assert len(searched) == 1


def test_damage_to_an_index_is_found(store: Store) -> None:
    IndexBuilder(store).update()
    current = Generations(store.home / "index").current()
    victim = max(current.folder.iterdir(), key=lambda path: path.stat().st_size)
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(data)
    assert victim.name in [problem.subject for problem in verify_index(store).problems]


def doctor_segment(folder: Path, name: str) -> None:
    """Let the numbers of an array lead nowhere, with all checksums and digests right."""
    manifest = read_manifest(folder)
    (entry,) = manifest.segments
    file = ArrayFile(folder / entry.file, entry.name, entry.check)
    arrays = {shape.name: np.array(file.array(shape.name).read()) for shape in SHAPES}
    arrays[name][:] = np.iinfo(arrays[name].dtype).max
    check = write_arrays(folder / entry.file, entry.name, arrays.items())
    write_manifest(folder, replace(manifest, segments=(replace(entry, check=check),)))
    record = json.loads((folder / MANIFEST).read_text())
    for path in folder.iterdir():
        if path.name != MANIFEST:
            record["files"][path.name] = asdict(record_durably(path))
    (folder / MANIFEST).write_text(json.dumps(record))


@pytest.mark.parametrize(
    "name",
    [
        "exact.numbers",
        "folded.starts",
        "exact_words.start",
        "folded_words.start",
        "identifiers.start",
        "by_identifier",
        "documents",
        "passages",
        "extras",
        "month.values",
        "publisher.first",
    ],
)
def test_an_index_that_leads_nowhere_is_named_refused_and_replaced(
    archive_of: ArchiveFactory, tmp_path: Path, name: str
) -> None:
    archive = archive_of(
        article("Bài một", "đê điều ở TP.HCM", publisher="Báo A", published=day(2020, 1, 2))
    )
    home = archive.store.home
    doctor_segment(Generations(home / "index").current().folder, name)
    with open_archive(home) as reopened:
        with suppress(EngineError):
            # Right, or refused: nothing else.
            request = SearchRequest('"đê điều" báo:"Báo A"', facets=tuple(COLUMNS))
            assert reopened.search.search(request).total <= 1
        assert "index" in [problem.subject for problem in verify_index(reopened.store).problems]
    for words in (
        ["status"],
        ["search", "đê"],
        ["verify"],
        ["backup", "--index", str(tmp_path / "b")],
    ):
        result = CliRunner().invoke(main, ["--home", str(home), *words])
        assert result.exception is None or isinstance(result.exception, SystemExit)
    restored = tmp_path / "restored"
    result = CliRunner().invoke(main, ["--home", str(restored), "restore", str(tmp_path / "b")])
    assert result.exit_code == 0, result.output
    assert CliRunner().invoke(main, ["--home", str(restored), "verify"]).exit_code == 0


def test_every_file_of_a_generation_is_demanded_and_described(store: Store) -> None:
    IndexBuilder(store).update()
    current = Generations(store.home / "index").current()
    (current.folder / "stray.arrays").write_bytes(b"")
    assert [problem.subject for problem in verify_index(store).problems] == ["stray.arrays"]
    (current.folder / "stray.arrays").unlink()
    record = json.loads((current.folder / MANIFEST).read_text())
    name = next(name for name in record["files"] if name.endswith(".arrays"))
    del record["files"][name]
    (current.folder / MANIFEST).write_text(json.dumps(record))
    assert [problem.subject for problem in verify_index(store).problems] == [name]
    record["files"][name] = {"sha256": "no digest", "size": 1}
    (current.folder / MANIFEST).write_text(json.dumps(record))
    assert [problem.subject for problem in verify_index(store).problems] == ["index"]


@pytest.mark.parametrize("kind", ["link", "pipe", "device", "folder"])
@pytest.mark.parametrize("pattern", ["*.arrays", "*.learned", "*.json", "."])
def test_what_is_no_plain_file_is_named_and_not_followed(
    store: Store, tmp_path: Path, kind: str, pattern: str
) -> None:
    IndexBuilder(store).update()
    folder = Generations(store.home / "index").current().folder
    for path in [folder] if pattern == "." else sorted(folder.glob(pattern)):
        path.rename(tmp_path / f"{path.name}.aside")
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "folder":
            path.mkdir()
        else:
            path.symlink_to(tmp_path / f"{path.name}.aside" if kind == "link" else "/dev/zero")
    assert verify_index(store).problems
    with suppress(ArchiveError), closing(open_archive(store.home)) as archive:
        archive.search.search(SearchRequest("bài"))
        archive.search.suggest("ba")
    assert CliRunner().invoke(main, ["--home", str(store.home), "verify"]).exit_code == 1


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_a_glossary_that_is_no_plain_file_is_named(store: Store, tmp_path: Path, kind: str) -> None:
    IndexBuilder(store).update()
    (tmp_path / "aside").write_text("LMX\tlãng mạn\n", encoding="utf-8")
    if kind == "pipe":
        os.mkfifo(store.home / "glossary.tsv")
    else:
        (store.home / "glossary.tsv").symlink_to(tmp_path / "aside")
    entries, (bad_line,) = read_operator_glossary(store.home)
    assert not entries
    assert "plain" in bad_line.reason
    result = CliRunner().invoke(main, ["--home", str(store.home), "status"])
    assert "plain file" in result.output


@pytest.mark.parametrize("served", [0, 1])
def test_a_damaged_generation_that_is_not_served_is_named_older_or_newer(
    store: Store, served: int
) -> None:
    names = [IndexBuilder(store).rebuild().generation for _ in range(2)]
    if served == 0:
        IndexBuilder(store).rollback()
    other = Generations(store.home / "index").get(names[1 - served])
    victim = next(other.folder.glob("*.arrays"))
    data = bytearray(victim.read_bytes())
    victim.unlink()
    data[len(data) // 2] ^= 1
    victim.write_bytes(data)
    subjects = [problem.subject for problem in verify_index(store).problems]
    assert subjects == [f"generation {names[1 - served]}"]


def test_an_index_that_is_replaced_while_it_is_verified_is_not_damaged(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    IndexBuilder(store).update()

    def check_after_another_update(generation: Generation) -> list[str]:
        if generation.name == "000001":
            keep(store, article("Bài khác"))
            IndexBuilder(store, BuildOptions(keep=1)).update()
        return check_files(generation)

    monkeypatch.setattr(index_audit, "check_files", check_after_another_update)
    report = verify_index(store)
    assert (report.documents, report.problems) == (6, ())


def test_an_index_whose_folder_cannot_be_read_is_a_problem(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    IndexBuilder(store).update()

    def refuse(generation: Generation) -> list[str]:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(index_audit, "check_files", refuse)
    (problem,) = verify_index(store).problems
    assert (problem.subject, problem.reason) == ("index", "[Errno 5] Input/output error")
