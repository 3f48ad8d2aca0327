"""Acronyms and their long forms find each other, from the texts and the operator's glossary."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.engine.queries import Sort
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import OpenArchive
from indexer.search.interpret.acronym_expansion import AcronymExpander, _without_overlaps
from indexer.search.query.syntax import AcronymNode
from indexer.search.query_notices import AcronymNotice
from indexer.search.search_records import MatchMode, ResultPage, SearchRequest
from indexer.search.service import SearchService
from indexer.vietnamese.glossary import Entry, merge_glossaries
from tests.counted_texts import CountedTexts, words_of
from tests.factories import ArchiveFactory, article, keep

ARTICLES = {
    "office": article("Điện Biên hai", "Ủy ban nhân dân tỉnh Điện Biên họp."),
    "ubnd": article("Chủ tịch UBND", "UBND huyện ra quyết định."),
    "dept": article("Cục An ninh mạng", "Cục An ninh mạng (ANM) thông báo."),
    "anm": article("ANM cảnh báo", "ANM nói về lừa đảo."),
    "romance": article("Lãng mạn", "Một chuyện tình lãng mạn."),
}
NAMES = {article.identifier: name for name, article in ARTICLES.items()}


@pytest.fixture(scope="module")
def archive(shared_archive_of: ArchiveFactory) -> OpenArchive:
    return shared_archive_of(*ARTICLES.values())


@pytest.fixture
def searcher(archive: OpenArchive) -> SearchService:
    return archive.search


def names(page: ResultPage) -> list[str]:
    return [NAMES[hit.identifier] for hit in page.hits]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("UBND", ["ubnd", "office"]),
        ("ubnd", ["ubnd", "office"]),
        ("ủy ban nhân dân", ["office", "ubnd"]),
        ("uy ban nhan dan", ["office", "ubnd"]),
        ("UBND huyện", ["ubnd"]),
        ("+UBND", ["ubnd"]),
        ("an ninh mạng", ["dept", "anm"]),
    ],
)
def test_short_and_long_forms_find_each_other_below_what_was_typed(
    searcher: SearchService, typed: str, expected: list[str]
) -> None:
    assert names(searcher.search(SearchRequest(typed))) == expected


def test_an_acronym_is_said_and_can_be_switched_off(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("UBND"))
    (notice,) = page.notices
    assert isinstance(notice, AcronymNotice)
    assert (notice.short, notice.long) == ("UBND", "ủy ban nhân dân")
    assert page.hits[1].why == ("acronym",)
    marked = [piece.text for piece in page.hits[1].snippets[0] if piece.highlighted]
    assert marked == ["Ủy ban nhân dân"]
    as_typed = searcher.search(SearchRequest("UBND", as_typed=True))
    assert (names(as_typed), as_typed.notices) == (["ubnd"], ())


@pytest.mark.parametrize("times", [1, 2, 60])
def test_a_short_form_is_said_once_however_often_it_is_typed(
    searcher: SearchService, times: int
) -> None:
    notices = searcher.search(SearchRequest(" ".join(["UBND"] * times))).notices
    once = searcher.search(SearchRequest("UBND")).notices
    assert [type(notice) for notice in notices].count(AcronymNotice) == 1
    assert notices == once


def test_the_operators_glossary_is_read_when_it_changes(archive: OpenArchive) -> None:
    glossary = archive.store.home / "glossary.tsv"
    assert names(archive.search.search(SearchRequest("LMX"))) == []
    glossary.write_text("LMX\tlãng mạn\nnonsense\n", encoding="utf-8")
    assert names(archive.search.search(SearchRequest("LMX"))) == ["romance"]
    glossary.unlink()
    assert names(archive.search.search(SearchRequest("LMX"))) == []


def test_definitions_go_with_the_article_that_gave_them(archive_of: ArchiveFactory) -> None:
    archive = archive_of(ARTICLES["dept"], ARTICLES["anm"])
    assert archive.search.search(SearchRequest("an ninh mạng")).total == 2
    archive.store.delete(ARTICLES["dept"].identifier)
    keep(archive.store, article("An ninh mạng", "nói về an ninh mạng"))
    IndexBuilder(archive.store).update()
    assert archive.search.search(SearchRequest("an ninh mạng")).total == 1


BODIES = {
    "glued": "Kẹt xe ở TPHCM sáng nay",
    "dotted": "Đường mới ở TP.HCM mở cửa",
    "apart": "Chợ hoa TP HCM đông khách",
    "half": "Thư viện TP Hồ Chí Minh",
    "whole": "Bảo tàng thành phố Hồ Chí Minh",
    "street": "Phố Hồ Chí Minh ở thành cổ",
    "oil": "Tập đoàn Dầu khí Việt Nam (PVN) khoan giếng",
    "oil again": "Ông chủ tịch PVN phát biểu",
    "oil in full": "Lãi của Tập đoàn Dầu khí Việt Nam",
    "mill": "Công ty Dệt kim Bình Minh (KNB) tuyển thợ",
    "mill again": "Thợ KNB vào ca đêm",
    "capital": "Chợ đêm HN đông khách",
    "capital in full": "Chợ đêm Hà Nội mở lại",
    "television": "Phóng viên VTV đưa tin",
    "television in full": "Chương trình của Đài Truyền hình Việt Nam",
}


@pytest.fixture(scope="module")
def bodies(shared_archive_of: ArchiveFactory) -> SearchService:
    texts = [article(text, external_id=name) for name, text in BODIES.items()]
    return shared_archive_of(*texts).search


CITY = {"glued", "dotted", "apart", "half", "whole"}
OIL = {"oil", "oil again", "oil in full"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *((typed, CITY) for typed in ("TPHCM", "TP.HCM", "TP HCM", "tphcm", "tp hcm")),
        *((typed, CITY) for typed in ("TP Hồ Chí Minh", "thành phố Hồ Chí Minh")),
        ("thanh pho ho chi minh", CITY),
        ("kẹt xe TP.HCM", {"glued"}),
        ("bảo tàng TPHCM", {"whole"}),
        ("+TPHCM", {"glued", "dotted", "apart"}),
        ("PVN", OIL),
        ("Tập đoàn Dầu khí Việt Nam", OIL),
        ("KNB", {"mill", "mill again"}),
        # Two letters mean many things; typed they are read, and alone their long form finds them.
        ("chợ đêm HN", {"capital", "capital in full"}),
        ("chợ đêm Hà Nội", {"capital in full"}),
        ("VTV", {"television", "television in full"}),
        ("đài truyền hình Việt Nam", {"television", "television in full"}),
    ],
)
def test_short_forms_that_are_no_initials_are_known_too(
    bodies: SearchService, typed: str, expected: set[str]
) -> None:
    request = SearchRequest(typed, sort=Sort.NEWEST, match=MatchMode.FULL, size=50)
    assert {hit.external_id for hit in bodies.rank(request)} == expected


def expander_of(counts: dict[str, int], *entries: tuple[str, str]) -> AcronymExpander:
    glossary = merge_glossaries((), {}, [Entry(short, long) for short, long in entries], 1)
    return AcronymExpander(glossary, Analyzer(), CountedTexts(counts, 100))


def expansions(expander: AcronymExpander, typed: str) -> list[tuple[str, list[str]]]:
    """Return the expanded words of a query, each with its other forms."""
    return [
        (
            " ".join(word.text for word in node.words),
            [" ".join(form) for form in node.alternatives],
        )
        for node in expander.expand(words_of(typed))
        if isinstance(node, AcronymNode)
    ]


UBND = ("UBND", "ủy ban nhân dân")
HOSPITAL = ("BV", "bệnh viện")


@pytest.mark.parametrize(
    ("entries", "typed", "expanded"),
    [
        ([UBND], "UBND", [("UBND", ["uy ban nhan dan"])]),
        ([UBND], "họp UBND xã", [("UBND", ["uy ban nhan dan"])]),
        ([UBND], "ủy ban nhân dân", [("ủy ban nhân dân", ["ubnd"])]),
        ([UBND], "họp ủy ban nhân dân", [("ủy ban nhân dân", ["ubnd"])]),
        # Of two letters a short form stands for its long one only where that is all.
        ([HOSPITAL], "bệnh viện", [("bệnh viện", ["bv"])]),
        ([HOSPITAL], "bệnh viện mới", []),
        ([HOSPITAL], "mới bệnh viện", []),
        ([HOSPITAL], "BV mới", [("BV", ["benh vien"])]),
        ([("BVX", "bệnh viện")], "bệnh viện mới", [("bệnh viện", ["bvx"])]),
        # A form that the archive does not hold finds nothing.
        ([("BVY", "bệnh viện")], "bệnh viện mới", []),
        ([("BV", "bệnh xá")], "BV", []),
        # The other short forms of the long one stand for it as well, three forms at most.
        ([("XYZ", "a1 b1"), ("XYW", "a1 b1")], "XYZ", [("XYZ", ["a1 b1", "xyw"])]),
        (
            [("XYZ", f"{letter}1 b1") for letter in "acde"],
            "XYZ",
            [("XYZ", ["a1 b1", "c1 b1", "d1 b1"])],
        ),
        # Long forms are read from the left.
        (
            [("MHB", "một hai ba"), ("HBBN", "hai ba bốn năm")],
            "một hai ba bốn năm",
            [("một hai ba", ["mhb"])],
        ),
        (
            [("MHB", "một hai ba"), ("BNS", "bốn năm sáu")],
            "một hai ba bốn năm sáu",
            [("một hai ba", ["mhb"]), ("bốn năm sáu", ["bns"])],
        ),
        # A short form that is one term in articles is that one word.
        (
            [("TP HCM", "thành phố Hồ Chí Minh")],
            "thành phố Hồ Chí Minh",
            [("thành phố Hồ Chí Minh", ["tphcm"])],
        ),
        ([("GD&ĐT", "giáo dục và đào tạo")], "sở GD&ĐT", [("GD&ĐT", ["giao duc va dao tao"])]),
        ([UBND], "+UBND", []),
        ([UBND], "ủy ban =nhân dân", []),
    ],
)
def test_forms_stand_for_each_other_where_the_archive_holds_them(
    entries: list[tuple[str, str]], typed: str, expanded: list[tuple[str, list[str]]]
) -> None:
    texts = ["bệnh viện", "bv", "bvx", "ubnd", "ủy ban nhân dân", "mhb", "hbbn", "bns", "xyz xyw"]
    texts += [
        "TP HCM",
        "thành phố Hồ Chí Minh",
        "giáo dục và đào tạo",
        "một hai ba bốn năm sáu",
        *(f"{letter}1 b1" for letter in "acde"),
    ]
    expander = expander_of(dict.fromkeys(texts, 1), *entries)
    assert expansions(expander, typed) == expanded


@pytest.mark.parametrize(
    ("typed", "expanded"),
    [
        ("mn ơi", []),
        ("cho mn xem", []),
        ("trường mn", ["mn"]),
        ("trường mn xã", ["mn"]),
        ("mn", ["mn"]),
        ("MN ơi", ["MN"]),
        ("mn nào", ["mn"]),
        ("gọi đt", []),
        ("đt bóng", ["đt"]),
        ("mn oi", []),
        # As many articles speak for either.
        ("mn xinh", ["mn"]),
        # Other words of the same letters speak for neither: `nôn ói` is not `non ơi`.
        ("mn ói", ["mn"]),
        # A word in front that is none by itself tells nothing.
        ("=trường mn ơi", []),
    ],
)
def test_a_short_form_in_small_letters_is_teencode_where_its_neighbours_say_so(
    typed: str, expanded: list[str]
) -> None:
    texts = [
        "người ơi",
        "cho mọi người",
        "người xem",
        "người xinh",
        "non xinh",
        "mầm non",
        "nôn ói",
        "bị nôn ói",
    ]
    texts += ["trường mầm non", "gọi điện thoại", "đội tuyển bóng", "mn", "đt"]
    entries = [("MN", "mầm non"), ("ĐT", "đội tuyển")]
    expander = expander_of(dict.fromkeys(texts, 2), *entries)
    assert [short for short, _ in expansions(expander, typed)] == expanded
    assert len(expander.notices) == len(expanded)


def test_a_short_form_of_several_words_is_no_teencode() -> None:
    texts = ["mn qt", "mầm non quốc tế", "mọi người qt"]
    expander = expander_of(dict.fromkeys(texts, 1), ("MN QT", "mầm non quốc tế"))
    assert expansions(expander, "mn qt") == [("mn qt", ["mam non quoc te"])]


def test_an_expansion_is_reported_with_both_forms() -> None:
    expander = expander_of({"ubnd": 1, "ủy ban nhân dân": 1}, UBND)
    expander.expand(words_of("họp UBND"))
    assert [(notice.short, notice.long) for notice in expander.notices] == [UBND]
    assert expander.alternatives == [("ubnd",), ("uy", "ban", "nhan", "dan")]


@pytest.mark.parametrize(
    ("spans", "chosen"),
    [
        ({(0, 1), (0, 3), (2, 6), (6, 8), (5, 7)}, [(6, 8), (2, 6), (0, 1)]),
        ({(0, 2), (1, 3), (2, 4)}, [(2, 4), (0, 2)]),
        ({(1, 2), (1, 4), (4, 5)}, [(4, 5), (1, 4)]),
        ({(5, 9), (0, 5)}, [(5, 9), (0, 5)]),
        ({(3, 4), (0, 3), (2, 5)}, [(3, 4), (0, 3)]),
        (set(), []),
    ],
)
def test_of_overlapping_spans_the_longest_is_chosen(
    spans: set[tuple[int, int]], chosen: list[tuple[int, int]]
) -> None:
    assert _without_overlaps(spans) == chosen
