"""What every engine keeps of what is written into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import AnalyzerChangedError, EngineError
from indexer.analysis.fields import Field
from indexer.engine.queries import (
    Column,
    HasValue,
    MatchAll,
    Or,
)
from indexer.engine.records import (
    EngineQuery,
)
from tests.engine_contract.contract_documents import (
    CORPUS,
    body,
    document,
)
from tests.engine_contract.contract_queries import (
    ALL,
    folded,
)
from tests.engine_contract.engine_suite import MANIFEST, EngineSuite, exact_forms, frequencies


class WritingContract(EngineSuite):
    """Contract of writing: additions, deletions, damage."""

    def test_closing_twice_is_allowed(self, tmp_path: Path) -> None:
        engine = self.build(tmp_path / "index", CORPUS)
        engine.close()
        engine.close()

    def test_an_empty_index_answers(self, tmp_path: Path) -> None:
        engine = self.build(tmp_path / "index", [])
        columns = (Column.PUBLISHER,)
        answer = engine.search(EngineQuery(MatchAll(), facets=columns, counts=(folded("a"),)))
        assert (answer.total, answer.hits, answer.counts) == (0, (), (0,))
        assert answer.facets[0].values == ()
        assert frequencies(engine, Field.FOLDED, ["a"]) == [0]
        assert not exact_forms(engine, "a")
        assert list(engine.documents()) == []

    def test_a_document_without_words_is_there(self, tmp_path: Path) -> None:
        engine = self.build(tmp_path / "index", [document("bare")])
        assert self.found(engine, MatchAll()) == {"bare"}

    def test_adding_again_replaces_in_one_batch(self, tmp_path: Path) -> None:
        batch = [body("a", "một"), body("b", "hai"), body("a", "ba")]
        engine = self.build(tmp_path / "index", batch)
        assert self.found(engine, folded("mot")) == set()
        assert self.found(engine, folded("ba")) == {"a"}
        assert engine.status().documents == 2
        assert sorted(engine.documents()) == [("a", 1), ("b", 1)]

    def test_adding_again_replaces_an_earlier_batch(self, tmp_path: Path) -> None:
        engine = self.build(
            tmp_path / "index", [body("a", "một"), body("b", "hai")], [body("a", "ba")]
        )
        assert self.found(engine, folded("mot")) == set()
        assert self.found(engine, Or((folded("hai"), folded("ba")))) == {"a", "b"}
        assert engine.status().documents == 2

    def test_adding_again_replaces_what_an_earlier_batch_replaced(self, tmp_path: Path) -> None:
        folder = tmp_path / "thrice"
        for batch in (("một", "hai"), ("ba",)):
            with self.open_writer(folder) as writer:
                writer.add(body("other", "khác"))
                for text in batch:
                    writer.add(body("same", text))
                writer.commit(1)
        engine = self.open_engine(folder)
        assert len(list(engine.documents())) == engine.status().documents == 2
        totals = [engine.search(EngineQuery(folded(text))).total for text in ("mot", "hai", "ba")]
        assert totals == [0, 0, 1]

    def test_deleted_documents_are_found_no_more(self, tmp_path: Path) -> None:
        folder = tmp_path / "index"
        self.build(folder, CORPUS).close()
        with self.open_writer(folder) as writer:
            writer.delete("police")
            writer.delete("nobody")
            writer.add(body("new", "hoa mới"))
            writer.delete("new")
            writer.commit(2)
        engine = self.open_engine(folder)
        assert self.found(engine, folded("hoa")) == {"peace", "flowers"}
        assert self.found(engine, MatchAll()) == {"peace", "flowers"}
        assert self.found(engine, HasValue(Column.PUBLISHER, ("Công an nhân dân",))) == set()
        assert (
            engine.search(EngineQuery(MatchAll(), facets=(Column.PERSON,))).facets[0].values == ()
        )
        assert (engine.status().documents, engine.status().sequence) == (2, 2)

    def test_many_small_batches_leave_the_last_state(self, tmp_path: Path) -> None:
        folder = tmp_path / "index"
        for number in range(30):
            with self.open_writer(folder) as writer:
                writer.add(body(f"d{number % 20:02}", f"chung lần{number}"))
                writer.commit(number + 1)
        engine = self.open_engine(folder)
        answer = engine.search(EngineQuery(folded("chung"), limit=100))
        assert [hit.identifier for hit in answer.hits] == [f"d{number:02}" for number in range(20)]
        assert self.found(engine, folded("lan0")) == set()
        assert self.found(engine, folded("lan20")) == {"d00"}
        status = engine.status()
        assert (status.documents, status.sequence) == (20, 30)

    def test_an_uncommitted_batch_leaves_nothing(self, tmp_path: Path) -> None:
        folder = tmp_path / "index"
        self.build(folder, CORPUS).close()
        contents = {path.name: path.read_bytes() for path in folder.iterdir()}
        with self.open_writer(folder) as writer:
            writer.add(body("new", "mới"))
            writer.delete("police")
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == contents
        assert self.found(self.open_engine(folder), folded("hoa")) == {"police", "peace", "flowers"}

    def test_committed_files_never_change(self, tmp_path: Path) -> None:
        folder = tmp_path / "index"
        self.build(folder, CORPUS).close()
        contents = {path.name: path.read_bytes() for path in folder.iterdir()}
        self.build(folder, [body("police", "khác")]).close()
        for name, content in contents.items():
            path = folder / name
            assert name == MANIFEST or not path.exists() or path.read_bytes() == content

    def test_a_snapshot_keeps_its_answers(self, tmp_path: Path) -> None:
        folder = tmp_path / "index"
        engine = self.build(folder, CORPUS)
        with engine.snapshot() as snapshot:
            assert self.found(snapshot, folded("hoa")) == {"police", "peace", "flowers"}
            self.build(folder, [body("police", "khác")])
            assert self.found(snapshot, folded("hoa")) == {"police", "peace", "flowers"}
            changed = {"peace", "flowers"} if self.changes_in_place else ALL
            assert self.found(engine, folded("hoa")) == changed

    def test_another_analyzer_is_refused(self, tmp_path: Path) -> None:
        folder = tmp_path / "index"
        self.build(folder, CORPUS).close()
        path = folder / MANIFEST
        path.write_text(path.read_text().replace('"analyzer":"', '"analyzer":"older-'))
        with pytest.raises(AnalyzerChangedError, match="rebuild"):
            self.open_engine(folder)
        with pytest.raises(AnalyzerChangedError, match="rebuild"):
            self.open_writer(folder)

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff", b'{"segments": 3}'])
    def test_a_damaged_manifest_is_refused(self, tmp_path: Path, content: bytes) -> None:
        folder = tmp_path / "index"
        self.build(folder, CORPUS).close()
        (folder / MANIFEST).write_bytes(content)
        with pytest.raises(EngineError, match="rebuild"):
            self.open_engine(folder)

    def test_a_missing_index_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(EngineError, match="rebuild"):
            self.open_engine(tmp_path / "nowhere")
