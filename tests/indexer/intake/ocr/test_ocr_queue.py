"""The queue of OCR: what waits is recognised once, kills lose nothing, others write meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.catalogue.operations import OperatorNote
from archive.document_account import ReadingState
from archive.errors import IntakeError, StoreLockedError
from archive.store import Store
from archive.writing.lock import WriterLock
from indexer.intake.ingest import ingest
from indexer.intake.ocr.ocr_queue import (
    OcrOptions,
    OcrOutcome,
    count_waiting,
    recognize_waiting,
)
from indexer.intake.ocr.page_spool import FOLDER
from indexer.intake.ocr.tesseract import OcrInterruptedError, OcrLimits, Tesseract
from indexer.intake.reparse import reparse
from tests.indexer.intake.ocr.scans import GreyPicture, tiff
from tests.indexer.intake.ocr.test_recognized_lines import HEAD, PAGE, word
from tests.paths import ROOT


class ScriptedProgram(Tesseract):
    """A program that reads from every page its number, or fails as a test says.

    Attributes:
        asked: The pages that it was asked for, from 1.
        errors: The errors that it meets, by page; each once.
    """

    asked: list[int]
    errors: dict[int, IntakeError]

    def recognize(
        self, picture: bytes, page: int = 0, resolution: int = 0, limits: OcrLimits | None = None
    ) -> str:
        self.asked.append(page + 1)
        if error := self.errors.pop(page + 1, None):
            raise error
        return "\n".join([HEAD, PAGE, word(1, 100, f"Trang {page + 1} nói về con trâu.", 88)])


def scripted(version: str = "1", errors: dict[int, IntakeError] | None = None) -> ScriptedProgram:
    program = ScriptedProgram("/nowhere/tesseract", version)
    object.__setattr__(program, "asked", [])
    object.__setattr__(program, "errors", errors or {})
    return program


def add_scans(store: Store, folder: Path, *pages: int) -> None:
    """Add TIFF files of so many pages each."""
    folder.mkdir(exist_ok=True)
    for number, count in enumerate(pages):
        picture = GreyPicture(300, 400 + number, bytes(300 * (400 + number)))
        (folder / f"quet-{number}.tif").write_bytes(tiff([picture] * count))
    ingest(store, [str(folder)])


def outcomes(store: Store, program: Tesseract, **options: Any) -> list[OcrOutcome]:
    return list(recognize_waiting(store, program, OcrOptions(**options)))


@pytest.mark.parametrize("workers", [1, 3])
def test_what_waits_becomes_a_new_version(tmp_path: Path, workers: int) -> None:
    with Store(tmp_path / "home") as store:
        add_scans(store, tmp_path / "scans", 2, 1)
        assert count_waiting(store) == 2
        program = scripted()
        results = outcomes(store, program, workers=workers)
        assert sorted(result.pages for result in results) == [1, 2]
        assert {result.state for result in results} == {ReadingState.COMPLETE}
        assert count_waiting(store) == 0
        article = store.get(max(results, key=lambda result: result.pages).identifier)
        versions = store.versions(article.identifier)
        assert outcomes(store, program) == []
    assert article.title == "quet-0"
    assert [section.locator for section in article.sections] == ["trang 1", "trang 2"]
    assert [version.origin.reader for version in versions] == ["picture", "ocr"]
    assert versions[0].location == versions[1].location
    assert article.account
    assert (article.account.confidence, article.account.program) == (88, "tesseract 1, vie")
    assert [path.name for path in (tmp_path / "home" / FOLDER).iterdir()] == ["lock"]


def test_the_same_scan_again_changes_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "home") as store:
        add_scans(store, tmp_path / "scans", 1)
        outcomes(store, scripted())
        report = ingest(store, [str(tmp_path / "scans")])
        again = reparse(store)
        (identifier, number), *_ = store.identifiers()
        assert store.get(identifier).sections
    assert (report.unchanged, again.changed, again.failed, number) == (1, 0, [], 2)
    assert not again.passed_over


def test_another_program_recognises_again_where_it_is_told_to(tmp_path: Path) -> None:
    with Store(tmp_path / "home") as store:
        add_scans(store, tmp_path / "scans", 1)
        outcomes(store, scripted("1"))
        assert outcomes(store, scripted("2")) == []
        assert outcomes(store, scripted("1"), again=True) == []
        (result,) = outcomes(store, scripted("2"), again=True)
        account = store.get(result.identifier).account
    assert account
    assert account.program == "tesseract 2, vie"


def test_an_interruption_leaves_the_document_for_the_next_run(tmp_path: Path) -> None:
    program = scripted(errors={2: OcrInterruptedError("killed")})
    with Store(tmp_path / "home") as store:
        add_scans(store, tmp_path / "scans", 3)
        (first,) = outcomes(store, program)
        assert (first.is_written, first.problem, count_waiting(store)) == (False, "killed", 1)
        (second,) = outcomes(store, program)
    assert second.pages == 3
    assert program.asked == [1, 2, 2, 3]


def test_a_failure_costs_one_page(tmp_path: Path) -> None:
    program = scripted(errors={2: IntakeError("took longer than 9 s")})
    with Store(tmp_path / "home") as store:
        add_scans(store, tmp_path / "scans", 3)
        (result,) = outcomes(store, program)
        assert count_waiting(store) == 0
    assert (result.pages, result.state) == (2, ReadingState.PARTIAL)
    assert result.problem == "page 2: took longer than 9 s"


def test_others_write_meanwhile_and_what_they_change_stays(tmp_path: Path) -> None:
    class Meddling(ScriptedProgram):
        def recognize(self, *arguments: Any, **options: Any) -> str:
            with store.operator_batch() as batch:
                identifier = next(name for name, _ in store.identifiers())
                batch.remove(identifier, OperatorNote("theo yêu cầu", "An", "2026-01-01"))
            return super().recognize(*arguments, **options)

    program = Meddling("/nowhere/tesseract", "1")
    object.__setattr__(program, "asked", [])
    object.__setattr__(program, "errors", {})
    with Store(tmp_path / "home") as store:
        add_scans(store, tmp_path / "scans", 1)
        (result,) = outcomes(store, program)
        assert (result.is_written, result.problem) == (False, "was changed meanwhile")
        assert store.count_articles() == 0


def test_corrections_are_kept(tmp_path: Path) -> None:
    with Store(tmp_path / "home") as store:
        add_scans(store, tmp_path / "scans", 1)
        identifier = next(name for name, _ in store.identifiers())
        with store.operator_batch() as batch:
            note = OperatorNote("tên đúng", "An", "2026-01-01")
            batch.edit(identifier, {"title": "Công văn số 5"}, note)
        outcomes(store, scripted())
        assert store.get(identifier).title == "Công văn số 5"
        assert store.get(identifier).sections


def test_one_queue_at_a_time(tmp_path: Path) -> None:
    with Store(tmp_path / "home") as store:
        add_scans(store, tmp_path / "scans", 1)
        (tmp_path / "home" / FOLDER).mkdir()
        with WriterLock(tmp_path / "home" / FOLDER / "lock"), pytest.raises(StoreLockedError):
            outcomes(store, scripted())


def test_only_those_that_are_chosen(tmp_path: Path) -> None:
    with Store(tmp_path / "home") as store:
        add_scans(store, tmp_path / "scans", 1, 1)
        chosen = [name for name, _ in store.identifiers()][:1]
        results = list(recognize_waiting(store, scripted(), chosen=chosen))
        assert [result.identifier for result in results] == chosen
        assert count_waiting(store) == 1


SLOW_PROGRAM = """#!/bin/sh
case "$1" in
--version) echo tesseract 9; exit ;;
--list-langs) echo vie; exit ;;
esac
cat > /dev/null
: > "{folder}/$6.$$"
sleep 0.1
printf '5\\t1\\t1\\t1\\t1\\t1\\t10\\t10\\t90\\t40\\t90\\tTrang nói về con trâu.\\n'
"""


def test_a_killed_run_loses_no_page(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "pages").mkdir()
    program = tmp_path / "bin" / "tesseract"
    program.write_text(SLOW_PROGRAM.format(folder=tmp_path / "pages"), encoding="utf-8")
    program.chmod(0o755)
    home = tmp_path / "home"
    with Store(home) as store:
        add_scans(store, tmp_path / "scans", 12)
    command = [sys.executable, "-m", "web.cli.main", "--home", str(home), "ocr"]
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
    for least in (2, 5):
        with subprocess.Popen(command, cwd=ROOT, env=environment) as run:
            while len(list((tmp_path / "pages").iterdir())) <= least and run.poll() is None:
                time.sleep(0.01)
            run.send_signal(signal.SIGKILL)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "recognised 12 pages; documents: complete 1"
    # Each kill may cost the page that was being read.
    assert 12 <= len(list((tmp_path / "pages").iterdir())) <= 14
    with Store(home) as store:
        assert store.verify().problems == ()
        assert count_waiting(store) == 0


ENGLISH = "The council of the town said on Monday that the old bridge will be open to all again."


@pytest.mark.parametrize(
    ("text", "language"), [("Trang này nói về con trâu ở xã bên.", "vi"), (ENGLISH, "en")]
)
def test_recognised_words_have_their_own_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, language: str
) -> None:
    monkeypatch.setattr(
        ScriptedProgram,
        "recognize",
        lambda *_: "\n".join([HEAD, PAGE, word(1, 100, text, 88)]),
    )
    with Store(tmp_path / "home") as store:
        add_scans(store, tmp_path / "scans", 1)
        outcomes(store, scripted())
        ((article, number),) = store.articles()
        assert (article.language, article.is_language_detected) == (language, True)
        # As older programs kept it: Vietnamese always, and no word on where that is from.
        older = replace(article, language="vi", is_language_detected=False)
        with store.batch() as batch:
            batch.enrich_record(store.versions(article.identifier)[-1], older)
        assert reparse(store, dry_run=True).read == 1
        assert store.get(article.identifier).language == "vi"
        assert (reparse(store).changed, reparse(store).read) == (0, 0)
        ((after, again),) = store.articles()
        assert (after, again) == (article, number)
        assert store.verify().problems == ()


def test_the_language_that_an_operator_gives_recognised_words_stays(tmp_path: Path) -> None:
    with Store(tmp_path / "home") as store:
        add_scans(store, tmp_path / "scans", 1)
        outcomes(store, scripted())
        ((article, _),) = store.articles()
        with store.operator_batch() as batch:
            batch.edit(
                article.identifier, {"language": "en"}, OperatorNote("x", "An", "2026-01-01")
            )
        reparse(store)
        assert store.get(article.identifier).language == "en"
