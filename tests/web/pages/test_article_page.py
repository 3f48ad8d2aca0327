"""The article page: hits, versions, provenance, the original, references; all of it harmless."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from archive.records import Article, Caption, Origin, Section, Speaker, sha256
from indexer.indexing.index_builder import IndexBuilder
from tests.factories import ArchiveFactory, article, client_of, day
from web.pages import article_page
from web.pages.differences import DifferenceKind, DifferencePiece, compare_words, difference

FIRST = article(
    "Công an xã",
    lead="Lời dẫn của công an",
    url="https://bao.vn/a?x=1&y=2",
    publisher="Báo A",
    published=day(2022, 12, 19),
    authors=("Nguyễn Văn A",),
    sections=(
        Section(("Một công an. Hai công an.", "Đoạn giữ nguyên."), "Mở đầu"),
        Section(("Ba công an.",), "triển khai", Speaker("Ngô Thanh Bình", "Đại tá", "Giám đốc")),
    ),
    captions=(Caption("Ảnh công an", "PV"),),
)
SECOND = replace(
    FIRST, sections=(Section(("Một công an. Ba công an.", *["như cũ"] * 9), "Mở đầu"),)
)
EVIL = replace(
    article("<script>", "<b>công an</b>", url="javascript:alert(1)"),
    origin=Origin('/home/me/../x/"<b>\r\nX: y.html', "html", 3),
)


@pytest.fixture(scope="module")
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    deleted = article("Đã xóa", "công an", url="https://bao.vn/gone")
    similar = article("Công an phường", "Một công an. Hai công an.")
    archive = shared_archive_of(FIRST, EVIL, similar, SECOND, deleted)
    archive.store.delete(deleted.identifier)
    IndexBuilder(archive.store).update()
    return client_of(archive)


def address(item: Article, suffix: str = "") -> str:
    return f"/article/{item.identifier}{suffix}"


def test_hits_have_anchors_and_are_no_links(client: FlaskClient) -> None:
    page = client.get(address(FIRST, "?q=cong+an&version=1")).text
    hits = re.findall(r'(<[^<>]+>)?<mark id="(h\d+)">[^<]*</mark>', page)
    assert [name for _, name in hits] == [f"h{n}" for n in range(1, 7)]
    assert not any(tag.startswith("<a") for tag, _ in hits)
    assert page.count('href="#h1"') == 2
    assert 'data-hits="6"' in page


def test_an_article_without_a_query_has_no_hits(client: FlaskClient) -> None:
    page = client.get(address(FIRST)).text
    assert "<mark>" not in page
    assert 'class="steps"' not in page


def test_sections_have_anchors_and_a_list_of_contents(client: FlaskClient) -> None:
    page = client.get(address(FIRST, "?version=1")).text
    assert '<a href="#s2">Đại tá Ngô Thanh Bình, Giám đốc: triển khai</a>' in page
    assert '<section id="s2">' in page
    assert "Ảnh công an (PV)" in page


def test_where_it_comes_from_is_told(client: FlaskClient) -> None:
    page = client.get(address(SECOND)).text
    for part in (sha256(repr(SECOND).encode()), "tangthu-00001.warc.gz", "test 1", "tests"):
        assert part in page
    assert 'href="https://bao.vn/a?x=1&amp;y=2"' in page


def test_similar_articles_are_offered(client: FlaskClient) -> None:
    assert "Công an phường" in client.get(address(FIRST)).text


def test_a_similar_article_says_why(archive_of: ArchiveFactory) -> None:
    texts = ("Lũ lên ở Điện Biên và Lai Châu.", "Đường lên Điện Biên bị ngập.", "Hoa nở ở Sa Pa.")
    read, like, _ = articles = [article(f"Tin {n}", text) for n, text in enumerate(texts)]
    page = client_of(archive_of(*articles)).get(address(read)).text
    similar = page.partition('id="similar"')[2].partition("</section>")[0]
    assert like.title in similar
    assert re.findall(r'Cùng có: <span lang="vi">([^<]*)</span>', similar) == ["Điện Biên"]


@pytest.mark.parametrize(
    ("suffix", "status", "part"),
    [
        ("", 200, "Ba công an"),
        ("?version=1", 200, "Đây là bản 1 trong 2 bản"),
        ("?version=2", 200, "như cũ"),
        ("?version=3", 404, "Không có trang này"),
        ("?version=x", 200, "như cũ"),
        ("?version=0", 200, "Đây là bản 1"),
        (f"?version={10**30}", 200, "như cũ"),
        ("/changes", 200, "<del>Hai</del><ins>Ba</ins>"),
        ("/changes?old=2&new=1", 200, "<del>Ba</del><ins>Hai</ins>"),
        ("/changes?old=1&new=1", 200, "Không có gì người đọc nhìn thấy."),
        ("/changes?old=9", 404, "Không có trang này"),
        ("/changes?lang=en", 200, "unchanged lines"),
    ],
)
def test_each_version_and_its_changes_are_pages(
    client: FlaskClient, suffix: str, status: int, part: str
) -> None:
    answer = client.get(address(FIRST, suffix))
    assert answer.status_code == status
    assert part in answer.text


@pytest.mark.parametrize(("version", "stored"), [("", SECOND), ("?version=1", FIRST)])
def test_the_original_is_kept_as_a_file(client: FlaskClient, version: str, stored: Article) -> None:
    answer = client.get(address(FIRST, f"/original{version}"))
    assert answer.data == repr(stored).encode()
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_the_name_of_an_original_is_harmless(client: FlaskClient) -> None:
    header = client.get(address(EVIL, "/original")).headers["Content-Disposition"]
    assert header == f"attachment; filename={EVIL.identifier}-1-b-x-y.html"
    page = client.get(address(EVIL)).text
    assert "/home/me" not in page
    assert "javascript:" not in re.sub("(?s)<pre.*?</pre>", "", page)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("/srv/bao.jsonl:7", "bao-7.json"),
        ("bao.jsonl.xz:1792", "bao-1792.json"),
        ("bao.json:2", "bao-2.json"),
        ("bao.txt", "bao.txt"),
        ("12:30.txt", "12-30.txt"),
    ],
)
def test_the_name_of_a_record_ends_as_a_file_of_its_kind(
    archive_of: ArchiveFactory, source: str, name: str
) -> None:
    record = replace(article("Cầu mới"), origin=Origin(source, "json", 1))
    answer = client_of(archive_of(record)).get(address(record, "/original"))
    expected = f"attachment; filename={record.identifier}-1-{name}"
    assert answer.headers["Content-Disposition"] == expected


@pytest.mark.parametrize("suffix", ["", "/original", "/cite.bib"])
def test_a_deleted_article_is_gone_but_its_versions_stay(client: FlaskClient, suffix: str) -> None:
    deleted = address(article("Đã xóa", "công an", url="https://bao.vn/gone"))
    assert client.get(deleted + suffix).status_code == 404
    assert client.get(deleted + suffix + "?version=1").status_code == 200


def test_an_article_is_cited_as_csl_json(client: FlaskClient) -> None:
    answer = client.get(address(FIRST, "/cite.json"))
    assert answer.mimetype == "application/vnd.citationstyles.csl+json"
    (item,) = json.loads(answer.data)
    assert "accessed" not in item or len(item.pop("accessed")["date-parts"][0]) == 3
    assert item == {
        "id": f"baoa2022-{FIRST.identifier}",
        "type": "article-newspaper",
        "title": "Công an xã",
        "author": [{"literal": "Nguyễn Văn A"}],
        "container-title": "Báo A",
        "issued": {"date-parts": [[2022, 12, 19]]},
        "URL": f"http://localhost/article/{FIRST.identifier}",
        "abstract": "Lời dẫn của công an",
        "language": "vi",
        "archive": "tàng thư",
        "archive_location": FIRST.identifier,
        "note": f"tàng thư: {FIRST.identifier}; bản gốc: {FIRST.url}",
    }


@pytest.mark.parametrize(
    ("kind", "begins"), [("bib", "@article{baoa2022-"), ("ris", "TY  - NEWS\r\n")]
)
def test_references_are_files(client: FlaskClient, kind: str, begins: str) -> None:
    answer = client.get(address(FIRST, f"/cite.{kind}"))
    assert answer.text.startswith(begins)
    assert answer.headers["Content-Disposition"].endswith(f".{kind}")
    assert client.get(address(FIRST, "/cite.exe")).status_code == 404


def test_the_page_shows_a_vietnamese_reference(client: FlaskClient) -> None:
    page = client.get(address(FIRST)).text
    begins = "Nguyễn Văn A (2022), “Công an xã”, Báo A, ngày 19/12/2022, https://bao.vn/a"
    assert begins in page.replace("&#34;", '"')


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        (
            "một hai",
            "một ba",
            [
                ("một ", DifferenceKind.SAME),
                ("hai", DifferenceKind.REMOVED),
                ("ba", DifferenceKind.ADDED),
            ],
        ),
        ("một", "một hai", [("một", DifferenceKind.SAME), (" hai", DifferenceKind.ADDED)]),
        (
            "dân ủng hộ về phí",
            "dân băn khoăn về phí",
            [
                ("dân ", DifferenceKind.SAME),
                ("ủng hộ", DifferenceKind.REMOVED),
                ("băn khoăn", DifferenceKind.ADDED),
                (" về phí", DifferenceKind.SAME),
            ],
        ),
        ("a", "a", [("a", DifferenceKind.SAME)]),
        ("a " * 600, "b", [("a " * 600, DifferenceKind.REMOVED), ("b", DifferenceKind.ADDED)]),
    ],
)
def test_a_line_word_by_word(old: str, new: str, pieces: list[tuple[str, DifferenceKind]]) -> None:
    assert compare_words(old, new) == tuple(DifferencePiece(*pair) for pair in pieces)


def test_both_versions_can_be_read_from_the_difference() -> None:
    old = article("T", *(f"đoạn {n}" for n in range(30)))
    new = article("T", *(f"đoạn {n}" for n in range(30) if n != 15), "cuối")
    lines = difference(old, new)
    assert sum(line.left_out for line in lines) > 20
    changed = [
        (piece.text, piece.kind)
        for line in lines
        for piece in line.pieces
        if piece.kind is not DifferenceKind.SAME
    ]
    assert changed == [("đoạn 15", DifferenceKind.REMOVED), ("cuối", DifferenceKind.ADDED)]


def test_long_versions_are_compared_in_bounded_work() -> None:
    old = article("T", *["x"] * 100_000)
    new = article("T", *["x"] * 99_999, "y")
    assert difference(old, new)


def test_changes_without_end_are_cut(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    path = address(FIRST, "/changes?old=1&new=2")
    whole = client.get(path).text
    assert "không hiện ở đây" not in whole
    monkeypatch.setattr(article_page, "LONGEST_CHANGES", 300)
    cut = client.get(f"{path}&x=1").text
    assert "dòng nữa không hiện ở đây" in cut
    assert cut.count("<del>") + cut.count("<ins>") < whole.count("<del>") + whole.count("<ins>")


UNTITLED = article(
    "",
    "Cầu mới nối hai bờ.",
    lead="Sáng nay nước rút, các cô lau từng bộ bàn ghế để ngày mai mở cửa.",
    url="https://bao.vn/khong-tua",
    publisher="Báo A",
)
SHOWN = "[Sáng nay nước rút, các cô lau từng bộ bàn ghế để …]"


@pytest.fixture(scope="module")
def untitled(shared_archive_of: ArchiveFactory) -> FlaskClient:
    titled = article("Nước rút", "Cầu cũ bị cuốn trôi, không ai bị thương.")
    return client_of(shared_archive_of(UNTITLED, titled))


@pytest.mark.parametrize(
    "path",
    [
        "/?q=lau+bàn+ghế",
        "/",
        "/feed.atom?q=bàn+ghế",
        "/export.csv?q=bàn+ghế",
        "/export.bib?q=bàn+ghế",
        "/export.ris?q=bàn+ghế",
        address(UNTITLED),
        address(UNTITLED, "/changes"),
        address(UNTITLED, "/cite.ris"),
    ],
)
def test_first_words_name_an_article_without_a_title(untitled: FlaskClient, path: str) -> None:
    page = re.sub("</?mark[^>]*>", "", untitled.get(path).text)
    # What is left out is told on the line of the last word.
    page = page.replace("\N{NO-BREAK SPACE}…", " …")
    assert SHOWN in page
    assert f"“{SHOWN}”" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/search?q=bàn+ghế",
        "/export.jsonl?q=bàn+ghế",
        f"/api/v1/articles/{UNTITLED.identifier}",
    ],
)
def test_json_says_that_there_is_no_title(untitled: FlaskClient, path: str) -> None:
    record = json.loads(untitled.get(path).text)
    record = record["hits"][0] if "hits" in record else record
    assert (record["title"], record["has_title"]) == (SHOWN, False)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("nước rút", {SHOWN, "Nước rút"}),
        ("title:nước", {"Nước rút"}),
        ("title:(bàn ghế)", set()),
        ("tiêu đề:rút", {"Nước rút"}),
        ("bàn ghế -title:rút", {SHOWN}),
    ],
)
def test_titles_are_searched_only_where_there_are_any(
    untitled: FlaskClient, query: str, titles: set[str]
) -> None:
    record = untitled.get("/api/v1/search", query_string={"q": query}).json
    assert record is not None
    assert {hit["title"] for hit in record["hits"]} == titles


def test_first_words_in_the_place_of_a_title_are_no_further_hits(untitled: FlaskClient) -> None:
    page = untitled.get(address(UNTITLED, "?q=nước+rút")).text
    # Named to who hears the page; who sees it reads the words once, where the text begins.
    named = SHOWN.replace(" …", "\N{NO-BREAK SPACE}…")
    assert f'<h1 class="hidden">{named}</h1>' in page
    assert 'data-hits="1"' in page
    assert f"<title>{SHOWN} – tàng thư</title>" in page


def test_a_page_of_the_original_is_named_in_contents_text_and_citation(
    archive_of: ArchiveFactory,
) -> None:
    pages = (
        Section(("Cây lúa.",), locator="trang 11"),
        Section(("Con trâu.",), locator="trang 12"),
    )
    book = article("Công báo", sections=pages)
    client = client_of(archive_of(book))
    page = client.get(address(book)).text
    assert '<li><a href="#s2">trang 12</a></li>' in page
    assert '<p class="locator"><a href="#s2">trang 12</a></p>' in page
    assert "note = {trang 12; " in client.get(address(book, "/cite.bib?section=2")).text
    results = client.get("/?q=con+trau").text
    assert f'{address(book)}?q=con+trau&amp;at=1#s2"' in results
    assert '<p class="locator">trang 12</p>' in results


def test_a_heading_that_begins_with_its_place_says_it_once(archive_of: ArchiveFactory) -> None:
    sections = (
        Section(("Phạm vi.",), "Điều 1. Phạm vi", locator="Điều 1"),
        Section(("Hiệu lực.",), "Hiệu lực", locator="Điều 2"),
    )
    decree = article("Nghị định", sections=sections)
    page = client_of(archive_of(decree)).get(address(decree)).text
    assert re.findall(r'<p class="locator"><a href="([^"]*)">', page) == ["#s2"]


def test_the_reference_is_in_the_language_of_the_page(client: FlaskClient) -> None:
    path = address(FIRST)
    references = {
        code: re.findall(r'id="reference">(.*)</p>', client.get(f"{path}?lang={code}").text)[0]
        for code in ("vi", "en")
    }
    assert ", lưu ngày " in references["vi"]
    assert ", captured " in references["en"]
    assert '“<span lang="vi">Công an xã</span>”' in references["en"]
