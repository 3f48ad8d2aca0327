"""Records by columns and by identifiers, and what only looks like a table."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from archive.records import Article
from indexer.intake.json_lines import read_records
from indexer.intake.record_tables import may_be_table, records_in_table

ROWS = [
    {"title": f"Cầu mới {number}", "body": f"Đoạn {number}.", "date": f"2022-12-{number}"}
    for number in (10, 11)
]
NAMES = list(ROWS[0])
CELLS = [list(row.values()) for row in ROWS]

TABLES: dict[str, Any] = {
    "split": {"columns": NAMES, "index": [0, 1], "data": CELLS},
    "columns": {name: {str(i): row[name] for i, row in enumerate(ROWS)} for name in NAMES},
    "index": {str(i): row for i, row in enumerate(ROWS)},
    "lists": {name: [row[name] for row in ROWS] for name in NAMES},
    "query": {"fields": [{"name": name, "type": "text"} for name in NAMES], "rows": CELLS},
}


def read(document: Any, indent: int | None = None) -> list[Article]:
    data = json.dumps(document, ensure_ascii=False, indent=indent).encode()
    records = read_records(io.BufferedReader(io.BytesIO(data)), "a.json")  # type: ignore[arg-type]
    articles = [record.outcome for record in records]
    assert all(isinstance(article, Article) for article in articles), articles
    return articles  # type: ignore[return-value]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", TABLES)
def test_the_rows_of_a_table_are_records(name: str, indent: int | None) -> None:
    assert records_in_table(TABLES[name]) == ROWS
    articles = read(TABLES[name], indent)
    assert [article.title for article in articles] == ["Cầu mới 10", "Cầu mới 11"]
    assert [article.sections[0].paragraphs for article in articles] == [
        ("Đoạn 10.",),
        ("Đoạn 11.",),
    ]
    assert [article.published.day for article in articles if article.published] == [10, 11]
    assert {article.external_id for article in articles} == {""}


def test_a_table_stands_in_an_answer_as_well() -> None:
    assert [a.title for a in read({"status": "ok", "articles": TABLES["index"]})] == [
        "Cầu mới 10",
        "Cầu mới 11",
    ]
    assert len(read({"response": TABLES["split"]})) == 2


def test_the_key_of_a_record_is_its_identifier_or_address() -> None:
    named = read({"bai-4561": ROWS[0], "https://example.vn/cau": ROWS[1]})
    assert [article.external_id for article in named] == ["bai-4561", ""]
    assert [article.url for article in named] == ["", "https://example.vn/cau"]
    own = read({"bai-4561": ROWS[0] | {"id": "7"}})
    assert [article.external_id for article in own] == ["7"]
    words = read({"cầu-mới": ROWS[0], "cầu-cũ": ROWS[1]})
    assert {article.external_id for article in words} == {""}


@pytest.mark.parametrize(
    "document",
    [
        {"article": ROWS[0]},
        {"data": ROWS[0], "meta": {"page": 1}},
        {"title": {"vi": "Cầu mới", "en": "New bridge"}, "body": {"vi": "Một.", "en": "One."}},
        {"title": {"rendered": "Cầu mới"}, "content": {"rendered": "<p>Một.</p>"}},
        {"authors": ["Trần Mẫu", "Lê Bình"], "title": ["Cầu mới"], "body": ["Một.", "Hai."]},
        {"columns": ["a", "b"], "data": [["c", "d"]]},
        {"columns": NAMES, "data": [["c"]]},
        {"a1": {"x": 1}, "a2": {"x": 2}},
        {"title": ["a", "b"], "body": ["c", "d"], "tags": ["e"]},
        {},
        [],
        "title",
        None,
    ],
)
def test_what_is_one_record_or_none_is_no_table(document: Any) -> None:
    assert records_in_table(document) == []


def test_a_table_is_looked_for_only_where_the_first_value_may_be_one() -> None:
    assert all(may_be_table(json.dumps(table).encode()) for table in TABLES.values())
    assert not may_be_table(json.dumps(ROWS[0]).encode())
    assert not may_be_table(b'{"' + b"\\" * 50_000)
