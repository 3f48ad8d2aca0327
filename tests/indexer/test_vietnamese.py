"""The rules of Vietnamese as a search sees them: figures, signs, ordinals, one word's spellings."""

from __future__ import annotations

import pytest

from indexer.engine.queries import Sort
from indexer.search.query_notices import RepairNotice, SuggestionNotice
from indexer.search.search_records import MatchMode, SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article

FIGURES = {
    "day": "Lễ 30/4 ở quảng trường",
    "spelled day": "Sáng ngày 30 tháng 4, xe đông",
    "dashed day": "Đêm 30-4 bắn pháo hoa",
    "whole date": "Chiều 30/4/1975 tại dinh",
    "dotted day": "Trưa ngày 30.4 tàu cập bến",
    "afternoon": "Chiều 30.4 đèn sáng",
    "decimal": "Dài 30.4 mét",
    "parts of a day": "Năm 2018 có 4 dự án, 30 hộ dời đi",
    "sentences": "Tiền vé 30. 4 người mua",
    "score": "Đội nhà thắng 3-1 trên sân",
    "score apart": "Khách thua 3 - 1 ở lượt về",
    "parts of a score": "Ngày 1 có 3 trận",
    "percent": "Giá rau tăng 30% sau bão",
    "percent apart": "Giá cá tăng 30 % sau bão",
    "percent in words": "Khoảng 30 phần trăm số hộ",
    "no percent": "Giá dầu tăng 30 nghìn đồng",
    "month": "Báo cáo tháng 12/2016 gửi tỉnh",
    "decree": "Theo Nghị định 12/2016/NĐ-CP mới",
    "range": "Khách giảm 20-30% trong tháng",
    "range without a sign": "Khách chờ 20-30 phút",
    "brand": "Hãng H&M mở cửa hàng",
    "initials": "Hai nghi phạm H. và M. ra tòa, H, M khai",
    "language": "Lập trình C++ và C# cho trẻ",
    "letter": "Vitamin C có trong cam",
    "channel": "Kênh K+ phát trận đấu",
    "no channel": "Bệnh nhân K đi khám",
    "phone": "Gọi số 0912.345.678 để hỏi",
    "phone apart": "Đường dây nóng 0912 345 678 mở suốt ngày",
    "desk phone": "Văn phòng 024 3826 1234 trả lời",
    "no phone": "Hồ sơ 0912 có 345 trang, 678 chữ",
    "Roman quarter": "Doanh thu quý I tăng",
    "quarter": "Xuất khẩu quý 1 giảm",
    "third quarter": "Lợi nhuận quý ba cao",
    "another third quarter": "Sản lượng quý III thấp",
    "ladies": "Chợ của các quý bà sang trọng",
    "century": "Nhà văn thế kỷ XX",
    "Roman congress": "Văn kiện Đại hội XII của Đảng",
    "congress": "Trước đại hội đại biểu toàn quốc lần thứ 12",
    "another congress": "Đại hội XI, có 12 đoàn dự",
}


@pytest.fixture(scope="module")
def figures(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(
        *(article(text, external_id=name) for name, text in FIGURES.items())
    ).search


DAY = {"day", "spelled day", "dashed day", "whole date", "dotted day", "afternoon"}
PERCENT = {"percent", "percent apart", "percent in words", "range"}
CONGRESS = {"Roman congress", "congress"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("30/4", DAY),
        ("30-4", DAY),
        ("30/04", DAY),
        ("ngày 30 tháng 4", DAY),
        ("ngày 30.4", DAY),
        ("ngay 30 thang 4", DAY),
        ('"30/4"', DAY),
        ('"tăng 30%"', {"percent", "percent apart"}),
        ('"lập trình C++"', {"language"}),
        ('"đại hội 12"', CONGRESS),
        ('"H&M"', {"brand"}),
        ("-30/4 lễ", set()),
        ('-"30/4" đêm', set()),
        ("30/4/1975", {"whole date"}),
        ("3-1", {"score", "score apart"}),
        ("3 - 1", {"score", "score apart"}),
        ("thắng 3-1", {"score"}),
        ("30%", PERCENT),
        ("tăng 30%", {"percent", "percent apart"}),
        ("30 %", PERCENT),
        ("30 phần trăm", PERCENT),
        ("30 phan tram", PERCENT),
        ("20-30%", {"range"}),
        ("tháng 12/2016", {"month"}),
        ("nghị định 12/2016", {"decree"}),
        ("H&M", {"brand"}),
        ("h&m", {"brand"}),
        ("C++", {"language"}),
        ("c#", {"language"}),
        ("K+", {"channel"}),
        ("0912345678", {"phone", "phone apart"}),
        ("0912.345.678", {"phone", "phone apart"}),
        ("0912 345 678", {"phone", "phone apart"}),
        ("gọi 0912 345 678", {"phone"}),
        ("02438261234", {"desk phone"}),
        ("quý 1", {"Roman quarter", "quarter"}),
        ("quý I", {"Roman quarter", "quarter"}),
        ("quy 1", {"Roman quarter", "quarter"}),
        ("quý ba", {"third quarter", "another third quarter"}),
        ("quý 3", {"third quarter", "another third quarter"}),
        ("quý bà", {"ladies"}),
        ("thế kỷ 20", {"century"}),
        ("thế kỉ XX", {"century"}),
        ("đại hội XII", CONGRESS),
        ("đại hội 12", CONGRESS),
        ("dai hoi 12", CONGRESS),
        ("đại hội lần thứ XII", CONGRESS),
        ("trước đại hội XII", {"congress"}),
    ],
)
def test_figures_and_signs_are_searched_as_one(
    figures: SearchService, typed: str, expected: set[str]
) -> None:
    for sort in (Sort.NEWEST, Sort.RELEVANCE):
        request = SearchRequest(typed, sort=sort, size=50, match=MatchMode.FULL)
        assert {hit.external_id for hit in figures.rank(request)} == expected


@pytest.mark.parametrize("typed", ["quý hai", "quý ba", "đại hội XII", "30 phần trăm", "3-1"])
def test_a_term_of_several_words_is_no_mistake(figures: SearchService, typed: str) -> None:
    notices = figures.search(SearchRequest(typed)).notices
    assert not any(isinstance(notice, RepairNotice | SuggestionNotice) for notice in notices)
