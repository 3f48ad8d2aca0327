"""Vietnamese dictionary order."""

from random import Random

import pytest

from indexer.vietnamese.collation import sort_key


@pytest.mark.parametrize(
    "ordered",
    [
        "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y",
        "ma mà mả mã má mạ mai màn mạn man1",
        "da dân đa đà đá đáp",
        "an ánh ăn ân",
        "hòa hóa hoan",
        "kĩ ký",
        "10 2 a",
        "nam ñandu năm nga",
        "z 日",
    ],
)
def test_words_stand_in_vietnamese_order(ordered: str) -> None:
    words = ordered.split()
    shuffled = Random(1).sample(words, len(words))
    assert sorted(shuffled, key=sort_key) == words


@pytest.mark.parametrize(
    "ordered",
    [
        ["ma túy", "mà cả", "mai"],
        ["Nguyên Thị Ba", "Nguyễn Văn An", "Nguyễn Văn Ân", "Nguyễn Vân An"],
        ["công", "công an", "Công an nhân dân", "công nhân"],
        ["“an ninh”", "An Sơn"],
    ],
)
def test_phrases_are_compared_syllable_by_syllable(ordered: list[str]) -> None:
    assert sorted(reversed(ordered), key=sort_key) == ordered


def test_the_place_of_the_tone_and_the_encoding_do_not_part_neighbours() -> None:
    assert sort_key("hòa")[0] == sort_key("hoà")[0] == sort_key("HO\u0300A")[0]
    assert sort_key("e\u0301\u0302") == sort_key("ế")
