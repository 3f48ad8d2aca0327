"""Headers that say who asks under which name are checked before anything else."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from flask import Response
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from indexer.open_archive import OpenArchive
from tests.factories import ArchiveFactory, article, client_of
from web.http.proxies import HeaderCheck, is_host

HOSTS = {
    "localhost": True,
    "127.0.0.1:8080": True,
    "[::1]:8080": True,
    "[1::]": True,
    "[::1:]": False,
    "[1]": False,
    "tin.example.vn": True,
    "tin.example.vn.": True,
    "xn--bo-chi-5wa.vn": True,
    "a" * 63 + ".vn": True,
    "": False,
    "a..b": False,
    ".a": False,
    "-a.vn": False,
    "a_b.vn": False,
    "a" * 64 + ".vn": False,
    ".".join(["a" * 60] * 5): False,
    ".".join(["a" * 62] * 3 + ["a" * 63, "b"])[-253:]: True,
    ".".join(["a" * 62] * 3 + ["a" * 63, "bb"])[-254:]: False,
    "xn--a.com": False,
    "a.vn:99999": False,
    "a.vn:0": False,
    "a.vn:x": False,
    "[::1": False,
    "[::1::2]": False,
    "a.vn/x": False,
    "user@a.vn": False,
    'a"b': False,
    "báo.vn": False,
}


@pytest.fixture(scope="module")
def archive(shared_archive_of: ArchiveFactory) -> OpenArchive:
    return shared_archive_of(article("Công an", "x"))


def trusting(archive: OpenArchive, *headers: str) -> FlaskClient:
    return client_of(archive, proxies=1, proxy_headers=headers)


@pytest.mark.parametrize(("host", "valid"), HOSTS.items())
def test_a_host_is_a_name_or_an_address(host: str, valid: bool) -> None:
    assert is_host(host) is valid


@pytest.mark.parametrize("path", ["/", "/nothing", "/article/none", "/api/v1/search", "/healthz"])
@pytest.mark.parametrize("host", [host for host, valid in HOSTS.items() if host and not valid])
def test_an_impossible_host_is_refused_quietly(
    archive: OpenArchive, caplog: pytest.LogCaptureFixture, path: str, host: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        environ = EnvironBuilder(path).get_environ() | {"HTTP_HOST": host}
        # The client of the tests could not read such an address itself.
        blocks, status, _ = run_wsgi_app(client_of(archive).application, environ)
    assert status.startswith("400 ")
    assert len(b"".join(blocks)) < 100
    assert not caplog.records


def test_impossible_hosts_are_counted_by_the_limits(archive: OpenArchive) -> None:
    client = client_of(archive, rate="3 per minute")
    answers = [client.get("/", headers={"Host": "a..b"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 429]
    assert client.get("/").status_code == 429


def test_unknown_addresses_are_counted_by_the_limits(archive: OpenArchive) -> None:
    client = client_of(archive, rate="3 per minute")
    assert [client.get("/none").status_code for _ in range(4)] == [404, 404, 404, 429]


def test_names_of_the_site_have_no_case(archive: OpenArchive) -> None:
    client = client_of(archive, hosts=("Tin.example.vn",))
    assert client.get("/", headers={"Host": "TIN.example.VN"}).status_code == 200
    assert client.get("/", headers={"Host": "tin.example.vn.evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("trusted", "expected"),
    [
        ((), "http://localhost/?q="),
        (("for",), "http://localhost/?q="),
        (("proto",), "https://localhost/?q="),
        (("host",), "http://bao.vn/?q="),
        (("prefix",), "http://localhost/kho/?q="),
        (("for", "proto", "host", "prefix"), "https://bao.vn/kho/?q="),
    ],
)
def test_every_header_of_a_proxy_is_trusted_by_itself(
    archive: OpenArchive, trusted: tuple[str, ...], expected: str
) -> None:
    headers = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "bao.vn",
        "X-Forwarded-Prefix": "/kho",
    }
    page = trusting(archive, *trusted).get("/opensearch.xml", headers=headers)
    assert f'template="{expected}' in page.text


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("Prefix", "//evil.example"),
        ("Prefix", "javascript:alert(1)//"),
        ("Prefix", "/<script>"),
        ("Prefix", "/a b"),
        ("Proto", "javascript"),
        ("Proto", "https://x"),
        ("Host", "a..b"),
        ("Host", "evil.example/x"),
    ],
)
def test_impossible_headers_of_a_proxy_are_refused(
    archive: OpenArchive, header: str, text: str
) -> None:
    client = trusting(archive, "for", "proto", "host", "prefix")
    answer = client.get("/", headers={f"X-Forwarded-{header}": text})
    assert answer.status_code == 400
    assert text not in answer.text


@pytest.mark.parametrize(
    ("forwarded", "client_address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("unknown", "127.0.0.1"),
        ('x" 200', "127.0.0.1"),
    ],
)
def test_a_client_is_an_address(
    archive: OpenArchive, caplog: pytest.LogCaptureFixture, forwarded: str, client_address: str
) -> None:
    client = client_of(archive, proxies=1, access_log=True)
    with caplog.at_level(logging.INFO, "tangthu.access"):
        client.get("/", headers={"X-Forwarded-For": forwarded}).close()
    assert caplog.messages[0].startswith(f"{client_address} - - [")


def test_a_redirection_names_no_host(archive: OpenArchive) -> None:
    answer = client_of(archive).get("/article//x", headers={"Host": "evil.example"})
    assert answer.status_code == 308
    assert answer.headers["Location"] == "/article/x"


@pytest.mark.parametrize(
    "path",
    ["/", "/?q=an", "/opensearch.xml", "/feed.atom?q=an", "/export.csv?q=an", "/api/v1/search?q=an"]
    + ["/robots.txt", "/none", "/sitemap.xml", "/api/v1/openapi.json", "/oai?verb=Identify"],
)
def test_what_was_made_for_one_host_is_not_answered_to_another(
    archive: OpenArchive, path: str
) -> None:
    client = client_of(archive, rate="", export_rate="")
    hostile = {"Host": "evil.example", "X-Forwarded-Host": "bad.example"}
    poisoned = client.get(
        path, headers={**hostile, "X-Original-URL": "/x", "X-Host": "bad.example"}
    )
    assert "bad.example" not in poisoned.text
    answer = client.get(path, headers={"Host": "bao.vn"})
    assert "evil.example" not in answer.text
    assert "evil.example" not in str(answer.headers)
    tag = poisoned.headers.get("ETag")
    if tag and "evil.example" in poisoned.text:
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


HOSTILE = ["", "*", "\xff", "%", "0", "-1", "9" * 400, "a" * 4000, ";=,", "q=nan", "bytes=9-1", '"']


@pytest.mark.parametrize(
    "header",
    ["Accept", "Accept-Language", "Accept-Encoding", "If-None-Match", "If-Modified-Since", "Range"]
    + ["If-Range", "Cookie", "Content-Type", "Content-Length", "Referer", "User-Agent", "Forwarded"]
    + ["Authorization", "Cache-Control", "X-HTTP-Method-Override", "Origin", "Transfer-Encoding"],
)
@pytest.mark.parametrize("path", ["/?q=an", "/export.csv", "/none", "/static/style.css"])
def test_no_header_is_an_error_of_ours(
    archive: OpenArchive, caplog: pytest.LogCaptureFixture, header: str, path: str
) -> None:
    client = client_of(archive, rate="", export_rate="", access_log=True)
    for text in HOSTILE:
        with client.get(path, headers={header: text}) as answer:
            assert answer.status_code < 500, (header, text)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    ("port", "is_right"),
    [("", True), (":1", True), (":65535", True), (":65536", False)],
)
def test_ports_are_those_of_tcp(port: str, is_right: bool) -> None:
    assert is_host(f"tin.example.vn{port}") == is_right


@pytest.mark.parametrize(
    ("location", "sent"),
    [
        ("http://localhost/a?b=c#d", "/a?b=c#d"),
        ("http://localhost", "/"),
        ("http://localhost//evil.example/x", "/evil.example/x"),
        ("http://other.vn/a", "http://other.vn/a"),
        ("/a", "/a"),
    ],
)
def test_only_a_redirection_within_the_site_names_no_host(
    archive: OpenArchive, location: str, sent: str
) -> None:
    client = client_of(archive)
    app = client.application
    with app.test_request_context("/"):
        answer = app.process_response(Response(status=302, headers={"Location": location}))
        # What leads nowhere else names no place.
        assert "Location" not in app.process_response(Response()).headers
    assert answer.headers["Location"] == sent


@pytest.mark.parametrize(
    ("environ", "host"),
    [
        ({"SERVER_NAME": "Tin.vn", "HTTP_HOST": ""}, "tin.vn"),
        ({"SERVER_NAME": "a..b"}, "localhost"),
        ({"SERVER_NAME": "tin.vn", "HTTP_HOST": "Bao.vn:81"}, "bao.vn:81"),
        ({}, "localhost"),
    ],
)
def test_who_names_no_host_asks_the_server(environ: dict[str, str], host: str) -> None:
    assert checked({"wsgi.url_scheme": "http", **environ})["HTTP_HOST"] == host


def checked(environ: dict[str, Any], *hosts: str) -> dict[str, Any]:
    """Return the request as an application sees it, once its headers were checked."""
    environs: list[dict[str, Any]] = []

    def application(environ: dict[str, Any], _: Any) -> list[bytes]:
        environs.append(environ)
        return []

    HeaderCheck(application, hosts)(environ, lambda *_: lambda _: None)
    return environs[0]


@pytest.mark.parametrize(
    ("address", "original", "client"),
    [
        ("192.0.2.7", "10.0.0.1", "192.0.2.7"),
        ("2001:DB8::1", "10.0.0.1", "2001:DB8::1"),
        ("[2001:DB8::1]:80", "10.0.0.1", "2001:DB8::1"),
        ("192.0.2.7:80:80", "10.0.0.1", "10.0.0.1"),
        ("nobody", "10.0.0.1", "10.0.0.1"),
        ("nobody", "unix", ""),
        ("nobody", None, ""),
        ("", None, ""),
    ],
)
def test_a_client_without_an_address_is_its_proxy(
    address: str, original: str | None, client: str
) -> None:
    environ: dict[str, Any] = {"REMOTE_ADDR": address}
    if original is not None:
        environ["werkzeug.proxy_fix.orig"] = {"REMOTE_ADDR": original}
    assert checked(environ)["REMOTE_ADDR"] == client


@pytest.mark.parametrize(
    ("prefix", "scheme", "is_refused"),
    [
        ("", "http", False),
        ("/kho", "https", False),
        ("/kho/tin/", "https", False),
        ("/", "http", False),
        ("//kho", "http", True),
        ("kho", "http", True),
        ("", "ftp", True),
        ("/kho", "", True),
        ("/kho à", "http", True),
    ],
)
def test_a_refused_request_has_a_host_and_a_scheme_that_are_right(
    prefix: str, scheme: str, is_refused: bool
) -> None:
    # No client says itself that it was refused.
    headers = {"tangthu.refused_headers": "no", "HTTP_HOST": "tin.vn"}
    environ = checked({"SCRIPT_NAME": prefix, "wsgi.url_scheme": scheme, **headers}, "TIN.vn")
    assert ("tangthu.refused_headers" in environ) is is_refused
    names = ("HTTP_HOST", "SCRIPT_NAME", "wsgi.url_scheme")
    expected = ("invalid.invalid", "", "http") if is_refused else ("tin.vn", prefix, scheme)
    assert tuple(environ[name] for name in names) == expected


@pytest.mark.parametrize(("proxies", "client"), [(1, "10.0.0.2"), (2, "10.0.0.1")])
def test_as_many_proxies_are_believed_as_there_are(
    archive: OpenArchive, caplog: pytest.LogCaptureFixture, proxies: int, client: str
) -> None:
    headers = {"X-Forwarded-For": "10.0.0.9, 10.0.0.1, 10.0.0.2"}
    with caplog.at_level(logging.INFO, "tangthu.access"):
        client_of(archive, proxies=proxies, access_log=True).get("/", headers=headers).close()
    assert caplog.messages[0].startswith(f"{client} - - [")


def test_a_site_with_names_believes_its_proxy_which_one_was_asked_for(
    archive: OpenArchive,
) -> None:
    client = client_of(archive, proxies=1, proxy_headers=(), hosts=("tin.vn",))
    for host, status in (("tin.vn", 200), ("evil.example", 400)):
        headers = {"Host": "127.0.0.1", "X-Forwarded-Host": host, "X-Forwarded-Proto": "https"}
        answer = client.get("/opensearch.xml", headers=headers)
        assert answer.status_code == status
        assert (f'template="http://{host}/' in answer.text) is (status == 200)
