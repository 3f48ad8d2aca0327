"""Neighbouring words that the archive writes as one are one unit, by its own counts."""

from __future__ import annotations

import math

import pytest

from indexer.search.interpret.bigram_lifts import BigramLifts
from indexer.search.interpret.units import UnitParser, _candidates
from indexer.search.query.syntax import UnitNode, WordNode
from indexer.search.search_records import MatchMode, SearchRequest
from indexer.search.service import SearchService
from tests.counted_texts import CountedTexts, RemoteTexts, words_of
from tests.factories import ArchiveFactory, article

COUNT = 12


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    articles = []
    for number in range(COUNT):
        articles += [
            article(f"Ma túy {number}", f"Bắt đường dây ma túy số {number} ở chợ."),
            article(f"Mà {number}", f"Trời mưa mà đường vắng, tuy lạnh, họ về quê số {number}."),
            article(f"Vốn {number}", f"Ngân hàng nhà nước hạ lãi suất lần {number}."),
            article(f"Hàng {number}", f"Quầy hàng nhà bà bán rau, nước mắm {number}."),
            article(f"Cá {number}", f"Cá chết trôi sông ở làng {number}."),
            article(f"Gió {number}", f"Miền trung có gió mùa {number}."),
            article(f"Đấu {number}", f"Messi, Ronaldo và Kane; Ronaldo, Messi lần {number}."),
            article(
                f"Biển {number}", f"Tàu ra Biển Đông ngày {number}; giá biến động lần {number}."
            ),
        ]
    return shared_archive_of(*articles).search


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ma túy", ("ma túy",)),
        ("ma tuy", ("ma túy/ma tuy",)),
        ("ngân hàng nhà nước", ("ngân hàng nhà nước",)),
        ("ngan hang nha nuoc", ("ngan hang nha nuoc",)),
        ("cá chết miền trung", ("cá chết", "miền trung")),
        ("ngân hang", ("ngân hàng/ngân hang",)),
        ("messi ronaldo", ("messi", "ronaldo")),
        ("chết miền", ("chết", "miền")),
        ("cá khủnglong", ("cá", "khủnglong")),
        ('"ma túy" cá', ("ma túy", "cá")),
        ("=ma =túy", ("ma", "túy")),
        ("ma túy -mà", ("ma túy",)),
        ('ma "cá chết" túy', ("ma", "cá chết", "túy")),
        ("ma (túy)", ("ma", "túy")),
        ("ma, túy", ("ma túy",)),
        ("t?y cá chết", ("t?y", "cá chết")),
        ("cá chết t?y", ("cá chết", "t?y")),
        ("mesi~ ronaldo", ("mesi~", "ronaldo")),
        ("mesi~2 ronaldo", ("mesi~2", "ronaldo")),
        ("", ()),
    ],
)
def test_words_are_parted_as_the_archive_writes_them(
    searcher: SearchService, typed: str, meant: tuple[str, ...]
) -> None:
    assert searcher.search(SearchRequest(typed)).meant == meant


def test_a_bare_unit_stands_for_all_its_dominant_readings(searcher: SearchService) -> None:
    (meant,) = searcher.search(SearchRequest("bien dong")).meant
    assert {"biển đông", "biến động"} <= set(meant.split("/"))


def spans(statistics: CountedTexts, typed: str) -> list[str]:
    """Return the parts of a query, each as its words; two that are a unit have forms."""
    parts = UnitParser(statistics).parse(words_of(typed))
    units = [part for part in parts if isinstance(part, UnitNode)]
    assert all((len(part.words) == 2) == bool(part.forms) for part in units)
    return [
        " ".join(word.text for word in part.words) if isinstance(part, UnitNode) else part.text
        for part in parts
        if isinstance(part, UnitNode | WordNode)
    ]


@pytest.mark.parametrize(
    ("counts", "lift"),
    [
        ({"xa xôi": 2}, True),
        # Two common words that stand together twice do so by chance.
        ({"xa xôi": 2, "xa": 4, "xôi": 5}, True),
        ({"xa xôi": 2, "xa": 5, "xôi": 5}, False),
        ({"xa xôi": 3, "xa": 50, "xôi": 50}, True),
        # Names in either order are a list, words are not.
        ({"messi kane": 9, "kane messi": 3}, True),
        ({"messi kane": 9, "kane messi": 4}, False),
        ({"đường xa": 9, "xa đường": 9}, True),
        ({"xa": 9, "xôi": 9}, False),
    ],
)
def test_words_that_meet_by_chance_have_no_lift(counts: dict[str, int], lift: bool) -> None:
    pair = next(text for text in (*counts, "xa xôi") if " " in text)
    assert (BigramLifts(CountedTexts(counts, 1000)).lift(pair) > 0) == lift


def test_the_lift_is_the_ratio_to_what_chance_gives() -> None:
    lift = BigramLifts(CountedTexts({"giá vàng": 10, "giá": 90, "vàng": 40}, 10_000)).lift
    chance = math.log1p(-100 / 10_000) * math.log1p(-50 / 10_000)
    assert lift("giá vàng") == pytest.approx(-math.log1p(-10 / 10_000) * 400 / chance)
    # Words that are in every article have a lift as well, of next to nothing.
    everywhere = BigramLifts(CountedTexts({"giá vàng": 5})).lift("giá vàng")
    assert everywhere == pytest.approx(400 / math.log(5))
    in_both = BigramLifts(CountedTexts({"giá vàng": 2})).lift("giá vàng")
    assert in_both == pytest.approx(400 / math.log(2))


# `khi bắt` has a lift of 7: enough for a query that is two words, not in a longer one.
WEAK = {"khi bắt": 10, "khi": 5000, "bắt": 900, "xe": 100, "gió mùa": 40}


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("khi bắt", ["khi bắt"]),
        ("khi bắt xe", ["khi", "bắt", "xe"]),
        ("khi bắt gió mùa", ["khi", "bắt", "gió mùa"]),
        ("gió mùa", ["gió mùa"]),
        ("gió mùa xe", ["gió mùa", "xe"]),
        ("xe gió mùa", ["xe", "gió mùa"]),
        ("mùa gió", ["mùa", "gió"]),
        # Words that are typed as one are no part of a unit.
        ("gió mùa-xe", ["gió", "mùa-xe"]),
        ("xe-gió mùa", ["xe-gió", "mùa"]),
    ],
)
def test_two_words_alone_are_a_unit_sooner(typed: str, parts: list[str]) -> None:
    statistics = CountedTexts(WEAK, 10_000)
    assert 4 < BigramLifts(statistics).lift("khi bắt") < 12
    assert spans(statistics, typed) == parts


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("các hợp chất", ["các", "hợp chất"]),
        ("về các hợp chất", ["về", "các", "hợp chất"]),
        ("hợp chất là gì", ["hợp chất", "là", "gì"]),
        ("của hợp chất và", ["của", "hợp chất", "và"]),
        # Of a longer query too, where no stronger unit takes one of them.
        ("rau hợp chất", ["rau", "hợp chất"]),
        ("hợp chất các rau", ["hợp chất", "các", "rau"]),
        ("hợp các chất", ["hợp", "các", "chất"]),
        ("các =hợp chất", ["các", "hợp", "chất"]),
    ],
)
def test_function_words_leave_two_words_alone(typed: str, parts: list[str]) -> None:
    counts = {"hợp chất": 20, "hợp": 4600, "chất": 2100, "rau": 900, "gì": 4000, "là": 8600}
    statistics = CountedTexts({**counts, "các": 8000, "về": 7000, "của": 9100, "và": 9400}, 10_000)
    assert 4 < BigramLifts(statistics).lift("hợp chất") < 12
    assert spans(statistics, typed) == parts


@pytest.mark.parametrize(
    ("counts", "typed", "parts"),
    [
        # Units in a row in a third of the articles that have both are one, in fewer two.
        ({"ngân hàng nhà nước": 10, "ngân hàng, nhà nước": 20}, "ngân hàng nhà nước", 1),
        ({"ngân hàng nhà nước": 10, "ngân hàng, nhà nước": 21}, "ngân hàng nhà nước", 2),
        # A word of one syllable is joined to a unit that it hardly ever is without.
        ({"cảnh sát biển": 10, "cảnh sát, biển": 800}, "cảnh sát biển", 1),
        ({"cảnh sát biển": 10, "cảnh sát, biển": 1100}, "cảnh sát biển", 2),
        ({"biển cảnh sát": 10, "biển, cảnh sát": 800}, "biển cảnh sát", 1),
        # Without any article that has them in a row nothing is joined.
        ({"cảnh sát": 30, "gió mùa": 30}, "cảnh sát gió mùa", 2),
        ({"cảnh sát biển đông": 9}, "cảnh sát biển đông", 1),
        ({"một hai ba bốn năm sáu": 9}, "một hai ba bốn năm sáu", 1),
        # Nor where all the bigrams are in an article, and the words in a row in none.
        ({"ông park, park hang seo": 30, "ông": 900}, "ông park hang seo", 2),
        ({"ông park, park hang seo": 30, "ông": 900}, "ong park hang seo", 2),
        ({"hlv park hang seo": 30, "hlv": 90}, "hlv park hang seo", 1),
        ({"tàu biển, biển đông, đông á": 30}, "tàu biển đông á", 2),
    ],
)
def test_units_that_stand_in_a_row_are_one(counts: dict[str, int], typed: str, parts: int) -> None:
    assert len(spans(CountedTexts(counts, 10_000), typed)) == parts


@pytest.mark.parametrize(
    ("counts", "parts"),
    [
        # Bare words are joined as what they stand for is: *đòn*, though *đơn* is far commoner.
        (
            {"đòn tấn công": 60, "đòn": 100, "đơn, tấn công": 800, "đơn": 25_000},
            ["don tan cong"],
        ),
        ({"đơn tấn công": 3, "đơn, tấn công": 800, "đơn": 25_000}, ["don", "tan cong"]),
        # Beside a unit a word is what goes on with it, though *nói năng* is far commoner.
        (
            {"hà nội nắng": 25, "hà nội": 2000, "nói năng": 400, "nắng": 300, "nâng": 3000},
            ["ha noi nang"],
        ),
        ({"hà nội": 2000, "nói năng": 400, "nắng": 300, "nâng": 3000}, ["ha noi", "nang"]),
    ],
)
def test_bare_words_are_joined_as_what_they_stand_for(
    counts: dict[str, int], parts: list[str]
) -> None:
    typed = " ".join(parts)
    assert spans(CountedTexts(counts, 35_000), typed) == parts
    written = next(iter(counts))
    if len(parts) == 1:
        assert spans(CountedTexts(counts, 35_000), written) == [written]


def test_in_a_very_long_query_units_are_pairs() -> None:
    words = "một hai ba bốn năm sáu bảy tám chín mười trăm".split()
    statistics = CountedTexts({" ".join(words): 9}, 10_000)
    assert len(spans(statistics, " ".join(words[:9]))) == 2
    assert len(spans(statistics, " ".join(words[:10]))) == 2
    assert len(spans(statistics, " ".join(words))) == 6


@pytest.mark.parametrize(
    ("counts", "typed", "parts"),
    [
        # The rarer bigram has the greater lift by its rare word, and less behind it.
        (
            {"hiện tại": 200, "tại đà nẵng": 20, "tại": 3000, "đã": 4000},
            "hien tai da",
            ["hien tai", "da"],
        ),
        # Two pairs that fill the run are likelier than the strongest one between them.
        (
            {"dinh dưỡng": 60, "tính với": 50, "dương tính": 400, "với": 700, "tính": 700},
            "dinh duong tinh voi",
            ["dinh duong", "tinh voi"],
        ),
        (
            {"ngày nay": 60, "những ngày": 200, "ngày": 4000, "những": 5000, "nay": 800},
            "những ngày nay",
            ["những", "ngày nay"],
        ),
    ],
)
def test_the_pairs_of_a_run_are_the_likeliest_together(
    counts: dict[str, int], typed: str, parts: list[str]
) -> None:
    assert spans(CountedTexts(counts, 10_000), typed) == parts


def test_of_three_units_those_are_joined_that_stand_in_a_row() -> None:
    counts = {
        "cảnh sát gió mùa": 5,
        "cảnh sát, gió mùa": 100,
        "gió mùa biển đông": 30,
        "gió mùa, biển đông": 10,
    }
    typed = "cảnh sát gió mùa biển đông"
    assert spans(CountedTexts(counts, 10_000), typed) == ["cảnh sát", "gió mùa biển đông"]
    turned = {
        "biển đông gió mùa": 5,
        "biển đông, gió mùa": 100,
        "cảnh sát biển đông": 30,
        "cảnh sát, biển đông": 10,
    }
    typed = "cảnh sát biển đông gió mùa"
    assert spans(CountedTexts(turned, 10_000), typed) == ["cảnh sát biển đông", "gió mùa"]


@pytest.mark.parametrize(
    ("typed", "is_unit"),
    [("gió mùa", True), ("gio mua", True), ("mùa gió", False), ("khi bắt", False)]
    + [("gió +mùa", False), ("gió =mùa", False), ("gió-mùa lạnh", False), ("lạnh gió-mùa", False)],
)
def test_the_words_of_a_unit_are_one_in_any_query(typed: str, is_unit: bool) -> None:
    first, second = words_of(typed)
    assert UnitParser(CountedTexts(WEAK, 10_000)).is_unit(first, second) == is_unit


FIGURES = {
    "42 named": "Quốc hội thông qua nghị quyết số 42 về nợ xấu.",
    "42": "Theo nghị quyết 42, nợ được bán.",
    "42 apart": "Nghị quyết trừng phạt 42 công ty.",
    "37.5": "Em bé sốt 37,5 độ suốt đêm.",
    "37.5 apart": "Trả góp 37,5 triệu đồng, tốc độ cao.",
    "10": "Bão số 9 vào; lớp 10 Hà Tĩnh tan trường.",
    "hectares": "Rừng 10 ha cháy, rừng 10 ha xanh.",
    "2017": "Giá vàng của năm 2017 rất cao.",
    "foreign named": "Theo Resolution No. 77 và các văn bản khác.",
    "foreign": "Theo Resolution 77 và các văn bản khác.",
}


@pytest.fixture(scope="module")
def figures(shared_archive_of: ArchiveFactory) -> SearchService:
    others = (
        "Hà Tĩnh có {0} đò, lớp 10 lại đông.",
        "Nghị quyết của xã {}.",
        "Có {} độ dốc.",
        "Giá vàng {}.",
        "Bão số {} tan.",
    )
    texts = [
        *(article("Tin", text, external_id=name) for name, text in FIGURES.items()),
        *(article("Khác", text.format(n + 100)) for text in others for n in range(20)),
    ]
    return shared_archive_of(*texts).search


@pytest.mark.parametrize(
    ("typed", "meant", "full"),
    [
        ("nghị quyết 42", ("nghị quyết 42",), {"42", "42 named"}),
        ("nghi quyet 42", ("nghi quyet 42",), {"42", "42 named"}),
        # What names the figure need not stand there.
        ("nghị quyết số 42", ("nghị quyết 42",), {"42", "42 named"}),
        ("nghi quyet so 42", ("nghi quyet 42",), {"42", "42 named"}),
        ("Nghị quyết No. 42", ("Nghị quyết 42",), {"42", "42 named"}),
        ("nghị quyết No.42", ("nghị quyết 42",), {"42", "42 named"}),
        ("nghị quyết n°42", ("nghị quyết 42",), {"42", "42 named"}),
        ("37,5 độ", ("37.5 độ",), {"37.5"}),
        ("resolution 77", ("resolution 77",), {"foreign named", "foreign"}),
        ("Resolution No. 77", ("resolution 77",), {"foreign named", "foreign"}),
        # Years stand anywhere, and so do figures that nobody writes so.
        ("giá vàng 2017", ("giá vàng", "2017"), {"2017"}),
        ("độ 42", ("độ", "42"), set()),
        ("10 ha", ("10 ha",), {"hectares"}),
    ],
)
def test_a_figure_stands_with_its_word(
    figures: SearchService, typed: str, meant: tuple[str, ...], full: set[str]
) -> None:
    page = figures.search(SearchRequest(typed, match=MatchMode.FULL))
    assert page.meant == meant
    assert {hit.external_id for hit in page.hits} == full


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("nghị quyết 42", ["nghị quyết", "42"]),
        ("nghi quyet 42", ["nghị quyết", "42"]),
        ("nghị quyết số 42", ["nghị quyết số 42"]),
    ],
)
def test_units_of_a_figure_come_first_and_are_marked(
    figures: SearchService, typed: str, named: list[str]
) -> None:
    hits = figures.search(SearchRequest(typed)).hits
    assert {hit.external_id for hit in hits[:2]} == {"42", "42 named"}
    assert hits[2].external_id == "42 apart"
    marked = {
        hit.external_id: [span.text for span in hit.snippets[0] if span.highlighted]
        for hit in hits[:2]
    }
    assert marked == {"42": ["nghị quyết 42"], "42 named": named}


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        # A title and a given name stand together, though both words are everywhere.
        ("ông nhân", ["ông nhân"]),
        ("ông mạnh", ["ông", "mạnh"]),
        ("ông nhân nói", ["ông nhân", "nói"]),
        ("cô nhân nói", ["cô", "nhân", "nói"]),
        ("cô nhân", ["cô nhân"]),
    ],
)
def test_a_title_and_a_name_are_a_unit_by_themselves(typed: str, parts: list[str]) -> None:
    counts = {
        **{"ông nhân": 30, "cô nhân": 5, "ông mạnh": 2},
        **{"ông": 6_000, "cô": 1_500, "nhân": 3_000, "mạnh": 3_000, "nói": 4_000},
    }
    assert spans(CountedTexts(counts, 10_000), typed) == parts


AMONG_FIGURES = {
    "hà tĩnh": 900,
    "10 hà tĩnh": 2,
    "10 ha": 300,
    "10": 8000,
    "dưới 5": 9,
    "5 triệu": 60,
    "5": 8000,
    "triệu": 900,
    "dưới": 900,
    "nghị quyết 42": 1,
    "nghị quyết": 500,
    "quyết": 900,
    "42": 500,
    "số 2": 400,
    "cảng số 1": 13,
    "cảng": 300,
    "số": 19_000,
    "bão": 900,
    "2": 16_000,
    "tập 5": 33,
    "tập 6": 14,
    "tập": 9_000,
    "6": 13_000,
    "phim": 2_000,
    "điều 7": 60,
    "điều số 7": 2,
    "điều": 14_000,
    "7": 12_000,
    "quận 7": 150,
    "quân số 7": 1,
    "quận": 3_000,
    "quân": 3_000,
    "áo số 7": 20,
    "áo 7": 2,
    "áo": 4_000,
    "trong số 7": 50,
    "trong": 30_000,
}


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        # What meets by chance is no unit, and hectares are no town.
        ("10 hà tĩnh", ["10", "hà tĩnh"]),
        ("10 ha tinh", ["10", "ha tinh"]),
        ("10 ha", ["10 ha"]),
        ("dưới 5 triệu", ["dưới", "5 triệu"]),
        ("nghị quyết 42", ["nghị quyết 42"]),
        # Bare words are beside a figure as what they stand for.
        ("bao so 2", ["bao", "so 2"]),
        # What has numbers is told apart by them, whether or not the archive has this one.
        ("cảng số 2", ["cảng số 2"]),
        ("cang so 1", ["cang so 1"]),
        ("cang so 2 phim", ["cang so 2", "phim"]),
        ("bão số 2", ["bão", "số 2"]),
        # `số` is left out where articles do, and not where a figure behind the word is another's.
        ("điều số 7", ["điều 7"]),
        ("dieu so 7 phim", ["dieu 7", "phim"]),
        ("quận số 7", ["quận 7"]),
        ("quan so 7", ["quan 7"]),
        ("quân số 7", ["quân", "số 7"]),
        ("áo số 7", ["áo số 7"]),
        ("trong số 7", ["trong", "số 7"]),
        # Behind a word a figure is its number more often than by chance; alone with it always.
        ("tập 5 phim", ["tập 5", "phim"]),
        ("tap 5 phim", ["tap 5", "phim"]),
        ("tập 6 phim", ["tập", "6", "phim"]),
        ("tập 6", ["tập 6"]),
        ("tap 6", ["tap 6"]),
        ("6 tập", ["6", "tập"]),
        ("tập 7", ["tập", "7"]),
    ],
)
def test_a_figure_is_bound_by_what_is_no_chance(typed: str, parts: list[str]) -> None:
    assert spans(CountedTexts(AMONG_FIGURES, 35_000), typed) == parts


ROW = {"một hai ba bốn năm sáu bảy tám chín mười": 9}


@pytest.mark.parametrize(
    ("counts", "typed", "most"),
    [
        (ROW, "một hai ba", 4),
        (ROW, "một hai ba bốn", 4),
        (ROW, "một hai ba bốn năm sáu bảy", 25),
        (ROW, "một hai ba bốn năm sáu bảy tám", 25),
        # In some rounds no more than four of five pairs become one unit.
        (ROW, "một hai ba bốn năm sáu bảy tám chín mười", 37),
        (ROW, "tám một hai ba bốn tám", 4),
        ({"cảnh sát biển": 10, "cảnh sát, biển": 800}, "biển cảnh sát biển", 4),
        ({"cảnh sát": 30, "gió mùa": 30}, "cảnh sát gió mùa", 0),
    ],
)
def test_all_that_joining_counts_is_looked_up_by_one_call(
    counts: dict[str, int], typed: str, most: int
) -> None:
    statistics = RemoteTexts(counts, 10_000)
    UnitParser(statistics).parse(words_of(typed))
    (call,) = [call for call in statistics.calls if not call.frequencies]
    assert statistics.counted <= call.counts
    assert len(call.counts) == most


@pytest.mark.parametrize(
    ("typed", "is_repaired", "at_once"),
    [
        ("một hai ba", False, True),
        # Of what may be repaired the counts can wait, and of two words by themselves.
        ("một hai ba", True, False),
        ("một hai", False, False),
        ("một hai beckham", False, False),
        ("một hai bốn", False, False),
        # In one of 5,000 articles words are beside each other by right.
        ("hai ba sáu", False, True),
        ("hai ba bảy", False, False),
    ],
)
def test_what_joining_counts_waits_where_a_repair_may_come(
    typed: str, is_repaired: bool, at_once: bool
) -> None:
    counts = {"một hai ba": 9, "hai beckham": 9, "ba sáu": 3, "ba bảy": 2, "bốn": 9}
    statistics = RemoteTexts(counts, 14_999)
    UnitParser(statistics, is_repaired=is_repaired).parse(words_of(typed))
    assert [call.at_once for call in statistics.calls if not call.frequencies] == [at_once]


def test_a_near_index_is_asked_as_it_comes() -> None:
    statistics = RemoteTexts(ROW, 10_000)
    statistics.is_remote = False
    UnitParser(statistics).parse(words_of("một hai ba"))
    assert all(call.frequencies for call in statistics.calls)


FORMS = ["a b", "a c", "a d", "a e", "a g", "a h", "a i"]


@pytest.mark.parametrize(
    ("agreeing", "place", "rarer"),
    [
        ([FORMS], 0, []),
        # What goes on with the words beside is meant as well, however rare it is.
        ([FORMS, ["h x"]], 0, ["a h"]),
        ([FORMS, ["b x"]], 0, []),
        ([FORMS, ["i x", "h x"]], 0, ["a h", "a i"]),
        ([["x a"], FORMS], 1, ["a h", "a i"]),
        ([["x b"], FORMS, ["i y"]], 1, ["a i"]),
        # Of those beside the commonest ones count.
        ([FORMS, ["b x", "c x", "d x", "e x", "g x", "h x"]], 0, []),
    ],
)
def test_forms_that_go_on_with_words_beside_are_compared(
    agreeing: list[list[str]], place: int, rarer: list[str]
) -> None:
    assert _candidates(agreeing, place) == [*FORMS[:5], *rarer]
