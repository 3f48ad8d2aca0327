"""A share of damaged documents of every format, another one each day, and what would be seen."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from random import Random

import pytest

from archive.errors import IntakeError
from archive.records import Article
from indexer.intake import document_stream
from indexer.intake.document_stream import read_stream
from indexer.intake.isolation.reader_children import ReaderChildren
from tests.faults.mutated_documents import mutated, read_mutations, whole_documents
from tests.paths import ROOT

SHARE = 60


def run(*words: str) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.faults.mutated_documents", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    figures: dict[str, object] = json.loads(done.stdout)
    return figures


def test_no_damaged_document_breaks_its_reader() -> None:
    assert run("--count", str(SHARE))["mutations"] == SHARE


@pytest.mark.slow
def test_three_thousand_damaged_documents_break_no_reader() -> None:
    assert run("--count", "3000")["failures"] == 0


def test_the_whole_documents_are_read() -> None:
    with ReaderChildren() as children:
        for kind, data in whole_documents().items():
            name = f"a.{kind}"
            outcomes = [
                one.outcome for one in read_stream(io.BytesIO(data), name, name, "", children)
            ]
            assert any(isinstance(one, Article) for one in outcomes) or kind in ("jpg", "tif"), kind


def test_a_damage_is_the_same_again_and_changes_something() -> None:
    for kind, data in whole_documents().items():
        damaged = [mutated(data, Random(seed)) for seed in range(40)]
        assert damaged == [mutated(data, Random(seed)) for seed in range(40)], kind
        assert len(set(damaged)) > 20, kind


def test_an_error_that_is_no_refusal_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_words: object) -> Article:
        raise KeyError("reader")

    monkeypatch.setattr(document_stream, "read_document", broken)
    tally = read_mutations(5, 1, {"txt": whole_documents()["txt"]})
    assert len(tally.failures) == 5
    monkeypatch.setattr(document_stream, "read_document", lambda *words: _refuse())
    assert read_mutations(5, 1, {"txt": whole_documents()["txt"]}).failures == []


def _refuse() -> Article:
    raise IntakeError("no")
