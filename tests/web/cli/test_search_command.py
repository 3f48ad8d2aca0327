"""The `search` command: its JSON, pages, runs of many queries, and exit status."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.web.cli.run_commands import FIRST, read_json, run
from web.cli.main import main


def test_search_prints_the_keys_that_programs_rely_on(home: Path) -> None:
    page = read_json(home, "search", "--json", "-n", "2", "--page", "1", "sy quan")
    assert {"query", "notes", "total", "total_exact", "took_ms", "hits"} <= set(page)
    assert (page["query"], page["total"]) == ("sy quan", 1)
    assert isinstance(page["took_ms"], int | float)
    (hit,) = page["hits"]
    keys = {"id", "external_id", "title", "published", "publisher", "url", "score", "section"}
    assert {*keys, "snippets"} <= set(hit)
    assert hit["id"] == FIRST
    assert hit["published"] == "2022-12-19T17:02:00+07:00"
    assert hit["snippets"]


def test_results_come_page_by_page(home: Path) -> None:
    seen = []
    for page in ("1", "2", "3"):
        hits = read_json(home, "search", "--json", "-n", "1", "--page", page, '"thao nguyen"')[
            "hits"
        ]
        seen += [hit["external_id"] for hit in hits]
    assert sorted(seen) == ["a1", "a2", "a3"]
    newest = read_json(home, "search", "--json", "--sort", "newest", '"thảo nguyên"')["hits"]
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


def test_a_run_that_cannot_be_written_is_said_in_a_line(home: Path, tmp_path: Path) -> None:
    queries = tmp_path / "q.jsonl"
    queries.write_text('{"qid": 1, "text": "a"}', encoding="utf-8")
    out = tmp_path / "no" / "run"
    result = run(home, "search", "--queries", str(queries), "--run", str(out))
    assert (result.exit_code, result.stderr.startswith(f"tangthu: {out}: ")) == (1, True)


def test_nothing_found_is_status_1_and_matches_are_bold_on_a_terminal(home: Path) -> None:
    nothing = run(home, "search", "xyzzyq")
    assert (nothing.exit_code, nothing.stdout) == (1, "")
    assert "No article was found." in nothing.stderr
    plain = run(home, "search", "thao nguyen")
    assert (plain.exit_code, "\x1b" in plain.stdout) == (0, False)
    marked = CliRunner().invoke(main, ["--home", str(home), "search", "bo sua"], color=True)
    assert "\x1b[1mBò\x1b[0m" in marked.stdout or "\x1b[1mBò sữa\x1b[0m" in marked.stdout
