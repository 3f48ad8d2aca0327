"""Completion: what is offered while a query is being typed."""

from __future__ import annotations

import pytest

from indexer.search.completion import may_become
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article

TEXT = "Tin mới: công an nhân dân, Điện Biên, diễn biến, hòa bình, công nhân, trường học."
ARTICLES = [article("Điện Biên", TEXT, external_id=number) for number in "123"]
"""Three, since rarer phrases are not offered; with commas between, no phrase has neighbours."""


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


def test_each_suggestion_has_its_document_frequency(searcher: SearchService) -> None:
    frequencies = {
        completion.text: completion.documents for completion in searcher.suggest("dien bi")
    }
    assert (frequencies["Điện Biên"], frequencies["diễn biến"]) == (3, 3)


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


NEIGHBOURS = ("một", "hai", "ba", "bốn", "năm", "sáu")


def around(*phrases: str) -> list[str]:
    """Sentences of one article each, in which every phrase has neighbours of its own."""
    return [
        "Tin mới: " + ", ".join(f"{left} {phrase} {right}" for phrase in phrases) + "."
        for left, right in zip(NEIGHBOURS, reversed(NEIGHBOURS), strict=True)
    ]


@pytest.fixture(scope="module")
def newspaper(shared_archive_of: ArchiveFactory) -> SearchService:
    phrases = (
        "Phó Thủ tướng Vũ Đức Đam",
        "công an thành phố",
        "Tổng Bí thư Nguyễn Văn Tên Dài",
        "quyết định 46/2017/NĐ-CP",
        "tỷ số 3-0",
        "ngày 31/5",
        "điện thoại iPhone",
        "hoa hậu Đại Dương",
        "Donald Trump",
        "đường sắt",
        "sở TP.HCM",
        "Trần Văn Mẫu trộm",
        "kẻ trộm Trần Văn Mẫu",
        "của làng",
        "ảnh Trường Sa",
    )
    texts = around(*phrases)
    return shared_archive_of(
        *(
            article(
                f"Ronaldo Đoạt Cúp Vàng {number.title()}", text, "Ronaldo về. Gặp Ronaldo, bốn giờ."
            )
            for number, text in zip(NEIGHBOURS, texts, strict=True)
        )
    ).search


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("pho thu t", ["Phó Thủ tướng Vũ Đức Đam"]),
        ("thu tuong", []),  # always after phó
        ("thủ tướng v", []),
        ("cong an th", ["công an thành phố"]),
        ("congan", ["công an thành phố"]),
        ("congant", ["công an thành phố"]),
        ("coong a", ["công an thành phố"]),
        ("tong bi", ["Tổng Bí thư Nguyễn Văn Tên Dài"]),
        ("quyet", ["quyết định 46/2017/NĐ-CP"]),
        ("ty so", ["tỷ số 3-0"]),
        ("ngay 31/", ["ngày 31/5"]),
        ("dien th", ["điện thoại iPhone"]),
        ("hoa hau d", ["hoa hậu Đại Dương"]),
        ("donald", ["Donald Trump"]),
        ("dduwo", ["đường sắt"]),
        ("sở tph", ["sở TP.HCM"]),
        ("rona", ["Ronaldo đoạt cúp vàng"]),  # capitals of headlines say nothing
        ("tran van", []),  # no crime is told of a person
        ("ke tr", []),
        ("cua l", []),
        ("anh tr", []),
        ("gap mat do", []),  # what was typed is not in the archive
    ],
)
def test_only_whole_phrases_are_offered(
    newspaper: SearchService, typed: str, first: list[str]
) -> None:
    assert offered(newspaper, typed)[:1] == first
