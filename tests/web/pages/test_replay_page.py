"""The page as it was: framed, sandboxed, found only where the original is a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.store import Store
from indexer.indexing.index_builder import IndexBuilder
from indexer.intake.ingest import ingest
from indexer.open_archive import OpenArchive, open_archive
from tests.factories import article, client_of, keep
from web.http.page_script import script_sources

TEXT = "Một đoạn văn đủ dài về học phí của các trường đại học trong năm học mới. " * 4
PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Học phí tăng</title>
<meta property="og:url" content="https://bao.vn/hoc-phi.html"><script>alert(1)</script></head>
<body><article><h1>Học phí tăng</h1><p>{TEXT}</p><p>{TEXT}</p></article></body></html>"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> OpenArchive:
    home: Path = tmp_path_factory.mktemp("home")
    saved = home.parent / f"{home.name}.html"
    saved.write_text(PAGE, encoding="utf-8")
    with Store(home) as store:
        ingest(store, [saved])
        keep(store, article("Không phải trang", "văn bản"))
        IndexBuilder(store).update()
    with open_archive(home) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(archive: OpenArchive) -> FlaskClient:
    return client_of(archive)


def address_of(archive: OpenArchive, title: str) -> str:
    (found,) = [each.identifier for each, _ in archive.store.articles() if each.title == title]
    return f"/article/{found}"


def test_a_page_is_framed_below_what_the_archive_says(
    archive: OpenArchive, client: FlaskClient
) -> None:
    address = address_of(archive, "Học phí tăng")
    assert f'href="{address}/page"' in client.get(address).text
    answer = client.get(f"{address}/page")
    assert f'src="{address}/capture"' in answer.text
    assert 'sandbox="allow-top-navigation-by-user-activation"' in answer.text
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert f"script-src {script_sources()};" in answer.headers["Content-Security-Policy"]


def test_the_capture_has_a_policy_of_its_own(archive: OpenArchive, client: FlaskClient) -> None:
    answer = client.get(f"{address_of(archive, 'Học phí tăng')}/capture")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "alert" not in answer.text
    assert TEXT.strip() in answer.text


@pytest.mark.parametrize("part", ["page", "capture"])
def test_what_is_no_page_has_none(archive: OpenArchive, client: FlaskClient, part: str) -> None:
    address = address_of(archive, "Không phải trang")
    assert client.get(f"{address}/{part}").status_code == 404
    assert f"{address}/page" not in client.get(address).text
    assert client.get(f"/article/0123/{part}").status_code == 404
    page = address_of(archive, "Học phí tăng")
    assert client.get(f"{page}/{part}?version=9").status_code == 404
