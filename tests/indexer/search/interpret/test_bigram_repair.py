"""Two neighbours that never occur together are repaired to two that do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.search.interpret.bigram_repair import BigramRepairer
from indexer.search.interpret.repairs import RepairKind, Stretch
from indexer.search.query.parser import parse
from indexer.search.query.syntax import WordNode, matching_leaves
from indexer.search.term_statistics import TermStatistics
from tests.counted_texts import CountedTexts, stretches_of, tokens_of
from tests.factories import ArchiveFactory, article


@pytest.mark.parametrize(
    ("typed", "forms"),
    [
        ("tham quang", ("tham", "quan")),
        ("sử lý", ("xử", "lý")),
        ("tham quăn", ()),  # diacritics that were typed are never taken away
        # What was typed without diacritics stands for any.
        ("xu lý", ()),
        ("khach tham", ()),
        ("tham quan", ()),
        ("rác tham", ()),
        ("1088 lý", ()),
        ("C++ lý", ()),
        ("sử# lý", ()),
    ],
)
def test_a_pair_is_repaired_by_what_stands_together(
    shared_archive_of: ArchiveFactory, typed: str, forms: tuple[str, ...]
) -> None:
    archive = shared_archive_of(article("Tin", "Khách tham quan khu xử lý rác."))
    leaves = matching_leaves(parse(typed, Analyzer()).tree)
    words = [leaf for leaf in leaves if isinstance(leaf, WordNode)]
    stretches = [Stretch(word.start, word.end, word.text, word.tokens) for word in words]
    with archive.live_index.open_generation() as generation:
        repairer = BigramRepairer(TermStatistics(generation.engine))
        assert repairer.repair(stretches, 0) == (forms, True)


@pytest.mark.parametrize(
    ("counts", "documents", "repair"),
    [
        # A pair in one of 5,000 articles is right, but for what sounds alike and is far commoner.
        ({"sử lý": 1, "xử lý": 200}, 5000, ("xử lý", True)),
        ({"sử lý": 1, "xử lý": 200}, 4999, ("xử lý", False)),
        ({"sử lý": 1, "xử lý": 201}, 4999, ("xử lý", True)),
        ({"sử lý": 1, "sửi lý": 300}, 4999, ("", True)),
        # The pair that is meant is far more frequent.
        ({"sử lý": 1, "xử lý": 51}, 5000, ("xử lý", True)),
        ({"sử lý": 1, "xử lý": 50}, 5000, ("xử lý", False)),
        ({"sử lý": 2, "xử lý": 21}, 5000, ("xử lý", False)),
        ({"sử lý": 2, "xử lý": 20}, 5000, ("", True)),
        # And typical of its rarer word.
        ({"xử lý": 10, "xử": 490, "lý": 1000}, 50_000, ("xử lý", True)),
        ({"xử lý": 10, "xử": 491, "lý": 1000}, 50_000, ("", True)),
        ({}, 50_000, ("", True)),
    ],
)
def test_a_pair_that_occurs_is_repaired_to_a_far_likelier_one(
    counts: dict[str, int], documents: int, repair: tuple[str, bool]
) -> None:
    text, is_clear = repair
    repairer = BigramRepairer(CountedTexts(counts, documents))
    assert repairer.repair(stretches_of("sử lý"), 0) == (tuple(text.split()), is_clear)


@pytest.mark.parametrize(("short", "repair"), [(1, ""), (0, "csđt công")])
def test_a_short_form_is_no_slip_of_another(short: int, repair: str) -> None:
    counts = {"csđt công": 300, "csđt": 400, "công": 3000, "sđt": short}
    forms, _ = BigramRepairer(CountedTexts(counts, 50_000)).repair(stretches_of("sđt công"), 0)
    assert forms == tuple(repair.split())


@pytest.mark.parametrize(
    ("typed", "counts", "meant"),
    [
        ("chuẩn đoán", {"chuẩn đoán": 27, "chẩn đoán": 28}, "chẩn đoán"),
        ("chuẩn đoán", {"chuẩn đoán": 28, "chẩn đoán": 28}, ""),
        # Both words may change, and lose diacritics.
        ("sáng lạng", {"sáng lạng": 20, "xán lạn": 30}, "xán lạn"),
        ("thăm quan", {"thăm quan": 60, "tham quan": 500}, "tham quan"),
        # A real word beside a far commoner one stays.
        ("kiểm sát", {"kiểm sát": 200, "kiểm soát": 2600}, ""),
        ("chẩn đoán", {"chuẩn đoán": 27, "chẩn đoán": 28}, ""),
    ],
)
def test_words_that_are_often_confused_are_suggested_where_both_are_written(
    typed: str, counts: dict[str, int], meant: str
) -> None:
    repairer = BigramRepairer(CountedTexts(counts, 35_000))
    forms, is_clear = repairer.repair(stretches_of(typed), 0)
    assert (" ".join(forms), is_clear) == (meant, not meant)


@pytest.mark.parametrize(
    ("meant", "documents", "repair"),
    [
        (201, 2000, ("xử lý", True)),
        (200, 2000, ("", True)),
        (300, 1999, ("", True)),
    ],
)
def test_what_sounds_alike_has_to_be_far_commoner_in_a_longer_query(
    meant: int, documents: int, repair: tuple[str, bool]
) -> None:
    repairer = BigramRepairer(CountedTexts({"sử lý đơn": 1, "xử lý đơn": meant}, documents))
    text, is_clear = repair
    assert repairer.repair(stretches_of("sử lý đơn"), 0) == (tuple(text.split()), is_clear)


@pytest.mark.parametrize(
    ("typed", "meant", "is_clear"), [(27, 271, True), (27, 270, False), (0, 1, True)]
)
def test_a_known_confusion_is_searched_where_its_meaning_is_far_commoner(
    typed: int, meant: int, is_clear: bool
) -> None:
    repairer = BigramRepairer(CountedTexts({"sát nhập": typed, "sáp nhập": meant}, 35_000))
    assert repairer.repair(stretches_of("sát nhập xã"), 0) == (("sáp", "nhập"), is_clear)


def test_a_second_slip_makes_what_sounds_alike_less_likely() -> None:
    counts = {"làm giàu": 140, "làm dâu": 90}
    repairer = BigramRepairer(CountedTexts(counts, 35_000))
    assert repairer.repair(stretches_of("làm giầu"), 0) == (("làm", "giàu"), True)


@pytest.mark.parametrize(("others", "is_repaired"), [(190, True), (191, False)])
def test_in_a_longer_query_a_pair_has_to_be_more_typical(others: int, is_repaired: bool) -> None:
    repairer = BigramRepairer(CountedTexts({"xử lý": 10, "xử": others, "lý": 1000}, 50_000))
    forms, _ = repairer.repair(stretches_of("sử lý đơn"), 0)
    assert bool(forms) == is_repaired


@pytest.mark.parametrize(
    ("typed", "position", "counts", "repair"),
    [
        ("lịch sử lý", 1, {}, ("xử lý", False)),
        ("lịch sử lý", 1, {"lịch sử": 1}, ("", True)),
        ("lịch sử lý", 1, {"lịch xử": 1}, ("xử lý", True)),
        ("lich su ly", 1, {"lịch sử": 1}, ("", True)),
        ("lich su ly", 1, {"lịch xử": 1}, ("xử lý", True)),
        # A word typed with its diacritics beside one without says nothing.
        ("lich sử lý", 1, {"lịch sử": 1}, ("xử lý", False)),
        ("văn lịch sử lý", 2, {"văn sử": 1}, ("xử lý", False)),
        ("tham quang vinh", 0, {}, ("tham quan", False)),
        ("tham quang vinh", 0, {"quang vinh": 1}, ("", True)),
        ("tham quang vinh", 0, {"quan vinh": 1}, ("tham quan", True)),
        ("tham quang vinh dự", 0, {"quan vinh": 1, "quan dự": 1}, ("tham quan", True)),
        ("tham quang vinh dự", 0, {"quang dự": 1}, ("tham quan", False)),
        ("tham quang", 0, {"quang vinh": 1}, ("tham quan", True)),
        ("đi tham quang", 1, {"đi tham": 1}, ("tham quan", True)),
        ("hay xử dụng", 1, {}, ("sử dụng", False)),
        ("xử dụng cụ", 0, {"dụng cụ": 9}, ("sử dụng", True)),
        ("hay xử dụng", 1, {"hay sử": 1}, ("sử dụng", True)),
        # A word that does not change may stand beside anything.
        ("hồ xử ly hôn", 1, {"hồ xử": 1}, ("", True)),
        ("ăn tham quang vinh", 1, {"ăn tham": 1, "quan vinh": 1}, ("tham quan", True)),
    ],
)
def test_a_word_that_its_other_neighbour_holds_is_no_mistake(
    typed: str, position: int, counts: dict[str, int], repair: tuple[str, bool]
) -> None:
    statistics = CountedTexts({"xử lý": 100, "tham quan": 100, "sử dụng": 100, **counts}, 50_000)
    repairer = BigramRepairer(statistics)
    repairer.look_up(stretches_of(typed))
    text, is_clear = repair
    assert repairer.repair(stretches_of(typed), position) == (tuple(text.split()), is_clear)


@pytest.mark.parametrize(
    ("counts", "typed", "repair"),
    [
        # A second reading that is a third as likely makes the first unsure.
        ({"tham quan": 99, "thâm quang": 99}, "tham quang", ("", True)),
        ({"xử lý": 99, "sửu lý": 33}, "sử lý", ("xử lý", True)),
        ({"xử lý": 99, "sửu lý": 34}, "sử lý", ("xử lý", False)),
        ({"tham quan": 99, "tham quangz": 120}, "tham quang", ("tham quan", False)),
        # A pair that occurs is a rare name, unless the slip is a usual one.
        ({"tạp chí": 100, "tạp trí": 1}, "tạp trí", ("tạp chí", True)),
        ({"lãng mạn": 100, "lãng mạt": 1}, "lãng mạt", ("", True)),
        ({"lãng mạn": 100}, "lãng mạk", ("lãng mạn", True)),
        ({"cá voi": 100}, "cá vổi", ("", True)),
    ],
)
def test_the_likelier_slip_is_meant(
    counts: dict[str, int], typed: str, repair: tuple[str, bool]
) -> None:
    text, is_clear = repair
    repairer = BigramRepairer(CountedTexts(counts, 50_000))
    assert repairer.repair(stretches_of(typed), 0) == (tuple(text.split()), is_clear)


def test_a_word_that_was_repaired_is_not_changed_again() -> None:
    repairer = BigramRepairer(CountedTexts({"xử lý": 100}, 50_000))
    first, second = stretches_of("sử lý")
    repaired = replace(first, kind=RepairKind.MISSPELT)
    assert repairer.repair([repaired, second], 0) == ((), True)
    assert repairer.repair([first, replace(second, kind=RepairKind.MISSPELT)], 0)[0]
    # Two words in one stretch are no pair with a third.
    glued = replace(first, tokens=(*first.tokens, *second.tokens))
    assert repairer.repair([glued, second], 0) == ((), True)


@pytest.mark.parametrize(
    ("counts", "repair"),
    [
        # Only the last word of what stands before is a neighbour, and the first of what follows.
        ({"lịch sử": 1, "lý trà": 1}, ("xử lý", False)),
        ({"văn sử": 1}, ("", True)),
        ({"văn xử": 1}, ("xử lý", True)),
        ({"văn xử": 1, "lịch sử": 1}, ("xử lý", True)),
    ],
)
def test_the_nearest_word_of_a_stretch_is_the_neighbour(
    counts: dict[str, int], repair: tuple[str, bool]
) -> None:
    texts = ("lịch văn", "sử", "lý", "đơn trà")
    stretches = [Stretch(0, 0, text, tokens_of(text)) for text in texts]
    repairer = BigramRepairer(CountedTexts({"xử lý": 100, **counts}, 50_000))
    text, is_clear = repair
    assert repairer.repair(stretches, 1) == (tuple(text.split()), is_clear)


@pytest.mark.parametrize(
    ("typed", "is_repaired"),
    [
        # A letter too many is plausible, another letter is not.
        ("lãng mạnh", True),
        ("lãng mạnn", True),
        ("lãng mạk", False),
    ],
)
def test_a_pair_that_occurs_is_repaired_where_the_slip_is_plausible(
    typed: str, is_repaired: bool
) -> None:
    repairer = BigramRepairer(CountedTexts({"lãng mạn": 100, typed: 1}, 50_000))
    forms, _ = repairer.repair(stretches_of(typed), 0)
    assert forms == (("lãng", "mạn") if is_repaired else ())
