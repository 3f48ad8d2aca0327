"""Pictures of saved pages: beside their captions, small in results, never as they came."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.catalogue.operations import OperatorNote
from archive.originals.picture_cache import FOLDER
from archive.passages import passage_digest
from archive.store import Store
from indexer.indexing.index_builder import IndexBuilder
from indexer.intake.ingest import ingest
from indexer.open_archive import OpenArchive, open_archive
from tests.factories import client_of
from tests.indexer.intake.markup.test_pictures import embedded, figure
from tests.indexer.intake.pictures.made_pictures import made_picture, sides_of
from web.http.withheld_pictures import WithheldPictures

NOTE = OperatorNote("theo yêu cầu", "tests")
TEXT = "Một đoạn văn đủ dài về học phí của các trường đại học trong năm học mới. " * 4
OWN_WORDS = {
    "Trường thứ nhất tăng học phí": "Mức thu mới được công bố hôm qua tại hội trường lớn. " * 30,
    "Trường thứ hai không lưu ảnh": "Đội bóng thắng trận đầu tiên của mùa giải trên sân nhà. " * 30,
    "Trường thứ ba có ảnh lạ": "Mưa lớn kéo dài làm nhiều tuyến đường ở miền Trung ngập. " * 30,
    "Trường thứ tư có biểu đồ": "Giá vàng trong nước giảm mạnh sau phiên họp của ngân hàng. " * 30,
}
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def page(title: str, *parts: str) -> bytes:
    body = "".join(f"{part}<p>{title}: {TEXT}</p>" for part in parts)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head>
<body><article><h1>{title}</h1><p>{OWN_WORDS[title]}</p>{body}</article></body></html>""".encode()


PAGES = {
    "mot": page(
        "Trường thứ nhất tăng học phí",
        figure("anh/1.jpg", "Cổng trường ngày nhập học."),
        figure("anh/2.png", "Lễ trao học bổng <b>đầu năm</b>."),
        figure("anh/mat.jpg", "Ảnh này không ai lưu."),
        '<p><img src="anh/3.gif" alt="Bảng mức thu &lt;i&gt;mới&lt;/i&gt;"></p>',
    ),
    "hai": page("Trường thứ hai không lưu ảnh", figure("anh/mat.jpg", "Ảnh này không ai lưu.")),
    "ba": page("Trường thứ ba có ảnh lạ", figure("la.svg", "Hình vẽ."), figure("vo.jpg", "Vỡ.")),
    "bon": page("Trường thứ tư có biểu đồ", f'<p><img src="{embedded()}" alt="Biểu đồ"></p>'),
}
RECORDS = (
    *(("2022-12-19T10:00:00Z", f"{name}.html", "text/html", body) for name, body in PAGES.items()),
    ("2020-01-01T00:00:00Z", "anh/1.jpg", "image/jpeg", made_picture(500, 500)),
    ("2022-12-19T10:00:05Z", "anh/1.jpg", "image/jpeg", made_picture(1600, 800)),
    ("2022-12-19T10:00:05Z", "anh/2.png", "image/png", made_picture(600, 900, "PNG")),
    ("2022-12-19T10:00:05Z", "anh/3.gif", "image/gif", made_picture(400, 300, "GIF")),
    ("2022-12-19T10:00:05Z", "la.svg", "image/svg+xml", SVG),
    ("2022-12-19T10:00:05Z", "vo.jpg", "image/jpeg", made_picture()[:500]),
)


def write_crawl(path: Path) -> None:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for moment, name, media_type, body in RECORDS:
            head = StatusAndHeaders("200 OK", [("Content-Type", media_type)], "HTTP/1.1")
            record = writer.create_warc_record(
                f"https://bao.vn/{name}",
                "response",
                payload=io.BytesIO(body),
                http_headers=head,
                warc_headers_dict={"WARC-Date": moment},
            )
            writer.write_record(record)
            record.raw_stream.close()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[OpenArchive]:
    write_crawl(tmp_path / "bao.warc.gz")
    home = tmp_path / "home"
    home.mkdir()
    with Store(home) as store:
        ingest(store, [tmp_path / "bao.warc.gz"])
        IndexBuilder(store).update()
    with open_archive(home) as opened:
        yield opened


@pytest.fixture
def client(archive: OpenArchive) -> FlaskClient:
    return client_of(archive)


def address_of(archive: OpenArchive, name: str) -> str:
    (found,) = archive.store.find_by_address(f"https://bao.vn/{name}.html")
    return f"/article/{found}"


def images_of(text: str) -> list[str]:
    return [address.replace("&amp;", "&") for address in re.findall(r'<img src="([^"]+)"', text)]


def drawn_files(archive: OpenArchive) -> list[Path]:
    return list((archive.store.home / FOLDER).rglob("*.webp"))


def test_pictures_stand_with_their_captions(archive: OpenArchive, client: FlaskClient) -> None:
    text = client.get(f"{address_of(archive, 'mot')}?q=nhập học").text
    figures = re.findall(r'<figure class="picture">(.*?)</figure>', text, re.DOTALL)
    assert len(figures) == 3
    assert ">nhập học</mark>" in figures[0]
    assert "Lễ trao học bổng đầu năm." in figures[1]
    # Each caption once, and the one whose picture nobody captured without a picture.
    assert text.count("Lễ trao học bổng") == 1
    assert "<p>Ảnh này không ai lưu.</p>" in text
    assert "tangthu_drawing_children 0.0" in client.get("/metrics").text
    large = client.get(images_of(figures[0])[0])
    assert "tangthu_drawing_children 1.0" in client.get("/metrics").text
    assert large.content_type == "image/webp"
    assert sides_of(large.data) == (1280, 640), "the capture nearest in time"


def test_every_picture_has_its_place_and_its_words(
    archive: OpenArchive, client: FlaskClient
) -> None:
    text = client.get(address_of(archive, "mot")).text
    article = text[text.index("<article") : text.index("</article>")]
    images = re.findall(r"<img [^>]+>", article)
    assert len(images) == 3
    assert all(re.search(r' width="\d+" height="\d+" alt="[^"]+"', image) for image in images)
    assert ['loading="lazy"' in image for image in images] == [False, True, True]
    og_image = re.search(r'<meta property="og:image" content="http://localhost([^"]+)"', text)
    assert og_image is not None
    assert og_image[1] == images_of(article)[0].replace("&", "&amp;")
    assert 'alt="Bảng mức thu &lt;i&gt;mới&lt;/i&gt;"' in article
    # The one without a caption stands where the page has it, and nowhere else.
    paragraphs = re.findall(r"<p[^>]*>([^<]*)</p>\s*<figure", article)
    assert len(paragraphs) == 2
    assert 'class="gallery"' not in article


def test_sides_are_exact_once_a_picture_was_drawn(
    archive: OpenArchive, client: FlaskClient
) -> None:
    address = address_of(archive, "mot")
    second = images_of(client.get(address).text)[1]
    assert sides_of(client.get(second).data) == (600, 900)
    assert 'width="600" height="900"' in client.get(f"{address}?lang=en").text, (
        "no larger than it is"
    )


def test_results_have_thumbnails_of_what_was_captured(
    archive: OpenArchive, client: FlaskClient
) -> None:
    text = client.get("/?q=trường").text
    hits = re.findall(r'<li id="r\d+">(.*?)\n</li>', text, re.DOTALL)
    with_picture = {
        title
        for hit in hits
        for title in ("nhất", "hai", "ba", "tư")
        if f"thứ {title}" in re.sub("<[^>]+>", "", hit) and 'class="thumbnail' in hit
    }
    # That the picture of the third is damaged is seen when it is drawn.
    assert with_picture == {"nhất", "ba", "tư"}
    (first, *_) = (hit for hit in hits if "thumbnail" in hit)
    assert 'tabindex="-1" aria-hidden="true"' in first
    assert 'alt=""' in first
    for address in images_of(text):
        if "/pictures/" in address and client.get(address).status_code == 200:
            assert max(sides_of(client.get(address).data)) <= 320


def test_a_picture_in_the_page_is_drawn(archive: OpenArchive, client: FlaskClient) -> None:
    text = client.get(address_of(archive, "bon")).text
    (address,) = images_of(text)
    assert 'alt="Biểu đồ"' in text
    assert sides_of(client.get(address).data) == (400, 400)


def test_hostile_pictures_are_not_sent_in_any_form(
    archive: OpenArchive, client: FlaskClient
) -> None:
    address = address_of(archive, "ba")
    text = client.get(address).text
    assert "la.svg" not in text
    for number in range(4):
        answer = client.get(f"{address}/pictures/{number}/large.webp")
        assert answer.status_code == 404
        assert b"alert(1)" not in answer.data
    # What cannot be drawn is known from then on: no second child is asked.
    (marker,) = drawn_files(archive)
    assert marker.read_bytes() == b""
    assert "<figure" not in client.get(f"{address}?lang=en").text


@pytest.mark.parametrize("path", ["0/small", "9/small", "1/huge", "1/small.png", "x/small"])
def test_other_pictures_are_missing(archive: OpenArchive, client: FlaskClient, path: str) -> None:
    address = f"{address_of(archive, 'mot')}/pictures/{path}.webp"
    assert client.get(address).status_code == 404


def test_a_removed_article_takes_its_pictures_along(
    archive: OpenArchive, client: FlaskClient
) -> None:
    address = address_of(archive, "mot")
    picture = f"{address}/pictures/1/large.webp"
    assert client.get(picture).status_code == 200
    assert drawn_files(archive)
    with archive.store.operator_batch() as batch:
        batch.remove(address.rpartition("/")[2], NOTE)
    assert not drawn_files(archive)
    assert client.get(picture).status_code == 410


@pytest.mark.parametrize("is_asked_for", [True, False])
def test_what_another_host_withholds_is_deleted_here_too(
    tmp_path: Path, archive: OpenArchive, client: FlaskClient, is_asked_for: bool
) -> None:
    address = address_of(archive, "mot")
    picture = f"{address}/pictures/1/large.webp"
    assert client.get(picture).status_code == 200
    drawn, aside = archive.store.home / FOLDER, tmp_path / "of another host"
    shutil.copytree(drawn, aside)
    with archive.store.operator_batch() as batch:
        batch.remove(address.rpartition("/")[2], NOTE)
    shutil.copytree(aside, drawn, dirs_exist_ok=True)
    assert drawn_files(archive)
    if is_asked_for:
        assert client.get(picture).status_code == 410
    else:
        WithheldPictures(archive.store, seconds_between=0).discard_if_due()
    assert not drawn_files(archive)


def test_an_article_without_some_of_its_passages_has_no_pictures(
    archive: OpenArchive, client: FlaskClient
) -> None:
    address = address_of(archive, "mot")
    identifier = address.rpartition("/")[2]
    (caption, *_) = archive.store.get(identifier).captions
    with archive.store.operator_batch() as batch:
        batch.remove_passages(identifier, NOTE, [passage_digest(caption.text)])
    IndexBuilder(archive.store).update()
    assert archive.store.get(identifier).pictures == ()
    assert client.get(f"{address}/pictures/1/small.webp").status_code in (404, 410)
    assert "<img" not in client.get(address).text


def test_the_json_of_a_hit_names_its_pictures(archive: OpenArchive, client: FlaskClient) -> None:
    hits = client.get("/api/v1/search?q=trường thứ hai").get_json()["hits"]
    (hit,) = (each for each in hits if "thứ hai" in each["title"])
    assert [each["addresses"] for each in hit["pictures"]] == [["anh/mat.jpg"]]


def test_passwords_hold_for_pictures(tmp_path: Path, archive: OpenArchive) -> None:
    address = address_of(archive, "mot")
    (archive.store.home / "settings.toml").write_text(
        '[access]\nprivate = true\nheader = "X-Reader"\n', encoding="utf-8"
    )
    client = client_of(archive, proxies=1)
    picture = f"{address}/pictures/1/small.webp"
    assert client.get(picture).status_code in (401, 403)
    headers = {"X-Reader": "an"}
    answer = client.get(picture, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"
