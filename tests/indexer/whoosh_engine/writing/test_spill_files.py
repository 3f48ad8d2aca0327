"""Spill files: an index assembled of them is the index of their documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import EngineError
from indexer.analysis.fields import Field
from indexer.engine.queries import Column, Term
from indexer.engine.records import EngineQuery
from indexer.engine_factory import index_files, open_engine, open_writer
from tests.engine_contract.contract_documents import CORPUS

FACETS = (Column.MONTH, Column.PUBLISHER, Column.CATEGORY, Column.AUTHOR, Column.PERSON)
PASSAGES = [passage for document in CORPUS for passage in document.passages]
WORDS = sorted({word for passage in PASSAGES for word in passage.words})
SMALL = 1


@pytest.mark.parametrize("memory", [SMALL, 1 << 29])
def test_an_index_of_spill_files_answers_as_one_of_documents(tmp_path: Path, memory: int) -> None:
    with open_writer(tmp_path / "whole") as writer:
        for document in CORPUS:
            writer.add(document)
        writer.commit(9)
    spills = index_files().spill(tmp_path, CORPUS, memory)
    assert len(spills) == (len(CORPUS) if memory == SMALL else 1)
    index_files().assemble(tmp_path / "assembled", spills, 9, memory)
    direct, assembled = open_engine(tmp_path / "whole"), open_engine(tmp_path / "assembled")
    assert assembled.status() == direct.status()
    assert set(assembled.documents()) == set(direct.documents())
    for word in WORDS:
        for field in (Field.EXACT, Field.FOLDED, Field.TITLE):
            request = EngineQuery(Term(field, word), facets=FACETS)
            assert assembled.search(request) == direct.search(request)


def test_small_spill_files_become_one_segment(tmp_path: Path) -> None:
    spills = index_files().spill(tmp_path, CORPUS, SMALL)
    assert index_files().group_spills(spills, 1 << 29) == [spills]
    assert index_files().group_spills(spills, SMALL) == [[spill] for spill in spills]
    index_files().assemble(tmp_path / "index", spills, 1, 1 << 29)
    assert len(list((tmp_path / "index").glob("*.arrays"))) == 1


def test_nothing_becomes_an_empty_index(tmp_path: Path) -> None:
    assert index_files().spill(tmp_path, [], SMALL) == []
    index_files().assemble(tmp_path / "index", [], 3, SMALL)
    assert open_engine(tmp_path / "index").status().sequence == 3


def test_a_damaged_spill_file_is_refused_whichever_byte_it_is(tmp_path: Path) -> None:
    (spill,) = index_files().spill(tmp_path, CORPUS, 1 << 29)
    content = spill.read_bytes()
    for place in range(0, len(content), 97):
        changed = bytes([content[place] ^ 1])
        spill.write_bytes(content[:place] + changed + content[place + 1 :])
        with pytest.raises(EngineError, match="damaged"):
            index_files().assemble(tmp_path / f"index{place}", [spill], 1, 1 << 29)
    spill.unlink()
    with pytest.raises(EngineError, match="cannot be read"):
        index_files().assemble(tmp_path / "index", [spill], 1, 1 << 29)


def test_an_index_is_never_written_over(tmp_path: Path) -> None:
    spills = index_files().spill(tmp_path, CORPUS, 1 << 29)
    index_files().assemble(tmp_path / "index", spills, 1, 1 << 29)
    with pytest.raises(EngineError, match="there is an index"):
        index_files().assemble(tmp_path / "index", spills, 1, 1 << 29)
