"""Records of other tools and feeds: each key finds its field, and no body is lost unsaid."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from archive.errors import IntakeError
from archive.records import Article
from indexer.intake.json_lines import read_record, read_records
from indexer.intake.record_keys import bare_key, unread_keys
from indexer.intake.text_language import with_language

TITLE = "Cầu mới ở xã Hòa Bình"
FIRST = "Xã Hòa Bình vừa sửa xong cây cầu cũ dài ba mươi mét."
SECOND = "Người dân hai bờ đi lại dễ hơn trước nhiều lần."
BODY = f"{FIRST}\n{SECOND}"
URL = "https://example.vn/cau-moi.html"
MARKUP = f"<p>{FIRST}</p><p>Người dân <b>hai bờ</b> đi lại dễ hơn trước nhiều&nbsp;lần.</p>"
MINUTE = "2022-12-19T17:02:00+07:00"

TOOLS: dict[str, dict[str, Any]] = {
    "trafilatura": {
        **{"title": TITLE, "author": "Lê An; Trần Bình", "hostname": "example.vn", "date": MINUTE},
        **{"fingerprint": "a1", "id": None, "license": None, "comments": "", "raw_text": BODY},
        **{"text": BODY, "language": "vi", "source": URL, "source-hostname": "Báo Mẫu"},
        **{"excerpt": "Tóm tắt.", "categories": "Xã hội", "tags": "cầu", "sitename": "Báo Mẫu"},
    },
    "newspaper4k": {
        **{"url": URL, "title": TITLE, "authors": ["Lê An", "Trần Bình"], "text": BODY},
        **{"publish_date": "2022-12-19 17:02:00+07:00", "summary": "Tóm tắt.", "meta_lang": "vi"},
        **{"source_url": "https://example.vn", "top_image": "https://example.vn/a.jpg"},
        **{"site_name": "Báo Mẫu", "section": "Xã hội", "keywords": ["cầu"]},
    },
    "news-please": {
        **{"url": URL, "title": TITLE, "authors": ["Lê An", "Trần Bình"], "maintext": BODY},
        **{"date_publish": "2022-12-19 17:02:00", "date_download": "2026-01-01 00:00:00"},
        **{"description": "Tóm tắt.", "source_domain": "Báo Mẫu", "language": "vi"},
        **{"title_page": None, "filename": "a.html.json", "category": "Xã hội"},
    },
    "fundus": {
        **{"title": TITLE, "authors": ["Lê An", "Trần Bình"], "publisher": "Báo Mẫu"},
        **{"publishing_date": "2022-12-19 17:02:00+07:00", "topics": ["cầu"], "lang": "vi"},
        "body": {
            "summary": ["Tóm tắt."],
            "sections": [{"headline": [], "paragraphs": [FIRST, SECOND]}],
        },
        **{"section": "Xã hội", "url": URL, "plaintext": BODY},
    },
    "schema.org": {
        **{"@type": "NewsArticle", "headline": TITLE, "articleBody": BODY, "url": URL},
        **{"author": [{"name": "Lê An"}, {"name": "Trần Bình"}], "datePublished": MINUTE},
        **{"publisher": {"name": "Báo Mẫu"}, "description": "Tóm tắt.", "inLanguage": "vi"},
        "articleSection": ["Xã hội"],
    },
    "WordPress": {
        **{"id": 7, "link": URL, "title": {"rendered": TITLE}, "content": {"rendered": MARKUP}},
        **{"excerpt": {"rendered": "<p>Tóm tắt.</p>"}, "date": "2022-12-19T17:02:00"},
        **{"site": "Báo Mẫu", "categories": ["Xã hội"], "author": "Lê An và Trần Bình"},
    },
    "a search engine": {
        "_id": "x1",
        "_source": {
            **{"Title": TITLE, "CONTENT": BODY, "Published-At": 1671444120000, "Link": URL},
            **{"Byline": "Theo Lê An, Trần Bình", "Description": "Tóm tắt.", "Source": "Báo Mẫu"},
            "Category": "Xã hội",
        },
    },
    "goose": {
        **{"title": TITLE, "cleaned_text": BODY, "authors": ["Lê An", "Trần Bình"], "link": URL},
        **{"publish_date": MINUTE, "meta_description": "Tóm tắt.", "domain": "Báo Mẫu"},
        "section": "Xã hội",
    },
    "Readability": {
        **{"title": TITLE, "content": MARKUP, "textContent": BODY * 9, "excerpt": "Tóm tắt."},
        **{"byline": "Lê An, Trần Bình", "siteName": "Báo Mẫu", "publishedTime": MINUTE},
        **{"lang": "vi", "url": URL, "section": "Xã hội"},
    },
    "Vietnamese keys": {
        **{"tiêu đề": TITLE, "nội dung": BODY, "tóm tắt": "Tóm tắt.", "ngày đăng": MINUTE},
        **{"tác giả": "Lê An, Trần Bình", "nguồn": "Báo Mẫu", "chuyên mục": "Xã hội"},
        "đường dẫn": URL,
    },
    "Vietnamese keys without diacritics": {
        **{"tieu_de": TITLE, "noi_dung": BODY, "mo_ta": "Tóm tắt.", "ngay_dang": MINUTE},
        **{"tac_gia": "Lê An, Trần Bình", "toa_soan": "Báo Mẫu", "chuyen_muc": "Xã hội"},
        "link": URL,
    },
    "Strapi": {
        "id": 7,
        "attributes": {
            **{"title": TITLE, "paragraphs": [FIRST, SECOND], "publishedAt": MINUTE, "url": URL},
            **{"description": "Tóm tắt.", "author": "Lê An, Trần Bình", "source": "Báo Mẫu"},
            "category": {"name": "Xã hội"},
        },
    },
    "an answer with one article": {
        "data": {
            "article": {
                **{"title": TITLE, "content": MARKUP, "published_at": MINUTE, "url": URL},
                **{"sapo": "Tóm tắt.", "author": "Lê An, Trần Bình", "source": "Báo Mẫu"},
                "category": "Xã hội",
            }
        }
    },
}


def read(record: dict[str, Any]) -> Article:
    return read_record(json.dumps(record, ensure_ascii=False).encode(), "a.json:1")


def paragraphs_of(article: Article) -> list[str]:
    return [line for section in article.sections for line in section.paragraphs]


@pytest.mark.parametrize("tool", TOOLS)
def test_the_records_of_other_tools_are_read_whole(tool: str) -> None:
    article = read(TOOLS[tool])
    assert (article.title, article.lead) == (TITLE, "Tóm tắt.")
    assert paragraphs_of(article) == [FIRST, SECOND]
    assert article.published is not None
    assert article.published.timestamp() == 1671444120
    assert article.authors == ("Lê An", "Trần Bình")
    assert (article.publisher, article.category) == ("Báo Mẫu", "Xã hội")
    assert with_language(article).language == "vi"
    assert article.url == URL


ITEM = {"id": "1", "url": URL, "title": TITLE, "content_html": MARKUP, "date_published": MINUTE}
FEEDS: dict[str, dict[str, Any]] = {
    "JSON Feed": {"version": "https://jsonfeed.org/version/1.1", "title": "Báo Mẫu", "items": []},
    "RSS as JSON": {"status": "ok", "feed": {"title": "Báo Mẫu", "url": "x"}, "items": []},
    "news interface": {"status": "ok", "title": "Báo Mẫu", "articles": []},
}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("kind", FEEDS)
def test_a_feed_is_taken_apart_into_its_items(kind: str, indent: int | None) -> None:
    key = "articles" if "articles" in FEEDS[kind] else "items"
    items = [ITEM | {"id": str(number)} for number in (1, 2, 3)]
    data = json.dumps({**FEEDS[kind], key: items}, indent=indent).encode()
    records = list(read_records(io.BufferedReader(io.BytesIO(data)), "feed.json"))  # type: ignore[arg-type]
    assert [record.place for record in records] == ["1.1", "1.2", "1.3"]
    for number, record in enumerate(records, 1):
        article = record.outcome
        assert isinstance(article, Article)
        assert (article.external_id, article.publisher) == (str(number), "Báo Mẫu")
        assert paragraphs_of(article) == [FIRST, SECOND]
        # Read again from what is kept, it is the same.
        assert read_record(record.original, article.origin.source) == article


ANSWERS: dict[str, Any] = {
    "Elasticsearch": {"took": 2, "hits": {"total": 2, "hits": [{"_id": "1", "_source": ITEM}] * 2}},
    "Strapi": {"data": [{"id": 1, "attributes": ITEM}] * 2, "meta": {}},
    "RSS as JSON": {"rss": {"channel": {"title": "Báo Mẫu", "item": [ITEM, ITEM]}}},
    "an interface": {"response": {"status": "ok", "results": [ITEM, ITEM]}},
    "GraphQL": {"data": {"edges": [{"node": ITEM}, {"node": ITEM}]}},
    "WPGraphQL": {"data": {"posts": {"edges": [{"node": ITEM}, {"node": ITEM}]}}},
    "nodes": {"data": {"posts": {"nodes": [ITEM, ITEM], "pageInfo": {}}}},
    "Sanity": {"query": "*", "result": [ITEM, ITEM]},
    "rows of a data set": {"rows": [{"row_idx": 0, "row": ITEM}, {"row_idx": 1, "row": ITEM}]},
    "schema.org": {
        "@graph": [{"@type": "WebSite", "name": "Báo Mẫu", "url": URL}]
        + [{"@type": "NewsArticle", **ITEM}, {"@type": ["Report"], **ITEM}]
    },
}

GHOST = {
    **{"id": "5f", "uuid": "3a", "title": TITLE, "slug": "cau-moi", "mobiledoc": "{ x }" * 99},
    **{"html": MARKUP, "plaintext": BODY, "custom_excerpt": "Tóm tắt.", "type": "post"},
    **{"status": "published", "published_at": "2022-12-19T10:02:00.000Z", "feature_image": None},
}


def test_the_export_of_a_ghost_site_is_read() -> None:
    tables = {"posts": [GHOST, {**GHOST, "id": "60"}], "tags": [{"name": "Xã hội"}]}
    data = json.dumps({"db": [{"meta": {"version": "5.2"}, "data": tables}]}).encode()
    records = list(read_records(io.BufferedReader(io.BytesIO(data)), "a.json"))  # type: ignore[arg-type]
    assert [record.place for record in records] == ["1.1", "1.2"]
    article = records[0].outcome
    assert isinstance(article, Article)
    assert (article.external_id, article.title, article.lead) == ("5f", TITLE, "Tóm tắt.")
    assert paragraphs_of(article) == [FIRST, SECOND]
    assert article.published is not None
    assert article.published.timestamp() == 1671444120
    assert article.account is None


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_is_taken_apart_into_its_records(kind: str) -> None:
    data = json.dumps(ANSWERS[kind]).encode()
    records = list(read_records(io.BufferedReader(io.BytesIO(data)), "a.json"))  # type: ignore[arg-type]
    assert [record.place for record in records] == ["1.1", "1.2"]
    for record in records:
        assert isinstance(record.outcome, Article)
        assert paragraphs_of(record.outcome) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "neighbours",
    [
        {"data": [{"name": "cầu"}]},
        {"data": [{"views": 7}, ITEM]},
        {"hits": 12},
        {"data": []},
        {"news": [["a", 1]]},
    ],
)
def test_a_list_of_other_things_leaves_the_record_whole(neighbours: dict[str, Any]) -> None:
    record = {"title": TITLE, "summary": FIRST, **neighbours}
    data = json.dumps(record).encode()
    records = list(read_records(io.BufferedReader(io.BytesIO(data)), "a.json"))  # type: ignore[arg-type]
    assert [record.place for record in records] == ["1"]


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        (BODY, [FIRST, SECOND]),
        ([FIRST, SECOND], [FIRST, SECOND]),
        ([FIRST, "", None, [SECOND]], [FIRST, SECOND]),
        ([{"type": "p", "text": FIRST}, {"type": "p", "text": SECOND}], [FIRST, SECOND]),
        (MARKUP, [FIRST, SECOND]),
        (f"<p>{FIRST}</p>\n<script>alert(1)</script><p>{SECOND}</p>", [FIRST, SECOND]),
        ([f"<p>{FIRST}</p>", f"<p>{SECOND}</p>"], [FIRST, SECOND]),
        ("Nếu a < b thì b > a, và x<y.", ["Nếu a < b thì b > a, và x<y."]),
        ("AT&amp;T trong chữ thường", ["AT&amp;T trong chữ thường"]),
        (7, ["7"]),
    ],
)
def test_a_body_is_text_or_html_or_a_list(body: Any, paragraphs: list[str]) -> None:
    assert paragraphs_of(read({"title": TITLE, "body": body})) == paragraphs


def test_html_in_a_body_keeps_headings_and_captions_and_leaves_out_the_title() -> None:
    html = (
        f"<h1>{TITLE}</h1><p>{FIRST}</p><h2>Vì sao phải sửa</h2><p>{SECOND}</p>"
        "<figure><img src='a.jpg'><figcaption>Cây cầu sáng nay. Ảnh: Minh Tâm</figcaption></figure>"
    )
    article = read({"title": TITLE, "body": html})
    assert [(part.heading, part.paragraphs) for part in article.sections] == [
        ("", (FIRST,)),
        ("Vì sao phải sửa", (SECOND,)),
    ]
    assert [caption.credit for caption in article.captions] == ["Minh Tâm"]


@pytest.mark.parametrize("value", ["NaN", "null", '""', "[]", "Infinity"])
def test_a_body_that_is_nothing_is_none(value: str) -> None:
    article = read_record(f'{{"title": "Tít", "body": {value}}}'.encode(), "a:1")
    assert (article.title, article.sections) == ("Tít", ())


def test_a_long_text_under_an_unknown_key_is_named() -> None:
    long = f"{FIRST} " * 9
    with pytest.raises(IntakeError, match="'ban_thao_goc'"):
        read({"title": TITLE, "ban_thao_goc": long})
    assert unread_keys({"title": TITLE, "body": BODY, "ghi_chu": long, "k": [long]}) == [
        "ghi_chu",
        "k",
    ]
    assert unread_keys({"html": long, "token": "x" * 900, "n": 7, "text": long}) == []


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("Trần Mẫu, Lê Bình", ("Trần Mẫu", "Lê Bình")),
        ("Theo Trần Mẫu (AFP)", ("Trần Mẫu",)),
        (["Trần Mẫu", {"name": "Lê Bình"}], ("Trần Mẫu", "Lê Bình")),
        ("Trần Mẫu - TTXVN", ("Trần Mẫu",)),
        ("Trần Mẫu, phóng viên TTXVN tại Paris", ("Trần Mẫu",)),
        (["Trần Mẫu", "Ban biên tập"], ("Trần Mẫu",)),
        ("TTXVN", ("TTXVN",)),
        ({"name": "Trần Mẫu"}, ("Trần Mẫu",)),
        ("['Trần Mẫu', 'Lê Bình']", ("Trần Mẫu", "Lê Bình")),
        ("dân quê", ("dân quê",)),
        ([None, ""], ()),
    ],
)
def test_authors_are_split_as_bylines_are(authors: Any, names: tuple[str, ...]) -> None:
    assert read({"title": TITLE, "author": authors}).authors == names


@pytest.mark.parametrize(
    ("values", "published", "precision"),
    [
        ({"date": "2022-12-19"}, "2022-12-19", "day"),
        ({"date": "tháng 12/2022"}, "2022-12-01", "month"),
        ({"date": 2022}, "2022-01-01", "year"),
        ({"date": MINUTE}, "2022-12-19", ""),
        ({"date": "hôm qua", "published_at": MINUTE}, "2022-12-19", ""),
        ({"date_modified": "2022-12-20", "pubDate": "2022-12-19"}, "2022-12-19", "day"),
        ({"date_modified": "2022-12-19"}, "2022-12-19", "day"),
        ({"date": {"$date": 1671444120000}}, "2022-12-19", ""),
        ({"date": {"$date": {"$numberLong": "1671444120000"}}}, "2022-12-19", ""),
        ({"date": "31/02/2022"}, "", ""),
    ],
)
def test_the_date_of_publication_comes_first(
    values: dict[str, Any], published: str, precision: str
) -> None:
    article = read({"title": TITLE, **values})
    day = article.published.date().isoformat() if article.published else ""
    assert (day, article.published_precision) == (published, precision)


def test_a_text_under_article_is_the_body_and_an_object_the_record() -> None:
    flat = {"headline": TITLE, "short_description": "Tóm tắt.", "article": BODY}
    for record in (flat, {"article": {"title": TITLE, "summary": "Tóm tắt.", "body": BODY}}):
        article = read(record)
        assert (article.title, article.lead) == (TITLE, "Tóm tắt.")
        assert paragraphs_of(article) == [FIRST, SECOND]
        assert article.account is None


def test_the_first_author_of_a_ghost_post_is_its_author() -> None:
    assert read({**GHOST, "primary_author": {"name": "Trần Mẫu"}}).authors == ("Trần Mẫu",)


def test_keys_are_compared_without_case_and_punctuation() -> None:
    assert {bare_key(key) for key in ("publish_date", "publishDate", "Publish-Date")} == {
        "publishdate"
    }
