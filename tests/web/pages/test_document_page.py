"""Pages of a document as they were printed: shown beside their text, gone with the article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.catalogue.operations import OperatorNote
from archive.originals.picture_cache import FOLDER
from archive.passages import passage_digest
from archive.store import Store
from indexer.indexing.index_builder import IndexBuilder
from indexer.intake.ingest import ingest
from indexer.open_archive import OpenArchive, open_archive
from tests.factories import client_of
from tests.indexer.intake.pdf.made_pdf import down, made_pdf
from tests.indexer.intake.pictures.made_pictures import sides_of

NOTE = OperatorNote("theo yêu cầu", "tests")


def lines_of(number: int) -> list[str]:
    return [
        f"Trang {number} nói về học phí của các trường đại học trong năm học mới, dòng {line}"
        for line in range(12)
    ]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[OpenArchive]:
    pages = [down(*lines_of(number)) for number in range(1, 16)]
    pages[2] = down(*lines_of(3), "Quỹ học bổng được giữ nguyên.")
    document = tmp_path / "bao-cao.pdf"
    document.write_bytes(made_pdf(pages, first_label=35))
    home = tmp_path / "home"
    home.mkdir()
    with Store(home) as store:
        ingest(store, [document])
        IndexBuilder(store).update()
    with open_archive(home) as opened:
        yield opened


@pytest.fixture
def client(archive: OpenArchive) -> FlaskClient:
    return client_of(archive)


def address_of(archive: OpenArchive) -> str:
    ((article, _),) = archive.store.articles()
    return f"/article/{article.identifier}"


def drawn_files(archive: OpenArchive) -> list[Path]:
    return list((archive.store.home / FOLDER).rglob("*.webp"))


def test_an_article_shows_its_pages_by_number_and_label(
    archive: OpenArchive, client: FlaskClient
) -> None:
    address = address_of(archive)
    page = client.get(address).text
    strip = page[page.index('<nav class="sheets"') : page.index("</nav>", page.index("sheets"))]
    assert re.findall(r"<span>(trang \d+)</span>", strip) == [f"trang {n}" for n in range(35, 47)]
    assert f'href="{address}/pages/13"' in strip
    pictures = re.findall(r'<img src="([^"]+)" width="(\d+)" height="(\d+)" alt=""', strip)
    assert len(pictures) == 12
    assert strip.count('loading="lazy"') == 12
    answer = client.get(pictures[0][0].replace("&amp;", "&"))
    assert answer.status_code == 200
    assert answer.content_type == "image/webp"
    assert sides_of(answer.data) == (227, 320)
    # The place of a picture that was never drawn is that of a page of A4.
    assert pictures[0][1:] == ("226", "320")


def test_the_page_of_a_hit_stands_beside_its_text(
    archive: OpenArchive, client: FlaskClient
) -> None:
    page = client.get(f"{address_of(archive)}?q=học bổng").text
    beside = re.findall(r'<p class="sheet"><a href="[^"]*/pages/(\d+)\?q=', page)
    assert beside == ["3"]


def test_a_page_has_its_picture_text_and_neighbours(
    archive: OpenArchive, client: FlaskClient
) -> None:
    address = address_of(archive)
    page = client.get(f"{address}/pages/3?q=học bổng").text
    assert "<title>trang 37 – " in page
    assert 'width="905" height="1280"' in page
    assert '<mark id="h1">học bổng</mark>' in page
    assert "Trang 4 nói" not in page
    assert f'rel="prev" href="{address}/pages/2?q=' in page
    assert f'rel="next" href="{address}/pages/4?q=' in page
    assert 'rel="prev"' not in client.get(f"{address}/pages/1").text
    assert 'rel="next"' not in client.get(f"{address}/pages/15").text


def test_a_picture_is_kept_for_a_year_by_its_reader_alone(
    archive: OpenArchive, client: FlaskClient
) -> None:
    address = address_of(archive)
    digest = archive.store.versions(address.rpartition("/")[2])[-1].digest
    named = client.get(f"{address}/pages/1/small.webp?v={digest[:16]}")
    assert named.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert named.headers["X-Content-Type-Options"] == "nosniff"
    assert named.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    other = client.get(f"{address}/pages/1/small.webp?v=0")
    assert other.headers["Cache-Control"] == "private, no-cache"
    tag = {"If-None-Match": named.headers["ETag"]}
    assert client.get(f"{address}/pages/1/small.webp", headers=tag).status_code == 304


def test_a_page_is_drawn_once(archive: OpenArchive, client: FlaskClient) -> None:
    address = f"{address_of(archive)}/pages/2/small.webp"
    first = client.get(address).data
    (path,) = drawn_files(archive)
    assert path.read_bytes() == first
    path.write_bytes(b"the cache")
    assert client.get(address).data == b"the cache"


@pytest.mark.parametrize(
    "path", ["0", "16", "99", "0/small.webp", "16/large.webp", "1/huge.webp", "9" * 30, "x"]
)
def test_other_pages_are_missing_and_say_so(
    archive: OpenArchive, client: FlaskClient, path: str
) -> None:
    answer = client.get(f"{address_of(archive)}/pages/{path}")
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_what_is_hidden_or_removed_is_gone_at_once_and_from_the_disk(
    archive: OpenArchive, client: FlaskClient
) -> None:
    address = address_of(archive)
    identifier = address.rpartition("/")[2]
    picture = f"{address}/pages/1/small.webp"
    assert client.get(picture).status_code == 200
    with archive.store.operator_batch() as batch:
        batch.hide(identifier, NOTE)
    assert not drawn_files(archive)
    assert client.get(picture).status_code == 410
    with archive.store.operator_batch() as batch:
        batch.show_again(identifier, NOTE)
    assert client.get(picture).status_code == 200
    with archive.store.operator_batch() as batch:
        batch.remove(identifier, NOTE)
    assert not drawn_files(archive)
    assert client.get(picture).status_code == 410
    assert client.get(f"{address}/pages/1").status_code == 410


def test_an_article_without_some_of_its_passages_shows_no_page(
    archive: OpenArchive, client: FlaskClient
) -> None:
    address = address_of(archive)
    identifier = address.rpartition("/")[2]
    assert client.get(f"{address}/pages/1/small.webp").status_code == 200
    (passage, *_) = archive.store.get(identifier).sections[0].paragraphs
    with archive.store.operator_batch() as batch:
        batch.remove_passages(identifier, NOTE, [passage_digest(passage)])
    assert not drawn_files(archive)
    assert client.get(f"{address}/pages/1/small.webp").status_code == 410
    assert 'class="sheets"' not in client.get(address).text


def test_a_picture_withheld_while_it_is_drawn_is_not_sent(
    archive: OpenArchive, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = address_of(archive)
    draw = type(archive.artist).draw

    def withhold_and_draw(*arguments: object) -> bytes:
        with archive.store.operator_batch() as batch:
            batch.hide(address.rpartition("/")[2], NOTE)
        return draw(*arguments)

    monkeypatch.setattr(type(archive.artist), "draw", withhold_and_draw)
    assert client.get(f"{address}/pages/1/small.webp").status_code == 410
    assert not drawn_files(archive)


def test_the_processor_time_of_drawings_is_the_clients(
    archive: OpenArchive, client: FlaskClient
) -> None:
    address = f"{address_of(archive)}/pages/1/large.webp"
    spent = client.application.extensions["tangthu.limiter"].processor_seconds("127.0.0.1")
    assert client.get(address).status_code == 200
    drawn = archive.artist.processor_seconds
    assert drawn > 0
    after = client.application.extensions["tangthu.limiter"].processor_seconds("127.0.0.1")
    assert after - spent >= drawn * 0.9
    assert client.get(address).status_code == 200
    assert archive.artist.processor_seconds == drawn


def test_too_many_drawings_are_told_to_come_again(archive: OpenArchive) -> None:
    client = client_of(archive, longest_wait=0.05)
    gate = client.application.extensions["tangthu.drawing_gate"]
    gate.acquire("another", 1)
    try:
        answer = client.get(f"{address_of(archive)}/pages/1/small.webp")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
    finally:
        gate.release("another")
    assert client.get(f"{address_of(archive)}/pages/1/small.webp").status_code == 200
