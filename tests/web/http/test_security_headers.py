"""Safe and steady: headers, limits, validators, compression, logs, figures, a graceful end."""

from __future__ import annotations

import gc
import gzip
import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.http import http_date, parse_date

from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import OpenArchive, open_archive
from indexer.search.service import SearchService
from indexer.vietnamese.dates import VIETNAM
from tests.factories import ArchiveFactory, article, client_of, keep
from web.http import validators
from web.http.access_log import LOGGER
from web.services import ARCHIVE
from web.wsgi import application

PAGES = [
    "/",
    "/?q=cong+an",
    "/api/v1/search?q=cong+an",
    "/feed.atom?q=cong+an",
    "/export.csv?q=cong+an",
    "/opensearch.xml",
]


@pytest.fixture(scope="module")
def archive(shared_archive_of: ArchiveFactory) -> OpenArchive:
    return shared_archive_of(*(article(f"Công an số {n}", "công an " * 50) for n in range(40)))


@pytest.fixture
def client(archive: OpenArchive) -> FlaskClient:
    return client_of(archive)


def test_a_client_that_asks_too_much_waits(archive: OpenArchive) -> None:
    client = client_of(archive, rate="3 per minute")
    answers = [client.get("/api/v1/search?q=an") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].content_type == "application/problem+json"
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert client.get("/").status_code == 429
    assert client.get("/healthz").status_code == 200
    answer = client.get("/", environ_overrides={"REMOTE_ADDR": "10.0.0.9"})
    assert answer.status_code == 200


def test_a_few_exports_at_once_and_every_slot_comes_back(archive: OpenArchive) -> None:
    client = client_of(archive, exports_at_once=1)
    first = client.get("/export.jsonl?q=cong+an")
    refused = client.get("/export.jsonl?q=cong+an")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    first.close()
    with client.get("/export.jsonl?q=cong+an") as export:
        assert len(export.text.splitlines()) == 40
    assert client.get("/export.bib?q=cong+an").status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_what_a_client_has_is_not_made_again(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    first = client.get(path)
    first.close()
    monkeypatch.setattr(SearchService, "search", None)
    monkeypatch.setattr(SearchService, "iterate_articles", None)
    for headers in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        again = client.get(path, headers=headers)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]


def test_a_tag_is_of_one_address_language_and_generation(archive_of: ArchiveFactory) -> None:
    archive = archive_of(article("Một"))
    client = client_of(archive)

    def tag(path: str, language: str = "vi") -> str:
        return client.get(path, headers={"Accept-Language": language}).headers["ETag"]

    tags = [tag("/?q=mot"), tag("/?q=mot&page=2"), tag("/?q=mot", "en")]
    keep(archive.store, article("Hai"))
    tags.append(tag("/?q=mot"))
    assert "Last-Modified" not in client.get("/?q=mot").headers
    IndexBuilder(archive.store).update()
    tags.append(tag("/?q=mot"))
    assert "Last-Modified" in client.get("/?q=mot").headers
    assert len(set(tags)) == 5
    assert tag("/?q=mot") == tags[-1]


def test_a_tag_is_of_one_day(archive: OpenArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(archive)
    tags = []
    for day in (19, 19, 20):
        moment = datetime(2022, 12, day, 12, tzinfo=VIETNAM)
        clock = type("Clock", (datetime,), {"now": classmethod(lambda *_, now=moment: now)})
        monkeypatch.setattr(validators, "datetime", clock)
        tags.append(client.get("/?q=cong").headers["ETag"])
    assert tags[0] == tags[1] != tags[2]


def test_an_older_date_is_answered_in_full(client: FlaskClient) -> None:
    changed = parse_date(client.get("/?q=an").headers["Last-Modified"])
    assert isinstance(changed, datetime)
    earlier = http_date(changed - timedelta(seconds=1))
    assert client.get("/?q=an", headers={"If-Modified-Since": earlier}).status_code == 200
    wrong = {"If-None-Match": 'W/"x"', "If-Modified-Since": http_date(changed)}
    assert client.get("/?q=an", headers=wrong).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": "*"},
        {"If-None-Match": 'W/"x", *'},
        {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ],
)
@pytest.mark.parametrize(
    "path",
    ["/article/none", "/article/none/changes", "/article/none/original", "/values/none"]
    + ["/export.exe", "/api/v1/articles/none", "/api/v1/none", "/article/none/cite.bib"],
)
def test_what_is_not_there_is_not_unchanged(
    client: FlaskClient, path: str, headers: dict[str, str]
) -> None:
    assert client.get(path, headers=headers).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_what_is_there_is_unchanged_for_a_later_date_even_at_first(
    archive: OpenArchive, path: str
) -> None:
    later = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    answers = [client_of(archive, exports_at_once=1).get(path, headers=later) for _ in range(2)]
    assert [(answer.status_code, answer.data) for answer in answers] == [(304, b"")] * 2


@pytest.mark.parametrize("path", [*PAGES[:-1], "/static/style.css"])
def test_answers_are_compressed_for_who_takes_it(client: FlaskClient, path: str) -> None:
    with client.get(path) as plain, client.get(path, headers={"Accept-Encoding": "gzip"}) as small:
        assert "Content-Encoding" not in plain.headers
        assert small.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in small.headers["Vary"]
        assert "Accept-Encoding" in plain.headers["Vary"]
        unpacked = gzip.decompress(small.data)
        assert len(small.data) < len(unpacked)
        if "api" not in path:
            assert unpacked == plain.data


@pytest.mark.parametrize("accepted", ["", "zstd", "gzip;q=0", "br;q=0", "identity"])
def test_answers_stay_plain_for_others(client: FlaskClient, accepted: str) -> None:
    answer = client.get("/?q=cong+an", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers


def test_https_is_demanded_only_over_https(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers
    secure = client.get("/", base_url="https://tangthu.vn")
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=")


@pytest.mark.parametrize(("proxies", "scheme"), [(0, "http"), (1, "https")])
def test_a_proxy_is_believed_only_when_it_is_trusted(
    archive: OpenArchive, proxies: int, scheme: str
) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "bao.vn"}
    client = client_of(archive, proxies=proxies, proxy_headers=("proto", "host"))
    page = client.get("/opensearch.xml", headers=headers)
    host = "bao.vn" if proxies else "localhost"
    assert f'template="{scheme}://{host}/?q=' in page.text


def test_other_names_than_the_sites_are_refused(archive: OpenArchive) -> None:
    client = client_of(archive, hosts=("tangthu.vn",))
    assert client.get("/", base_url="http://tangthu.vn").status_code == 200
    assert client.get("/", base_url="http://evil.example").status_code == 400


def test_a_large_body_is_refused(client: FlaskClient) -> None:
    assert client.post("/api/v1/search", data=b"x" * 100_000).status_code in (405, 413)


@pytest.mark.parametrize(
    ("method", "path", "status", "header"),
    [
        ("POST", "/api/v1/search", 405, "Allow"),
        ("PUT", "/", 405, "Allow"),
        ("GET", "/api/v1/none", 404, "Content-Type"),
    ],
)
def test_errors_keep_what_the_protocol_demands(
    client: FlaskClient, method: str, path: str, status: int, header: str
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert header in answer.headers


def test_the_servers_folders_are_not_told(archive_of: ArchiveFactory) -> None:
    archive = archive_of(article("Một"))
    (archive.store.home / "index" / "CURRENT").write_text("no such generation")
    paths = ["/api/v1/search?q=mot", "/?q=mot", "/readyz"]
    # The pointer leads nowhere, then to a manifest that makes no sense.
    check_nothing_is_told(archive, paths)
    (archive.store.home / "index" / "CURRENT").write_text("000001\n")
    manifest = archive.store.home / "index" / "generations" / "000001" / "generation.json"
    manifest.write_text("no JSON")
    with open_archive(archive.store.home) as reopened:
        check_nothing_is_told(reopened, paths)


def check_nothing_is_told(archive: OpenArchive, paths: list[str]) -> None:
    for path in paths:
        answer = client_of(archive).get(path)
        assert answer.status_code in (404, 503)
        assert str(archive.store.home) not in answer.text


def test_the_access_log_is_one_line_a_request(
    archive: OpenArchive, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(archive, access_log=True)
    with caplog.at_level(logging.INFO, LOGGER):
        client.get('/?q=c%C3%B4ng"\n', headers={"User-Agent": 'x" 200\t1.2.3.4 -'}).close()
    (line,) = [record.message for record in caplog.records if record.name == LOGGER]
    shape = r'127\.0\.0\.1 - - \[[^\]]+\] "GET [^" ]+ HTTP/1\.1" 200 \d+ "-" "[^"\n]*" \d+\.\d'
    assert re.fullmatch(shape, line), line


def test_one_client_cannot_fill_the_access_log(
    archive: OpenArchive, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(archive, access_log=True, rate="100000 per minute")
    with caplog.at_level(logging.INFO):
        for number in range(200):
            headers = {"User-Agent": "x" * 4000, "Referer": "y" * 4000}
            client.get(f"/none/{number}?{'z' * 4000}", headers=headers).close()
        other = {"REMOTE_ADDR": "10.0.0.9"}
        client.get("/none", environ_overrides=other).close()
    lines = [record.message for record in caplog.records if record.name == LOGGER]
    assert sum(map(len, lines)) < 200_000
    assert lines[-1].startswith("10.0.0.9 ")
    warnings = [record for record in caplog.records if record.name == "tangthu"]
    assert len(warnings) == 1


def test_figures_are_counted(client: FlaskClient) -> None:
    client.get("/?q=cong+an").close()
    client.get("/nothing").close()
    text = client.get("/metrics").text
    assert 'tangthu_requests_total{endpoint="search.form",method="GET",status="200"} 1.0' in text
    assert 'endpoint="none",method="none",status="404"' in text
    assert 'tangthu_request_seconds_bucket{endpoint="search.form"' in text
    assert "tangthu_articles 40.0" in text
    assert "tangthu_indexed_articles 40.0" in text


def test_ready_only_with_an_index(archive_of: ArchiveFactory, client: FlaskClient) -> None:
    assert client.get("/readyz").get_json() == {"status": "ready", "generation": "000001"}
    empty = client_of(archive_of())
    assert empty.get("/readyz").status_code == 503
    assert empty.get("/healthz").status_code == 200


@pytest.fixture
def collecting() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("collecting")
def test_a_wsgi_server_gets_the_application_by_plain_arguments(archive: OpenArchive) -> None:
    client = application(str(archive.store.home), proxies=1, limits=False).test_client()
    assert client.get("/api/v1/search?q=cong+an").get_json()["total"] == 40
    client.application.extensions[ARCHIVE].close()


@pytest.mark.parametrize("path", ["/?q=cong+an", "/api/v1/search?q=cong+an", "/api/v1/facets"])
def test_what_time_cut_short_is_not_kept(
    archive: OpenArchive, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    client = client_of(archive, budget=0.0)
    cut = client.get(path)
    assert "ETag" not in cut.headers
    assert cut.headers["Cache-Control"] == "no-store"
    if path.startswith("/?"):
        assert "Hết thời gian" in cut.text


def test_a_page_is_made_once_for_everybody(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"Accept-Encoding": "gzip"}
    plain, packed = client.get("/?q=cong+an"), client.get("/?q=cong+an", headers=headers)
    monkeypatch.setattr(SearchService, "search", None)
    for first, again in (
        (plain, client.get("/?q=cong+an")),
        (packed, client.get("/?q=cong+an", headers=headers)),
    ):
        assert again.data == first.data
        assert dict(again.headers) == dict(first.headers)


EVERY_HEADER = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Origin-Agent-Cluster": "?1",
    "X-Permitted-Cross-Domain-Policies": "none",
}


@pytest.mark.parametrize("path", ["/", "/none", "/static/style.css", "/opensearch.xml"])
def test_every_answer_has_every_header(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    assert {name: headers.get(name) for name in EVERY_HEADER} == EVERY_HEADER
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; ")
    assert policy.endswith("; base-uri 'none'; frame-ancestors 'none'")
    assert "camera=()" in headers["Permissions-Policy"]
    # Pages of other sites may read neither.
    assert not [name for name in headers.keys() if name.startswith("Access-Control")]


@pytest.mark.parametrize("path", ["/api/v1/search", "/feed.atom", "/export.csv", "/oai", "/api/no"])
def test_pages_of_other_sites_may_read_what_is_made_for_programs(
    client: FlaskClient, path: str
) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert headers["Access-Control-Max-Age"] == "86400"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    preflight = client.options(path)
    if preflight.status_code != 404:
        assert (preflight.status_code, preflight.data) == (204, b"")
        assert not {"Content-Type", "Content-Language"} & set(preflight.headers.keys())
        assert "GET" in preflight.headers["Allow"]


@pytest.mark.parametrize(
    ("status", "is_asked_again"),
    [(200, False), (301, False), (399, False), (400, True), (500, True)],
)
def test_caches_ask_again_for_errors_alone(
    client: FlaskClient, status: int, is_asked_again: bool
) -> None:
    kept = {"Cache-Control": "max-age=9"}
    client.application.add_url_rule("/odd", "odd", lambda: ("odd", status))
    client.application.add_url_rule("/kept", "kept", lambda: ("odd", status, kept))
    expected = "no-cache" if is_asked_again else None
    assert client.get("/odd").headers.get("Cache-Control") == expected
    # What a page says of itself counts.
    assert client.get("/kept").headers["Cache-Control"] == "max-age=9"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "GET"])
def test_an_empty_answer_to_anything_else_has_its_status(client: FlaskClient, method: str) -> None:
    client.application.add_url_rule("/odd", view_func=lambda: ("", 201), methods=[method])
    answer = client.open("/odd", method=method)
    assert (answer.status_code, answer.mimetype) == (201, "text/html")


def test_an_answer_to_options_that_has_a_content_keeps_it(client: FlaskClient) -> None:
    rule = {"methods": ["OPTIONS"], "provide_automatic_options": False}
    client.application.add_url_rule("/odd", view_func=lambda: "odd", **rule)
    answer = client.options("/odd")
    assert (answer.status_code, answer.text) == (200, "odd")
    assert answer.content_type.startswith("text/html")
