"""Spelling repairs of whole queries, searched beside what was typed or suggested."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.search.interpret.compound_splitting import CompoundSplit
from indexer.search.interpret.faultless_words import known_starts
from indexer.search.interpret.interpreter import Interpreter
from indexer.search.interpret.joined_terms import join_terms
from indexer.search.interpret.repairs import Repair, RepairKind
from indexer.search.interpret.spelling import SpellChecker, _is_likelier
from indexer.search.interpret.word_repair import WordEdit
from indexer.search.query.parser import parse
from indexer.search.query.syntax import AcronymNode, AndNode, Respelling
from indexer.search.query_notices import AcronymNotice, RepairNotice, SuggestionNotice
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from indexer.vietnamese.glossary import Glossary
from tests.counted_texts import CountedTexts, stretches_of, words_of
from tests.factories import ArchiveFactory, article
from tests.indexer.search.interpret.test_diacritic_restoration import ARTICLES

ANALYZER = Analyzer()


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES).search


def suggestion(searcher: SearchService, typed: str) -> str:
    notices = searcher.search(SearchRequest(typed)).notices
    texts = [
        notice.text for notice in notices if isinstance(notice, SuggestionNotice | RepairNotice)
    ]
    assert len(texts) < 2
    return "".join(texts)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nhandan", "nhân dân"),
        ("congannhandan", "công an nhân dân"),
        ("congan nhandan", "công an nhân dân"),
        ("DienBien", "điện biên"),
        ("lãng mạng", "lãng mạn"),
        ("chuyện tình lãng mạng", "chuyện tình lãng mạn"),
        ("làng mạn", "lãng mạn"),
        ("điên biên", "điện biên"),
        ("phứcc tạp", "phức tạp"),
        ("phuctạpp", ""),
        ("nguyeen vawn tèo", "nguyễn văn tèo"),
        ("chuyeenj gif", ""),  # read as keystrokes, and said so
        ("lãng mạn", ""),
        ("lang mang", "lãng mạn"),
        ("mạng chuyện", ""),  # two words that need not stand together
        ("mạng lưới mạng xã hội", ""),
        ('"lãng mạng"', ""),
        ("=lãng mạng", ""),
        ("xyzzyxyzzy", ""),
        ("a" * 64, ""),
        ("nhan" * 10, ""),
        ("-", ""),
    ],
)
def test_a_correction_is_suggested_where_one_is_meant(
    searcher: SearchService, typed: str, meant: str
) -> None:
    assert suggestion(searcher, typed) == meant


def test_nothing_is_suggested_for_what_is_taken_as_typed(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("nhandan", as_typed=True))
    assert not {SuggestionNotice, RepairNotice} & set(map(type, page.notices))


def repair_of(counts: dict[str, int], documents: int, typed: str) -> Repair | None:
    checker = SpellChecker(ANALYZER, CountedTexts(counts, documents))
    return checker.repairs(parse(typed, ANALYZER))


@pytest.mark.parametrize(
    ("counts", "documents", "typed", "text", "corrections"),
    [
        # No syllable has these letters, though a bare word has the same.
        (
            {"phú trọng": 9, "phú trọi": 1, "phú": 999, "trog": 1},
            5000,
            "phú trọg",
            "phú trọng",
            [(4, 8, "misspelt")],
        ),
        (
            {"người yêu mới": 9, "hôm nay mưa": 9, "lệ": 99},
            5000,
            "ny mới",
            "người yêu mới",
            [(0, 2, "teencode")],
        ),
        (
            {"người yêu mới": 9, "hôm nay mưa": 9, "lệ": 99},
            5000,
            "hnay mưa",
            "hôm nay mưa",
            [(0, 4, "teencode")],
        ),
        # Two words that are written as one, and hardly ever as two.
        ({"facebook": 11, "face book": 1}, 5000, "face book", "facebook", [(0, 9, "joined")]),
        ({"facebook": 11}, 54_999, "face book", "facebook", [(0, 9, "joined")]),
        (
            {"facebook": 11, "vào": 1, "xem": 1},
            5000,
            "vào face book xem",
            "vào facebook xem",
            [(4, 13, "joined")],
        ),
        ({"facebook": 11}, 99, "xem face book", "xem facebook", [(4, 13, "joined")]),
        (
            {"facebook": 11, "iphone": 11},
            99,
            "face book i phone",
            "facebook iphone",
            [(0, 9, "joined"), (10, 17, "joined")],
        ),
        (
            {"abcd": 11, "bcde": 11},
            99,
            "ab cd bc de",
            "abcd bcde",
            [(0, 5, "joined"), (6, 11, "joined")],
        ),
        # Glued words, in the archive's form, and bare in a bare query.
        ({"nhân dân": 60}, 9999, "nhandan", "nhân dân", [(0, 7, "split")]),
        ({"nhân dân": 60}, 9999, "bao nhandan", "bao nhan dan", [(4, 11, "split")]),
        ({"nhân dân": 60}, 9999, "báo nhandan", "báo nhân dân", [(4, 11, "split")]),
        ({"nhân dân": 60, "nhandan": 1}, 99_999, "nhandan", "nhân dân", [(0, 7, "split")]),
        ({"nhân dân": 60, "nhandan": 2}, 99_999, "nhandan", "nhandan", [(0, 7, "split")]),
        ({"nhân dân": 60, "nhandan": 5}, 99_999, "nhandan", "nhandan", [(0, 7, "split")]),
        ({"taylor swift": 9}, 999, "taylorswift", "taylor swift", [(0, 11, "split")]),
        # Teencode where its neighbours speak for the word.
        ({"không biết": 11, "k biết": 1}, 99, "k biết", "không biết", [(0, 1, "teencode")]),
        (
            {"tôi không biết": 11, "k biết": 1},
            99,
            "tôi k biết",
            "tôi không biết",
            [(4, 5, "teencode")],
        ),
        ({"tôi không": 11, "k": 1}, 99, "tôi k", "tôi không", [(4, 5, "teencode")]),
        ({"biết giữ": 12, "bắt giữ": 11}, 99, "bt giữ", "biết giữ", [(0, 2, "teencode")]),
        ({"biết giữ": 11, "bắt giữ": 33}, 99, "bt giữ", "biết giữ", [(0, 2, "teencode")]),
        ({"biết giữ": 11, "bắt giữ": 34}, 99, "bt giữ", "bắt giữ", [(0, 2, "misspelt")]),
        # A short form that many type is meant before a commoner word one letter away.
        ({"được nghỉ": 11, "đã nghỉ": 17}, 99, "đc nghỉ", "được nghỉ", [(0, 2, "teencode")]),
        ({"với bạn": 11, "và bạn": 12}, 99, "vs bạn", "với bạn", [(0, 2, "teencode")]),
        # Words that hardly ever stand so speak for nothing, and diacritics have to be those.
        ({"mưa bây": 2}, 15_000, "mưa bh", "mưa bây giờ", [(4, 6, "teencode")]),
        # A slip that is hardly one (n for e) counts less.
        ({"người ơi": 11, "mẹ ơi": 99}, 99, "mn ơi", "mọi người ơi", [(0, 2, "teencode")]),
        ({"người ơi": 1, "mẹ ơi": 99}, 99, "mn ơi", "mẹ ơi", [(0, 2, "misspelt")]),
        ({"không biết": 11}, 99, "hk biết", "không biết", [(0, 2, "teencode")]),
        ({"nói gì": 11}, 99, "ns gì", "nói gì", [(0, 2, "teencode")]),
        # Keystrokes of a word that the archive has.
        ({"chuyện": 5}, 999, "chuyeenj", "chuyện", [(0, 8, "keystrokes")]),
        ({"chuyện": 5}, 999, "chuyeenj xa", "chuyen xa", [(0, 8, "keystrokes")]),
        # Words that it does not have.
        ({"ronaldo": 9}, 999, "ronadlo xyz", "ronaldo xyz", [(0, 7, "misspelt")]),
        ({"ronaldo": 9}, 999, "RONADLO", "ronaldo", [(0, 7, "misspelt")]),
        (
            {"ronaldo": 9},
            999,
            " ".join(["ronadlo"] * 20),
            " ".join(["ronaldo"] * 20),
            [(8 * place, 8 * place + 7, "misspelt") for place in range(20)],
        ),
        ({"putin nói": 9, "patin nói": 9}, 999, "potin noi", "potin noi", [(0, 5, "misspelt")]),
        # A word whose neighbour was corrected after it is looked at once more.
        (
            {"nói putin": 9, "noi": 1},
            999,
            "nóii potin",
            "nói putin",
            [(0, 4, "misspelt"), (5, 10, "misspelt")],
        ),
        (
            {"bán putin": 9},
            999,
            "bac putinn",
            "bán putin",
            [(0, 3, "misspelt"), (4, 10, "misspelt")],
        ),
        (
            {"xe messi putin": 9},
            999,
            "mesai puten",
            "messi putin",
            [(0, 5, "misspelt"), (6, 11, "misspelt")],
        ),
        # Neighbours that never stand together.
        ({"xử lý": 99, "sử": 9}, 9999, "sử lý", "xử lý", [(0, 2, "confusion")]),
        ({"xử lý đơn": 99, "sử": 9}, 9999, "sử lý đơn", "xử lý đơn", [(0, 2, "confusion")]),
        ({"đơn xử lý": 99, "sử": 9}, 9999, "đơn sử lý", "đơn xử lý", [(4, 6, "confusion")]),
    ],
)
def test_what_is_wrong_is_repaired(
    counts: dict[str, int],
    documents: int,
    typed: str,
    text: str,
    corrections: list[tuple[int, int, str]],
) -> None:
    repair = repair_of(counts, documents, typed)
    assert repair
    places = [(part.start, part.end, part.kind.value) for part in repair.corrections]
    assert (repair.text, places) == (text, corrections)
    # What is not clear is not searched: it differs only in the suggestion.
    assert bool(repair.suggestion) == any(not part.is_clear for part in repair.corrections)


@pytest.mark.parametrize(
    ("counts", "documents", "typed", "unknown"),
    [
        ({"facebook": 10, "face book": 1}, 5000, "face book", None),
        ({"facebook": 11}, 55_000, "face book", ("face", "book")),
        ({"nhân dân": 60, "nhandan": 6}, 99_999, "nhandan", None),
        ({"không biết": 10, "k biết": 1}, 99, "k biết", None),
        ({"ronaldo": 9, "messi": 9}, 999, "RONADLO messi", ("ronadlo",)),
        ({"ronaldo": 9}, 999, " ".join(["ronadlo"] * 21), None),
        ({"ronaldo": 9}, 999, "ronadlo OR messi", None),
        ({"ronaldo": 9}, 999, '"a b" ronadlo', None),
        ({"ronaldo": 9}, 999, "=ronadlo", None),
        ({"bão": 9}, 999, "bão xyz", ("xyz",)),
        ({"gomez": 1, "gomes": 60}, 999, "gómez", None),
        ({"mưa bây": 2, "bh": 1}, 20_000, "mưa bh", None),
        ({"mùa bây": 9, "bh": 1}, 999, "mưa bh", None),
        # Short forms, by their capitals, are right as they are.
        ({"xử lý": 99, "sử": 9}, 9999, "SỬ lý", None),
        ({"bão xe": 9}, 999, "bão XW", ("XW",)),
        ({"bão": 9}, 999, "bão", None),
        ({"chuyển": 5, "chuyen": 5}, 999, "chuyen", None),
    ],
)
def test_what_is_right_or_unknown_is_left(
    counts: dict[str, int], documents: int, typed: str, unknown: tuple[str, ...] | None
) -> None:
    repair = repair_of(counts, documents, typed)
    assert (repair and repair.unknown) == unknown
    assert not (repair and repair.corrections)


@pytest.mark.parametrize(
    ("counts", "typed", "searched"),
    [
        # Keystrokes explain all that the archive does not hold, or there is but one word.
        ({"chuyện": 5, "vàng": 5}, "chuyeenj vangf", "chuyện vàng"),
        ({"chuyện": 5}, "chuyeenj", "chuyện"),
        ({"chuyện": 5, "xa": 2}, "chuyeenj xa", "chuyen xa"),
        ({"chuyện": 5, "vàng": 5}, "chuyện vàng", ""),
        ({"chuyện": 5, "ronaldo": 9}, "chuyeenj ronadlo", "chuyện ronaldo"),
        ({"chuyện": 5, "vàng": 5}, "chuyeenj OR vangf", "chuyện OR vàng"),
    ],
)
def test_keystrokes_come_first_where_they_explain_every_word(
    counts: dict[str, int], typed: str, searched: str
) -> None:
    checker = SpellChecker(ANALYZER, CountedTexts(counts, 1000))
    assert checker.repair_text(parse(typed, ANALYZER)) == (searched, "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chuyeenj vangf", "chuyện vàng"),
        ("chuyện", ""),
        ("xyz", ""),
        ("Chuyeenj +vangf", "chuyện +vàng"),
    ],
)
def test_keystrokes_are_suggested(typed: str, meant: str) -> None:
    checker = SpellChecker(ANALYZER, CountedTexts({"chuyện": 5, "vàng": 5}))
    assert checker.suggest_keystrokes(parse(typed, ANALYZER)).lower() == meant


@pytest.mark.parametrize(
    ("split", "edit", "frequency", "is_likelier"),
    [
        # Words that belong together: ten times as frequent as the glued word.
        (CompoundSplit("a b", 11, 8.0), WordEdit(), 1, True),
        (CompoundSplit("a b", 10, 8.0), WordEdit(), 1, False),
        # A blank is a likely slip: twenty times as likely as another, once for each.
        (CompoundSplit("a b", 6, 8.0), WordEdit("ab", 100, 1.0), 0, True),
        (CompoundSplit("a b", 5, 8.0), WordEdit("ab", 100, 1.0), 0, False),
        (CompoundSplit("a b c", 11, 8.0), WordEdit("ab", 100, 1.0), 0, True),
        (CompoundSplit("a b c", 10, 8.0), WordEdit("ab", 100, 1.0), 0, False),
        (CompoundSplit("a b", 6, 8.0), WordEdit("ab", 200, 0.5), 0, True),
        # Words that meet by chance: two of them, ten times, unless the slip is a sure one.
        (CompoundSplit("a b", 6, 7.9), WordEdit("ab", 100, 0.5), 0, True),
        (CompoundSplit("a b", 5, 7.9), WordEdit("ab", 100, 0.5), 0, False),
        (CompoundSplit("a b", 99, 7.9), WordEdit("ab", 100, 1.0), 0, False),
        (CompoundSplit("a b", 99, 7.9), WordEdit(), 1, False),
        (CompoundSplit("a b", 1, 7.9), WordEdit(), 0, True),
        (CompoundSplit("a b c", 99, 7.9), WordEdit(), 0, False),
        (CompoundSplit(), WordEdit(), 0, False),
    ],
)
def test_a_blank_is_missing_rather_than_a_letter_wrong(
    split: CompoundSplit, edit: WordEdit, frequency: int, is_likelier: bool
) -> None:
    assert _is_likelier(split, edit, frequency) == is_likelier


@pytest.mark.parametrize(
    ("typed", "corrections"),
    [
        # Words with another spelling, of one term, or in capitals beside others are no mistakes.
        ("TP HCMM ronadlo", ["ronaldo"]),
        ("quý I ronadlo", ["ronaldo"]),
        ("messii ronadlo", ["messi", "ronaldo"]),
        ("m ronadlo", ["ronaldo"]),
        ("RD ronadlo", ["ronaldo"]),
        ("C++ ronadlo", ["ronaldo"]),
        ("or ronadlo", ["ronaldo"]),
        ("ronadlo2 messii", ["messi"]),
        ("ron-adlo messii", ["messi"]),
    ],
)
def test_only_plain_words_are_corrected(typed: str, corrections: list[str]) -> None:
    repair = repair_of({"ronaldo": 9, "messi": 9, "hcm": 9, "of": 9, "y": 9}, 999, typed)
    assert repair
    assert [part.text for part in repair.corrections] == corrections


@pytest.mark.parametrize(
    ("typed", "starts"),
    [("quý I lãi", {0, 4}), ("lãi quý I", {4, 8}), ("quý I", {0, 4}), ("lãi to", set())]
    + [("ngày 30 tháng 4 năm 1975", {0, 5, 8, 14, 16, 20})],
)
def test_the_words_of_one_term_are_no_mistakes(typed: str, starts: set[int]) -> None:
    joined = join_terms(words_of(typed))
    meaning = AndNode(tuple(joined)) if len(joined) > 1 else joined[0]
    assert known_starts(replace(parse(typed, ANALYZER), meaning=meaning)) == starts


def test_a_word_with_another_spelling_is_no_mistake() -> None:
    first, second = words_of("oto mới")
    respelt = AcronymNode((first,), (("ô", "tô"),), (), (Respelling(0, 1, ("ô", "tô")),))
    query = parse("oto mới", ANALYZER)
    assert known_starts(replace(query, meaning=AndNode((respelt, second)))) == {0}
    assert known_starts(replace(query, meaning=respelt)) == {0}
    acronym = AcronymNode((first,), (("ô", "tô"),))
    assert known_starts(replace(query, meaning=AndNode((acronym, second)))) == set()


def test_a_short_form_that_is_searched_in_its_long_form_is_no_teencode(
    archive_of: ArchiveFactory,
) -> None:
    texts = [
        *["Trường mầm non (MN) khai giảng, trường mọi người mong."] * 2,
        *["Trường mầm non đông trẻ."] * 3,
        *["Đám đông gọi: mọi người ơi."] * 3,
    ]
    service = archive_of(*(article(f"Tin số {n}", text) for n, text in enumerate(texts))).search
    (notice,) = service.search(SearchRequest("trường mn")).notices
    assert isinstance(notice, AcronymNotice)
    (notice,) = service.search(SearchRequest("mn ơi")).notices
    assert isinstance(notice, RepairNotice)


@pytest.mark.parametrize(("position", "count"), [(0, 1), (1, 3), (2, 6), (3, 12), (4, 8)])
def test_a_word_stands_beside_the_one_before_and_the_one_behind(position: int, count: int) -> None:
    counts = {"một hai": 1, "hai ba": 2, "ba bốn": 4, "bốn năm": 8, "một ba": 16}
    checker = SpellChecker(ANALYZER, CountedTexts(counts))
    assert checker._neighbour_counts(stretches_of("một hai ba bốn năm"), position) == count


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        # Three syllables of which two and two meet are found in any foreign name.
        ({"to y": 60, "y ta": 60, "toyota": 20}, "toyota"),
        ({"to y ta": 60, "toyota": 20}, "to y ta"),
        # Where no other word is near, they are what may be meant.
        ({"to y": 60, "y ta": 60}, "to y ta"),
    ],
)
def test_three_glued_words_stand_in_a_row_where_another_may_be_meant(
    counts: dict[str, int], text: str
) -> None:
    repair = repair_of(counts, 9999, "toyta")
    assert repair
    assert repair.text == text


@pytest.mark.parametrize(
    ("apart", "glued", "documents", "is_joined"),
    [
        # In one of five thousand articles, and far more often than as two words.
        (0, 1, 4999, True),
        (0, 1, 5000, False),
        (0, 2, 9999, True),
        (1, 11, 9999, True),
        (1, 10, 9999, False),
    ],
)
def test_two_words_are_one_where_the_archive_writes_them_so(
    apart: int, glued: int, documents: int, is_joined: bool
) -> None:
    counts = {"face book": apart, "facebook": glued}
    repair = repair_of(
        {text: count for text, count in counts.items() if count}, documents, "face book"
    )
    kinds = [correction.kind for correction in repair.corrections] if repair else []
    assert (RepairKind.JOINED in kinds) is is_joined


@pytest.mark.parametrize("typed", ["vangf bạc", "bạc vangf", "mua vangf bạc", "vangf"])
def test_keys_that_make_a_word_beside_its_neighbours_are_no_slip(typed: str) -> None:
    repair = repair_of({"mua vàng bạc vàng": 9, "mua": 9}, 9999, typed)
    assert repair
    assert [correction.kind for correction in repair.corrections] == [RepairKind.KEYSTROKES]
    assert repair.text == typed.replace("vangf", "vàng")


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [("coong an", "công an"), ("Cong6 An", "Công An"), ("công an", ""), ("boss", "")],
)
def test_keystrokes_are_suggested_unless_they_were_read_already(typed: str, suggested: str) -> None:
    statistics = CountedTexts({"công an": 9, "boss": 1}, 1000)
    checker = SpellChecker(ANALYZER, statistics)
    assert checker.suggest_keystrokes(parse(typed, ANALYZER)) == suggested
    read = Interpreter(SearchRequest(typed), ANALYZER, statistics, Glossary()).interpret()
    assert checker.suggest_keystrokes(read) == ""
