"""Error pages: what is offered instead, and who is told why an article is gone."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, abort
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    SecurityError,
    TooManyRequests,
    Unauthorized,
)

from archive.catalogue.operations import OperatorNote
from archive.errors import (
    ArchiveError,
    DamagedError,
    EngineError,
    HomeGoneError,
    NotFoundError,
    StoreError,
)
from archive.originals.object_storage import StorageAwayError
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import open_archive
from tests.factories import ArchiveFactory, article, client_of, keep
from web.http.errors import _missing_name
from web.http.request_gate import BusyError

NOTE = OperatorNote("nhầm người", "thủ thư")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/thoi-su/gia-vang_tang.html", "gia vang tang"),
        ("/thoi-su/gia-vang/", "gia vang"),
        ("/bai", "bai"),
        ("/url/https://bao.vn/bai-1.html", "https://bao.vn/bai-1.html"),
        ("/url/-1", "-1"),
        ("/.html", "html"),
        ("/", ""),
        ("/a.b.html", "a.b"),
        ("/-bai-1-", "bai 1"),
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


def raise_at(archive_of: ArchiveFactory, path: str, error: Exception) -> tuple[int, str, str]:
    """Let an address raise an error; return its status, its text and its type of content."""

    def fail() -> None:
        raise error

    client = client_of(archive_of(article("Công an xã", "công an")))
    client.application.add_url_rule(path, view_func=fail)
    answer = client.get(f"{path}?lang=en")
    return answer.status_code, answer.text, answer.content_type


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (StoreError("/srv/home is odd"), 500, "the archive cannot be read; the server's log"),
        (DamagedError("/srv/home is odd"), 500, "the archive cannot be read; the server's log"),
        (HomeGoneError("/srv/home is odd"), 503, "the archive is not there now; the server's"),
        (EngineError("/srv/home is odd"), 503, "the index cannot be read now; the server's log"),
        (StorageAwayError("/srv/home is odd"), 503, "the original cannot be had now; the server"),
    ],
)
def test_a_program_is_told_what_failed_and_the_operator_where(
    archive_of: ArchiveFactory,
    caplog: pytest.LogCaptureFixture,
    error: ArchiveError,
    status: int,
    said: str,
) -> None:
    with caplog.at_level(logging.ERROR, "web.http.errors"):
        answer = raise_at(archive_of, "/api/odd", error)
    assert answer[::2] == (status, "application/problem+json")
    assert said in answer[1]
    assert "/srv/home" not in answer[1]
    assert caplog.messages == ["/api/odd: /srv/home is odd"]
    assert "/srv/home" not in raise_at(archive_of, "/odd", error)[1]


def test_what_is_missing_is_no_failure(
    archive_of: ArchiveFactory, caplog: pytest.LogCaptureFixture
) -> None:
    status, text, _ = raise_at(archive_of, "/api/odd", NotFoundError("there is no article 7"))
    assert (status, "there is no article 7" in text) == (404, True)
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


@pytest.mark.parametrize(
    ("error", "header", "text", "title"),
    [
        (MethodNotAllowed(["GET"]), "Allow", "GET", "This cannot be done here"),
        (TooManyRequests(retry_after=9), "Retry-After", "9", "Too many requests: wait a moment"),
        (BusyError(retry_after=5), "Retry-After", "5", "Too many requests: wait a moment"),
        (Unauthorized(), "WWW-Authenticate", None, "A name and a password are needed"),
    ],
)
def test_an_error_keeps_its_headers_and_has_its_title(
    archive_of: ArchiveFactory, error: HTTPException, header: str, text: str | None, title: str
) -> None:
    def fail() -> None:
        raise error

    client = client_of(archive_of(article("Công an xã", "công an")))
    client.application.add_url_rule("/odd", view_func=fail)
    answer = client.get("/odd?lang=en")
    assert (answer.status_code, answer.headers.get(header)) == (error.code, text)
    assert title in re.sub("<[^>]*>", "", answer.text)


def test_no_page_is_made_under_a_name_that_is_not_ours(archive_of: ArchiveFactory) -> None:
    answer = raise_at(archive_of, "/odd", SecurityError("evil.example"))
    assert answer == (400, "this site has another name\n", "text/plain")


@pytest.mark.parametrize(
    ("versions", "removed", "said"),
    [(1, 0, "removed on 2"), (2, 1, "version 1 removed on 2")],
)
def test_a_program_is_told_what_was_removed_when_and_why(
    archive_of: ArchiveFactory, versions: int, removed: int, said: str
) -> None:
    first = article("Công an xã", "công an", url="https://bao.vn/1")
    archive = archive_of(first)
    if versions > 1:
        keep(archive.store, replace(first, title="Công an phường"))
    with archive.store.operator_batch() as batch:
        batch.remove(first.identifier, NOTE, removed)
    path = f"/articles/{first.identifier}" + (f"?version={removed}" if removed else "")
    detail = client_of(archive).get(f"/api/v1{path}").get_json()["detail"]
    assert re.fullmatch(rf"{said}\d\d\d-\d\d-\d\d: {NOTE.reason}", detail)


def test_a_page_of_a_removed_article_is_no_page_for_search_engines(
    archive_of: ArchiveFactory,
) -> None:
    gone = article("Công an xã", "công an")
    archive = archive_of(gone)
    with archive.store.operator_batch() as batch:
        batch.remove(gone.identifier, NOTE)
    answer = client_of(archive).get(f"/article/{gone.identifier}?lang=en")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    text = re.sub("<[^>]*>", "", answer.text)
    assert "This article is not available" in text
    assert "It was removed from the archive on" in text
    assert gone.identifier in text


@pytest.mark.parametrize(
    ("status", "title"),
    [(415, "Unsupported Media Type"), (403, "This is not open to you"), (400, "not valid")],
)
def test_a_page_has_our_title_or_that_of_the_protocol(
    archive_of: ArchiveFactory, status: int, title: str
) -> None:
    client = client_of(archive_of(article("Công an xã", "công an")))
    client.application.add_url_rule("/odd", view_func=lambda: abort(status))
    heading = re.findall("<h1>(.*)</h1>", client.get("/odd?lang=en").text)
    assert len(heading) == 1
    assert title in heading[0]


@pytest.mark.parametrize(("wait", "is_said"), [(1, True), (12, True), (None, False)])
def test_a_page_says_when_to_try_again(
    archive_of: ArchiveFactory, wait: int | None, is_said: bool
) -> None:
    text = raise_at(archive_of, "/odd", BusyError(retry_after=wait))[1]
    assert ("Try again in" in text) is is_said
    assert (f"Try again in {wait} second" in text) is is_said


def test_a_program_is_told_the_details_of_a_problem(archive_of: ArchiveFactory) -> None:
    client = client_of(archive_of(article("Công an xã", "công an")))
    client.application.add_url_rule("/api/odd", view_func=lambda: abort(409, "for this reason"))
    problem = client.get("/api/odd").get_json()
    assert problem == {"title": "Conflict", "status": 409, "detail": "for this reason"} | {
        name: value for name, value in problem.items() if name == "type"
    }
