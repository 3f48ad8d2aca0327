"""The spool of recognised pages: kept over kills, torn lines passed over, removed when unused."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import StoreError
from indexer.intake.ocr.page_spool import FOLDER, PageSpool, SpooledPage, remove_unused_spools
from indexer.intake.ocr.recognized_lines import RecognizedLine, RecognizedWords

WORDS = RecognizedWords((RecognizedLine("Hội chợ", 1, 2, 3, 4),), 91, 3508)


def spool(home: Path, program: str = "tesseract 5, vie") -> PageSpool:
    return PageSpool(home, "a" * 64, program)


def test_pages_are_read_back(tmp_path: Path) -> None:
    pages = [SpooledPage(n, "tesseract 5, vie", WORDS, failure="" if n else "dead") for n in (0, 1)]
    for page in pages:
        spool(tmp_path).append(page)
    assert spool(tmp_path).read() == {0: pages[0], 1: pages[1]}
    assert spool(tmp_path, "tesseract 6, vie").read() == {}
    spool(tmp_path).remove()
    assert spool(tmp_path).read() == {}


def test_a_torn_line_costs_one_page(tmp_path: Path) -> None:
    first, second = (SpooledPage(n, "tesseract 5, vie", WORDS) for n in (1, 2))
    spool(tmp_path).append(first)
    path = tmp_path / FOLDER / f"{'a' * 64}.jsonl"
    for length in range(0, path.stat().st_size, 9):
        path.write_bytes(path.read_bytes()[:length])
        spool(tmp_path).append(second)
        assert spool(tmp_path).read().get(2) == second
        path.unlink()
        spool(tmp_path).append(first)


def test_spools_of_documents_that_wait_no_longer_are_removed(tmp_path: Path) -> None:
    spool(tmp_path).append(SpooledPage(1, "tesseract 5, vie"))
    remove_unused_spools(tmp_path, frozenset(["a" * 64]))
    assert spool(tmp_path).read()
    remove_unused_spools(tmp_path, frozenset())
    assert not spool(tmp_path).read()
    remove_unused_spools(tmp_path / "elsewhere", frozenset())


def test_a_disk_that_refuses_is_named(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("no folder")
    with pytest.raises(StoreError, match="cannot be written"):
        spool(tmp_path).append(SpooledPage(1, "tesseract 5, vie"))
