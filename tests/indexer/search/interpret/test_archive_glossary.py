"""The operator's glossary: what is read of the file, and what of it is named."""

from __future__ import annotations

from errno import EMFILE
from pathlib import Path
from unittest.mock import Mock

import pytest

from indexer.derived.acronym_definitions import AcronymDefinitions
from indexer.search.interpret import archive_glossary
from indexer.search.interpret.archive_glossary import (
    GLOSSARY_FILE,
    SMALL_ARCHIVE,
    ArchiveGlossary,
    read_operator_glossary,
)
from indexer.vietnamese.glossary import BadLine


@pytest.mark.parametrize(
    ("content", "shorts", "bad_lines"),
    [
        ("TTDL\ttrung tâm dữ liệu\n", ["TTDL"], []),
        ("\ufeffTTDL\ttrung tâm dữ liệu\r\nP.ĐT\tphòng đào tạo", ["TTDL", "P.ĐT"], []),
        ("# ours\n\nTTDL\ttrung tâm dữ liệu\tremark", ["TTDL"], []),
        ("TTDL\tmột\nTTDL\thai", ["TTDL", "TTDL"], []),
        ("TTDL trung tâm", [], [(1, "no tab between short form and long form")]),
        ("\ttrung tâm", [], [(1, "no short form before the tab")]),
        ("TTDL\t", [], [(1, "no long form after the tab")]),
        ("A\tb\n" + "X" * 25 + "\tdài", ["A"], [(2, "short form longer than 24 characters")]),
        ("A\t" + "dài " * 40, [], [(1, "long form longer than 120 characters")]),
    ],
)
def test_lines_are_read_or_named(
    tmp_path: Path, content: str, shorts: list[str], bad_lines: list[tuple[int, str]]
) -> None:
    (tmp_path / GLOSSARY_FILE).write_text(content, encoding="utf-8", newline="")
    entries, bad = read_operator_glossary(tmp_path)
    assert [entry.short for entry in entries] == shorts
    assert [(line.number, line.reason) for line in bad] == bad_lines


def test_a_line_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / GLOSSARY_FILE).write_bytes("A\tbê\n".encode("latin-1") + b"TTDL\tdo\n")
    entries, bad = read_operator_glossary(tmp_path)
    assert [entry.short for entry in entries] == ["TTDL"]
    assert [(line.number, line.reason) for line in bad] == [(1, "not in UTF-8")]


def test_what_is_beyond_the_largest_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_glossary, "_LARGEST_FILE", 1 << 20)
    (tmp_path / GLOSSARY_FILE).write_text("# nothing\n" * 110_000, encoding="utf-8")
    entries, bad = read_operator_glossary(tmp_path)
    assert (entries, [line.reason for line in bad]) == (
        (),
        ["what follows is beyond 1 MB and is not read"],
    )
    # The line that the limit cuts: ten bytes make one.
    assert bad[0].number == (1 << 20) // 10 + 1
    assert bad[0].text == ("# nothing\n" * 2)[: (1 << 20) % 10]


def test_of_a_long_line_beyond_the_largest_file_the_first_80_signs_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_glossary, "_LARGEST_FILE", 100)
    first, long_line = "A\tb\n", "0123456789" * 12
    (tmp_path / GLOSSARY_FILE).write_text(first + long_line, encoding="utf-8")
    entries, (bad,) = read_operator_glossary(tmp_path)
    assert [entry.short for entry in entries] == ["A"]
    assert (bad.number, bad.text) == (2, long_line[:80])
    # A file of just the largest size is read whole.
    (tmp_path / GLOSSARY_FILE).write_text(first + "C\td".ljust(96, "e"), encoding="utf-8")
    assert [entry.short for entry in read_operator_glossary(tmp_path)[0]] == ["A", "C"]


def test_a_file_that_cannot_be_read_is_named_and_a_missing_one_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_operator_glossary(tmp_path) == ((), ())
    (tmp_path / GLOSSARY_FILE).mkdir()
    no_room = OSError(EMFILE, "Too many open files")
    for reason in ("it is no plain file", "Too many open files"):
        entries, (bad,) = read_operator_glossary(tmp_path)
        assert entries == ()
        assert bad == BadLine(1, "", f"the file cannot be read: {reason}")
        monkeypatch.setattr(archive_glossary, "open_plain_file", Mock(side_effect=no_room))


@pytest.mark.parametrize(
    ("documents", "articles", "is_known"),
    [(SMALL_ARCHIVE - 1, 1, True), (SMALL_ARCHIVE, 1, False), (SMALL_ARCHIVE, 2, True)],
)
def test_one_definition_is_enough_in_a_small_archive(
    tmp_path: Path, documents: int, articles: int, is_known: bool
) -> None:
    pairs = {str(number): [("XYW", "xa yên wi")] for number in range(articles)}
    AcronymDefinitions(pairs).save(tmp_path)
    glossary = ArchiveGlossary(tmp_path).get(tmp_path, documents)
    assert bool(glossary.short_forms("xa yên wi")) == is_known
