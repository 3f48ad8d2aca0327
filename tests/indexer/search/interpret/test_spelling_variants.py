"""Words spaced, glued and hyphenated are one where the archive writes them with one spelling."""

from __future__ import annotations

import pytest

from indexer.engine.queries import Sort
from indexer.search.interpret.spelling_variants import VariantFinder
from indexer.search.interpret.units import UnitParser
from indexer.search.query.syntax import AcronymNode
from indexer.search.query_notices import RepairNotice, SpellingNotice, SuggestionNotice
from indexer.search.search_records import MatchMode, SearchRequest
from indexer.search.service import SearchService
from tests.counted_texts import CountedTexts, words_of
from tests.factories import ArchiveFactory, article

TEXTS = {
    "ô tô": "Giá xe ô tô điện giảm",
    "ôtô": "Bãi đỗ ôtô ở phố cổ",
    "oto": "Chợ oto cũ cuối tuần",
    "ở tô": "Mỡ đọng ở tô cháo",
    "V League": "Trận mở màn V League tối nay",
    "V-League": "Lịch thi đấu V-League vòng ba",
    "vleague": "Khán giả xem vleague đông",
    "vắc xin": "Tiêm vắc xin cho trẻ",
    "vắc-xin": "Lô vắc-xin mới về kho",
    "vacxin": "Giữ lạnh vacxin khi đi xa",
    "vaccine": "Tiêm vaccine ở trạm y tế",
    "virus": "Phòng virus mùa lạnh",
    "vi rút": "Ca nhiễm vi rút ở xã bên",
    "vì rút": "Bị phạt vì rút đơn muộn",
    "taxi": "Đón taxi ở ga",
    "tắc xi": "Bến tắc xi cạnh chợ",
    "face book": "Lập nhóm trên face book bán rau",
    "Facebook": "Trang Facebook của trường",
    "Facebook again": "Tài khoản Facebook bị khóa",
    "hòn đá": "Kéo hòn đá ra khỏi ruộng",
    "another stone": "Người thợ đẽo hòn đá thành tượng",
    "Honda": "Cửa hàng Honda mở cửa lại",
    "tuổi trẻ": "Tuổi trẻ xung phong làm đường",
    "address": "Tin trên tuoitre chiều nay",
    "U-23": "Đội U-23 tập ở sân phụ",
    "U23": "Vé xem U23 bán hết",
    "Nga-Mỹ": "Quan hệ Nga-Mỹ ấm lên",
    "Nga Mỹ": "Vở kịch Nga Mỹ nhân",
    "slip": "Bản tinsố bảy về mùa gặt",
    "ti vi": "Sửa ti vi tại nhà",
    "tivi": "Chiếc tivi cũ trong quán",
    "sô cô la": "Mẻ sô cô la đầu tiên",
    "socola": "Bánh socola ngày lễ",
    "Mát-xcơ-va": "Mát-xcơ-va có tuyết đầu mùa",
    "50 USD": "Mỗi suất học bổng 50 USD",
    "50 đô la": "Anh trả 50 đô la tiền trọ",
    "50 đôla": "Một chiếc mũ giá 50 đôla",
    "50": "Lớp có 50 bạn",
    "2 billion": "Vay 2 tỷ USD để làm đường",
    "2": "Mua 2 tỷ cổ phiếu",
    "20k": "Bát bún 20k ở đầu ngõ",
    "20 thousand": "Bát phở 20 nghìn ở cuối ngõ",
    "20.000 đồng": "Vé gửi xe 20.000 đồng",
    "20.000đ": "Ly nước 20.000đ ở sân ga",
    "20": "Họp lúc 20 giờ",
    "300 million": "Trả góp 300 triệu trong năm",
    "7 billion": "Cầu mới tốn 7 tỷ",
    "60 km/h": "Gió mạnh 60 km/h ngoài khơi",
    "60km/h": "Xe chạy 60km/h trên cầu",
    "60 km/giờ": "Tàu đạt 60 km/giờ qua hầm",
    "60 km": "Đường dài 60 km mất 2 h đi",
    "quận 8": "Chợ nổi ở quận 8 đông khách",
    "quận 8 again": "Kẹt xe ở quận 8 buổi sáng",
    "Q.8": "Nhà cho thuê ở Q.8 giá rẻ",
    "quân 8": "Trại lính có quân 8 đội",
    "quận Bình Tân": "Cháy kho ở quận Bình Tân",
    "quận Bình Tân again": "Xưởng may ở quận Bình Tân",
    "Q.Bình Tân": "Hẻm nhỏ ở Q.Bình Tân ngập nước",
    "quận Tám": "Lầu cũ ở quận Tám bán rẻ",
    "lớp 2": "Bé học lớp 2 ở quê",
    "lớp hai": "Cô dạy lớp hai nhiều năm",
    "tầng 3": "Lửa bùng ở tầng 3 tòa nhà",
    "tầng ba": "Người ở tầng ba kêu cứu",
    "TP Vinh": "Phố xá TP Vinh đông vui",
    "thành phố Vinh": "Ga mới của thành phố Vinh",
    "thị xã Sơn Tây": "Chợ hoa thị xã Sơn Tây",
    "thị xã Sơn Tây again": "Cổng làng thị xã Sơn Tây",
    "Sơn Tây": "Thành cổ Sơn Tây",
    "nº": "Nước hoa nº75 nổi tiếng",
    "numbered": "Đường số 75 có hàng cây",
    "75": "Bà cụ 75 tuổi",
    "Moscow": "Chuyến bay tới Moscow bị hoãn",
}


@pytest.fixture(scope="module")
def service(shared_archive_of: ArchiveFactory) -> SearchService:
    texts = [article(text, external_id=name) for name, text in TEXTS.items()]
    fillers = [article(f"Bản tin số {number} về mùa vụ ở xã") for number in range(60)]
    return shared_archive_of(*texts, *fillers).search


CARS = {"ô tô", "ôtô", "oto"}
LEAGUE = {"V League", "V-League", "vleague"}
VACCINES = {"vắc xin", "vắc-xin", "vacxin", "vaccine"}
DOLLARS = {"50 USD", "50 đô la", "50 đôla"}
SPEEDS = {"60 km/h", "60km/h", "60 km/giờ"}
BINH_TAN = ("Q.Bình Tân", "q. bình tân", "Q Bình Tân")
DISTRICT = {"quận 8", "quận 8 again", "Q.8", "quận Tám"}
TOWN = {"thị xã Sơn Tây", "thị xã Sơn Tây again"}
GRADE = {"lớp 2", "lớp hai"}
THOUSANDS = {"20k", "20 thousand", "20.000 đồng"}
PAGES = {"face book", "Facebook", "Facebook again"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *((typed, CARS) for typed in ("ô tô", "ôtô", "oto", "Ô TÔ", "ô-tô")),
        ("o to", {*CARS, "ở tô"}),
        ("ô tô điện", {"ô tô"}),
        ("oto điện", {"ô tô"}),
        ("ở tô", {"ở tô"}),
        *((typed, LEAGUE) for typed in ("V League", "V-League", "vleague", "v league")),
        *((typed, VACCINES) for typed in VACCINES),
        *((typed, VACCINES) for typed in ("vac xin", "Vaccine", "vắcxin")),
        *((typed, {"virus", "vi rút"}) for typed in ("virus", "vi rút", "virút")),
        ("vì rút", {"vì rút"}),
        *((typed, {"taxi", "tắc xi"}) for typed in ("taxi", "tắc xi")),
        *((typed, PAGES) for typed in ("face book", "facebook", "Facebook")),
        ("hòn đá", {"hòn đá", "another stone"}),
        ("honda", {"Honda"}),
        ("tuổi trẻ", {"tuổi trẻ"}),
        ("u 23", {"U-23", "U23"}),
        ("U23", {"U-23", "U23"}),
        ("ti vi", {"ti vi", "tivi"}),
        ("tivi", {"ti vi", "tivi"}),
        ("sô cô la", {"sô cô la", "socola"}),
        ("socola", {"sô cô la", "socola"}),
        *((typed, {"Mát-xcơ-va", "Moscow"}) for typed in ("moscow", "matxcova", "Mátxcơva")),
        *((typed, DOLLARS) for typed in ("50 USD", "50 usd", "50 đô la", "50 đôla", "50 do la")),
        *((typed, DOLLARS) for typed in ("$50", "50$", "US$50")),
        *((typed, {"2 billion"}) for typed in ("$2 tỷ", "2 tỷ USD", "$2 ty")),
        # What the archive does not write stays the figure.
        *((typed, {"75", "numbered"}) for typed in ("€75", "+$75")),
        *((typed, THOUSANDS) for typed in ("20k", "20K")),
        ("20.000đ", {"20.000 đồng", "20.000đ"}),
        ("20.000vnđ", {"20.000 đồng"}),
        *((typed, {"300 million"}) for typed in ("300tr", "300 triệu", "300trieu")),
        *((typed, {"7 billion"}) for typed in ("7tỷ", "7ty", "7tỉ")),
        ("nº75", {"nº", "numbered"}),
        *((typed, DISTRICT - {"quận Tám"}) for typed in ("Q.8", "Q8", "q8")),
        ("quận 8", DISTRICT),
        ("quận tám", DISTRICT - {"Q.8"}),
        *((typed, GRADE) for typed in ("lớp 2", "lớp hai", "Lớp Hai")),
        *((typed, {"tầng 3", "tầng ba"}) for typed in ("tầng 3", "tầng ba")),
        *((typed, {"TP Vinh", "thành phố Vinh"}) for typed in ("TP Vinh", "TP.Vinh", "tp. vinh")),
        ("thành phố vinh", {"TP Vinh", "thành phố Vinh"}),
        *((typed, TOWN) for typed in ("thị xã Sơn Tây", "TX Sơn Tây", "TX.Sơn Tây", "tx sơn tây")),
        *((typed, {"quận Bình Tân", "quận Bình Tân again", "Q.Bình Tân"}) for typed in BINH_TAN),
        ("quận Bình Tân", {"quận Bình Tân", "quận Bình Tân again", "Q.Bình Tân"}),
        *((typed, SPEEDS) for typed in ("60 km/h", "60km/h", "60 km/giờ", "60km/giờ", "60 km/gio")),
        ("+oto", {"ôtô", "oto"}),
        ("=ôtô", {"ôtô"}),
    ],
)
def test_spellings_of_one_word_find_each_other(
    service: SearchService, typed: str, expected: set[str]
) -> None:
    for sort in (Sort.NEWEST, Sort.RELEVANCE):
        request = SearchRequest(typed, sort=sort, size=50, match=MatchMode.FULL)
        assert {hit.external_id for hit in service.rank(request)} == expected


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("oto", ["ô tô"]),
        ("20k", ["20 nghìn", "20.000 đồng"]),
        ("V League", ["vleague"]),
        ("hòn đá", []),
        ("xã", []),
    ]
    # A hyphen is a blank already, and a slip is no spelling.
    + [("quận 8", ["Q.", "quận tám"]), ("Q.8", ["quận 8"]), ("quận tám", ["quận 8"])]
    + [("TX Sơn Tây", ["thị xã"]), ("Q.Bình Tân", ["quận"])]
    + [("60 km/giờ", ["60 km/h", "60km/h"]), ("Nga Mỹ", []), ("bản tin số", [])],
)
def test_another_spelling_is_said(service: SearchService, typed: str, texts: list[str]) -> None:
    notices = service.search(SearchRequest(typed)).notices
    assert [notice.text for notice in notices if isinstance(notice, SpellingNotice)] == texts
    # A word with another spelling is no mistake.
    assert not any(isinstance(notice, RepairNotice | SuggestionNotice) for notice in notices)


@pytest.mark.parametrize("request_of", [{"as_typed": True}, {"exact": True}])
def test_only_what_was_typed_is_searched_on_demand(
    service: SearchService, request_of: dict[str, bool]
) -> None:
    page = service.search(SearchRequest("vleague", **request_of))
    assert not any(isinstance(notice, SpellingNotice) for notice in page.notices)
    assert page.total == 2


def other_spellings(counts: dict[str, int], typed: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the texts that are said, and the words of a query with each in its place."""
    statistics = CountedTexts(counts, 10_000)
    units = UnitParser(statistics)
    finder = VariantFinder(statistics, units.bigrams.lift)
    nodes = finder.expand(units.parse(words_of(typed)))
    forms = [form for node in nodes if isinstance(node, AcronymNode) for form in node.alternatives]
    return list(zip((notice.text for notice in finder.notices), forms, strict=True))


GLUED = [("têlô", ("telo",))]
APART = [("tê lô", ("tê", "lô"))]


@pytest.mark.parametrize(
    ("counts", "typed", "spellings"),
    [
        # A fifth of the articles with the letters have these diacritics.
        ({"tê lô": 5, "têlô": 2, "téló": 4, "teló": 4}, "tê lô", [("téló", ("telo",))]),
        ({"tê lô": 5, "têlô": 20, "téló": 40, "teló": 41}, "tê lô", []),
        # And a fiftieth of those with the words in a row.
        ({"tê lô": 100, "têlô": 2}, "tê lô", GLUED),
        ({"tê lô": 101, "têlô": 2}, "tê lô", []),
        ({"tê lô": 5, "telo": 1}, "tê lô", []),
        ({"tê lô": 5, "telo": 1}, "te lo", []),
        ({"te lo": 5, "telo": 1, "tê lô": 4}, "te lo", [("telo", ("telo",))]),
        ({"tê lô, têlô": 5}, "tê lô", []),
        ({"tê lô mo": 9, "têlômo": 2}, "tê lô mo", [("têlômo", ("telomo",))]),
        ({"te lo mo": 9, "telomo": 2}, "te lo mo", []),
        ({"tê lô mo ka": 9, "têlômoka": 2}, "tê lô mo ka", []),
        ({"xe tê lô": 9, "têlô": 2}, "xe tê lô", [("têlô", ("xe", "telo"))]),
        ({"tê lô xe": 9, "têlô": 2}, "tê lô xe", [("têlô", ("telo", "xe"))]),
        ({"tê lô, ma ka": 9, "têlô": 2, "maka": 3}, "tê lô ma ka", [*GLUED, ("maka", ("maka",))]),
        ({"tê lô": 9, "têlô": 2}, "tê +lô", []),
        ({"u 23": 9, "u23": 2}, "u 23", [("u23", ("u23",))]),
        ({"20 23": 9, "2023": 2}, "20 23", []),
        ({"a b": 9, "ab": 2}, "a b", []),
        ({"a bc": 9, "abc": 2}, "a bc", [("abc", ("abc",))]),
        *(
            (
                {f"{'x' * 10} {'y' * size}": 9, "x" * 10 + "y" * size: 2},
                f"{'x' * 10} {'y' * size}",
                [("x" * 10 + "y" * size, ("x" * 10 + "y" * size,))] * (size < 11),
            )
            for size in (10, 11)
        ),
        # A word in parts.
        ({"tê lô": 2, "têlô": 98}, "têlô", APART),
        ({"tê lô": 2, "têlô": 101}, "têlô", []),
        ({"tê lô": 9, "têlô": 20, "teló": 80}, "têlô", APART),
        ({"tê lô": 9, "têlô": 20, "teló": 81}, "têlô", []),
        ({"tê lô": 9, "têlô": 20, "teló": 80}, "telo", APART),
        ({"tê lô": 9, "têlô": 20, "teló": 80}, "teló", []),
        ({"te lo": 9, "telo": 20}, "telo", [("te lo", ("te", "lo"))]),
        ({"tê lô": 9, "tê": 5000, "lô": 900, "têlô": 20}, "têlô", []),
        ({"te lo": 9, "tê lô": 1, "telo": 20}, "telo", [("te lo", ("te", "lo"))]),
        ({"tê lô": 9, "têlô": 20}, "têlô-xe", []),
        # What meets by chance is no reading of a bare unit, nor is its glued form.
        (
            {"tê lô": 20, "tế lộ": 20, "tế": 5000, "lộ": 3000, "tếlộ": 20},
            "te lo",
            [],
        ),
        ({"tê lô": 9, "tê, lô": 100, "têlô": 20}, "têlô", APART),
        ({"têlô tê lô": 9}, "têlô", []),
        ({"xe": 9, "tê lô": 9, "têlô": 20}, "xe têlô", APART),
        # Telephone numbers, in all their groups.
        ({"0912 345 678": 2}, "0912345678", [("0912 345 678", ("0912", "345", "678"))]),
        ({"0912 345": 2, "678": 2}, "0912345678", []),
        ({"0912 345 678": 2}, "0912345679", []),
        # Loan words however rare, and the other names of places.
        ({"ô tô": 1, "ôtô": 500}, "ôtô", [("ô tô", ("ô", "tô"))]),
        ({"ô tô": 5000, "ôtô": 1}, "ô tô", [("ôtô", ("oto",))]),
        ({"moscow": 3, "mátxcơva": 2}, "moscow", [("mátxcơva", ("matxcova",))]),
        ({"moscow, mátxcơva": 3}, "moscow", []),
        (
            {"vắc xin": 9, "vắcxin": 3, "vaccine": 4},
            "vaccine",
            [("vắc xin", ("vắc", "xin")), ("vắcxin", ("vacxin",))],
        ),
        (
            {"vắc xin": 9, "vắcxin": 3, "vaccine": 4},
            "vắc xin",
            [("vắcxin", ("vacxin",)), ("vaccine", ("vaccine",))],
        ),
        ({"vác xin": 9, "vaccine": 4}, "vác xin", []),
    ],
)
def test_the_archive_tells_whether_two_spellings_are_of_one_word(
    counts: dict[str, int], typed: str, spellings: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert other_spellings(counts, typed) == spellings


@pytest.mark.parametrize(
    ("counts", "typed", "spelling"),
    [
        # A short form of one letter has its dot, one of two is as it is; a figure has its thing.
        ({"quận Tây Hồ": 9, "q Tây Hồ": 1}, "quận Tây Hồ", "Q."),
        ({"thành phố Vinh": 9, "tp Vinh": 1}, "thành phố Vinh", "tp"),
        ({"lớp 1": 9, "lớp một": 1}, "lớp 1", "lớp một"),
        ({"lớp 1": 9, "vào lớp một": 1}, "vào lớp 1", "lớp một"),
    ],
)
def test_a_spelling_is_said_as_it_is_written(
    counts: dict[str, int], typed: str, spelling: str
) -> None:
    assert [text for text, _ in other_spellings(counts, typed)] == [spelling]
