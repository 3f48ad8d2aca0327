"""Adding documents: what is said of those that cannot be read, of progress, and of a break."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.store import Store
from archive.writing.lock import WriterLock
from tests.indexer.intake.test_ingest import UNDATED
from tests.web.cli.run_commands import SAMPLE, read_json, run, start_process
from web.cli.main import main


def test_a_bad_document_is_named_and_the_status_is_2(tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    lines.write_text('{"id": 1, "title": "Một"}\n{broken\n{"id": 2, "title": "Hai"}\n')
    result = run(tmp_path / "home", "add", str(lines), str(tmp_path / "gone"))
    assert result.exit_code == 2
    assert f"failed: {lines}:2: is no JSON" in result.stderr
    assert f"failed: {tmp_path}/gone: there is no such file or folder" in result.stderr
    assert "added 2, changed 0, unchanged 0, skipped 0, failed 2" in result.stdout
    assert "indexed 2, in the index 2" in result.stdout


def test_what_is_read_in_part_is_counted_listed_and_strict(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(UNDATED, encoding="utf-8")
    (tmp_path / "list.html").write_text("<title>Trang nhất</title>" + "<a>một</a>" * 50)
    home, page = tmp_path / "home", str(tmp_path / "a.html")
    result = run(home, "add", page)
    assert result.exit_code == 0
    assert "read in part: dates not understood 1; see `tangthu problems`" in result.stdout
    assert f"incomplete (dates): {page}: " in result.stderr
    assert run(home, "add", "--strict", page).exit_code == 2
    assert run(home, "add", "--strict", str(tmp_path / "list.html")).exit_code == 2
    assert run(home, "add", "--strict", str(SAMPLE)).exit_code == 0
    assert "dates not understood 1" in run(home, "status").stdout
    assert read_json(home, "status", "--json")["problems"] == {"dates": 1}
    listed = read_json(home, "problems", "--json")
    assert (listed["source"], listed["kind"]) == (page, "dates")
    assert f"{listed['identifier']} {page}: " in run(home, "problems").stdout


def test_a_page_that_is_no_article_is_skipped_and_the_status_is_0(tmp_path: Path) -> None:
    (tmp_path / "list.html").write_text("<title>Trang nhất</title>" + "<a>một</a>" * 50)
    result = run(tmp_path / "home", "add", str(tmp_path / "list.html"))
    assert result.exit_code == 0
    assert "list.html: has only 0 characters of text" in result.stderr
    assert "skipped 1, failed 0" in result.stdout


def test_only_the_first_of_many_troubles_are_printed(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("x\n" * 5000)
    result = run(tmp_path / "home", "add", str(tmp_path / "a.jsonl"))
    assert len(result.stderr.splitlines()) < 60
    assert "failed 5000" in result.stdout


def test_a_file_whose_name_is_no_text_is_taken_in(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.txt")
    try:
        Path(path).write_text("Một bài\nĐoạn.", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes only text for names")
    result = run(tmp_path / "home", "add", path)
    assert (result.exit_code, "added 1" in result.stdout) == (0, True)


def test_standard_input_is_added(tmp_path: Path) -> None:
    result = run(tmp_path / "home", "add", "-", input=SAMPLE.read_bytes())
    assert (result.exit_code, "added 1" in result.stdout) == (0, True)


def has_articles(home: Path) -> bool:
    status = run(home, "status", "--json")
    return status.exit_code == 0 and json.loads(status.stdout)["articles"] > 0


def test_interrupted_it_stops_at_once_and_keeps_what_it_had(tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    record = {"title": "Bài", "body": "Đoạn văn dài hơn một chút. " * 40}
    with lines.open("w", encoding="utf-8") as out:
        for number in range(20_000):
            out.write(json.dumps({**record, "id": str(number)}) + "\n")
    home = tmp_path / "home"
    # Whatever runs the tests may ignore the signal, and children inherit that.
    heed = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    with start_process("--home", str(home), "add", str(lines), **heed) as adding:
        while not has_articles(home) and adding.poll() is None:
            time.sleep(0.05)
        adding.send_signal(signal.SIGINT)
        _, stderr = adding.communicate(timeout=60)
    assert adding.returncode == 1
    assert "Traceback" not in stderr
    assert run(home, "update").exit_code == 0
    verified = json.loads(run(home, "verify", "--json").stdout)
    assert 0 < verified["versions"] < 20_000
    assert verified["problems"] == []


def test_progress_is_plain_lines_where_there_is_no_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.cli.progress_bar._SECONDS_BETWEEN_LINES", 0.0)
    result = run(tmp_path / "home", "add", str(SAMPLE))
    lines = result.stderr.splitlines()
    reading = [line for line in lines if line.startswith("reading: ")]
    assert re.fullmatch(
        r"reading: 0.0 of 0.0 MB \([\d.]+ a second(, 0 s left)?\); "
        r"1 document read \([\d,]+ a second\), 1 document kept \([\d,]+ a second\)",
        reading[-1],
    )
    assert any(line.startswith("indexing: 1 of 1 article") for line in lines)
    assert not any("\r" in line or "\x1b" in line for line in lines)


def test_what_is_kept_while_another_process_indexes_is_no_failure(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (tmp_path / "a.txt").write_text("Tin một\n\nNội dung của tin một.", encoding="utf-8")
    (home / "index").mkdir(parents=True)
    words = ["--home", str(home), "add", "--wait", "0.1", str(tmp_path / "a.txt")]
    with WriterLock(home / "index" / "lock"):
        done = CliRunner().invoke(main, words)
    assert done.exit_code == 0
    assert "everything is kept; not indexed yet: process" in done.stderr
    (tmp_path / "b.txt").write_text("Tin hai\n\nNội dung của tin hai.", encoding="utf-8")
    words = [*words[:-1], str(tmp_path / "b.txt")]
    with WriterLock(home / "lock"):
        assert CliRunner().invoke(main, words).exit_code == 1
    assert CliRunner().invoke(main, words).exit_code == 0
    with Store(home) as store:
        assert store.count_articles() == 2
