"""Names are repaired as names: as a whole, with the archive's capitals."""

from __future__ import annotations

import pytest

from indexer.search.query_notices import RepairNotice, SuggestionNotice
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
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
