"""The list and the exports of the command line hold what is kept, in the formats of the web."""

from __future__ import annotations

import errno
import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import bibtexparser
import pytest
from arro3.io import read_parquet
from click.testing import CliRunner, Result

from archive.errors import DamagedError
from archive.records import Article
from indexer.open_archive import open_archive
from tests.paths import ROOT
from web.cli.main import main
from web.export.parquet_file import COLUMNS, write_parquet

RECORDS = [
    {"id": f"a{number}", "title": f"Chợ phiên {number}", "body": "Chợ phiên đông vui.", "date": day}
    for number, day in ((1, "2021-05-01"), (2, "2022"), (3, ""))
]


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *words])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    lines = tmp_path / "records.jsonl"
    lines.write_text("\n".join(map(json.dumps, RECORDS)), encoding="utf-8")
    assert run(tmp_path / "home", "add", str(lines)).exit_code == 0
    return tmp_path / "home"


def test_every_article_is_a_line(home: Path) -> None:
    rows = [line.split("\t") for line in run(home, "list").stdout.splitlines()]
    assert sorted(row[3] for row in rows) == ["Chợ phiên 1", "Chợ phiên 2", "Chợ phiên 3"]
    assert {row[1] for row in rows} >= {"-"}


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
@pytest.mark.parametrize("query", [(), ("phiên",)])
@pytest.mark.parametrize(
    ("order", "names"), [("newest", ["a2", "a1", "a3"]), ("oldest", ["a1", "a2", "a3"])]
)
def test_exports_come_in_the_order_that_is_asked_for(
    home: Path, kind: str, query: tuple[str, ...], order: str, names: list[str]
) -> None:
    written = run(home, "export", kind, "--sort", order, *query)
    if kind == "parquet":
        titles = read_parquet(written.stdout_bytes).read_all()["title"].to_pylist()
    else:
        titles = [json.loads(line)["title"] for line in written.stdout.splitlines()]
    assert titles == [f"Chợ phiên {name[1]}" for name in names]


def test_exports_hold_all_or_what_a_query_finds(home: Path) -> None:
    (home / "settings.toml").write_text('[site]\naddress = "https://kho.vn"\n', encoding="utf-8")
    for query, count in ((), 3), (("title:phiên 2",), 1):
        lines = run(home, "export", "jsonl", *query).stdout.splitlines()
        assert len(lines) == count
        assert json.loads(lines[0])["address"].startswith("https://kho.vn/article/")
    assert len(bibtexparser.parse_string(run(home, "export", "bib").stdout).entries) == 3
    assert run(home, "export", "csv", "xyzzyq").exit_code == 1
    assert run(home, "export", "pdf").exit_code == 2


def test_a_parquet_file_has_a_row_for_each_article(home: Path, tmp_path: Path) -> None:
    more = {"id": "b", "title": "Bò", "body": "Một.\n\nHai.", "authors": ["Lê An", "Đỗ Bé"]}
    lines = tmp_path / "more.jsonl"
    lines.write_text(json.dumps(more), encoding="utf-8")
    assert run(home, "add", str(lines)).exit_code == 0
    for query, count in ((), 4), (("cho", "phien"), 3):
        written = run(home, "export", "parquet", *query)
        *_, last = written.stderr.splitlines()
        assert (written.exit_code, last.split()[0]) == (0, str(count))
        table = read_parquet(written.stdout_bytes).read_all()
        assert table.num_rows == count
    table = read_parquet(run(home, "export", "parquet", "title:bò").stdout_bytes).read_all()
    assert tuple(table.schema.names) == COLUMNS
    row = {name: table.column(name)[0].as_py() for name in COLUMNS}
    stored = json.loads(run(home, "show", "--json", "b").stdout)
    assert (row["id"], row["text"]) == (stored["identifier"], "Một.\n\nHai.")
    assert (row["authors"], row["people"]) == (["Lê An", "Đỗ Bé"], [])
    assert row["address"] == f"http://localhost/article/{stored['identifier']}"


def test_a_parquet_file_that_cannot_be_written_ends_in_a_line(home: Path) -> None:
    class Full(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            raise OSError(errno.ENOSPC, "full")

    with open_archive(home) as archive:
        articles = [article for article, _ in archive.store.articles()]
    with pytest.raises(OSError, match="full"):
        write_parquet(articles, str, Full())  # type: ignore[arg-type]

    def broken() -> Iterator[Article]:
        yield articles[0]
        raise DamagedError(home, "broken")

    with pytest.raises(DamagedError, match="broken"):
        write_parquet(broken(), str, io.BytesIO())


def test_parquet_is_not_written_to_a_terminal(home: Path) -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "web.cli.main", "--home", str(home), "export", "parquet"]
    done = subprocess.run(command, stdout=follower, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    os.close(follower)
    os.close(leader)
    assert (done.returncode, b"> articles.parquet" in done.stderr) == (2, True)


def test_a_source_that_only_the_host_tells_is_in_brackets(tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    records = [{"title": "Chợ", "url": "https://www.bao.vn/1", "body": "Chợ đông."}]
    records.append({"title": "Sông", "id": "2", "body": "Sông đầy."})
    lines.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    assert run(tmp_path / "home", "add", str(lines)).exit_code == 0
    rows = [line.split("\t") for line in run(tmp_path / "home", "list").stdout.splitlines()]
    assert {row[3]: row[2] for row in rows} == {"Chợ": "[bao.vn]", "Sông": "-"}
