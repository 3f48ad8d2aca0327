"""Texts in UTF-16 that do not say so, and bytes that are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.store import Store
from indexer.intake.ingest import ingest
from indexer.intake.unmarked_utf16 import unmarked_utf16
from tests.indexer.intake.html.page_shapes import paragraph, paragraphs, shaped_page

CODECS = ("utf-16-le", "utf-16-be")
FILES = {
    "cau.html": shaped_page(f"<div class='x'>{paragraphs(1, 7)}</div>"),
    "cau.txt": f"Cầu mới ở xã Hòa Bình\n\n{paragraph(1)}\n\n{paragraph(2)}\n",
    "cau.jsonl": json.dumps(
        {"title": "Cầu mới ở xã Hòa Bình", "body": paragraph(1)}, ensure_ascii=False
    ),
}


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("name", FILES)
def test_files_are_read_without_their_mark(tmp_path: Path, name: str, codec: str) -> None:
    file = tmp_path / name
    file.write_bytes(FILES[name].encode(codec))
    with Store(tmp_path / "home") as store:
        report = ingest(store, [file])
        assert (report.added, report.failed.total, report.skipped.total) == (1, 0, 0)
        ((article, _),) = store.articles()
        assert store.verify().problems == ()
    assert article.title == "Cầu mới ở xã Hòa Bình"
    assert paragraph(1) in str(article.sections)
    assert article.account is None or not article.account.replaced


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 4096,
        b"a\0" * 4,
        "Cầu mới ở xã Hòa Bình".encode(),
        "Cầu mới ở xã Hòa Bình".encode("utf-32-le") * 9,
        "Cầu mới ở xã Hòa Bình\n".encode().replace(b" ", b"\0") * 40,
        bytes(range(256)) * 16,
        b"\x01\0\x02\0\x03\0\x04\0" * 200,
        "\u6a4b\u6751".encode("utf-16-le") * 400,
    ],
)
def test_other_bytes_are_none(data: bytes) -> None:
    assert unmarked_utf16(data) == ""


@given(st.binary(max_size=3000))
def test_any_bytes_are_looked_at(data: bytes) -> None:
    assert unmarked_utf16(data) in ("", *CODECS)
