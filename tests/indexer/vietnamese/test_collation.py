"""Vietnamese dictionary order."""

from random import Random

import pytest

from indexer.vietnamese.collation import initial, sort_key


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


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("An Sơn", "A"),
        ("á", "A"),
        ("“Ăn ngon”", "Ă"),
        ("ấp Bắc", "Â"),
        ("Đỗ", "Đ"),
        ("D\u0323ung", "D"),
        ("Ößler", "O"),
        ("ưu tú", "Ư"),
        ("1984", "0–9"),
        ("…", "0–9"),
        ("", "0–9"),
        ("漢字", "…"),
        ("Жук", "…"),
    ],
)
def test_a_name_stands_under_the_letter_that_orders_it(name: str, letter: str) -> None:
    assert initial(sort_key(name)) == letter


def test_letters_of_an_index_come_in_the_order_of_the_names() -> None:
    letters = "aàăằâầbcdđeèêềghiklmnoòôồơờpqrstuùưừvxyzwfj19_-–漢ж"
    random = Random(7)
    names = ["".join(random.choices(letters, k=random.randint(0, 4))) for _ in range(3000)]
    initials = [initial(key) for key in sorted(map(sort_key, names))]
    runs = [letter for place, letter in enumerate(initials) if initials[place - 1] != letter]
    assert len(runs) == len(set(runs)) > 20
