"""The command that lists formats: what is read and ready, and what is known and skipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.intake.registry import READERS_BY_TYPE, DocumentReader
from web.cli.main import main


def formats_of(home: Path, *words: str) -> str:
    """What `formats` prints where no archive is named but by the environment."""
    listed = CliRunner().invoke(main, ["formats", *words], env={"TANGTHU_HOME": str(home)})
    assert listed.exit_code == 0, listed.output
    return listed.stdout


def test_formats_are_listed_with_reader_version_and_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = DocumentReader("ogg", 7, "a", "read_a", ("audio/ogg",), needs=("no_module",))
    monkeypatch.setitem(READERS_BY_TYPE, "audio/ogg", reader)
    lines = formats_of(tmp_path).splitlines()
    rows = {line.split()[0]: line.split()[1:] for line in lines[:-1]}
    assert rows["text/html"] == ["html", str(READERS_BY_TYPE["text/html"].version), "ready"]
    assert rows["audio/ogg"] == ["ogg", "7", "needs", "no_module"]
    assert "known and skipped" in lines[-1]
    assert not (tmp_path / "catalogue.sqlite").exists()


def test_formats_as_json_name_those_that_are_skipped(tmp_path: Path) -> None:
    rows = {row["media_type"]: row for row in json.loads(formats_of(tmp_path, "--json"))}
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
