"""Completion: what is offered while a query is being typed."""

from __future__ import annotations

import pytest

from indexer.search.completion import may_become
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article

ARTICLES = tuple(
    article(title, f"{text} Tin số {number}.")
    for number in ("một", "hai", "ba")
    for title, text in (
        (
            "Công an Điện Biên bắt ma túy",
            "Công an nhân dân tỉnh Điện Biên triệt phá đường dây.",
        ),
        ("Công an nhân dân", "Lực lượng công an nhân dân giữ gìn hòa bình."),
        ("Điện Biên mùa hoa ban", "Diễn biến thời tiết ở Điện Biên."),
        ("Công nhân dệt may", "Diễn biến giá bông."),
        ("Đường dây dài", "Hòa bình là quý."),
        ("Cầu mới", "Phó chủ tịch Lê Thị Mây dự lễ; chủ tịch vắng. Gần đó Lê Thị Mây ăn cướp."),
        ("Cầu cũ", "Phó chủ tịch khen; ăn cướp giảm. Phó chủ tịch Lê Thị Mây vui."),
    )
)


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES).search


def offered(searcher: SearchService, typed: str, limit: int = 8) -> list[str]:
    return [suggestion.text for suggestion in searcher.suggest(typed, limit)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("con", "công an nhân dân"),
        ("CON", "công an nhân dân"),
        ("cong a", "công an nhân dân"),
        ("dien bi", "Điện Biên"),
        ("điện bi", "Điện Biên"),
        ("điên b", "Điện Biên"),  # mid-composition
        ("diễn bi", "diễn biến"),
        ("diên bi", "Điện Biên"),  # a diacritic that no archive word has is no demand
        ("điện b", "Điện Biên"),
        ("công ", "công an nhân dân"),
        ("tin về công an nh", "tin về công an nhân dân"),
        ("coong an nh", "công an nhân dân"),
        ("dieenj bi", "Điện Biên"),
        ("=cong a", "=công an nhân dân"),
        ("hoà b", "hòa bình"),
    ],
)
def test_the_likeliest_completion_comes_first(
    searcher: SearchService, typed: str, first: str
) -> None:
    assert offered(searcher, typed)[:1] == [first]


def test_typed_diacritics_must_agree(searcher: SearchService) -> None:
    assert "diễn biến" in offered(searcher, "dien b")
    assert "diễn biến" not in offered(searcher, "điện b")
    assert "Điện Biên" not in offered(searcher, "diễn b")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("phó", "phó chủ tịch Lê Thị Mây"),
        ("congan", "công an nhân dân"),
        ("congannh", "công an nhân dân"),
        ("dduwowngf da", "đường dây"),
        ("dduwo", "đường dây"),
    ],
)
def test_glued_syllables_and_half_typed_keystrokes_are_completed(
    searcher: SearchService, typed: str, first: str
) -> None:
    assert offered(searcher, typed)[:1] == [first]


def test_no_phrase_is_offered_without_the_word_that_mostly_precedes_it(
    searcher: SearchService,
) -> None:
    assert not any(text.startswith("chủ tịch") for text in offered(searcher, "chủ t"))


def test_nothing_but_the_office_is_said_of_a_person(searcher: SearchService) -> None:
    for typed in ("lê", "lê thị m", "lê thị mây "):
        assert not any("cướp" in text for text in offered(searcher, typed))


def test_a_phrase_of_two_articles_is_not_offered(archive_of: ArchiveFactory) -> None:
    texts = [f"Trâu trắng ở làng {number}." for number in ("một", "hai", "ba")]
    assert archive_of(*(article("Tin", text) for text in texts[:2])).search.suggest("trâu") == ()
    assert archive_of(*(article("Tin", text) for text in texts)).search.suggest("trâu")


def test_each_suggestion_has_its_document_frequency(searcher: SearchService) -> None:
    frequencies = {
        completion.text: completion.documents for completion in searcher.suggest("dien bi")
    }
    assert (frequencies["Điện Biên"], frequencies["diễn biến"]) == (6, 6)


@pytest.mark.parametrize(
    ("begun", "word", "may"),
    [
        ("đi", "điện", True),
        ("di", "điện", True),
        ("điê", "điện", True),
        ("điên", "điện", True),
        ("điện", "điên", False),
        ("điệ", "điện", True),
        ("đie", "dien", False),
        ("hoà", "hòa", True),
        ("hóa", "hòa", False),
        ("ươ", "uống", False),
        ("", "a", True),
        ("dài", "da", False),
    ],
)
def test_what_an_unfinished_word_may_become(begun: str, word: str, may: bool) -> None:
    assert may_become(begun, word) is may


@pytest.mark.parametrize("typed", ["", " ", "-", "khủnglong", "x" * 5000, "\ud800", '="(', "\x00"])
def test_what_cannot_be_completed_offers_nothing(searcher: SearchService, typed: str) -> None:
    assert searcher.suggest(typed) == ()


def test_no_more_are_offered_than_were_asked_for(searcher: SearchService) -> None:
    assert len(searcher.suggest("c", 2)) == 2
    assert searcher.suggest("c", 0) == searcher.suggest("c", -1) == ()


def test_an_archive_without_an_index_offers_nothing(archive_of: ArchiveFactory) -> None:
    assert archive_of().search.suggest("con") == ()


GOVERNED = tuple(
    article(f"{number} {title}", f"{text} Tin số {number}.")
    for number in ("Một", "Hai", "Ba", "Bốn")
    for title, text in (
        ("đoàn tới", "Họ gặp nhau tại Hà Nội. Phát ngôn viên của Bộ Ngoại giao lên tiếng."),
        ("ngày mưa", "Mưa lớn tại Hà Nội và vùng ven, theo đài của Bộ Ngoại giao đêm qua."),
        ("hội chợ", "Hà Nội mở hội. Khách đến Bộ Ngoại giao xem tranh, vui cùng Messi ở sân."),
        (
            "chuyến tàu",
            "Tàu rời Hà Nội từ ngày 3 tới, vẽ lại cùng Messi bên bộ bàn ghế của bộ đội.",
        ),
    )
)


@pytest.fixture(scope="module")
def governed(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*GOVERNED).search


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("tại h", ["tại Hà Nội"]),
        ("tai ha", ["tại Hà Nội"]),
        ("của bộ n", ["của Bộ Ngoại giao"]),
        ("cua bo", ["của Bộ Ngoại giao"]),
        ("cùng m", ["cùng Messi"]),
        # One syllable is no phrase, a figure no end, and nothing is offered behind `và`.
        ("từ ng", []),
        ("và v", []),
        ("tại", []),
    ],
)
def test_names_and_phrases_are_offered_behind_prepositions(
    governed: SearchService, typed: str, lines: list[str]
) -> None:
    assert offered(governed, typed) == lines
