"""The command that lists formats: what is read and ready, and what is known and skipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.intake.registry import READERS_BY_TYPE, DocumentReader
from tests.web.cli.test_main import run, told


def test_formats_are_listed_with_reader_version_and_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = DocumentReader("ogg", 7, "a", "read_a", ("audio/ogg",), needs=("no_module",))
    monkeypatch.setitem(READERS_BY_TYPE, "audio/ogg", reader)
    lines = run(tmp_path, "formats").stdout.splitlines()
    rows = {line.split()[0]: line.split()[1:] for line in lines[:-1]}
    assert rows["text/html"] == ["html", str(READERS_BY_TYPE["text/html"].version), "ready"]
    assert rows["audio/ogg"] == ["ogg", "7", "needs", "no_module"]
    assert "known and skipped" in lines[-1]
    assert not (tmp_path / "catalogue.sqlite").exists()


def test_formats_as_json_name_those_that_are_skipped(tmp_path: Path) -> None:
    rows = {row["media_type"]: row for row in told(tmp_path, "formats", "--json")}
    assert rows["text/plain"]["reader"] == "text"
    for media_type in ("application/pdf", "image/png", "image/jpeg", "image/tiff"):
        assert "tesseract" in rows[media_type]["ocr"]
    assert rows["audio/flac"] == {
        "media_type": "audio/flac",
        "name": "sound (FLAC)",
        "reader": "",
        "version": 0,
        "missing": [],
        "ocr": "",
    }
    assert json.dumps(rows)
