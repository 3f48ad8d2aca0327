"""Words spaced, glued and hyphenated are one where the archive writes them with one spelling."""

from __future__ import annotations

import pytest

from indexer.engine.queries import Sort
from indexer.search.query_notices import RepairNotice, SpellingNotice, SuggestionNotice
from indexer.search.search_records import MatchMode, SearchRequest
from indexer.search.service import SearchService
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
    "Moscow": "Chuyến bay tới Moscow bị hoãn",
}


@pytest.fixture(scope="module")
def service(shared_archive_of: ArchiveFactory) -> SearchService:
    texts = [article(text, external_id=name) for name, text in TEXTS.items()]
    fillers = [article(f"Bản tin số {number} về mùa vụ ở xã") for number in range(60)]
    return shared_archive_of(*texts, *fillers).search


CARS = {"ô tô", "ôtô", "oto"}
LEAGUE = {"V League", "V-League", "vleague"}
VACCINES = {"vắc xin", "vắc-xin", "vacxin"}
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
        *((typed, VACCINES) for typed in ("vắc xin", "vắc-xin", "vacxin", "vac xin")),
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
    [("oto", ["ô tô"]), ("V League", ["vleague"]), ("hòn đá", []), ("xã", [])]
    # A hyphen is a blank already, and a slip is no spelling.
    + [("Nga Mỹ", []), ("bản tin số", [])],
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
