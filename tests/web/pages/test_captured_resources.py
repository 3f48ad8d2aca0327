"""Pictures and style sheets of a crawled page: the capture nearest in time, and nothing else."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.store import Store
from indexer.indexing.index_builder import IndexBuilder
from indexer.intake.ingest import ingest
from indexer.open_archive import open_archive
from tests.factories import client_of

TEXT = "Một đoạn văn đủ dài về học phí của các trường đại học trong năm học mới. " * 4
PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Học phí tăng</title>
<link rel="stylesheet" href="/dep.css"></head><body><article><h1>Học phí tăng</h1>
<img src="anh.png"><img src="loi.png"><img src="/trang.html"><img src="mat.png">
<p>{TEXT}</p><p>{TEXT}</p></article></body></html>"""
OLD, NEW = b"\x89PNG\r\n\x1a\ncu", b"\x89PNG\r\n\x1a\nmoi"
RECORDS = (
    ("2020-01-01T00:00:00Z", "https://bao.vn/muc/anh.png", 200, "image/png", OLD),
    ("2022-12-19T10:00:00Z", "https://bao.vn/muc/bai.html", 200, "text/html", PAGE.encode()),
    ("2022-12-19T10:00:09Z", "https://bao.vn/muc/anh.png", 200, "image/png", NEW),
    ("2022-12-19T10:00:09Z", "https://bao.vn/muc/loi.png", 404, "image/png", b"no"),
    ("2022-12-19T10:00:09Z", "https://bao.vn/trang.html", 200, "text/html", b"<script>1</script>"),
    (
        "2022-12-19T10:00:10Z",
        "https://bao.vn/dep.css",
        200,
        "text/css; charset=utf-8",
        b"@import 'x.css'; h1 { background: url(muc/anh.png) }",
    ),
    (
        "2022-12-19T10:00:11Z",
        "https://bao.vn/nen.css",
        200,
        "text/css",
        brotli.compress(b"h2 { background: url(muc/anh.png) }"),
    ),
    ("2022-12-19T10:00:11Z", "https://bao.vn/nua.css", 200, "text/css", brotli.compress(b"h")[:2]),
)
CODINGS = dict.fromkeys(("https://bao.vn/nen.css", "https://bao.vn/nua.css"), "br")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    home: Path = tmp_path_factory.mktemp("home")
    crawl = home.parent / f"{home.name}.warc.gz"
    with crawl.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for moment, address, status, media_type, body in RECORDS:
            fields = [("Content-Type", media_type)]
            fields += [("Content-Encoding", CODINGS[address])] if address in CODINGS else []
            head = StatusAndHeaders(str(status), fields, "HTTP/1.1")
            record = writer.create_warc_record(
                address,
                "response",
                payload=io.BytesIO(body),
                http_headers=head,
                warc_headers_dict={"WARC-Date": moment},
            )
            writer.write_record(record)
            record.raw_stream.close()
    with Store(home) as store:
        ingest(store, [crawl])
        IndexBuilder(store).update()
    with open_archive(home) as archive:
        yield client_of(archive)


@pytest.fixture(scope="module")
def address(client: FlaskClient) -> str:
    return client.get("/url/https://bao.vn/muc/bai.html").headers["Location"]


def test_pictures_come_from_the_capture_nearest_in_time(client: FlaskClient, address: str) -> None:
    page = client.get(f"{address}/capture").text
    (picture,) = re.findall(r'<img src="([^"]*)"', page)
    answer = client.get(picture.replace("&amp;", "&"))
    assert (answer.data, answer.content_type) == (NEW, "image/png")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_style_sheets_lead_to_captures_too(client: FlaskClient, address: str) -> None:
    page = client.get(f"{address}/capture").text
    (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]*)"', page)
    answer = client.get(sheet.replace("&amp;", "&"))
    assert answer.content_type == "text/css"
    (imported, picture) = re.findall(r'"([^"]*)"', answer.text)
    assert imported == "data:,"
    assert client.get(picture).data == NEW


def test_a_style_sheet_in_brotli_is_unpacked(client: FlaskClient, address: str) -> None:
    name = base64.urlsafe_b64encode(b"https://bao.vn/nen.css").decode().rstrip("=")
    answer = client.get(f"{address}/capture/{name}")
    (picture,) = re.findall(r'h2 \{ background: url\("([^"]*)"\) \}', answer.text)
    assert client.get(picture).data == NEW


@pytest.mark.parametrize(
    "name",
    [
        "aHR0cHM6Ly9iYW8udm4vbnVhLmNzcw",  # Brotli that is cut short
        "aHR0cHM6Ly9iYW8udm4vdHJhbmcuaHRtbA",  # a page, which would be one of ours
        "aHR0cHM6Ly9iYW8udm4vbXVjL2xvaS5wbmc",  # an answer of 404
        "aHR0cHM6Ly9iYW8udm4vbWF0LnBuZw",  # never captured
        "ZmlsZTovLy9ldGMvcGFzc3dk",  # file:///etc/passwd
        "_w",
        "a",
        "%00",
    ],
)
def test_nothing_else_is_sent(client: FlaskClient, address: str, name: str) -> None:
    assert client.get(f"{address}/capture/{name}").status_code == 404
