"""Documents that nothing reads yet: kept with a state, and named by their format."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.records import Article, Origin, Section
from archive.store import Store
from indexer.intake import media_types
from indexer.intake.ingest import ingest
from indexer.intake.reading_problems import count_reading_problems
from indexer.intake.registry import READERS, READERS_BY_TYPE
from indexer.intake.reparse import reparse
from tests.indexer.intake.office.made_word_97 import compound_file


@pytest.mark.parametrize(
    ("name", "data", "state", "reason"),
    [
        ("Bảng lương.xls", compound_file({"Workbook": b"a"}), "unsupported", "Excel workbooks"),
        ("b.ppt", compound_file({"PowerPoint Document": b"a"}), "unsupported", "PowerPoint"),
        ("c.rar", b"Rar!\x1a\x07" + b"a" * 50, "unsupported", "RAR archives"),
        ("c.7z", b"7z\xbc\xaf\x27\x1c" + b"a" * 50, "unsupported", "7-Zip archives"),
        ("d.doc", b"\xdb\xa5" + b"a" * 50, "unsupported", "older than Word 97"),
        ("e.xlsx", compound_file({"EncryptedPackage": b"a"}), "encrypted", "password"),
    ],
)
def test_a_document_is_kept_and_named(
    tmp_path: Path, name: str, data: bytes, state: str, reason: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with Store(tmp_path / "home") as store:
        report = ingest(store, [str(tmp_path / name)])
        ((kind, (problem,)),) = report.incomplete.items()
        assert (kind, reason in problem.reason) == (state, True)
        (article,) = [kept for kept, _ in store.articles()]
        assert article.title == Path(name).stem
        assert store.read_original(article.identifier) == data


def test_a_document_is_read_once_there_is_a_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.xls").write_bytes(compound_file({"Workbook": b"a"}))
    (tmp_path / "b.7z").write_bytes(b"7z\xbc\xaf\x27\x1c")

    def read_sheet(_data: bytes, source: str, _encoding: str) -> Article:
        return Article("Bảng", Origin(source, "text", 1), sections=(Section(("Lúa 12",)),))

    with Store(tmp_path / "home") as store:
        ingest(store, [str(tmp_path / "a.xls"), str(tmp_path / "b.7z")])
        assert (reparse(store).changed, reparse(store).failed) == (0, [])
        monkeypatch.setattr("indexer.intake.press_text.read_text", read_sheet)
        monkeypatch.setitem(READERS_BY_TYPE, media_types.EXCEL, READERS["text"])
        report = reparse(store)
        assert (report.changed, report.failed) == (1, [])
        assert count_reading_problems(store) == {"unsupported": 1}
