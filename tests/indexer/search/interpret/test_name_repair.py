"""Names are repaired as names: as a whole, with the archive's capitals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from indexer.analysis.analyzer import Analyzer, Token
from indexer.search.interpret.known_names import KnownName, KnownNames
from indexer.search.interpret.name_repair import NameRepair, NameRepairer
from indexer.search.interpret.repairs import RepairKind
from indexer.search.interpret.spelling import SpellChecker
from indexer.search.interpret.spelling_edits import is_one_edit
from indexer.search.query.parser import parse
from indexer.search.query_notices import RepairNotice, SuggestionNotice
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from indexer.vietnamese.syllables import folded_form
from tests.counted_texts import CountedTexts, stretches_of
from tests.factories import ArchiveFactory, article

TITLES = (
    *(f"Hôm nay Trần Văn Lương thăm xã vùng cao ngày {number}" for number in range(12)),
    *(f"Thượng nghị sĩ Joel Baxter phát biểu lần {number}" for number in range(6)),
    *(f"Xe Zyxota về cảng đợt {number}" for number in range(6)),
    *(f"Họ tỏ ý mua, nên ý ta là chờ phiên {number}" for number in range(40)),
    *(f"Dịch ở Kongo lan sang tỉnh {number}" for number in range(3)),
    *(f"Ca kíp công ở, kíp công ở lại lần {number}" for number in range(60)),
    *(f"Kon go, kon go rất hay {number}" for number in range(200)),
    *(f"Hãng Vietbac bay chuyến {number}" for number in range(3)),
    *(f"Khu rừng của Việt Bắc xanh lại {number}" for number in range(60)),
    *(f"Bài đến tay bạn đọc số {number}" for number in range(9)),
    *(f"Tổng Công ty TNHH Xanh nhận lời đặt {number}" for number in range(25)),
    "Bà Trần Văn Lượng mở quán",
    "Em học THH, lá cây xanh",
    "Đội Công An phường và Đông Anh hôm nay",
)


@pytest.fixture(scope="module")
def service(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*(article(title, "Bài viết ngắn.") for title in TITLES)).search


def offered(service: SearchService, typed: str) -> list[str]:
    notices = service.search(SearchRequest(typed)).notices
    return [n.text for n in notices if isinstance(n, RepairNotice | SuggestionNotice)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("trân văn lương", ["Trần Văn Lương"]),
        ("Trần Văn Lươg", ["Trần Văn Lương"]),
        ("trần vắn lương thăm xã", ["Trần Văn Lương thăm xã"]),
        ("joe baxter", ["Joel Baxter"]),
        ("joe bxter", ["Joel Baxter"]),
        ("zyxta", ["Zyxota"]),
        # Names and words that the archive has are left alone.
        ("trần văn lượng", []),
        ("tran van luong", []),
        ("joel baxter", []),
        ("công an", []),
        # A name of its own is no two words, unless these are a name.
        ("Kongo", []),
        ("Vietbac", ["việt bắc"]),
        # A short form that the archive has is no slip of another; an unknown one may be.
        ("thh xanh", []),
        ("tnnh xanh", ["TNHH Xanh"]),
    ],
)
def test_a_name_is_repaired_as_a_whole(
    service: SearchService, typed: str, expected: list[str]
) -> None:
    assert offered(service, typed) == expected


def test_bare_words_stay_bare(service: SearchService) -> None:
    (text,) = offered(service, "tran van luogn tham xa")
    assert text == "Tran Van Luong tham xa"


class StatedNames(KnownNames):
    """Names that a test states, each with the number of its articles."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._stated = [
            KnownName(tuple(name.split()), tuple(name.lower().split()), count)
            for name, count in counts.items()
        ]

    def find(self, tokens: Sequence[Token]) -> KnownName | None:
        """Return the name that these words are, bare ones in any form."""
        return next((name for name in self._of_size(tokens) if _are_same(tokens, name)), None)

    def find_near(self, tokens: Sequence[Token]) -> list[KnownName]:
        """Return the names of as many words, each of them typed or one edit away."""
        return [name for name in self._of_size(tokens) if _are_near(tokens, name)]

    def _of_size(self, tokens: Sequence[Token]) -> list[KnownName]:
        return [name for name in self._stated if len(name.words) == len(tokens)]


def _are_same(tokens: Sequence[Token], name: KnownName) -> bool:
    pairs = zip(tokens, name.exact_forms, strict=True)
    return all(
        form in (token.exact, token.folded) or folded_form(form) == token.exact
        for token, form in pairs
    )


def _are_near(tokens: Sequence[Token], name: KnownName) -> bool:
    pairs = zip(tokens, name.exact_forms, strict=True)
    return all(
        token.folded == folded_form(form) or is_one_edit(token.folded, folded_form(form))
        for token, form in pairs
    )


def repair(
    typed: str, names: Mapping[str, int], counts: Mapping[str, int], faultless: Sequence[int] = ()
) -> NameRepair | None:
    repairer = NameRepairer(CountedTexts(counts, 50_000), StatedNames(names))
    return repairer.find(stretches_of(typed), set(faultless))


@pytest.mark.parametrize(
    ("typed", "names", "counts", "is_repaired"),
    [
        # A name is far more frequent than what was typed, most where that may be another person.
        ("trân đại quang", {"Trần Đại Quang": 51}, {"trân đại quang": 1}, True),
        ("trân đại quang", {"Trần Đại Quang": 50}, {"trân đại quang": 1}, False),
        # Bare words are compared as bare, others as they were typed.
        (
            "trân đại quang",
            {"Trần Đại Quang": 51},
            {"trân đại quang": 1, "trần đại quang": 900},
            True,
        ),
        ("tran van luogn", {"Trần Văn Lương": 21}, {"trần văn luogn": 1}, True),
        ("tran van luogn", {"Trần Văn Lương": 20}, {"trần văn luogn": 1}, False),
        ("tran van luogn", {"Trần Văn Lương": 900}, {"trần văn luogn": 11}, False),
        ("joe baxtr", {"Joe Baxter": 21}, {"joe baxtr": 1}, True),
        ("joe baxtr", {"Joe Baxter": 20}, {"joe baxtr": 1}, False),
        # What many articles have side by side is meant, whatever is more frequent.
        ("joe baxtr", {"Joe Baxter": 900}, {"joe baxtr": 10}, True),
        ("joe baxtr", {"Joe Baxter": 900}, {"joe baxtr": 11}, False),
        ("joe baxtr mới", {"Joe Baxter Mới": 900}, {"joe baxtr": 11, "baxtr mới": 10}, True),
        ("joe baxtr mới", {"Joe Baxter Mới": 900}, {"joe baxtr": 11, "baxtr mới": 11}, False),
        ("trân đạt", {"Trần Đat": 900}, {}, False),
        # Two words are no other syllables, three may have one.
        ("đồng anh", {"Đông Anh": 900}, {}, False),
        ("cống an xã", {"Công An Xã": 900}, {}, True),
        ("cống ân xã", {"Công An Xã": 900}, {}, False),
        # Two words may change if the archive lacks one of them, not three.
        ("jox bxter", {"Joe Baxter": 9}, {}, True),
        ("jox bxter", {"Joe Baxter": 9}, {"jox": 1}, True),
        ("jox bxter", {"Joe Baxter": 9}, {"jox": 1, "bxter": 1}, False),
        ("joe baxtr", {"Joe Baxter": 9}, {"baxtr": 1}, True),
        ("jox bxter klin", {"Joe Baxter Kline": 9}, {}, False),
        ("jox bxter kline", {"Joe Baxter Kline": 9}, {}, True),
        # A short form that the archive has is no slip of another.
        ("thh xanh", {"TNHH Xanh": 900}, {"thh": 1}, False),
        ("thh xanh", {"TNHH Xanh": 900}, {}, True),
        # What is a name as typed is meant, bare as well.
        ("joe baxter", {"Joe Baxter": 9, "Joe Baxtera": 900}, {}, False),
        ("tran van luong", {"Trần Văn Lương": 9, "Trần Văn Luông": 900}, {}, False),
        ("joe baxtr", {}, {}, False),
    ],
)
def test_a_name_has_to_be_far_likelier_than_what_was_typed(
    typed: str, names: dict[str, int], counts: dict[str, int], is_repaired: bool
) -> None:
    assert (repair(typed, names, counts) is not None) is is_repaired


@pytest.mark.parametrize(
    ("typed", "faultless", "start", "words"),
    [
        ("joe baxtr", [], 0, "Joe Baxter"),
        ("hôm nay joe baxtr", [], 2, "Joe Baxter"),
        ("hôm joe baxtr nói về đó", [], 1, "Joe Baxter"),
        # The longest name comes first, then the first one.
        ("joe baxtr kline", [], 0, "Joe Baxter Kline"),
        ("joe baxtr zyxl corp", [], 0, "Joe Baxter"),
        ("zyxl corp joe baxtr kline", [], 2, "Joe Baxter Kline"),
        # Longer queries are not compared, words that are no mistakes not changed.
        ("hôm nay joe baxtr nói về đó", [], None, ""),
        ("joe baxtr", [0], None, ""),
        ("joe baxtr", [4], None, ""),
        ("joe baxtr", [3, 10], 0, "Joe Baxter"),
        ("joe baxtr7", [], None, ""),
        ("joe", [], None, ""),
    ],
)
def test_the_longest_name_is_repaired_where_it_stands(
    typed: str, faultless: list[int], start: int | None, words: str
) -> None:
    names = {"Joe Baxter": 9, "Joe Baxter Kline": 9, "Zyxel Corp": 9, "Jo": 9}
    assert repair(typed, names, {}, faultless) == (
        None if start is None else NameRepair(start, tuple(words.split()), True)
    )


@pytest.mark.parametrize(
    ("names", "words", "is_clear"),
    [
        ({"Joe Baxter": 30, "Joe Baxtar": 10}, "Joe Baxter", True),
        ({"Joe Baxter": 29, "Joe Baxtar": 10}, "Joe Baxter", False),
        ({"Joe Baxter": 10, "Joe Baxtar": 10}, "Joe Baxter", False),
        ({"Joe Baxter": 10, "Joe Baxtar": 30}, "Joe Baxtar", True),
        ({"Joe Baxter": 10, "Joe Baxtar": 29}, "Joe Baxtar", False),
    ],
)
def test_of_two_names_the_likelier_one_is_meant(
    names: dict[str, int], words: str, is_clear: bool
) -> None:
    assert repair("joe baxtr", names, {}) == NameRepair(0, tuple(words.split()), is_clear)


def test_without_names_nothing_is_one() -> None:
    repairer = NameRepairer(CountedTexts({}, 1000), None)
    assert repairer.find(stretches_of("joe baxtr"), set()) is None
    assert not repairer.is_name([stretch.tokens[0] for stretch in stretches_of("joe baxter")])


@pytest.mark.parametrize(("typed", "is_one"), [("joe baxter", True), ("joe", False)])
def test_words_are_a_name_as_a_whole(typed: str, is_one: bool) -> None:
    repairer = NameRepairer(CountedTexts({}, 1000), StatedNames({"Joe Baxter": 9}))
    assert repairer.is_name([stretch.tokens[0] for stretch in stretches_of(typed)]) is is_one


@pytest.mark.parametrize(
    ("typed", "repaired", "expected"),
    [
        # Only where a word of the name was repaired.
        ("joe baxter", [], "joe baxter"),
        ("joe baxter", [0], "Joe Baxter"),
        ("joe baxter", [1], "Joe Baxter"),
        ("xem joe baxter nói", [2], "xem Joe Baxter nói"),
        ("xem joe baxter nói", [0, 3], "xem joe baxter nói"),
        # The longest name; what is capitalized stays so.
        ("joe baxter kline zyxel", [0, 3], "Joe Baxter Kline Zyxel"),
        ("zyxel joe baxter kline", [3], "zyxel Joe Baxter Kline"),
        ("baxter kline joe", [0], "Baxter Kline joe"),
        # Bare words stay bare; a name may have small letters.
        ("tran van luong", [2], "Tran Van Luong"),
        ("trần văn de gol", [1], "Trần Văn de Gol"),
    ],
)
def test_repaired_words_have_the_capitals_of_their_name(
    typed: str, repaired: list[int], expected: str
) -> None:
    names = {"Joe Baxter": 9, "Joe Baxter Kline": 9, "Baxter Kline": 9, "Zyxel": 9}
    names |= {"Trần Văn Lương": 9, "Trần Văn de Gol": 9}
    repairer = NameRepairer(CountedTexts({}, 1000), StatedNames(names))
    stretches = [
        replace(stretch, kind=RepairKind.MISSPELT) if place in repaired else stretch
        for place, stretch in enumerate(stretches_of(typed))
    ]
    capitalized = repairer.capitalize(stretches)
    assert " ".join(stretch.text for stretch in capitalized) == expected
    assert [stretch.tokens for stretch in capitalized] == [stretch.tokens for stretch in stretches]


def test_a_name_is_searched_in_place_of_the_words_that_are_it_but_for_a_slip() -> None:
    statistics = CountedTexts({"trân đại quang": 1, "trần đại quang": 9}, 50_000)
    checker = SpellChecker(Analyzer(), statistics, StatedNames({"Trần Đại Quang": 51}))
    repaired = checker.repairs(parse("xem trân đại quang", Analyzer()))
    assert repaired is not None
    assert repaired.text == "xem Trần Đại Quang"
    assert [correction.start for correction in repaired.corrections] == [4]
