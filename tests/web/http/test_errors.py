"""Error pages: what is offered instead, and who is told why an article is gone."""

from __future__ import annotations

import pytest
from flask import Flask, abort

from archive.operations import OperatorNote
from tests.factories import ArchiveFactory, article, client_of
from web.http.errors import _missing_name

NOTE = OperatorNote("nhầm người", "thủ thư")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/thoi-su/gia-vang_tang.html", "gia vang tang"),
        ("/thoi-su/gia-vang/", "gia vang"),
        ("/bai", "bai"),
        ("/url/https://bao.vn/bai-1.html", "https://bao.vn/bai-1.html"),
        ("/url/-1", "-1"),
        ("/" + "x" * 300, "x" * 200),
        ("/url/" + "x" * 300, "x" * 200),
    ],
)
def test_the_last_part_of_a_missing_address_is_offered_as_a_query(path: str, name: str) -> None:
    with Flask("test").test_request_context(path):
        assert _missing_name() == name


@pytest.mark.parametrize(("operation", "is_said"), [("remove", True), ("hide", False)])
def test_readers_are_told_why_an_article_was_removed_and_not_why_one_is_hidden(
    archive_of: ArchiveFactory, operation: str, is_said: bool
) -> None:
    withdrawn = article("Công an xã", "công an")
    archive = archive_of(withdrawn)
    with archive.store.operator_batch() as batch:
        getattr(batch, operation)(withdrawn.identifier, NOTE)
    client = client_of(archive)
    for path in (f"/article/{withdrawn.identifier}", f"/api/v1/articles/{withdrawn.identifier}"):
        answer = client.get(path)
        assert answer.status_code == 410, path
        assert (NOTE.reason in answer.text) is is_said
        assert NOTE.actor not in answer.text


@pytest.mark.parametrize("status", [400, 404, 405, 503])
def test_only_where_nothing_is_the_name_is_offered_as_a_query(
    archive_of: ArchiveFactory, status: int
) -> None:
    client = client_of(archive_of(article("Công an xã", "công an")))
    client.application.add_url_rule("/tin/gia-vang", view_func=lambda: abort(status))
    answer = client.get("/tin/gia-vang")
    assert answer.status_code == status
    assert ("?q=gia+vang" in answer.text) is (status == 404)
