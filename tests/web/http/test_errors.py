"""Error pages: what is offered instead, and who is told why an article is gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, abort

from archive.catalogue.operations import OperatorNote
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import open_archive
from tests.factories import ArchiveFactory, article, client_of, keep
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


@pytest.mark.parametrize(
    ("status", "method", "is_offered"),
    [(503, "GET", True), (500, "GET", True), (503, "POST", False), (404, "GET", False)],
)
def test_what_may_go_by_is_loaded_again(
    archive_of: ArchiveFactory, status: int, method: str, is_offered: bool
) -> None:
    client = client_of(archive_of(article("Công an xã", "công an")))
    client.application.add_url_rule(
        "/tin", view_func=lambda: abort(status), methods=["GET", "POST"]
    )
    page = client.open("/tin?q=//bao.vn&lang=en", method=method).text
    # The same address, whatever it holds.
    assert ('<a href="">Load this page again</a>' in page) is is_offered


@pytest.mark.parametrize(
    "path", ["/", "/?q=công+an", "/calendar", "/trends?q=công+an", "/values/publisher"]
)
def test_pages_say_that_the_index_is_not_there_yet(tmp_path: Path, path: str) -> None:
    kept = article("Công an xã", "công an")
    with open_archive(tmp_path) as archive:
        keep(archive.store, kept)
        client = client_of(archive)
        assert "Chỉ mục đang được lập" in client.get(path).text
        assert client.get(f"/article/{kept.identifier}").status_code == 200
        IndexBuilder(archive.store).update()
        assert "Chỉ mục đang được lập" not in client.get(path).text


def test_no_cache_keeps_an_error_without_asking_again(archive_of: ArchiveFactory) -> None:
    withdrawn = article("Công an xã", "công an", url="https://bao.vn/1")
    archive = archive_of(withdrawn)
    with archive.store.operator_batch() as batch:
        batch.hide(withdrawn.identifier, NOTE)
    client, name = client_of(archive), withdrawn.identifier
    for path, status in (
        (f"/article/{name}", 410),
        (f"/api/v1/articles/{name}", 410),
        ("/url/https://bao.vn/1", 410),
        ("/article/0", 404),
        ("/api/v1/search?n=x", 400),
        ("/export.csv?n=x", 400),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-cache"), path
