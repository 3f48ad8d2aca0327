"""Several indexes become one."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import EngineError
from indexer.analysis.fields import Field
from indexer.engine.queries import Term
from indexer.engine.records import EngineQuery
from indexer.engine_factory import index_files, open_engine, open_writer
from tests.engine_contract.contract_documents import CORPUS


def one_index_each(folder: Path) -> list[Path]:
    sources = []
    for number, document in enumerate(CORPUS):
        source = folder / f"part{number}"
        with open_writer(source) as writer:
            writer.add(document)
            writer.commit(number)
        sources.append(source)
    return sources


def test_several_indexes_become_one(tmp_path: Path) -> None:
    with open_writer(tmp_path / "whole") as writer:
        for document in CORPUS:
            writer.add(document)
        writer.commit(9)
    index_files().adopt(tmp_path / "adopted", one_index_each(tmp_path), 9)
    direct, adopted = open_engine(tmp_path / "whole"), open_engine(tmp_path / "adopted")
    assert adopted.status() == direct.status()
    request = EngineQuery(Term(Field.FOLDED, "hoa"))
    assert adopted.search(request) == direct.search(request)


def test_an_adopted_index_can_be_written_to(tmp_path: Path) -> None:
    index_files().adopt(tmp_path / "adopted", one_index_each(tmp_path), 9)
    with open_writer(tmp_path / "adopted") as writer:
        writer.delete("peace")
        writer.commit(10)
    documents = open_engine(tmp_path / "adopted").documents()
    assert sorted(identifier for identifier, _ in documents) == ["flowers", "police"]


def test_what_cannot_be_adopted_is_refused(tmp_path: Path) -> None:
    sources = one_index_each(tmp_path)
    with pytest.raises(EngineError, match="there is an index"):
        index_files().adopt(sources[0], sources[1:], 1)
    with pytest.raises(EngineError, match="no index"):
        index_files().adopt(tmp_path / "new", [tmp_path / "none"], 1)
    sources[1].joinpath("index.json").write_text("{}")
    with pytest.raises(EngineError, match="damaged"):
        index_files().adopt(tmp_path / "other", sources, 1)
