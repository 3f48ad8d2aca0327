"""Drafts and what was withdrawn, among the records that publishing systems export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archive.errors import NotAnArticleError
from archive.records import Article
from archive.store import Store
from indexer.intake.ingest import ingest
from indexer.intake.json_lines import read_record

RECORD = {
    "title": "Cầu mới ở xã Hòa Bình",
    "body": "Xã Hòa Bình vừa sửa xong cây cầu cũ dài ba mươi mét.",
}


def read(record: dict[str, Any]) -> Article:
    """Return the article of a record."""
    return read_record(json.dumps(record).encode(), "a.json:1")


UNPUBLISHED: dict[str, dict[str, Any]] = {
    "Ghost": {"status": "draft"},
    "Ghost, in time": {"status": "scheduled"},
    "WordPress": {"status": "future"},
    "WordPress, private": {"status": "private"},
    "WordPress, withdrawn": {"post_status": "trash"},
    "WordPress, unnamed": {"post_status": "auto-draft"},
    "Blogger": {"status": "DRAFT"},
    "Drupal": {"attributes": {**RECORD, "status": False}},
    "Drupal, workflow": {"moderation_state": "needs_review"},
    "Payload": {"_status": "draft"},
    "Sanity": {"_id": "drafts.3f2a"},
    "Contentful": {"sys": {"type": "Entry", "id": "1", "version": 4}},
    "Hugo": {"draft": True},
    "Jekyll": {"published": False},
    "Directus, wrapped": {"_source": {**RECORD, "status": "draft"}},
    "around the record": {"status": "pending", "fields": RECORD},
    "Vietnamese": {"trạng thái": "Chờ duyệt"},
    "Vietnamese, no diacritics": {"trang_thai": "ban nhap"},
}


@pytest.mark.parametrize("system", UNPUBLISHED)
def test_what_is_not_published_is_no_article(system: str) -> None:
    record = UNPUBLISHED[system]
    inner = any(isinstance(record.get(key), dict) for key in ("attributes", "_source", "fields"))
    with pytest.raises(NotAnArticleError, match="is not published"):
        read(record if inner else {**RECORD, **record})


PUBLISHED: dict[str, dict[str, Any]] = {
    "Ghost": {"status": "published", "visibility": "members"},
    "Ghost, sent by mail": {"status": "sent"},
    "WordPress": {"status": "publish", "type": "post"},
    "Blogger": {"status": "LIVE"},
    "Drupal": {"status": True},
    "an interface": {"status": "ok"},
    "a crawler": {"status": 200},
    "Contentful": {"sys": {"type": "Entry", "id": "1", "version": 5, "publishedVersion": 4}},
    "Contentful, delivered": {"sys": {"type": "Entry", "id": "1", "revision": 5}},
    "a date": {"published": "2022-12-19T10:02:00Z", "draft": False},
    "a state of a country": {"state": "Bavaria"},
    "a sentence": {"status": "Bản nháp của nghị định đã được đưa ra lấy ý kiến nhân dân."},
    "nothing": {"status": None, "draft": None, "published": None},
}


@pytest.mark.parametrize("system", PUBLISHED)
def test_what_is_published_is_an_article(system: str) -> None:
    assert read({**RECORD, **PUBLISHED[system]}).title == RECORD["title"]


def test_drafts_are_counted_and_named_among_what_is_left_out(tmp_path: Path) -> None:
    posts = [{**RECORD, "id": str(number), "status": "published"} for number in range(2)]
    posts.append({**RECORD, "id": "2", "title": "Bài chưa xong", "status": "draft"})
    export = tmp_path / "ghost.json"
    export.write_text(json.dumps({"db": [{"data": {"posts": posts}}]}), encoding="utf-8")
    with Store(tmp_path / "home") as store:
        report = ingest(store, [export])
    assert (report.added, report.skipped.total, report.failed.total) == (2, 1, 0)
    (problem,) = report.skipped
    assert problem.source.endswith("ghost.json:1.3")
    assert problem.reason == "is not published (status: draft)"
