"""Interpretation end to end: slips, names, keystrokes, short forms and spellings are understood."""

from __future__ import annotations

import pytest

from archive.records import Article
from indexer.search.query_notices import KeystrokesNotice, RepairNotice, SuggestionNotice
from indexer.search.search_records import MatchMode, ResultPage, SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article

COMMON = (
    "Ronaldo ghi bàn trận thứ {}",
    "Messi đá phạt lần {}",
    "Donald Trump gặp báo giới lần {}",
    "Hillary Clinton vận động ở bang {}",
    "Putin thăm nhà máy số {}",
    "Kim Jong-un thị sát đơn vị {}",
    "Nguyễn Phú Trọng tiếp đoàn {}",
    "Trần Đại Quang thăm trường {}",
    "Joe Biden phát biểu ngày {}",
    "Toyota triệu hồi {} xe",
    "Bitcoin lên giá lần {}",
    "Facebook sửa trang {}",
    "Youtube chặn phim {}",
    "Samsung bán điện thoại số {}",
    "Lời súc tích và ngắn gọn của bài {}",
    "Khách tham quan làng nghề {}",
    "Bác sĩ chẩn đoán bệnh cho người {}",
    "Hai hãng giành giật khách hàng {}",
    "Bổ sung hồ sơ {} rồi xử lý rác",
    "Chuyện tình lãng mạn số {}",
    "Em không được đi học lần {}",
    "Đường sắt Cát Linh - Hà Đông chạy thử lần {}",
    "Công an nhân dân giữ trật tự ở phường {}",
    "Học tiếng Anh ở lớp {}",
    "Thủ tướng Nguyễn Xuân Phúc họp lần {}",
    "Sơn Tùng M-TP hát bài {}",
    "Máy pha DeLonghi kiểu {}",
)
"""Texts that are in the archive often, each with a number of its own."""

RARE = (
    "Bàn thắng của Ronadlo",
    "Trận của Messsi",
    "Trùm buôn lậu bị bắt",
    "Loài vi trùm lạ",
    "Mẹ sĩ diện, con tỏ ý ta cũng vậy",
    "Bài đến sớm, mạng lưới rộng",
    "Chuẩn bị đoán đề",
    "Bà Nguyễn Sanh mở quán",
    "Ban nhạc Sala ở Vinh",
)
"""Slips and rare words, each in one article."""


def numbered(texts: tuple[str, ...], count: int) -> list[Article]:
    return [article(text.format(number)) for text in texts for number in range(count)]


@pytest.fixture(scope="module")
def crowded(shared_archive_of: ArchiveFactory) -> SearchService:
    often = numbered(COMMON[:3], 120) + numbered(COMMON[3:], 55)
    return shared_archive_of(*often, *map(article, RARE)).search


def repaired(page: ResultPage) -> str:
    return "".join(notice.text for notice in page.notices if isinstance(notice, RepairNotice))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ronadlo", "ronaldo"),
        ("messsi", "messi"),
        ("mesi", "messi"),
        ("donald trum", "donald trump"),
        ("donal trump", "donald trump"),
        ("hilary clinton", "hillary clinton"),
        ("puttin", "putin"),
        ("kim jong ung", "kim jong un"),
        ("Nguyễn Phú Trọg", "nguyễn phú trọng"),
        ("trân đại quang", "trần đại quang"),
        ("toyta", "toyota"),
        ("jo baiden", "joe biden"),
        ("jo biden", "joe biden"),
        ("bit coin", "bitcoin"),
        ("face book", "facebook"),
        ("you tube", "youtube"),
        ("sam sung", "samsung"),
        ("de longhi", "delonghi"),
        ("dellonghi", "delonghi"),
        ("xúc tích", "súc tích"),
        ("tham quang", "tham quan"),
        ("chuẩn đoán", "chẩn đoán"),
        ("dành giật", "giành giật"),
        ("bổ xung", "bổ sung"),
        ("sử lý", "xử lý"),
        ("lãng mạng", "lãng mạn"),
        ("ko dc đi học", "không được đi học"),
        ("ko dc", "không được"),
        ("dduwowngf saat Cat Linh Ha Dong", "duong sat cat linh ha dong"),
        ("congannhandan", "công an nhân dân"),
        ("tienganh", "tiếng anh"),
        ("thutuong nguyenxuanphuc", "thủ tướng nguyễn xuân phúc"),
        ("công annhân dân", "công an nhân dân"),
        ("sontung mtp", "son tung mtp"),
        # A bare query stays bare, so that all of it is read by its neighbours.
        ("su ly rac", "xu ly rac"),
    ],
)
def test_a_slip_finds_what_the_word_that_was_meant_finds(
    crowded: SearchService, typed: str, meant: str
) -> None:
    page = crowded.search(SearchRequest(typed, match=MatchMode.FULL, size=200))
    assert repaired(page).lower() == meant
    intended = crowded.search(SearchRequest(meant, match=MatchMode.FULL, size=200))
    assert {hit.identifier for hit in intended.hits} <= {hit.identifier for hit in page.hits}
    assert intended.total_full >= 55


@pytest.mark.parametrize(
    "typed",
    [
        "Ronaldo",
        "Joe Biden",
        "Kim Jong-un",
        # What was typed without some of its diacritics is found as it is.
        "cong an nhân dân",
        "hà đong",
        "tran đại quang",
        "bác si",
        # Rare names.
        "Nguyễn Sanh",
        "Sala ở Vinh",
        # Short forms that the archive lacks, and syllables that it happens to lack.
        "BOT giao thông",
        "thông tư",
        "xyz",
    ],
)
def test_what_is_right_or_unknown_is_not_repaired(crowded: SearchService, typed: str) -> None:
    notices = crowded.search(SearchRequest(typed)).notices
    assert not any(isinstance(notice, RepairNotice | SuggestionNotice) for notice in notices)


def test_of_two_words_that_are_as_likely_both_are_left_to_the_reader(
    shared_archive_of: ArchiveFactory,
) -> None:
    pair = numbered(("Bán nhà phố {}", "Bán nhà phổ thông {}", "Tàu về cảng Lamba {}"), 9)
    service = shared_archive_of(*pair, *numbered(("Tàu về cảng Lambi {}",), 8)).search
    page = service.search(SearchRequest("về cảng lamb"))
    kinds = [type(notice) for notice in page.notices]
    assert SuggestionNotice in kinds
    assert RepairNotice not in kinds


@pytest.mark.parametrize("typed", ["duwowngf saawts", "ddwowngf saaws", "dduwowngf sawts"])
def test_keystrokes_need_not_be_in_order(crowded: SearchService, typed: str) -> None:
    page = crowded.search(SearchRequest(typed))
    assert any(isinstance(notice, KeystrokesNotice | RepairNotice) for notice in page.notices)
    assert page.hits[0].title.startswith("Đường sắt Cát Linh")


@pytest.mark.parametrize("typed", ["khach tham quan langf nghe", "khach birn quan lang nghe"])
def test_one_word_of_keys_among_plain_ones_needs_its_neighbours(
    crowded: SearchService, typed: str
) -> None:
    page = crowded.search(SearchRequest(typed))
    decoded = any(isinstance(notice, KeystrokesNotice) for notice in page.notices)
    assert decoded is ("langf" in typed)
    assert page.hits[0].title.startswith("Khách tham quan làng nghề")


@pytest.mark.parametrize("filler", ["cho tôi hỏi", "xin hỏi", "tin tức về"])
def test_filler_with_diacritics_leaves_bare_words_bare(crowded: SearchService, filler: str) -> None:
    plain, asked = (
        crowded.search(SearchRequest(typed, size=50))
        for typed in ("lang nghe tham quan", f"{filler} lang nghe tham quan")
    )
    assert [hit.identifier for hit in plain.hits] == [hit.identifier for hit in asked.hits]
