"""Searching end to end: a store, a real index, questions and the articles they find."""

from __future__ import annotations

import time

import pytest

from archive.records import Article, Caption, Section, Speaker
from indexer.engine.queries import Sort
from indexer.search.present.highlighter import Highlighter, ScannedArticle
from indexer.search.present.json_form import to_json
from indexer.search.query_notices import KeystrokesNotice, RelaxedNotice, TimeNotice
from indexer.search.search_records import ResultPage, SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article, day

BINH = Speaker("Ngô Thanh Bình", "Đại tá", "Giám đốc")
CHINH = Speaker("Nguyễn Minh Chính", "Trung tướng", "Cục trưởng")

ARTICLES = {
    "police": article(
        "Công an nhân dân vì nước quên thân",
        "Lực lượng giữ gìn hoà bình; sỹ quan chỉ huy.",
        publisher="Báo A",
        published=day(2022, 12, 19),
        authors=("Nhóm PV",),
    ),
    "bare": article("cong an nhan dan", "khong dau", publisher="Báo B", published=day(2023, 1, 5)),
    "beef": article("Bò sữa", "Giá bò tăng.", category="Kinh tế"),
    "leave": article("Bỏ phố", "Bỏ lại sau lưng thành phố; bơ vơ.", published=day(2022, 12, 1)),
    "speech": article(
        "Phát biểu",
        sections=(
            Section(("Triệt phá nhiều đường dây ma túy.",), "Vùng biên", BINH),
            Section(("Lừa đảo trên không gian mạng.",), "An ninh mạng", CHINH),
        ),
        captions=(Caption("Toàn cảnh hội nghị"),),
    ),
    "interview": article(
        "Cầu mới thông xe",
        "Sáng nay, cầu Lâm Hà thông xe.",
        "Ông Đỗ Minh Châu, giám đốc sở, cho biết: “Cầu dài 2 km”.",
        "Người dân vui vì không phải đi phà. Ông Châu dự lễ.",
        "“Phà đã cũ”, ông Châu nói thêm.",
    ),
    "province": article("Điện Biên", "Tỉnh Điện Biên ở Tây Bắc."),
    "romance": article("Lãng mạn", "Một mối tình lãng mạn."),
    "course": article("Diễn biến", "Diễn biến phức tạp."),
    "numbers": article("Số liệu", "Bắt 1.088 đối tượng, giảm 16,67%, ngày 19/12/2022 tại TP.HCM."),
}
NAMES = {article.identifier: name for name, article in ARTICLES.items()}


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES.values()).search


def names(page: ResultPage) -> list[str]:
    return [NAMES[hit.identifier] for hit in page.hits]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("cong an nhan dan", {"police", "bare"}),
        ("Công an nhân dân", {"police", "bare"}),
        ("=công =an", {"police"}),
        ("=cong", {"bare"}),
        ("hòa bình", {"police"}),
        ("=hòa", {"police"}),
        ("sĩ quan", {"police"}),
        ("si quan", {"police"}),
        ("bo", {"beef", "leave"}),
        ('"giữ gìn hòa bình"', {"police"}),
        ("cong -khong", {"police"}),
        ("bò OR quan", {"beef", "leave", "police"}),
        ("nguoi:binh", {"speech"}),
        ('người:"Ngô Thanh Bình" ma túy', {"speech"}),
        ('người:"Nguyễn Minh Chính" "ma túy"', set()),
        ('người:"Đỗ Minh Châu"', {"interview"}),
        ('người:"Đỗ Minh Châu" "cầu dài"', {"interview"}),
        ('người:"Đỗ Minh Châu" "phà đã cũ"', {"interview"}),
        ('người:"Đỗ Minh Châu" dân', set()),
        ("nguồn:a", {"police"}),
        ("tacgia:pv", {"police"}),
        ('chuyenmuc:"kinh tế"', {"beef"}),
        ("title:sữa", {"beef"}),
        ("title:giá", set()),
        ("date:2022-12", {"police", "leave"}),
        ("date:2022-12-02..", {"police", "bare"}),
        ("1088", {"numbers"}),
        ("1.088", {"numbers"}),
        ("16.67", {"numbers"}),
        ("tphcm", {"numbers"}),
        ("TP HCM", {"numbers"}),
        ("tp hcm bắt", {"numbers"}),
        ("ngày 19 tháng 12 năm 2022", {"numbers"}),
        ("tháng 12 năm 2022", {"numbers"}),
        ("19-12-2022", {"numbers"}),
        ("12/2022", {"numbers"}),
        ("tri*", {"speech"}),
        ("toàn cảnh", {"speech"}),
        ("", set()),
        ('="" ( " -', set()),
    ],
)
def test_a_query_finds_its_articles(
    searcher: SearchService, typed: str, expected: set[str]
) -> None:
    page = searcher.search(SearchRequest(typed))
    assert set(names(page)) == expected
    assert page.listed == len(expected)


def test_a_phrase_in_another_order_is_no_full_match(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest('"hòa bình giữ gìn"'))
    assert (page.total_full, names(page)) == (0, ["police"])
    assert RelaxedNotice in map(type, page.notices)


def test_nothing_is_said_kindly_for_a_word_that_is_not_there(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("khủnglong"))
    assert (page.total, page.hits, page.pages) == (0, (), 0)


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [("bò", "beef", "leave"), ("bỏ", "leave", "beef"), ("công an", "police", "bare")],
)
def test_typed_marks_come_first_and_never_filter(
    searcher: SearchService, typed: str, first: str, second: str
) -> None:
    page = searcher.search(SearchRequest(typed))
    assert names(page) == [first, second]
    assert page.listed == page.total_folded == 2
    assert page.total_exact == 1


def test_the_exact_switch_leaves_bare_letters_free(searcher: SearchService) -> None:
    assert names(searcher.search(SearchRequest("bò", exact=True))) == ["beef"]
    assert set(names(searcher.search(SearchRequest("bo", exact=True)))) == {"beef", "leave"}
    relaxed = searcher.search(SearchRequest("cong ân", exact=True))
    assert RelaxedNotice in map(type, relaxed.notices)
    assert names(searcher.search(SearchRequest("cong nhân", exact=True))) == ["police"]


def test_fewer_words_will_do_when_nothing_has_all(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("giá bò sữa khủnglong"))
    assert names(page)[0] == "beef"
    assert RelaxedNotice in map(type, page.notices)


def test_the_words_left_out_are_named(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("điện biên khủnglong"))
    (missing,) = (notice for notice in page.notices if isinstance(notice, RelaxedNotice))
    assert (missing.missing, missing.left_out) == (("khủnglong",), ("khủnglong",))
    page = searcher.search(SearchRequest("điện biên lãng mạn phức tạp"))
    (apart,) = (notice for notice in page.notices if isinstance(notice, RelaxedNotice))
    assert (apart.missing, apart.left_out) == ((), ("điện", "biên", "phức", "tạp"))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("Tây Bắc", {"exact"}),
        ("tay bac", {"folded", "reading"}),
        ("taay bawcs", {"exact", "keystrokes"}),
    ],
)
def test_each_hit_says_why(searcher: SearchService, typed: str, why: set[str]) -> None:
    assert set(searcher.search(SearchRequest(typed)).hits[0].why) == why


def test_keystrokes_are_read_and_said(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("coong an nhaan daan"))
    assert names(page) == ["police", "bare"]
    (notice,) = (notice for notice in page.notices if isinstance(notice, KeystrokesNotice))
    assert (notice.read, notice.method) == ("công an nhân dân", "telex")
    assert page.query == "coong an nhaan daan"
    as_typed = searcher.search(SearchRequest("coong an nhaan daan", as_typed=True))
    assert KeystrokesNotice not in map(type, as_typed.notices)


def test_results_come_in_order_and_page_by_page(searcher: SearchService) -> None:
    newest = searcher.search(SearchRequest("date:2022..", sort=Sort.NEWEST))
    assert names(newest) == ["bare", "police", "leave"]
    oldest = searcher.search(SearchRequest("date:2022..", sort=Sort.OLDEST, size=2, page=2))
    assert (names(oldest), oldest.total, oldest.page, oldest.pages) == (["bare"], 3, 2, 2)
    far = searcher.search(SearchRequest("bò", page=10**12))
    assert (far.hits, far.listed) == ((), 2)


def test_a_hit_names_its_section_and_speaker(searcher: SearchService) -> None:
    hit = searcher.search(SearchRequest("duong day ma tuy")).hits[0]
    assert hit.section is not None
    assert (hit.section.anchor, hit.section.speaker) == ("s1", "Ngô Thanh Bình")
    marked = [piece.text for snippet in hit.snippets for piece in snippet if piece.highlighted]
    assert marked == ["đường dây ma túy"]


def test_a_name_alone_shows_that_persons_section(searcher: SearchService) -> None:
    hit = searcher.search(SearchRequest("người:chính")).hits[0]
    assert hit.section is not None
    assert (hit.section.anchor, hit.section.speaker) == ("s2", "Nguyễn Minh Chính")


def test_snippets_are_from_what_the_person_said(searcher: SearchService) -> None:
    hit = searcher.search(SearchRequest('người:"Đỗ Minh Châu" phà')).hits[0]
    assert ["".join(piece.text for piece in snippet) for snippet in hit.snippets] == [
        "Ông Đỗ Minh Châu, giám đốc sở, cho biết: “Cầu dài 2 km”.",
        "“Phà đã cũ”, ông Châu nói thêm.",
    ]


def test_a_byline_is_shown_where_nothing_else_matched(searcher: SearchService) -> None:
    hit = searcher.search(SearchRequest('"Nhóm PV"')).hits[0]
    marked = [piece.text for snippet in hit.snippets for piece in snippet if piece.highlighted]
    assert marked == ["Nhóm PV"]
    assert hit.why


def test_the_json_has_its_stable_keys(searcher: SearchService) -> None:
    record = to_json(searcher.search(SearchRequest("cong an")))
    assert {"query", "notes", "total", "total_exact", "took_ms", "hits"} <= record.keys()
    assert {
        "id",
        "external_id",
        "title",
        "published",
        "publisher",
        "url",
        "score",
        "section",
        "snippets",
    } <= record["hits"][0].keys()


def test_an_archive_without_an_index_answers_nothing(archive_of: ArchiveFactory) -> None:
    page = archive_of().search.search(SearchRequest("công an"))
    assert (page.total, page.hits) == (0, ())


def test_a_hit_names_the_page_of_its_section(archive_of: ArchiveFactory) -> None:
    pages = (
        Section(("Cây lúa.",), locator="trang 11"),
        Section(("Con trâu.",), locator="trang 12"),
    )
    (hit,) = (
        archive_of(article("Công báo", sections=pages))
        .search.search(SearchRequest("con trau"))
        .hits
    )
    assert hit.section is not None
    assert (hit.section.anchor, hit.section.heading, hit.section.locator) == ("s2", "", "trang 12")


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.0, [True] * 4), (0.4, [True, True, False, False])]
)
def test_highlights_are_found_while_there_is_time(
    archive_of: ArchiveFactory,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    expected: list[bool],
) -> None:
    """Each look at an article takes some seconds of a budget of one second."""
    searcher = archive_of(
        *(article(f"Số {number}", "Đội cứu hộ đến ngay.") for number in range(4))
    ).search
    clock, scan = [0.0], Highlighter.scan

    def slow_scan(highlighter: Highlighter, shown: Article) -> ScannedArticle:
        clock[0] += seconds
        return scan(highlighter, shown)

    monkeypatch.setattr(Highlighter, "scan", slow_scan)
    monkeypatch.setattr(time, "thread_time", lambda: clock[0])
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    page = searcher.search(SearchRequest("cứu hộ", budget=1.0))
    shown = [any(span.highlighted for span in hit.snippets[0]) for hit in page.hits]
    assert sorted(shown, reverse=True) == expected
    assert all("cứu hộ" in "".join(span.text for span in hit.snippets[0]) for hit in page.hits)
    assert [hit.missing for hit in page.hits] == [()] * 4
    assert any(isinstance(notice, TimeNotice) for notice in page.notices) is (seconds > 0)


@pytest.mark.parametrize(
    ("typed", "notes"), [("CAND " * 50, 1), ("CAND " * 40 + "ngày:abc " * 40, 2), ("CAND TPHCM", 3)]
)
def test_an_equal_sentence_is_said_once(searcher: SearchService, typed: str, notes: int) -> None:
    assert len(searcher.search(SearchRequest(typed)).notices) == notes
