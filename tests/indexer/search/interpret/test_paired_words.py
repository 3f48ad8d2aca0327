"""Common words are paired where no stronger unit has them, and no unit ends with a preposition."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.search.interpret.units import UnitParser
from indexer.search.query.syntax import UnitNode, WordNode
from tests.counted_texts import CountedTexts, words_of

ARTICLES = 35_000

WEAK = {
    **{"động đất": 80, "động": 18_000, "đất": 5_700, "ở": 24_000, "đất ở": 210, "ở ý": 35},
    **{"ý": 12_000, "nhà": 19_000, "nhà ở": 800, "cháy nhà": 300, "cháy": 2_000, "khi": 12_000},
    **{"khi đất": 60, "ở quận": 400, "quận": 3_200, "quận 5": 60, "5": 9_000, "quận 5 ở": 1},
}


def parts(statistics: CountedTexts, typed: str, read: str = "") -> list[str]:
    """Return the parts of a query; `read` is what its bare words are likeliest to be."""
    words = words_of(typed)
    if read:
        words = [
            replace(word, likely_forms=(form,))
            for word, form in zip(words, read.split(), strict=True)
        ]
    return [
        " ".join(word.text for word in part.words) if isinstance(part, UnitNode) else part.text
        for part in UnitParser(statistics).parse(words)
        if isinstance(part, UnitNode | WordNode)
    ]


@pytest.mark.parametrize(
    ("typed", "read", "expected"),
    [
        ("động đất ở ý", "", ["động đất", "ở", "ý"]),
        ("dong dat o y", "động đất ở ý", ["dong dat", "o", "y"]),
        # What is no word when bare words are read stays apart.
        ("dong dat o y", "đông đạt ở ý", ["dong", "dat", "o", "y"]),
        # A stronger unit goes first, and function words pair with nothing a little.
        ("cháy nhà ở", "", ["cháy nhà", "ở"]),
        ("ý khi đất", "", ["ý", "khi", "đất"]),
        ("cháy ở quận 5", "", ["cháy", "ở", "quận 5"]),
    ],
)
def test_what_is_left_is_paired_sooner(typed: str, read: str, expected: list[str]) -> None:
    assert parts(CountedTexts(WEAK, ARTICLES), typed, read) == expected


ROWS = {
    **{"khủng bố ở": 60, "khủng bố": 900, "bố ở": 200, "ở": 20_000, "anh": 9_000},
    **{
        "cháy rừng ở sơn la": 20,
        "rừng": 4_000,
        "cháy rừng": 90,
        "sơn la": 90,
        "sống chung với mẹ chồng": 64,
        "với": 21_000,
    },
}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("khủng bố ở anh", ["khủng bố", "ở", "anh"]),
        ("cháy rừng ở sơn la", ["cháy rừng", "ở", "sơn la"]),
        ("sống chung với mẹ chồng", ["sống chung với mẹ chồng"]),
        ("sống chung với", ["sống chung", "với"]),
        # A foreign name is rare, so that it meets the commonest words more than by chance.
        ("bitcoin là vàng", ["bitcoin", "là", "vàng"]),
        ("anh và bitcoin", ["anh", "và", "bitcoin"]),
    ],
)
def test_units_end_with_no_function_word(typed: str, expected: list[str]) -> None:
    assert parts(CountedTexts(ROWS, ARTICLES), typed) == expected


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("thu tuong tham my", {"thẩm mỹ", "thăm mỹ"}),
        ("thủ tướng tham my", {"thẩm mỹ", "thăm mỹ"}),
        ("bac si tham my", {"thẩm mỹ"}),
        # What was typed with diacritics is no other word.
        ("thu tuong thẩm mỹ", {"thẩm mỹ"}),
    ],
)
def test_the_unit_before_tells_how_a_bare_one_is_read(typed: str, readings: set[str]) -> None:
    counts = {"thủ tướng": 2_600, "thẩm mỹ": 300, "thăm mỹ": 60, "tướng thăm": 15, "bác sĩ": 900}
    statistics = CountedTexts({**counts, "sĩ thẩm": 9, "mỹ": 8_000, "thăm": 3_000}, ARTICLES)
    units = UnitParser(statistics).parse(words_of(typed))
    assert isinstance(units[-1], UnitNode)
    assert set(units[-1].forms) - {"tham my"} == readings


COMMON = {
    **{
        "đồng giới": 8,
        "kết hôn đồng giới": 7,
        "kết hôn, đồng giới": 20,
        "kết hôn": 850,
        "đồng": 20_000,
        "giới": 10_500,
    },
    **{"trung thu": 27, "trung": 14_700, "thu": 9_000, "bánh": 700, "tết": 600},
    **{"nữ thắng": 4, "đội": 7_000, "nữ": 6_000, "thắng": 4_500, "nhà thắng": 2, "nhà": 19_000},
}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        # Of two words in every other article, those that hold both tell nothing.
        ("trung thu", ["trung thu"]),
        ("bánh trung thu", ["bánh", "trung thu"]),
        ("kết hôn đồng giới", ["kết hôn", "đồng giới"]),
        # Who types nothing else means both; among others they only happen to meet.
        ("nữ thắng", ["nữ thắng"]),
        ("đội nữ thắng", ["đội", "nữ", "thắng"]),
        # What the archive hardly writes is no unit of it.
        ("nhà thắng", ["nhà", "thắng"]),
    ],
)
def test_common_words_are_one_where_they_stand_in_a_row(typed: str, expected: list[str]) -> None:
    assert parts(CountedTexts(COMMON, ARTICLES), typed) == expected


LED = {
    **{"cháy ở": 60, "cháy": 1_200, "sống ở": 600, "sống": 7_800, "ở": 24_000, "hà nội": 7_000},
    **{"gs ngô": 5, "gs": 200, "ngô bảo châu": 6, "ngô": 1_000, "bs trần": 8, "bs": 150, "ts": 90},
    **{"trần": 5_000, "trần nam": 90, "nam": 14_000, "ts nghĩa": 5, "nghĩa": 5_000},
    **{"việt nam vs": 30, "việt nam": 8_000, "vs": 120, "vs thái": 20, "thái lan": 900},
}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("cháy ở hà nội", ["cháy", "ở", "hà nội"]),
        ("sống ở hà nội", ["sống", "ở", "hà nội"]),
        ("sống ở", ["sống ở"]),
        # A title goes with any surname, and the name is the same without it.
        ("gs ngô bảo châu", ["gs", "ngô bảo châu"]),
        ("bs trần nam", ["bs", "trần nam"]),
        ("gs ngô", ["gs ngô"]),
        # What is no surname may belong to it.
        ("ts nghĩa nam", ["ts nghĩa", "nam"]),
        ("việt nam vs thái lan", ["việt nam", "vs", "thái lan"]),
    ],
)
def test_words_that_lead_to_the_next_are_no_part_of_a_unit(typed: str, expected: list[str]) -> None:
    assert parts(CountedTexts(LED, ARTICLES), typed) == expected
