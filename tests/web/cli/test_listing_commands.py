"""The list and the exports of the command line hold what is kept, in the formats of the web."""

from __future__ import annotations

import json
from pathlib import Path

import bibtexparser
import pytest
from click.testing import CliRunner, Result

from web.cli.main import main

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


def test_exports_hold_all_or_what_a_query_finds(home: Path) -> None:
    (home / "settings.toml").write_text('[site]\naddress = "https://kho.vn"\n', encoding="utf-8")
    for query, count in ((), 3), (("title:phiên 2",), 1):
        lines = run(home, "export", "jsonl", *query).stdout.splitlines()
        assert len(lines) == count
        assert json.loads(lines[0])["address"].startswith("https://kho.vn/article/")
    assert len(bibtexparser.parse_string(run(home, "export", "bib").stdout).entries) == 3
    assert run(home, "export", "csv", "xyzzyq").exit_code == 1
    assert run(home, "export", "pdf").exit_code == 2
