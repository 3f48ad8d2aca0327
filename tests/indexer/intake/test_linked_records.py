"""Exports of publishing systems: links have names, moments their zone, wrappers what they hold."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from archive.errors import IntakeError
from archive.records import Article
from indexer.intake.json_lines import read_record, read_records
from indexer.intake.record_keys import in_one_language, unread_keys

TITLE = "Cầu mới ở xã Hòa Bình"
FIRST = "Xã Hòa Bình vừa sửa xong cây cầu cũ dài ba mươi mét."
MOMENT = "2022-12-19T10:02:00Z"


def _articles(document: Any) -> list[Article]:
    stream = io.BufferedReader(io.BytesIO(json.dumps(document).encode()))
    articles = [record.outcome for record in read_records(stream, "a.json")]
    assert all(isinstance(article, Article) for article in articles), articles
    return [article for article in articles if isinstance(article, Article)]


def _person(name: str) -> dict[str, Any]:
    return {"id": 3, "name": name, "bio": "Phóng viên."}


EXPORTS: dict[str, Any] = {
    "Ghost": {
        "db": [
            {
                "data": {
                    "posts": [
                        {
                            "id": "1",
                            "title": TITLE,
                            "html": f"<p>{FIRST}</p>",
                            "published_at": MOMENT,
                        }
                    ],
                    "users": [{"id": "u1", "name": "Trần Bình"}, {"id": "u2", "name": "Lê An"}],
                    "tags": [{"id": "t1", "name": "Cầu"}, {"id": "t2", "name": "Giao thông"}],
                    "posts_authors": [
                        {"post_id": "1", "author_id": "u1", "sort_order": 1},
                        {"post_id": "1", "author_id": "u2", "sort_order": 0},
                    ],
                    "posts_tags": [
                        {"post_id": "1", "tag_id": "t1", "sort_order": 1},
                        {"post_id": "1", "tag_id": "t2", "sort_order": 0},
                    ],
                }
            }
        ]
    },
    "WordPress": [
        {
            **{"id": 12, "date": "2022-12-19T05:02:00", "date_gmt": "2022-12-19T10:02:00"},
            **{"title": {"rendered": TITLE}, "content": {"rendered": f"<p>{FIRST}</p>"}},
            **{"author": 3, "categories": [4], "tags": [7]},
            "_embedded": {
                "author": [_person("Lê An"), _person("Trần Bình")],
                "wp:term": [
                    [{"id": 4, "name": "Giao thông", "taxonomy": "category"}],
                    [{"id": 7, "name": "cầu", "taxonomy": "post_tag"}],
                ],
            },
        }
    ],
    "JSON:API": {
        "data": [
            {
                "type": "node--article",
                "id": "n1",
                "attributes": {"title": TITLE, "created": MOMENT, "body": {"value": FIRST}},
                "relationships": {
                    "uid": {
                        "data": [{"type": "user--user", "id": "u1"}, {"type": "user", "id": "u2"}]
                    },
                    "field_tags": {"data": [{"type": "taxonomy_term--tags", "id": "t1"}]},
                },
            }
        ],
        "included": [
            {"type": "user--user", "id": "u1", "attributes": {"display_name": "Lê An"}},
            {"type": "user--user", "id": "u2", "attributes": {"display_name": "Trần Bình"}},
            {"type": "taxonomy_term--tags", "id": "t1", "attributes": {"name": "Giao thông"}},
        ],
    },
    "Strapi": {
        "data": [
            {
                "id": 1,
                "attributes": {
                    **{"title": TITLE, "content": FIRST, "publishedAt": MOMENT},
                    "authors": {
                        "data": [
                            {"attributes": _person("Lê An")},
                            {"attributes": _person("Trần Bình")},
                        ]
                    },
                    "category": {"data": {"id": 2, "attributes": {"name": "Giao thông"}}},
                },
            }
        ]
    },
    "Contentful": {
        "items": [
            {
                "sys": {"id": "e1", "publishedAt": MOMENT, "locale": "vi"},
                "fields": {
                    **{"title": TITLE, "body": FIRST},
                    "authors": [{"sys": {"type": "Link", "id": i}} for i in ("a1", "a2", "lost")],
                    "category": {"sys": {"type": "Link", "id": "c1"}},
                },
            }
        ],
        "includes": {
            "Entry": [
                {"sys": {"id": "a1"}, "fields": {"name": "Lê An"}},
                {"sys": {"id": "a2"}, "fields": {"name": {"vi": "Trần Bình"}}},
                {"sys": {"id": "c1"}, "fields": {"title": "Giao thông"}},
            ]
        },
    },
    "Arc": {
        "headline": {"basic": TITLE},
        "content_elements": [{"type": "text", "content": FIRST}],
        "credits": {"by": [{"name": "Lê An"}, {"name": "Trần Bình"}]},
        "display_date": MOMENT,
        "section": {"name": "Giao thông"},
    },
    "a crawler that lists all values": {
        **{"title": [TITLE], "content": [FIRST], "author": ["Lê An", "Trần Bình"]},
        **{"time": ["19/12/2022 17:02"], "category": ["Giao thông"]},
    },
}


@pytest.mark.parametrize("name", EXPORTS)
def test_exports_give_names_for_their_links(name: str) -> None:
    (article,) = _articles(EXPORTS[name])
    assert article.title == TITLE
    assert [section.paragraphs for section in article.sections] == [(FIRST,)]
    assert article.authors == ("Lê An", "Trần Bình")
    assert article.category == "Giao thông"
    assert article.published is not None
    assert article.published.timestamp() == 1671444120


def test_a_record_has_what_stands_around_it() -> None:
    (article,) = _articles(
        {
            "response": {
                "results": [
                    {
                        **{"webTitle": TITLE, "webUrl": "https://example.vn/cau"},
                        **{"webPublicationDate": MOMENT, "sectionName": "Giao thông"},
                        "fields": {
                            "byline": "Lê An",
                            "body": f"<p>{FIRST}</p>",
                            "trailText": "Sapo.",
                        },
                    }
                ]
            }
        }
    )
    assert (article.title, article.url) == (TITLE, "https://example.vn/cau")
    assert (article.lead, article.authors) == ("Sapo.", ("Lê An",))
    assert article.published is not None


@pytest.mark.parametrize(
    "author", [3, "3", {"sys": {"id": "a1"}}, {"@id": "https://a.vn/#p"}, [[]]]
)
def test_links_to_authors_are_no_names(author: Any) -> None:
    record = {"title": TITLE, "body": FIRST, "author": author, "categories": [4, 5]}
    article = read_record(json.dumps(record).encode(), "a")
    assert (article.authors, article.category) == ((), "")


def test_long_texts_inside_of_unread_objects_are_named() -> None:
    long = FIRST * 5
    record = {
        **{"title": TITLE, "body": FIRST, "author": {"bio": long}},
        **{"extra": {"text": long, "more": {"deep": long}}, "parts": [{"a": long}, {"a": long}]},
        **{"yoast_head_json": {"schema": {"x": long}}, "short": {"text": "ngắn"}},
    }
    assert unread_keys(record) == ["extra.text", "extra.more.deep", "parts.a"]
    with pytest.raises(IntakeError, match=r"'extra\.text'"):
        read_record(json.dumps({"title": TITLE, "extra": {"text": long}}).encode(), "a")


@pytest.mark.parametrize(
    ("value", "chosen"),
    [
        ({"en-US": "a", "vi": "b"}, "b"),
        ({"en": "a", "id": "b"}, "a"),
        ({"vi_VN": "a"}, "a"),
        ({"id": "a"}, {"id": "a"}),
        ({"by": [1]}, {"by": [1]}),
        ({"vi": "a", "name": "b"}, {"vi": "a", "name": "b"}),
        ("vi", "vi"),
        ({}, {}),
    ],
)
def test_a_value_by_language_is_read_in_one(value: Any, chosen: Any) -> None:
    assert in_one_language(value) == chosen
