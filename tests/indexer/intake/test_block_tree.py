"""Texts that editors keep as trees of blocks are paragraphs, headings, lists and captions."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from archive.errors import IntakeError
from archive.records import Article
from indexer.intake.block_tree import html_of_blocks, is_block_tree
from indexer.intake.json_lines import read_records

TITLE = "Cầu mới ở xã Hòa Bình"
FIRST = "Xã Hòa Bình vừa sửa xong cây cầu cũ dài ba mươi mét."
HEADING = "Kinh phí"
LAST = "Huyện chi tiền cho xã trong hai năm."


def _leaf(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, **more}


def _rich(kind: str, *content: Any, **data: Any) -> dict[str, Any]:
    return {"nodeType": kind, "data": data, "content": list(content)}


def _value(text: str) -> dict[str, Any]:
    return {"nodeType": "text", "value": text, "marks": [], "data": {}}


LINE = [_leaf("Huyện "), {"type": "link", "url": "x", "children": [_leaf("chi tiền")]}]
CONTENTFUL = _rich(
    "document",
    _rich("paragraph", _value(FIRST)),
    _rich("heading-2", _value(HEADING)),
    _rich(
        "paragraph",
        _value("Huyện "),
        _rich("hyperlink", _value("chi tiền"), uri="http://example.vn"),
        _value(" cho xã trong hai năm."),
    ),
)
BLOCKS: dict[str, Any] = {
    "Contentful": CONTENTFUL,
    "Contentful by language": {"en-US": {"nodeType": "document"}, "vi": CONTENTFUL},
    "Strapi": [
        {"type": "paragraph", "children": [_leaf(FIRST)]},
        {"type": "heading", "level": 2, "children": [_leaf(HEADING)]},
        {"type": "paragraph", "children": [*LINE, _leaf(" cho xã trong hai năm.")]},
    ],
    "Sanity": [
        {"_type": "block", "style": "normal", "children": [{"_type": "span", "text": FIRST}]},
        {"_type": "block", "style": "h2", "children": [{"_type": "span", "text": HEADING}]},
        {
            "_type": "block",
            "children": [
                {"_type": "span", "text": "Huyện chi tiền "},
                {"_type": "span", "marks": ["strong"], "text": "cho xã trong hai năm."},
            ],
        },
    ],
    "Editor.js": {
        "time": 1,
        "blocks": [
            {"type": "paragraph", "data": {"text": FIRST}},
            {"type": "header", "data": {"text": HEADING, "level": 2}},
            {"type": "paragraph", "data": {"text": "Huyện <b>chi tiền</b> cho xã trong hai năm."}},
        ],
    },
    "Draft.js as text": json.dumps(
        {
            "blocks": [
                {"text": FIRST, "type": "unstyled", "data": {}},
                {"text": HEADING, "type": "header-two", "data": {}},
                {"text": LAST, "type": "unstyled", "data": {}},
            ],
            "entityMap": {},
        }
    ),
    "Lexical": {
        "root": {
            "type": "root",
            "children": [
                {"type": "paragraph", "children": [_leaf(FIRST)]},
                {"type": "heading", "tag": "h2", "children": [_leaf(HEADING)]},
                {"type": "paragraph", "children": [_leaf(LAST)]},
            ],
        }
    },
    "ProseMirror": {
        "type": "doc",
        "content": [
            {"type": "paragraph", "content": [_leaf(FIRST)]},
            {"type": "heading", "attrs": {"level": 2}, "content": [_leaf(HEADING)]},
            {"type": "paragraph", "content": [_leaf(LAST)]},
        ],
    },
    "Slate": [
        {"type": "paragraph", "children": [{"text": FIRST}]},
        {"type": "heading-two", "children": [{"text": HEADING}]},
        {"children": [{"text": "Huyện chi tiền ", "bold": True}, {"text": LAST[15:]}]},
    ],
    "Arc": [
        {"type": "text", "content": FIRST},
        {"type": "header", "content": HEADING},
        {"type": "text", "content": LAST},
    ],
    "Medium": {
        "bodyModel": {
            "paragraphs": [
                {"type": "P", "text": FIRST},
                {"type": "H3", "text": HEADING},
                {"type": "P", "text": LAST},
            ]
        }
    },
}


def _articles(document: Any) -> list[Article]:
    stream = io.BufferedReader(io.BytesIO(json.dumps(document).encode()))
    articles = [record.outcome for record in read_records(stream, "a.json")]
    assert all(isinstance(article, Article) for article in articles), articles
    return [article for article in articles if isinstance(article, Article)]


@pytest.mark.parametrize("name", BLOCKS)
def test_blocks_of_editors_are_paragraphs_and_headings(name: str) -> None:
    (article,) = _articles({"title": TITLE, "body": BLOCKS[name]})
    sections = [(section.heading, section.paragraphs) for section in article.sections]
    assert sections == [("", (FIRST,)), (HEADING, (LAST,))]


def test_lists_tables_and_captions_are_read_from_blocks() -> None:
    blocks = [
        {"type": "list", "data": {"style": "unordered", "items": ["Huyện chi", {"content": "Xã"}]}},
        {"type": "image", "data": {"caption": "Cầu nhìn từ bờ nam.", "file": {"url": "x"}}},
        {"type": "paragraph", "children": [_leaf("3 < 4 & 5 > 2"), {"type": "linebreak"}]},
    ]
    written = html_of_blocks(blocks)
    assert "<li>Huyện chi</li><li>Xã</li>" in written
    assert "<figcaption>Cầu nhìn từ bờ nam.</figcaption>" in written
    assert "3 &lt; 4 &amp; 5 &gt; 2" in written


@pytest.mark.parametrize(
    "value",
    [
        ["Một.", "Hai."],
        [{"text": FIRST}, {"text": LAST}],
        {"rendered": "<p>a</p>", "protected": False},
        {"value": "<p>a</p>", "format": "basic_html"},
        {"summary": [], "sections": [{"headline": [], "paragraphs": [FIRST]}]},
        [],
        {},
        "text",
        None,
        7,
    ],
)
def test_other_bodies_are_no_blocks(value: Any) -> None:
    assert not is_block_tree(value)


@pytest.mark.parametrize("deep", [100, 5_000])
def test_blocks_nested_without_end_are_refused(deep: int) -> None:
    block: Any = _leaf("a")
    for _ in range(deep):
        block = {"type": "doc", "content": [block]}
    with pytest.raises(IntakeError, match="blocks"):
        html_of_blocks(block)
    with pytest.raises(IntakeError, match="blocks"):
        html_of_blocks([{"type": "paragraph", "children": [_leaf("a")] * 30_000}])
