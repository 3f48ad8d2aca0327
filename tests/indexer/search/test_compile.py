"""Compiled queries end to end: figures and signs, exact phrases, and exclusions match."""

from __future__ import annotations

import pytest

from indexer.search.search_records import MatchMode, SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article

SIGNED = {
    "holiday": "Nghỉ lễ 30/4 và 1/5 ở biển.",
    "holiday by hyphen": "Pháo hoa mừng lễ 30-4 bên sông.",
    "a month": "Dự án 30 tỷ khởi công từ 4/2018.",
    "teachers": "Trường tặng hoa ngày 20/11 cho thầy cô.",
    "teachers in words": "Ngày 20 tháng 11 là của thầy cô.",
    "other days": "Từ ngày 11/6 có 20 xe, đến 20/5 năm sau thêm 11 xe.",
    "score": "Đội nhà thắng với tỷ số 3-1.",
    "score apart": "Sau hiệp một tỉ số là 3 - 1.",
    "other score": "Tỷ số 1-0 sau 3 trận.",
    "range": "Giá giảm 20-30% trong tuần.",
    "hours": "Phim chiếu lúc 20 giờ 30 phút, ngày 11-2.",
    "percent": "Doanh thu tăng 30% so với cùng kỳ.",
    "percent in words": "Lợi nhuận tăng 30 phần trăm.",
    "thousands": "Xăng tăng 30 nghìn đồng, tính đến 30/5.",
    "shop": "Hãng H&M mở cửa hàng thứ ba.",
    "initials": "Bị cáo H. khai nhận, bà M. vắng mặt.",
    "language": "Lớp dạy C++ cho trẻ em.",
    "other language": "Lớp C# buổi tối.",
    "weather": "Nhiệt độ 30 độ C, trời nắng.",
    "phone": "Gọi số 0912345678 để đặt chỗ.",
    "phone apart": "Đường dây nóng 0912 345 678.",
    "phone by dots": "Máy bàn của ông: 0912.345.678.",
    "quarter": "Kết quả quý I/2017 khả quan.",
    "quarter in figures": "Sang quý 1 năm 2017 có lãi.",
    "other quarter": "Trong quý 2 chỉ có 1 đợt, năm 2017 khó khăn.",
    "century": "Bước vào thế kỷ XXI.",
    "century in figures": "Công nghệ của thế kỷ 21.",
    "congress": "Nghị quyết đại hội XII của Đảng.",
    "congress in figures": "Văn kiện đại hội lần thứ 12.",
    "decree": "Nghị định 46/2016/NĐ-CP về xử phạt giao thông.",
    "forty-six": "Năm 2016 có 46 nghị định mới.",
    "day": "Hội nghị họp vào ngày 19/12/2022.",
    "day in words": "Hội nghị khai mạc ngày 19 tháng 12 năm 2022.",
    "day by day": "Sáng 19 tháng 12 năm 2022 trời trở rét.",
    "day apart": "Có 19 đội dự giải tháng 12 năm 2022.",
    "tag": "Cổ động viên viết #MU trên áo.",
    "account": "Tài khoản @realDonaldTrump bị khóa.",
    "address": "Vào www.facebook.com để xem.",
    "stock": "Lô 02091-C-712 và BENCH-100821 đã về.",
    "apostrophe": "Ở quán O'Hara, cạnh park.",
    "money": "Giá 1,5 triệu đồng, cọc 10.000 đồng.",
    "industry": "Cách mạng công nghiệp 4.0 cần 500 triệu USD.",
    "ministry": "Bộ GD&ĐT ra thông báo.",
    "ministry in full": "Bộ Giáo dục và Đào tạo công bố lịch thi.",
}


def full_matches(service: SearchService, typed: str) -> set[str]:
    request = SearchRequest(typed, match=MatchMode.FULL, size=50)
    page = service.search(request)
    assert page.total_exact <= page.total_full <= page.total_folded
    return {hit.external_id for hit in page.hits}


def service_of(archive_of: ArchiveFactory, texts: dict[str, str]) -> SearchService:
    return archive_of(*(article("", text, external_id=name) for name, text in texts.items())).search


@pytest.fixture(scope="module")
def signed(shared_archive_of: ArchiveFactory) -> SearchService:
    return service_of(shared_archive_of, SIGNED)


HOLIDAYS = {"holiday", "holiday by hyphen"}
TEACHERS = {"teachers", "teachers in words"}
SCORES = {"score", "score apart"}
PERCENTAGES = {"range", "percent", "percent in words"}
PHONES = {"phone", "phone apart", "phone by dots"}
QUARTERS = {"quarter", "quarter in figures"}
CENTURIES = {"century", "century in figures"}
CONGRESSES = {"congress", "congress in figures"}
MINISTRY = {"ministry", "ministry in full"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("30/4", HOLIDAYS),
        ('"30/4"', HOLIDAYS),
        ("lễ 30/4", HOLIDAYS),
        ("30-4", HOLIDAYS),
        ("lễ 30-4", HOLIDAYS),
        ("ngày 30 tháng 4", HOLIDAYS),
        ("20/11", TEACHERS),
        ("20-11", TEACHERS),
        ("ngày 20/11", TEACHERS),
        ("ngay 20/11", TEACHERS),
        ("3-1", SCORES),
        ("tỷ số 3-1", SCORES),
        ("ty so 3-1", SCORES),
        ("20-30%", {"range"}),
        ("30%", PERCENTAGES),
        ("30 phần trăm", PERCENTAGES),
        ("tăng 30%", {"percent", "percent in words"}),
        ("tang 30 phan tram", {"percent", "percent in words"}),
        ("H&M", {"shop"}),
        ("h&m", {"shop"}),
        ("C++", {"language"}),
        ("c++", {"language"}),
        ("C#", {"other language"}),
        *((typed, PHONES) for typed in ("0912345678", "0912 345 678", "0912.345.678")),
        *((typed, QUARTERS) for typed in ("quý I", "quý 1", "quy 1", "quý 1 2017")),
        ("quý I/2017", QUARTERS),
        *((typed, CENTURIES) for typed in ("thế kỷ XXI", "thế kỉ 21", "the ky 21")),
        *((typed, CONGRESSES) for typed in ("đại hội XII", "đại hội 12", "dai hoi 12")),
        ("nghị định 46/2016/NĐ-CP", {"decree"}),
        ("46/2016/nd-cp", {"decree"}),
        ("nghi dinh 46 2016", {"decree"}),
        ("19/12/2022", {"day", "day in words"}),
        ("ngày 19 tháng 12 năm 2022", {"day", "day in words", "day by day"}),
        ("19 tháng 12 năm 2022", {"day", "day in words", "day by day"}),
        ("19 thang 12 nam 2022", {"day", "day in words", "day by day"}),
        ("sáng 19 tháng 12 năm 2022", {"day by day"}),
        ("#MU", {"tag"}),
        ("@realDonaldTrump", {"account"}),
        ("www.facebook.com", {"address"}),
        ("02091-C-712", {"stock"}),
        ("BENCH-100821", {"stock"}),
        ("O'Hara park.", {"apostrophe"}),
        ("1.5 triệu", {"money"}),
        ("10000 đồng", {"money"}),
        ("4.0", {"industry"}),
        ("500 trieu usd", {"industry"}),
        *((typed, MINISTRY) for typed in ("Bộ GD&ĐT", "bo gd&dt", "bộ giáo dục và đào tạo")),
        ('"bà vắng"~1', {"initials"}),
        ('"vắng bị"~10', {"initials"}),
    ],
)
def test_figures_and_signs_are_matched_whole(
    signed: SearchService, typed: str, expected: set[str]
) -> None:
    assert full_matches(signed, typed) == expected


WORDED = {
    "invited": "Họ mời về quê. Xe mới đẹp.",
    "new in town": "Anh ấy mới về phố.",
    "people": "Báo nhân dân số ra sáng nay.",
    "almond": "Bà nhân đan giỏ tre cho dân.",
    "new year": "Lời chúc năm mới.",
    "Nam invites": "Bạn Nam mời cả nhà, một năm và những điều mới.",
    "children": "Lo cho con cái học hành.",
    "little one": "Con cãi mẹ, cái áo rách.",
    "UBND": "UBND xã họp, một ủy viên vắng mặt.",
    "UBND alone": "UBND huyện gặp dân.",
    "committee": "Ủy ban nhân dân tỉnh họp.",
    "patient": "Bệnh nhân 2988 ra viện.",
    "hospital": "Bệnh viện đón nhân viên thứ 2988.",
    "teacher": "Giáo viên và học sinh.",
    "teacher in a museum": "Giáo viên đến viện bảo tàng.",
    "institute": "Học viện ở xa.",
    "dairy": "Trang trại nuôi bò sữa.",
    "father's dairy": "Bố nuôi bò sữa ở quê.",
    "butter": "Bơ và sữa tươi.",
    "police": "Công an xã vào cuộc.",
    "police case": "Công an phá án nhanh.",
    "football": "Trận bóng đá chiều nay.",
    "football again": "Giải bóng đá đã trở lại.",
    "circular": "Thông tư của Bộ.",
    "investment": "Vốn đầu tư công tăng.",
    "private": "Kinh tế tư nhân lớn lên.",
    "central": "Ban TƯ họp phiên đầu.",
    "central in full": "Hội nghị trung ương lần hai.",
}


@pytest.fixture(scope="module")
def worded(shared_archive_of: ArchiveFactory) -> SearchService:
    return service_of(shared_archive_of, WORDED)


DAIRIES = {"dairy", "father's dairy"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('"mới về"', {"new in town"}),
        ('="mới về"', {"new in town"}),
        ("mới về", {"new in town"}),
        ('"nhân dân"', {"people", "committee"}),
        ('"năm mới"', {"new year"}),
        ('"con cái"', {"children"}),
        ('"mới về" OR "năm mới"', {"new in town", "new year"}),
        ('"con cái" OR "nhân dân"', {"children", "people", "committee"}),
        ("UBND", {"UBND", "UBND alone", "committee"}),
        ("UBND -ủy", {"UBND alone"}),
        ("UBND -uy", {"UBND alone"}),
        ("bệnh nhân 2988", {"patient"}),
        ("giáo viên -viện", {"teacher"}),
        ("giáo viên -=viện", {"teacher"}),
        ("giáo viên -viến", {"teacher", "teacher in a museum"}),
        ('giáo viên -"bảo tàng"', {"teacher"}),
        ("bò sữa -bố", {"dairy"}),
        ("(bò OR bơ) -bố", {"dairy", "butter"}),
        ("(bò OR bơ) sữa -bo", set()),
        ("bò sữa -bò", set()),
        ("công an -án", {"police"}),
        ("công an -an", set()),
        ("công an -công", set()),
        ("bóng đá -đã", {"football"}),
        ("người bao -đặc", set()),
        ("thông tư", {"circular"}),
        ("đầu tư", {"investment"}),
        ("tư nhân", {"private"}),
        ("TƯ", {"central", "central in full", "circular", "investment", "private"}),
        ("trung ương", {"central in full"}),
    ],
)
def test_phrases_exclusions_and_acronyms_match_what_was_meant(
    worded: SearchService, typed: str, expected: set[str]
) -> None:
    assert full_matches(worded, typed) == expected


@pytest.mark.parametrize("typed", ['"mới về"', "mới về", '"nhân dân" OR "năm mới"', '"con cái"'])
def test_the_exact_switch_lists_and_counts_the_same_phrases(
    worded: SearchService, typed: str
) -> None:
    page = worded.search(SearchRequest(typed, exact=True, size=50))
    assert {hit.external_id for hit in page.hits} == full_matches(worded, typed)
    assert page.total_exact == page.listed == page.total


@pytest.mark.parametrize(
    "typed",
    ["công an -an", "công an -công", "bò sữa -bò", "(bò OR bơ) sữa -bo", "giáo viên -=viên"],
)
def test_words_that_are_asked_for_are_not_dropped_to_save_an_exclusion(
    worded: SearchService, typed: str
) -> None:
    page = worded.search(SearchRequest(typed))
    assert (page.hits, page.total, page.notices) == ((), 0, ())
