"""The table of readers: it agrees with the readers' modules, and imports none of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from indexer.intake.media_types import NAMES
from indexer.intake.registry import READERS, READERS_BY_TYPE, DocumentReader, unread_reason
from tests.paths import ROOT


@pytest.mark.parametrize("reader", READERS.values(), ids=lambda reader: reader.name)
def test_a_reader_is_what_the_table_says(reader: DocumentReader) -> None:
    assert callable(reader.load())
    module = sys.modules[reader.module]
    assert (reader.name, reader.version) == (module.READER, module.READER_VERSION)
    assert set(reader.types) <= set(NAMES)


def test_the_table_imports_no_reader() -> None:
    script = "import sys, indexer.intake.registry; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    assert not {reader.module for reader in READERS.values()} & set(loaded)
    assert not {"lxml", "bs4"} & set(loaded)


def test_what_is_missing_for_a_reader_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = DocumentReader("a", 1, "a", "read_a", ("audio/ogg",), needs=("json", "no_module"))
    assert reader.missing == ("no_module",)
    assert unread_reason("audio/ogg") == "audio/ogg: sound (Ogg) are not read yet"
    monkeypatch.setitem(READERS_BY_TYPE, "audio/ogg", reader)
    assert unread_reason("audio/ogg") == (
        "audio/ogg: sound (Ogg) need no_module, which is not installed"
    )
