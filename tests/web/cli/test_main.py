"""Every command: what it prints, its exit status, and that nothing ends in a traceback."""

from __future__ import annotations

import json
import lzma
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from archive.store import Store
from archive.writing.lock import WriterLock
from tests.indexer.intake.test_ingest import UNDATED
from tests.paths import ROOT
from web.cli.main import COMMANDS, default_home, main

SAMPLE = ROOT / "archive" / "sample" / "first-article.txt"
FIRST = "e158a92fe7b233367c7e"
RECORDS = [
    {
        "id": "a1",
        "title": "Bò sữa Mộc Châu",
        "body": "Đàn bò sữa trên thảo nguyên.",
        "date": "2021-05-01",
    },
    {
        "id": "a2",
        "title": "Bơ sáp",
        "body": "Vườn bơ ra quả sớm trên thảo nguyên.",
        "date": "2022-05-01",
    },
    {"id": "a3", "title": "Mưa lớn", "body": "Mưa trên thảo nguyên kéo dài.", "date": "2023-05-01"},
]


def run(home: Path | str, *words: str, **options: Any) -> Result:
    result = CliRunner().invoke(main, ["--home", str(home), *words], **options)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def told(home: Path, *words: str) -> Any:
    result = run(home, *words)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def process(*words: str, **options: Any) -> subprocess.Popen[str]:
    """The command in a process of its own, as a shell would start it."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    command = [sys.executable, "-m", "web.cli.main", *words]
    return subprocess.Popen(command, cwd=ROOT, text=True, **{**pipes, **options})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the first article and three short ones; tests only read it."""
    home = tmp_path_factory.mktemp("cli") / "home"
    lines = home.parent / "records.jsonl"
    lines.write_text("\n".join(json.dumps(record) for record in RECORDS), encoding="utf-8")
    result = run(home, "add", str(SAMPLE), str(lines))
    assert result.exit_code == 0, result.output
    assert "added 4, changed 0, unchanged 0, skipped 0, failed 0" in result.stdout
    assert "indexed 4, in the index 4" in result.stdout
    return home


def test_search_prints_the_keys_that_programs_rely_on(home: Path) -> None:
    page = told(home, "search", "--json", "-n", "2", "--page", "1", "sy quan")
    assert {"query", "notes", "total", "total_exact", "took_ms", "hits"} <= set(page)
    assert (page["query"], page["total"]) == ("sy quan", 1)
    assert isinstance(page["took_ms"], int | float)
    (hit,) = page["hits"]
    keys = {"id", "external_id", "title", "published", "publisher", "url", "score", "section"}
    assert {*keys, "snippets"} <= set(hit)
    assert hit["id"] == FIRST
    assert hit["published"] == "2022-12-19T17:02:00+07:00"
    assert hit["snippets"]


def test_status_show_and_verify_print_theirs(home: Path) -> None:
    status = told(home, "status", "--json")
    assert status.pop("analyzer").startswith("vi-")
    expected = {
        "articles": 4,
        "indexed": 4,
        "sequence": 4,
        "index_sequence": 4,
    }
    # The keys may grow; these stay.
    assert expected.items() <= status.items()
    assert status["generation"]
    article = told(home, "show", "--json", FIRST)
    assert article["identifier"] == FIRST
    assert len(article["sections"]) == 9
    for name in ("a1", "id:A1", f"http://localhost/article/{article['identifier']}"):
        shown_title = told(home, "show", "--json", name)["title"]
        assert shown_title == (article["title"] if "localhost" in name else "Bò sữa Mộc Châu")
    verified = told(home, "verify", "--json")
    assert (verified["versions"], verified["records"], verified["indexed"]) == (4, 4, 4)
    assert verified["problems"] == []


def test_an_index_of_another_analyzer_is_named_until_it_is_rebuilt(
    home: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(home, tmp_path / "home")
    for manifest in copy.glob("index/generations/*/index.json"):
        manifest.write_text(manifest.read_text().replace('"analyzer":"vi-3"', '"analyzer":"vi-2"'))
    # Nothing is lost meanwhile: what is added is kept, and indexed by the rebuild.
    for words in (("search", "bò sữa"), ("add", str(SAMPLE))):
        result = run(copy, *words)
        assert result.exit_code == 1
        assert "'vi-2'" in result.output
        assert "run `tangthu rebuild`" in result.output
    assert run(copy, "rebuild", "--if-needed").exit_code == 0
    assert told(copy, "search", "--json", "bò sữa")["total"] == 1


@pytest.mark.parametrize("command", ["status", "verify"])
def test_lines_of_the_glossary_that_cannot_be_used_are_named(tmp_path: Path, command: str) -> None:
    lines = ["# ours", "LMX\tlãng mạn", "XYZ một hai ba", "\tlong only"]
    assert run(tmp_path, "add", str(SAMPLE)).exit_code == 0
    (tmp_path / "glossary.tsv").write_text("\n".join(lines), encoding="utf-8")
    result = run(tmp_path, command)
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "glossary.tsv:3: no tab between short form and long form",
        "glossary.tsv:4: no short form before the tab",
    ]
    assert json.loads(run(tmp_path, command, "--json").stdout)


def test_results_come_page_by_page(home: Path) -> None:
    seen = []
    for page in ("1", "2", "3"):
        hits = told(home, "search", "--json", "-n", "1", "--page", page, '"thao nguyen"')["hits"]
        seen += [hit["external_id"] for hit in hits]
    assert sorted(seen) == ["a1", "a2", "a3"]
    newest = told(home, "search", "--json", "--sort", "newest", '"thảo nguyên"')["hits"]
    assert [hit["external_id"] for hit in newest] == ["a3", "a2", "a1"]


@pytest.mark.parametrize("packed", [False, True])
def test_queries_are_answered_into_a_trec_run(home: Path, tmp_path: Path, packed: bool) -> None:
    topics = [("q1", "thao nguyen bo"), ("q 2", "khủnglong"), ("q3", '"(((')]
    data = "\n\n".join(json.dumps({"qid": qid, "text": text}) for qid, text in topics).encode()
    queries = tmp_path / ("q.jsonl.xz" if packed else "q.jsonl")
    queries.write_bytes(lzma.compress(data) if packed else data)
    out = tmp_path / "run"
    options = ("-n", "100", "--match", "any", "--run", str(out))
    result = run(home, "search", "--queries", str(queries), *options)
    assert result.exit_code == 0, result.output
    rows = [line.split(" ") for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row[:2] + row[3:4] for row in rows] == [
        ["q1", "Q0", str(rank)] for rank in range(1, len(rows) + 1)
    ]
    assert {row[2] for row in rows} >= {"a1", "a2", "a3"}
    assert [float(row[4]) for row in rows] == sorted((float(row[4]) for row in rows), reverse=True)
    assert {row[5] for row in rows} == {"tangthu"}


REFUSED: list[tuple[list[str], int, str]] = [
    (["show", "nothing"], 1, "nothing"),
    (["show", "--json", "nothing"], 1, "nothing"),
    (["show", "\udcff\x00"], 1, "tangthu:"),
    (["show", "--version", "9", FIRST], 1, FIRST),
    (["show"], 2, "Missing argument"),
    (["search"], 2, "QUERY"),
    (["search", "--queries", "/nowhere", "--run", "x"], 2, "/nowhere"),
    (["search", "--queries", str(SAMPLE)], 2, "--run"),
    (["search", "--queries", str(SAMPLE), "--run", os.devnull], 1, ":1:"),
    (["search", "--sort", "wrong", "a"], 2, "wrong"),
    (["search", "-n", "many", "a"], 2, "many"),
    (["search", "-n", "0", "a"], 2, "-n"),
    (["search", "-n", "-5", "a"], 2, "-n"),
    (["search", "--page", "0", "a"], 2, "--page"),
    (["show", "--version", "0", FIRST], 2, "--version"),
    (["rebuild", "--workers", "0"], 2, "--workers"),
    (["rebuild", "--memory", "1"], 2, "--memory"),
    (["rebuild", "--keep", "0"], 2, "--keep"),
    (["rebuild", "--nice", "20"], 2, "--nice"),
    (["rebuild", "--max-load", "-1"], 2, "--max-load"),
    (["add", "--wait", "-1", "x"], 2, "--wait"),
    (["serve", "--threads", "0"], 2, "--threads"),
    (["serve", "--budget", "0"], 2, "--budget"),
    (["serve", "--proxies", "-1"], 2, "--proxies"),
    (["add"], 2, "Missing argument"),
    (["rebuild", "--keep", "x"], 2, "x"),
    (["serve", "--port", "65536"], 2, "65536"),
    (["wrong"], 2, "No such command"),
    (["--wrong"], 2, "No such option"),
]


@pytest.mark.parametrize(("words", "status", "part"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_cannot_be_done_is_said_in_a_line(
    home: Path, words: list[str], status: int, part: str
) -> None:
    result = run(home, *words)
    assert result.exit_code == status, result.output
    assert part in result.stderr
    if status == 1:
        assert len(result.stderr.strip().splitlines()) == 1


def test_a_run_that_cannot_be_written_is_said_in_a_line(home: Path, tmp_path: Path) -> None:
    queries = tmp_path / "q.jsonl"
    queries.write_text('{"qid": 1, "text": "a"}', encoding="utf-8")
    out = tmp_path / "no" / "run"
    result = run(home, "search", "--queries", str(queries), "--run", str(out))
    assert (result.exit_code, result.stderr.startswith(f"tangthu: {out}: ")) == (1, True)


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
    assert told(home, "status", "--json")["problems"] == {"dates": 1}
    listed = told(home, "problems", "--json")
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


def test_keeping_and_indexing_may_be_two_steps(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run(home, "add", "--no-index", str(SAMPLE))
    assert told(home, "status", "--json")["indexed"] == 0
    nothing = run(home, "search", "--json", "cong an")
    assert (nothing.exit_code, json.loads(nothing.stdout)["total"]) == (1, 0)
    assert "indexed 1, deleted 0, in the index 1" in run(home, "update").stdout
    assert "indexed 0, deleted 0, in the index 1" in run(home, "update").stdout
    first = told(home, "status", "--json")["generation"]
    assert "in the index 1" in run(home, "rebuild").stdout
    second = told(home, "status", "--json")["generation"]
    assert first != second
    listed = run(home, "generations").stdout.splitlines()
    assert [line[:2] for line in listed if second in line] == ["* "]
    manifest = home / "index" / "generations" / second / "generation.json"
    content = manifest.read_text()
    manifest.write_text(content[:-9])
    damaged = run(home, "generations")
    assert damaged.exit_code == 1
    assert [line[:9] for line in damaged.stdout.splitlines()] == [f"  {first} "]
    assert f"generation {second}: " in damaged.stderr
    manifest.write_text(content)
    assert first in run(home, "rollback").stdout
    assert told(home, "search", "--json", "cong an")["total"] == 1


@pytest.mark.parametrize(
    "words",
    [("init",), ("status",), ("update",), ("rebuild",), ("problems",)],
)
def test_an_empty_archive_is_no_trouble(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert run(tmp_path / "home", "init").exit_code == 0
    assert run(tmp_path / "home", *words).exit_code == 0


EMPTY = [
    (["verify"], "nothing was ever kept; is it the right home?"),
    (["verify", "--since-last"], "nothing was ever kept; is it the right home?"),
    (["backup", "copy"], "there is nothing to back up; is it the right home?"),
    (["search", "a"], "No article was found."),
]


@pytest.mark.parametrize(("words", "part"), EMPTY, ids=str)
def test_an_empty_archive_is_never_reported_as_sound_saved_or_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], part: str
) -> None:
    monkeypatch.chdir(tmp_path)
    run(tmp_path / "home", "init")
    result = run(tmp_path / "home", *words)
    assert (result.exit_code, part in result.stderr) == (1, True), result.output
    assert not (tmp_path / "copy").exists()


def test_an_archive_is_made_once_and_a_lost_catalogue_is_no_new_one(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    made = run(home, "init")
    assert (made.exit_code, made.stdout, made.stderr) == (0, f"{home}: 0 articles\n", "")
    assert run(home, "add", str(SAMPLE)).exit_code == 0
    again = run(home, "init")
    assert (again.exit_code, again.stdout) == (0, f"{home}: 1 article\n")
    assert again.stderr == f"{home} is an archive already\n"
    for path in home.glob("catalogue.sqlite*"):
        path.unlink()
    for words in (["init"], ["status"], ["search", "a"]):
        lost = run(home, *words)
        assert (lost.exit_code, "restore a backup" in lost.stderr) == (1, True)
    assert not (home / "catalogue.sqlite").exists()


def test_nothing_found_is_status_1_and_matches_are_bold_on_a_terminal(home: Path) -> None:
    nothing = run(home, "search", "xyzzyq")
    assert (nothing.exit_code, nothing.stdout) == (1, "")
    assert "No article was found." in nothing.stderr
    plain = run(home, "search", "thao nguyen")
    assert (plain.exit_code, "\x1b" in plain.stdout) == (0, False)
    marked = CliRunner().invoke(main, ["--home", str(home), "search", "bo sua"], color=True)
    assert "\x1b[1mBò\x1b[0m" in marked.stdout or "\x1b[1mBò sữa\x1b[0m" in marked.stdout


def test_a_port_in_use_is_named_with_what_to_do(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        with process("--home", str(home), "serve", "--port", port) as serving:
            _, stderr = serving.communicate(timeout=60)
    assert serving.returncode == 1
    assert f"127.0.0.1, port {port}: " in stderr
    assert "--port" in stderr


def test_a_rebuild_of_nothing_publishes_nothing(home: Path) -> None:
    before = told(home, "status", "--json")["generation"]
    result = run(home, "rebuild", "--only", "xyzzyq")
    assert (result.exit_code, "no article is selected" in result.stderr) == (1, True)
    assert told(home, "status", "--json")["generation"] == before


HOMES = ["a file", "below a file", "a broken catalogue"]


@pytest.mark.parametrize("kind", HOMES)
@pytest.mark.parametrize(
    "words", [("status",), ("search", "a"), ("add", str(SAMPLE)), ("rebuild",)]
)
def test_a_home_that_is_none_says_so(tmp_path: Path, kind: str, words: tuple[str, ...]) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "catalogue.sqlite").write_bytes(b"no catalogue at all" * 100)
    places = {"a file": file, "below a file": file / "x", "a broken catalogue": broken}
    result = run(places[kind], *words)
    assert result.exit_code in (1, 2)
    assert result.stderr.strip()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root's rights")
def test_a_home_that_may_not_be_read_or_written_says_so(home: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for words in (["status"], ["search", "a"], ["add", str(SAMPLE)], ["rebuild"]):
        child = os.fork()
        if child == 0:  # pragma: no cover
            os.setgid(65534)
            os.setuid(65534)
            result = CliRunner().invoke(main, ["--home", str(closed / "home"), *words])
            fine = result.exit_code in (1, 2) and isinstance(result.exception, SystemExit)
            os._exit(0 if fine and "Traceback" not in result.output else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, words


def test_the_home_comes_from_the_option_then_the_environment_then_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TANGTHU_HOME", str(tmp_path / "named"))
    run(tmp_path / "given", "init")
    assert (tmp_path / "given").is_dir()
    assert not (tmp_path / "named").exists()
    assert CliRunner().invoke(main, ["init"]).exit_code == 0
    assert (tmp_path / "named").is_dir()
    monkeypatch.delenv("TANGTHU_HOME")
    if sys.platform == "linux":
        assert default_home() == tmp_path / "data" / "tangthu"
        assert CliRunner().invoke(main, ["init"]).exit_code == 0
        assert default_home().is_dir()


def test_the_list_of_commands_says_what_the_commands_say() -> None:
    listed = CliRunner().invoke(main, ["--help"]).output
    for name, (_, text) in COMMANDS.items():
        command = main.get_command(click.Context(main), name)
        assert command is not None
        assert command.help
        # The first word is the same: neither is written without the other.
        assert command.help.split()[0] == text.split()[0], name
        assert f"\n  {name} " in listed


def test_help_and_version_are_printed() -> None:
    for words in (["--help"], ["-h"], *([name, "--help"] for name in COMMANDS)):
        result = CliRunner().invoke(main, words)
        assert (result.exit_code, result.output.startswith("Usage:")) == (0, True)
    assert re.fullmatch(r"main \d+\.\d+\.\d+\n", CliRunner().invoke(main, ["--version"]).output)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for_and_what_it_takes(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    context = click.Context(command)
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name
            assert not re.search("RANGE|%|FLOAT", option.make_metavar(context)), option.name
    said = CliRunner().invoke(main, ["--lang", "vi", name, "--help"]).output
    assert said.startswith("Cách dùng:")
    assert "default:" not in said
    assert "required]" not in said


def test_a_reader_that_stops_reading_is_no_trouble(home: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with process("--home", str(home), "show", FIRST, stdout=writing) as command:
        os.close(writing)
        _, stderr = command.communicate(timeout=60)
    assert "Traceback" not in stderr
    assert "BrokenPipe" not in stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_below_the_output_is_said_in_a_line(home: Path) -> None:
    with (
        Path("/dev/full").open("w") as full,
        process("--home", str(home), "status", stdout=full) as command,
    ):
        _, stderr = command.communicate(timeout=60)
    assert command.returncode == 1
    assert stderr.startswith("tangthu: ")
    assert "Traceback" not in stderr


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
    with process("--home", str(home), "add", str(lines), **heed) as adding:
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
